"""Turns that were claimed and never answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from domain.case.turns import TurnStatus
from tests.workflow.stage import Stage
from workflows import names
from workflows.case import CaseWorkflow
from workflows.sweep import Sweep, TurnSweepWorkflow


async def swept(stage: Stage) -> int:
    """Run one sweep; return how many turns it posted."""
    return await stage.client.execute_workflow(TurnSweepWorkflow.run, Sweep(), id=f"sweep-{uuid4()}", task_queue=names.KNOWLEDGE)


async def test_a_claimed_turn_whose_signal_was_never_sent_is_answered_after_the_sweep(stage: Stage) -> None:
    turn = await stage.turn("nobody heard this")
    assert await swept(stage) == 1
    receipt = await stage.answered(turn)
    assert (receipt.status, receipt.number) == (TurnStatus.ANSWERED, 1)
    assert [row.role for row in stage.messages()] == ["user", "assistant"]
    assert await swept(stage) == 0


async def test_lost_turns_of_a_running_case_are_answered_in_the_order_of_their_claims(stage: Stage) -> None:
    await stage.ask("this one arrived")
    lost = [await stage.turn(f"lost {n}") for n in range(3)]
    for second, turn in enumerate(lost):
        claim = stage.rows.turns[turn.turn_key]
        stage.rows.turns[turn.turn_key] = replace(claim, claimed_at=claim.claimed_at.replace(second=second))
    assert await swept(stage) == 3
    assert [(await stage.answered(turn)).number for turn in lost] == [2, 3, 4]


async def test_a_turn_that_its_case_knows_is_answered_once_however_often_it_is_swept(cold_stage: Stage) -> None:
    turn = await cold_stage.say("waits for a worker")
    door = cold_stage.ports().door
    for _ in range(3):
        await door.post(turn)
    async with cold_stage.workers():
        await cold_stage.answered(turn)
        await cold_stage.ask("and goes on")
    assert [row.role for row in cold_stage.messages()] == ["user", "assistant"] * 2


async def test_a_young_or_refused_claim_is_left_alone(stage: Stage) -> None:
    young, refused = await stage.turn("just sent"), await stage.turn("told that nothing was stored")
    stage.rows.turns[young.turn_key] = replace(stage.rows.turns[young.turn_key], claimed_at=datetime.now(UTC))
    await stage.ports().intake.refuse(refused.turn_key)
    assert await swept(stage) == 0


async def test_a_case_whose_engine_lost_it_comes_back_with_its_unanswered_turn(stage: Stage) -> None:
    await stage.ask("before the loss")
    await stage.case.terminate("the engine's database is lost")
    turn = await stage.turn("claimed during the loss")
    assert await swept(stage) == 1
    receipt = await stage.case.execute_update(CaseWorkflow.await_turn, turn.turn_key)
    assert receipt.number == 2
