"""The story of a file: read once, made safe, reported to its case and to the turn that brought it."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from temporalio.client import WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.adapters.engine_door import EngineDoor
from activities.processes import Processes
from domain.case.orders import CaseStart, ReadEvidence
from domain.case.projection import FileRecord
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef, Intent, IntentType
from domain.errors import EvidenceUnreadable, LeakPrevented
from domain.privacy.placeholders import SafeText
from tests import builders
from tests.fakes import StarRedactor
from tests.waiting import eventually
from tests.workflow.stage import Stage
from worker.build import Options
from worker.sandbox import SANDBOX
from workflows import names, turn
from workflows.case import CaseWorkflow
from workflows.evidence import EvidenceWorkflow

LOG = (builders.a_log(lines=50) + "2026-03-04T12:01:00Z ERROR pay-db connection refused\n" * 20).encode()

QUIET = builders.a_log(lines=40).encode()


class BrokenProcesses(Processes):
    """An analyser that fails for good on every file."""

    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        raise EvidenceUnreadable("broken on purpose")


@dataclass
class LineRedactor(StarRedactor):
    """Fails for good on lines of evidence, never on messages."""

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        if any("connection refused" in text for text in texts):
            raise LeakPrevented("not safe")
        return await super().redact(case_id, texts)


def reading(stage: Stage, ref: EvidenceRef) -> WorkflowHandle[EvidenceWorkflow, EvidenceNews]:
    """Return the handle of a file's workflow."""
    return stage.client.get_workflow_handle_for(EvidenceWorkflow.run, names.evidence(ref.case_id, ref.file_id))


async def test_a_turn_waits_for_its_files_and_answers_from_their_lines(stage: Stage) -> None:
    ref = await stage.upload(LOG)
    reply = await stage.ask("checkout fails", attachments=(ref,))
    (attachment,) = reply.attachments
    assert (attachment.processing_status, attachment.kind) == ("completed", "logs_and_errors")
    assert [file.file_id for file in (await stage.view()).state.files] == [ref.file_id]
    assert any(citation.file_id == ref.file_id for citation in reply.citations)
    assert stage.rows.files[ref.file_id].status == "completed"


async def test_of_two_files_of_one_name_the_later_is_cited_by_a_number(stage: Stage) -> None:
    await stage.ask("here is yesterday's log", attachments=(await stage.upload(QUIET, name="app.log"),))
    reply = await stage.ask("checkout fails", attachments=(await stage.upload(LOG, name="app.log"),))
    assert [file.name for file in (await stage.view()).state.files] == ["app.log", "app.log (2)"]
    assert {citation.filename for citation in reply.citations} == {"app.log (2)"}


async def test_a_turn_of_files_alone_has_a_user_row_that_names_them(stage: Stage) -> None:
    ref = await stage.upload(LOG, name="pods.txt")
    await stage.ask("", attachments=(ref,))
    assert stage.messages()[0].content.startswith("Attached: pods.txt (")


async def test_a_file_is_read_once_however_often_it_is_announced(stage: Stage) -> None:
    ref = await stage.upload(LOG)
    await stage.ask("first", attachments=(ref,))
    first = await reading(stage, ref).result()
    await stage.ask("again", attachments=(ref,))
    assert await reading(stage, ref).result() == first
    assert len((await stage.view()).state.files) == 1


async def test_a_file_of_the_evidence_route_reaches_the_case_by_signal(stage: Stage) -> None:
    ref = await stage.upload(gzip.compress(LOG), name="app.log.gz")
    await stage.client.start_workflow(
        CaseWorkflow.run,
        CaseStart(case_id=stage.case_id),
        id=names.case(stage.case_id),
        task_queue=names.CASES,
        start_signal=names.ADD_EVIDENCE,
        start_signal_args=[ref],
    )

    async def case_recorded_it() -> bool:
        known = stage.rows.snapshots.get(stage.case_id)
        return known is not None and [(file.file_id, file.status) for file in known.state.files] == [(ref.file_id, "completed")]

    await eventually(case_recorded_it, what="the case's file")
    assert [file.file_id for file in (await stage.view()).state.files] == [ref.file_id]


async def test_a_files_workflow_says_how_much_is_scanned(cold_stage: Stage) -> None:
    ref = await cold_stage.upload(LOG)
    await cold_stage.client.start_workflow(
        EvidenceWorkflow.run, ReadEvidence(ref=ref), id=names.evidence(ref.case_id, ref.file_id), task_queue=names.EVIDENCE
    )
    door = EngineDoor(cold_stage.client, names)
    others = [queue for queue in names.QUEUES if queue != names.EVIDENCE]
    workflows_alone = Worker(cold_stage.client, task_queue=names.EVIDENCE, workflows=[EvidenceWorkflow], workflow_runner=SANDBOX)
    async with cold_stage.workers(Options(queues=others)), workflows_alone:
        for percent in (35, 20):
            await door.tell_progress(ref, percent)
        assert await reading(cold_stage, ref).query(EvidenceWorkflow.percent) == 35
    async with cold_stage.workers(Options(queues=[names.EVIDENCE])):
        await reading(cold_stage, ref).result()
        assert await reading(cold_stage, ref).query(EvidenceWorkflow.percent) == 100
    await door.tell_progress(replace(ref, file_id="file_nobody"), 50)


async def test_an_unreadable_file_is_kept_and_the_turn_says_so(cold_stage: Stage) -> None:
    cold_stage.processes = BrokenProcesses(1)
    ref = await cold_stage.upload(LOG)
    async with cold_stage.workers():
        reply = await cold_stage.ask("checkout fails", attachments=(ref,))
    (attachment,) = reply.attachments
    assert (attachment.processing_status, bool(attachment.error)) == ("failed", True)
    assert cold_stage.rows.files[ref.file_id].status == "failed"
    assert b"".join([piece async for piece in cold_stage.blobs.stream(ref.case_id, ref.blob_key)]) == LOG


async def test_lines_that_cannot_be_made_safe_are_not_kept(cold_stage: Stage) -> None:
    cold_stage.redactor = LineRedactor()
    ref = await cold_stage.upload(LOG)
    async with cold_stage.workers():
        await cold_stage.say("checkout fails", attachments=(ref,))
        row = cold_stage.rows.files
        await eventually(_failed(row, ref), what="the file's row")
    assert (row[ref.file_id].lines_key, row[ref.file_id].analysis_key) == ("", "")


def _failed(rows: dict[str, FileRecord], ref: EvidenceRef) -> Callable[[], Awaitable[bool]]:
    async def failed() -> bool:
        return rows[ref.file_id].status == "failed"

    return failed


async def test_names_of_hidden_things_reach_neither_lines_nor_history(cold_stage: Stage) -> None:
    cold_stage.redactor = StarRedactor(hidden=("pay-db",))
    ref = await cold_stage.upload(LOG)
    async with cold_stage.workers():
        reply = await cold_stage.ask("checkout fails", attachments=(ref,))
    assert "pay-db" not in str(reply)
    for workflow_id in (names.turn(ref.case_id, 1), names.evidence(ref.case_id, ref.file_id), names.case(ref.case_id)):
        history = await cold_stage.client.get_workflow_handle(workflow_id).fetch_history()
        told = b"".join(event.SerializeToString() for event in history.events)
        assert ref.file_id.encode() in told
        assert b"pay-db" not in told


async def test_who_listens_late_is_told_too(stage: Stage) -> None:
    ref = await stage.upload(LOG)
    start = ReadEvidence(ref=ref)
    workflow_id = names.evidence(ref.case_id, ref.file_id)
    await stage.ask("hello!")
    await stage.client.start_workflow(
        EvidenceWorkflow.run,
        start,
        id=workflow_id,
        task_queue=names.EVIDENCE,
        start_signal=names.REPORT_TO,
        start_signal_args=[names.case(ref.case_id)],
    )
    news = await reading(stage, ref).result()
    assert news.status == "completed"
    history = await stage.client.get_workflow_handle(workflow_id).fetch_history()
    told = [event for event in history.events if event.HasField("external_workflow_execution_signaled_event_attributes")]
    assert len(told) == 2


async def test_a_file_whose_kind_a_person_chose_is_read_again_as_that(stage: Stage) -> None:
    ref = await stage.upload(LOG)
    await stage.ask("checkout fails", attachments=(ref,))
    chosen = {"file_id": ref.file_id, "data_type": "unstructured_text"}
    await stage.ask("", intent=Intent(type=IntentType.FILE_RECLASSIFICATION, data=chosen))
    assert stage.rows.files[ref.file_id].kind == "unstructured_text"
    assert [file.kind for file in (await stage.view()).state.files] == ["unstructured_text"]


async def test_a_file_that_takes_too_long_is_told_as_unread_and_reaches_the_case_later(
    cold_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "EVIDENCE_PATIENCE", timedelta(milliseconds=200))
    ref = await cold_stage.upload(LOG)
    others = [queue for queue in names.QUEUES if queue != names.EVIDENCE]
    async with cold_stage.workers(Options(queues=others, runner=UnsandboxedWorkflowRunner())):
        reply = await cold_stage.ask("", attachments=(ref,))
        assert [attachment.processing_status for attachment in reply.attachments] == ["processing"]
        assert "Still being read: `app.log`" in reply.agent_response
        async with cold_stage.workers(Options(queues=[names.EVIDENCE])):
            await eventually(_read(cold_stage), what="the case's file")


def _read(stage: Stage) -> Callable[[], Awaitable[bool]]:
    async def read() -> bool:
        return [file.status for file in (await stage.view()).state.files] == ["completed"]

    return read
