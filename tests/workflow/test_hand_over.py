"""A case outlives its history: hand-over to fresh runs, and memory across them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from activities.adapters.temporal import Address, connect
from domain.case.orders import Fork
from domain.case.turns import TurnStatus
from tests import builders, servers
from tests.waiting import eventually
from tests.workflow.stage import Stage
from workflows import names
from workflows.case import CaseWorkflow
from workflows.fork import ForkWorkflow

HAND_OVERS = 10


@pytest.fixture(scope="module")
async def short_client() -> AsyncIterator[Client]:
    """Return a client of a server that asks for a fresh run every few turns."""
    with servers.temporal(limits={"limit.historyCount.suggestContinueAsNew": 30}) as server:
        yield await connect(Address(target=server.address, namespace=server.namespace))


@pytest.fixture
async def short_stage(short_client: Client) -> AsyncIterator[Stage]:
    stage = Stage(short_client)
    async with stage.workers():
        yield stage
    stage.processes.close()


async def _runs(stage: Stage, workflow_id: str) -> list[str]:
    query = f"WorkflowId = '{workflow_id}'"
    return [run.run_id async for run in stage.client.list_workflows(query)]


async def test_ten_hand_overs_lose_nothing_and_double_nothing(short_stage: Stage) -> None:
    turns, runs = [], set()
    while len(runs) <= HAND_OVERS:
        turn = await short_stage.say(f"message {len(turns)}")
        await short_stage.answered(turn)
        turns.append(turn)
        runs.add((await short_stage.case.describe()).run_id)
    for turn in (turns[0], turns[-1]):
        await short_stage.post(turn)
    last = await short_stage.ask("the last one")
    assert last.turn_number == len(turns) + 1
    rows = short_stage.messages()
    assert [row.turn_number for row in rows if row.role == "assistant"] == list(range(1, last.turn_number + 1))
    first = await short_stage.case.execute_update(CaseWorkflow.await_turn, turns[0].turn_key)
    assert (first.status, first.number) == (TurnStatus.ANSWERED, 1)


async def test_a_burst_is_answered_in_order_across_runs(short_stage: Stage) -> None:
    turns = [await short_stage.say(f"message {n}") for n in range(20)]
    receipts = [await short_stage.answered(turn) for turn in turns]
    assert [receipt.number for receipt in receipts] == list(range(1, 21))


async def test_a_long_fork_is_taken_in_order_across_its_own_runs(short_stage: Stage) -> None:
    for number in range(8):
        await short_stage.ask(f"message {number}")
    case = builders.a_case_record(forked_from=short_stage.case_id, forked_turn=8)
    forking, start = names.fork(case.case_id), short_stage.client.execute_workflow
    assert await start(ForkWorkflow.run, Fork(case=case), id=forking, task_queue=names.TURNS) == 8

    async def over() -> bool:
        return short_stage.rows.cases[case.case_id].unforked == 0

    await eventually(over, what="the fork's turns")
    assert [row.content for row in short_stage.rows.messages[case.case_id] if row.role == "user"] == [
        f"message {number}" for number in range(8)
    ]

    async def listed() -> bool:
        return len(await _runs(short_stage, forking)) > 1

    await eventually(listed, what="the fork's second run")


async def test_who_waits_while_a_case_leaves_is_told_to_ask_again(short_stage: Stage) -> None:
    turns = [await short_stage.say(f"message {n}") for n in range(20)]
    update = short_stage.case.execute_update
    receipts = [await update(CaseWorkflow.await_turn, turn.turn_key) for turn in turns[-2:]]
    assert {receipt.status for receipt in receipts} == {TurnStatus.MOVED}
    assert (await short_stage.answered(turns[-1])).number == 20
