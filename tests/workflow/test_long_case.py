"""A case of thirty turns and twenty uploads: its history stays small in every run, replays, and no turn tells a model too much."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from temporalio.client import Client, WorkflowHistory

from activities.adapters.temporal import CONVERTER
from activities.processes import Processes
from domain.case.fit import fit
from domain.case.state import CarriedCase
from domain.diagnosis.reply import TurnReply
from domain.evidence.digest import tokens
from domain.ports.models import ModelRequest
from tests import builders
from tests.fakes import ScriptedModel
from tests.unit.domain.case.test_fit import a_full_case
from tests.workflow.stage import Stage
from worker.build import replayer
from workflows import names

TURNS, UPLOADS = 30, 20
LARGE_TURNS = 12
"""Enough for a second run when every list of the case is full."""
MOST_BYTES = 4 * 1024 * 1024
"""Of one run's history: the engine asks for a fresh run there (temporal.md 3)."""
MOST_TOKENS = 1_600
"""Of what a model is told of the case so far (rule J3)."""
SAID = "The pool of checkout is full and its callers wait for a connection. " * 12
FAULTS = (
    "ERROR pool: Connection is not available, request timed out after 30000ms (total=20, active=20, waiting={n})",
    "ERROR payment-{n}: connection refused by db-{n}.internal:5432",
    "FATAL postgres[{n}]: sorry, too many clients already",
    "WARN disk /var/lib/data{n} is 9{n} % full",
    "ERROR checkout: HTTP 503 from payment-{n} after 3000 ms",
    "INFO deploy: release 1.{n}.0 of checkout rolled out",
)


def upload(number: int) -> bytes:
    """Return a log of its own faults: an hour that begins well."""
    start = builders.NOON + timedelta(minutes=7 * number)
    quiet = builders.a_log(60, start, f"INFO service-{number}: request served")
    loud = "".join(
        builders.a_log(9, start + timedelta(minutes=2, seconds=10 * at), fault.format(n=number))
        for at, fault in enumerate(FAULTS)
    )
    return (quiet + loud).encode()


def remembered(request: ModelRequest) -> str:
    """Return what this prompt says of the case so far."""
    found = re.search(r"begin \w+ \(what is known of the case\)\n(.*?)\nend ", request.prompt, re.DOTALL)
    return found[1] if found else ""


async def lived(stage: Stage) -> AsyncIterator[TurnReply]:
    """Yield the replies of a long case."""
    for turn in range(1, TURNS + 1):
        files = (await stage.upload(upload(turn), f"service-{turn}.log"),) if turn % 3 else ()
        text = "yes" if turn == 2 else f"checkout fails since noon, and thought {turn}: could the pool of service-{turn} be it?"
        yield await stage.ask(text, attachments=files)


def bytes_of(history: WorkflowHistory) -> int:
    return sum(event.ByteSize() for event in history.events)


async def runs(client: Client, workflow_id: str) -> list[WorkflowHistory]:
    """Return the history of every run, the newest first."""
    found, run_id = [], None
    while run_id != "":
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        found.append(history)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return found


async def test_a_case_at_its_largest_leaves_each_run_before_four_mebibytes(client: Client, processes: Processes) -> None:
    stage = Stage(client, processes=processes)
    full = fit(a_full_case("y" * 240, turns=0)).state
    stage.rows.snapshots[stage.case_id] = CarriedCase(state=replace(full, case_id=stage.case_id))
    async with stage.workers():
        for _ in range(LARGE_TURNS):
            await stage.ask("hello!")
        histories = await runs(client, names.case(stage.case_id))
    sizes = [bytes_of(history) for history in histories]
    print(f"runs of a full case, newest first: {sizes}")
    assert len(sizes) > 1
    assert 0.5 * MOST_BYTES < max(sizes) < MOST_BYTES
    for history in histories:
        await replayer(CONVERTER).replay_workflow(history)


async def test_thirty_turns_and_twenty_uploads_stay_under_four_mebibytes_a_run_and_replay(
    client: Client, processes: Processes
) -> None:
    model = ScriptedModel(lambda _request: json.dumps({"summary": SAID, "causes": []}))
    stage = Stage(client, processes=processes, model=model)
    async with stage.workers():
        replies = [reply async for reply in lived(stage)]
        view = await stage.view()
        histories = await runs(client, names.case(stage.case_id))
        turns = [(await runs(client, names.turn(stage.case_id, reply.turn_number)))[0] for reply in replies]
    sizes = [bytes_of(history) for history in (*histories, *turns)]
    print(f"{len(histories)} runs of the case, {[len(one.events) for one in histories]} events; largest run {max(sizes):,} bytes")
    assert [reply.turn_number for reply in replies] == list(range(1, TURNS + 1))
    assert len(view.state.files) == UPLOADS
    assert max(sizes) < MOST_BYTES
    for history in (*histories, turns[0], turns[-1]):
        await replayer(CONVERTER).replay_workflow(history)
    told = {reply.turn_number: reply.reasoning.memory_tokens for reply in replies if reply.reasoning}
    print(f"tokens of memory by turn: {told}")
    assert len(told) == len(model.asked)
    assert list(told.values()) == [tokens(remembered(request)) for request in model.asked]
    assert max(told.values()) <= MOST_TOKENS
