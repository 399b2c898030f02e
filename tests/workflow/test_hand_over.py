"""A case outlives its history: hand-over to fresh runs, and memory across them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from activities.adapters.temporal import Address, connect
from domain.case.turns import TurnStatus
from tests import servers
from tests.workflow.stage import Stage
from workflows import names
from workflows.case import CaseWorkflow

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


async def _runs(stage: Stage) -> list[str]:
    query = f"WorkflowId = '{names.case(stage.case_id)}'"
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


async def test_who_waits_while_a_case_leaves_is_told_to_ask_again(short_stage: Stage) -> None:
    turns = [await short_stage.say(f"message {n}") for n in range(20)]
    update = short_stage.case.execute_update
    receipts = [await update(CaseWorkflow.await_turn, turn.turn_key) for turn in turns[-2:]]
    assert {receipt.status for receipt in receipts} == {TurnStatus.MOVED}
    assert (await short_stage.answered(turns[-1])).number == 20
