"""Erasing a case, and removing sessions that are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.engine_erasure import EngineErasure
from activities.upkeep import ErasedCase
from domain.errors import NotFound
from tests import builders
from tests.workflow.stage import Stage
from worker.schedules import SESSIONS, TURNS, create_schedules
from workflows import names
from workflows.cleanup import Cleaned, SessionCleanupWorkflow
from workflows.deletion import DeleteCaseWorkflow


async def test_an_erased_case_leaves_nothing_behind(cold_stage: Stage) -> None:
    cold_stage.engine = EngineErasure(cold_stage.client, names.case)
    ref = await cold_stage.upload()
    async with cold_stage.workers():
        await cold_stage.ask("it fails", attachments=(ref,))
        tombstone = replace(cold_stage.rows.cases[cold_stage.case_id], deleted_at=datetime.now(UTC))
        cold_stage.rows.cases[cold_stage.case_id] = tombstone
        report = await cold_stage.client.execute_workflow(
            DeleteCaseWorkflow.run,
            ErasedCase(case_id=cold_stage.case_id, team_id="team_1"),
            id=names.deletion(cold_stage.case_id),
            task_queue=names.KNOWLEDGE,
        )
    assert (report.workflows, report.rows > 0, report.blobs > 0) == (1, True, True)
    assert cold_stage.messages() == []
    assert not [key for key in cold_stage.blobs.blobs if key[0] == cold_stage.case_id]
    with pytest.raises(NotFound):
        await cold_stage.vault.key(cold_stage.case_id, "blob")
    for workflow_id in (names.case(ref.case_id), names.turn(ref.case_id, 1), names.evidence(ref.case_id, ref.file_id)):
        with pytest.raises(RPCError) as gone:
            await cold_stage.client.get_workflow_handle(workflow_id).describe()
        assert gone.value.status is RPCStatusCode.NOT_FOUND


async def test_sessions_that_are_over_are_removed_page_by_page(stage: Stage) -> None:
    old = datetime.now(UTC) - timedelta(days=3)
    for _ in range(501):
        await stage.sessions.put(builders.a_session(expires_at=old, last_activity=old))
    live = builders.a_session(expires_at=datetime.now(UTC) + timedelta(hours=1))
    await stage.sessions.put(live)
    cleaned = await stage.client.execute_workflow(
        SessionCleanupWorkflow.run, Cleaned(), id=f"cleanup-{uuid4()}", task_queue=names.KNOWLEDGE
    )
    assert cleaned.sessions == 501
    assert await stage.sessions.get(live.session_id) == live


async def test_schedules_may_be_created_again(stage: Stage) -> None:
    await create_schedules(stage.client)
    await create_schedules(stage.client)
    for name in (SESSIONS, TURNS):
        described = await stage.client.get_schedule_handle(name).describe()
        assert described.schedule.spec.intervals[0].every == timedelta(minutes=5)
        await stage.client.get_schedule_handle(name).delete()
