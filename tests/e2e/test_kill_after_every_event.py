"""A worker is killed after each event of a turn with one file: no completed step runs twice, and there is one answer.

Each event has a case, a namespace and a worker of its own, so that the waits for the engine's time-outs overlap.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.safety import open_blobs, open_vault
from activities.adapters.settings_check import read_settings
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_conversation import SqlConversation
from activities.adapters.sql_engine import Database
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_intake import SqlIntake
from activities.adapters.sql_store import open_database
from activities.adapters.temporal import Address, connect
from domain.case.turns import EvidenceRef, TurnStatus, UserTurn
from domain.ports import BlobStore
from tests import builders, servers
from workflows import names
from workflows.case import CaseStart, CaseWorkflow

EVENTS = 56
"""More than a turn with one file has; a kill after its end must change nothing either."""
AT_ONCE = 4
ANSWER_SECONDS = 100
LOG = (builders.a_log(lines=200) + "2026-03-04T12:01:00Z ERROR payment: connection refused to db:5432\n" * 50).encode()
STEPS = ["redact_message", "open_turn", "search_passages", "diagnose", "check_claims", "record_turn"]


@dataclass(frozen=True)
class House:
    """Stores that outlive every worker, and the parent that forks workers."""

    database: Database
    blobs: BlobStore
    parent: asyncio.subprocess.Process
    environment: str
    address: str
    starting: asyncio.Lock

    async def start_worker(self, room: str) -> int:
        """Fork a worker for a namespace; return its process id."""
        async with self.starting:
            line = f"{self.environment} FAULTMAVEN_TEMPORAL__NAMESPACE={room}\n"
            self.parent.stdin.write(line.encode())
            await self.parent.stdin.drain()
            return int(await self.parent.stdout.readline())


@dataclass(frozen=True)
class Killed:
    """What a kill met and what came of it."""

    after: int
    events: int
    in_flight: bool
    steps: list[str]
    completed: int
    scans: int
    roles: list[str]
    status: TurnStatus


@asynccontextmanager
async def a_house(folder: Path, address: str) -> AsyncGenerator[House, None]:
    given = {"FAULTMAVEN_DATA": str(folder), "FAULTMAVEN_TEMPORAL__ADDRESS": address, "FAULTMAVEN_WORKER__PROCESSES": "1"}
    given["FAULTMAVEN_LOG__LEVEL"] = "ERROR"
    settings = read_settings(given)
    database = await open_database(settings)
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.e2e.warm_worker"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    blobs = open_blobs(settings, open_vault(settings, database))
    environment = " ".join(f"{name}={value}" for name, value in given.items())
    try:
        yield House(database, blobs, parent, environment, address, asyncio.Lock())
    finally:
        parent.stdin.close()
        await parent.wait()
        await database.close()


async def a_posted_turn(house: House, client: Client) -> UserTurn:
    """Do what the API does: rows, bytes, claim, signal."""
    case_id = uuid4()
    await SqlCaseRecords(house.database).insert(builders.a_case_record(case_id=case_id))
    file = builders.a_file_record(case_id=case_id, blob_key=await house.blobs.put(case_id, LOG), size_bytes=len(LOG))
    await SqlFiles(house.database).insert(file)
    text_key = await house.blobs.put(case_id, b"payment fails since noon")
    ref = EvidenceRef(case_id=case_id, file_id=file.file_id, blob_key=file.blob_key, name=file.name, size_bytes=file.size_bytes)
    turn = builders.a_turn(uuid4().hex, case_id=case_id, text_key=text_key, attachments=(ref,))
    await SqlIntake(house.database).claim(builders.a_turn_record(turn_id=turn.turn_key, case_id=case_id), 20)
    await client.start_workflow(
        CaseWorkflow.run,
        CaseStart(case_id=case_id),
        id=names.case(case_id),
        task_queue=names.CASES,
        start_signal=names.POST_MESSAGE,
        start_signal_args=[turn],
    )
    return turn


async def has_come_to(client: Client, case_id: UUID, wanted: int) -> bool:
    """Tell whether the turn has that many events or has ended; a turn that has not started has none."""
    try:
        turn = await client.get_workflow_handle(names.turn(case_id, 1)).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return turn.history_length >= wanted or turn.status is not WorkflowExecutionStatus.RUNNING


async def until_event(client: Client, turn: UserTurn, wanted: int) -> None:
    """Return as soon as the turn has come that far."""
    async with asyncio.timeout(ANSWER_SECONDS):
        while not await has_come_to(client, turn.case_id, wanted):
            await asyncio.sleep(0)


async def answered(client: Client, turn: UserTurn) -> TurnStatus:
    case = client.get_workflow_handle_for(CaseWorkflow.run, names.case(turn.case_id))
    async with asyncio.timeout(ANSWER_SECONDS):
        return (await case.execute_update(CaseWorkflow.await_turn, turn.turn_key, id=uuid4().hex)).status


def activities(history: WorkflowHistory, kind: str) -> list[str]:
    scheduled = {e.event_id: e.activity_task_scheduled_event_attributes.activity_type.name for e in history.events}
    if kind == "scheduled":
        return [name for name in scheduled.values() if name]
    ended = [event for event in history.events if event.HasField("activity_task_completed_event_attributes")]
    return [scheduled[event.activity_task_completed_event_attributes.scheduled_event_id] for event in ended]


async def killed_after(house: House, wanted: int) -> Killed:
    """Kill the worker after that event, start another, and look at what is left."""
    room = f"room-{wanted}"
    client = await connect(Address(target=house.address, namespace=room))
    worker = await house.start_worker(room)
    turn = await a_posted_turn(house, client)
    await until_event(client, turn, wanted)
    os.kill(worker, signal.SIGKILL)
    seen = await client.get_workflow_handle(names.turn(turn.case_id, 1)).describe()
    pending = seen.raw_description.pending_activities
    worker = await house.start_worker(room)
    status = await answered(client, turn)
    os.kill(worker, signal.SIGKILL)
    history = await client.get_workflow_handle(names.turn(turn.case_id, 1)).fetch_history()
    evidence = names.evidence(turn.case_id, turn.attachments[0].file_id)
    reading = await client.get_workflow_handle(evidence).fetch_history()
    rows, _ = await SqlConversation(house.database).messages(turn.case_id, 50, 0)
    return Killed(
        after=wanted,
        events=seen.history_length,
        in_flight=bool(pending),
        steps=activities(history, "scheduled"),
        completed=len(activities(history, "completed")),
        scans=activities(reading, "completed").count("classify_and_scan"),
        roles=[row.role for row in rows],
        status=status,
    )


async def test_no_kill_repeats_a_completed_step_or_an_answer(tmp_path: Path) -> None:
    rooms = [f"room-{number}" for number in range(1, EVENTS + 1)]
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Killed:
        async with room:
            return await killed_after(house, number)

    with servers.temporal(rooms=rooms) as server:
        async with a_house(tmp_path, server.address) as house:
            kills = await asyncio.gather(*(one(number) for number in range(1, EVENTS + 1)))
    met = Counter(kill.events for kill in kills)
    print(f"\n{len(kills)} kills at {len(met)} points of the history, {sum(k.in_flight for k in kills)} with a step in flight")
    for kill in kills:
        assert kill.status is TurnStatus.ANSWERED, kill
        assert kill.roles == ["user", "assistant"], kill
        assert kill.steps == STEPS, kill
        assert (kill.completed, kill.scans) == (len(STEPS), 1), kill
