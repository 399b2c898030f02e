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
from domain.case.turns import EvidenceRef, TurnReceipt, TurnStatus, UserTurn
from tests import builders, servers
from tests.e2e.killing import Bench, Point, a_bench
from tests.e2e.warm_worker import WORKFLOW_TASK
from workflows import names
from workflows.case import CaseStart, CaseWorkflow

SECONDS = 240
"""What a story may take on a busy machine; on a quiet one it takes a quarter."""
LOG = (builders.a_log(lines=200) + "2026-03-04T12:01:00Z ERROR payment: connection refused to db:5432\n" * 50).encode()
STEPS = ["redact_message", "open_turn", "search_passages", "diagnose", "check_claims", "record_turn"]
READING = ["classify_and_scan", "index_evidence"]


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
    return await bench.client.get_workflow_handle(workflow_id).fetch_history()


def scheduled(told: WorkflowHistory) -> list[str]:
    """Return the steps in the order in which they were scheduled."""
    names_of = [event.activity_task_scheduled_event_attributes.activity_type.name for event in told.events]
    return [name for name in names_of if name]


def completed(told: WorkflowHistory) -> list[str]:
    """Return the steps in the order in which they completed."""
    kinds = {e.event_id: e.activity_task_scheduled_event_attributes.activity_type.name for e in told.events}
    done = [event for event in told.events if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED]
    return [kinds[event.activity_task_completed_event_attributes.scheduled_event_id] for event in done]


def tell(what: str, met: list[Point], told: WorkflowHistory, begun: float) -> None:
    """Print what was killed and how often."""
    running = Counter(point.running for point in met if point.running)
    lengths = {point.events for point in met}
    seconds = time.monotonic() - begun
    kinds = Counter(EventType.Name(event.event_type) for event in told.events)
    print(f"\n{what}: {len(met)} kills at {len(lengths)} of {len(told.events)} events, {running.total()} in a step, {seconds:.0f} s")
    print(f"in {dict(running)}; {kinds['EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT']} tasks lost")
    for event in told.events:
        print(event.event_id, EventType.Name(event.event_type)[11:], "KILL" if event.event_id in lengths else "")


async def test_no_kill_within_a_turn_repeats_a_completed_step_or_an_answer(bench: Bench) -> None:
    begun = time.monotonic()
    turn = await a_posted_turn(bench, await bench.a_case_with_a_file(LOG))
    turn_id = names.turn(turn.case_id, 1)
    async with asyncio.timeout(SECONDS):
        met = await bench.killed_at_every_point(turn_id)
        receipt = await answered(bench, turn)
    told = await history(bench, turn_id)
    tell("turn", met, told, begun)
    rows, _ = await SqlConversation(bench.database).messages(turn.case_id, 50, 0)
    assert receipt.status is TurnStatus.ANSWERED
    assert [row.role for row in rows] == ["user", "assistant"]
    assert scheduled(told) == completed(told) == STEPS


async def test_no_kill_within_a_file_repeats_its_analysis(bench: Bench) -> None:
    begun = time.monotonic()
    ref = await bench.a_case_with_a_file(LOG)
    await signal(bench, ref.case_id, names.ADD_EVIDENCE, ref)
    reading = names.evidence(ref.case_id, ref.file_id)
    async with asyncio.timeout(SECONDS):
        met = await bench.killed_at_every_point(reading)
    told = await history(bench, reading)
    tell("file", met, told, begun)
    assert (await SqlFiles(bench.database).get(ref.case_id, ref.file_id)).status == "completed"
    assert scheduled(told) == completed(told) == READING
