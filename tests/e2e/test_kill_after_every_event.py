"""A worker is killed after each event of a turn with one file, and of the file: no completed step runs twice, one answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from activities.adapters.sql_conversation import SqlConversation
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_intake import SqlIntake
from domain.case.orders import CaseStart
from domain.case.turns import EvidenceRef, TurnReceipt, TurnStatus, UserTurn
from tests import builders, servers
from tests.e2e.killing import Bench, Point, a_bench
from tests.e2e.warm_worker import WORKFLOW_TASK
from workflows import names
from workflows.case import CaseWorkflow

SECONDS = 240
"""What a story may take on a busy machine; on a quiet one it takes a quarter."""
LOG = (builders.a_log(lines=200) + "2026-03-04T12:01:00Z ERROR payment: connection refused to db:5432\n" * 50).encode()
STEPS = ["search_passages", "diagnose", "check_claims", "record_turn"]
"""Steps of their own; opening the turn belongs to its first task and is repeated with it, if that is lost."""
READING = ["classify_and_scan", "index_evidence"]
COMPLETIONS = (EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED, EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
UNSEEN = 2
"""Completions that a busy machine may pass before the kill of the one before: the test sees them by asking."""


@pytest.fixture
async def bench(tmp_path: Path, temporal_server: servers.Temporal) -> AsyncIterator[Bench]:
    """Return stores, a client and a parent of workers; none runs yet."""
    async with a_bench(tmp_path, temporal_server) as opened:
        yield opened


async def signal(bench: Bench, case_id: UUID, name: str, told: UserTurn | EvidenceRef) -> None:
    """Signal with start, as the API does."""
    await bench.client.start_workflow(
        CaseWorkflow.run,
        CaseStart(case_id=case_id),
        id=names.case(case_id),
        task_queue=names.CASES,
        task_timeout=WORKFLOW_TASK,
        start_signal=name,
        start_signal_args=[told],
    )


async def a_posted_turn(bench: Bench, ref: EvidenceRef) -> UserTurn:
    """Claim a turn with a file and signal it."""
    text_key = await bench.blobs.put(ref.case_id, b"payment fails since noon")
    turn = builders.a_turn(uuid4().hex, case_id=ref.case_id, text_key=text_key, attachments=(ref,))
    await SqlIntake(bench.database).claim(builders.a_turn_record(turn_id=turn.turn_key, case_id=ref.case_id), 20)
    await signal(bench, ref.case_id, names.POST_MESSAGE, turn)
    return turn


async def answered(bench: Bench, turn: UserTurn) -> TurnReceipt:
    """Wait for the answer with a worker that nobody kills before it has answered."""
    await bench.start_worker()
    case = bench.client.get_workflow_handle_for(CaseWorkflow.run, names.case(turn.case_id))
    return await case.execute_update(CaseWorkflow.await_turn, turn.turn_key, id=uuid4().hex)


async def history(bench: Bench, workflow_id: str) -> WorkflowHistory:
    """Return all that happened to a workflow."""
    return await bench.client.get_workflow_handle(workflow_id).fetch_history()


def scheduled(told: WorkflowHistory) -> list[str]:
    """Return the steps in the order in which they were scheduled."""
    names_of = [event.activity_task_scheduled_event_attributes.activity_type.name for event in told.events]
    return [name for name in names_of if name]


def completed(told: WorkflowHistory) -> list[str]:
    """Return the steps in the order in which they completed."""
    kinds = {event.event_id: event.activity_task_scheduled_event_attributes.activity_type.name for event in told.events}
    done = [event for event in told.events if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED]
    return [kinds[event.activity_task_completed_event_attributes.scheduled_event_id] for event in done]


def passed_unseen(met: list[Point], told: WorkflowHistory) -> int:
    """Return how many completions of steps and tasks some worker lived through together with the one before."""
    lives = Counter(
        sum(point.events < event.event_id for point in met) for event in told.events if event.event_type in COMPLETIONS
    )
    return lives.total() - len(lives)


def tell(what: str, met: list[Point], told: WorkflowHistory, begun: float) -> None:
    """Print how often and where a worker was killed."""
    last = {event.event_id: EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower() for event in told.events}
    seconds, kills = time.monotonic() - begun, Counter(last[point.events] for point in met if not point.running)
    print(f"\n{what}: {len(met)} kills within {len(last)} events, {passed_unseen(met, told)} passed unseen, {seconds:.0f} s")
    print(f"  after {', '.join(f'{count} {event}' for event, count in kills.items())}")
    print(f"  while {', '.join(point.running for point in met if point.running)} ran")


async def test_no_kill_within_a_turn_repeats_a_completed_step_or_an_answer(bench: Bench) -> None:
    begun = time.monotonic()
    turn = await a_posted_turn(bench, await bench.a_case_with_a_file(LOG))
    turn_id, reading = names.turn(turn.case_id, 1), names.evidence(turn.case_id, turn.attachments[0].file_id)
    async with asyncio.timeout(SECONDS):
        met = await bench.killed_at_every_point(turn_id)
        receipt = await answered(bench, turn)
        await bench.client.get_workflow_handle(reading).result()
    told, rows = await history(bench, turn_id), await SqlConversation(bench.database).messages(turn.case_id, 50, 0)
    tell("turn", met, told, begun)
    assert receipt.status is TurnStatus.ANSWERED
    assert [row.role for row in rows[0]] == ["user", "assistant"]
    assert scheduled(told) == completed(told) == STEPS
    assert completed(await history(bench, reading)) == READING
    assert passed_unseen(met, told) <= UNSEEN


async def test_no_kill_within_the_reading_of_a_file_repeats_it(bench: Bench) -> None:
    begun = time.monotonic()
    ref = await bench.a_case_with_a_file(LOG)
    await signal(bench, ref.case_id, names.ADD_EVIDENCE, ref)
    reading = names.evidence(ref.case_id, ref.file_id)
    async with asyncio.timeout(SECONDS):
        met = await bench.killed_at_every_point(reading)
    told, row = await history(bench, reading), await SqlFiles(bench.database).get(ref.case_id, ref.file_id)
    tell("file", met, told, begun)
    assert row.status == "completed"
    assert scheduled(told) == completed(told) == READING
    assert passed_unseen(met, told) <= UNSEEN
