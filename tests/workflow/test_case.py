"""The story of a case: order, once, refusal, loss of its engine, what operators see."""

from __future__ import annotations

import asyncio
import dataclasses
import json

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter

from domain.case.orders import CaseStart
from domain.case.state import CaseStatus
from domain.case.turns import TurnQueue, TurnStatus
from tests import builders
from tests.waiting import eventually
from tests.workflow.stage import Stage
from workflows import names
from workflows.case import CaseWorkflow


async def test_a_message_is_answered_and_recorded(stage: Stage) -> None:
    turn = await stage.say("checkout fails since noon")
    receipt = await stage.answered(turn)
    assert (receipt.status, receipt.number) == (TurnStatus.ANSWERED, 1)
    assert [(row.turn_number, row.role) for row in stage.messages()] == [(1, "user"), (1, "assistant")]
    assert stage.messages()[0].content == "checkout fails since noon"


async def test_turns_are_answered_in_the_order_in_which_they_came(stage: Stage) -> None:
    turns = [await stage.say(f"message {n}") for n in range(5)]
    receipts = [await stage.answered(turn) for turn in turns]
    assert [receipt.number for receipt in receipts] == [1, 2, 3, 4, 5]
    assert [row.content for row in stage.messages() if row.role == "user"] == [f"message {n}" for n in range(5)]


async def test_a_message_sent_ten_times_at_once_is_answered_once(stage: Stage) -> None:
    turn = await stage.turn("sent again and again")
    await asyncio.gather(*(stage.post(turn) for _ in range(10)))
    receipt = await stage.answered(turn)
    await stage.post(turn)
    assert (await stage.answered(turn)) == receipt
    assert len(stage.messages()) == 2
    assert (await stage.view()).state.turn == 1


async def test_a_refused_turn_leaves_nothing_and_its_key_is_free_again(stage: Stage) -> None:
    turn = await stage.turn("told that nothing was stored")
    await stage.ports().intake.refuse(turn.turn_key)
    await stage.post(turn)
    first = await stage.ask("the next message")
    assert first.turn_number == 1
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await stage.answered(turn)
    assert refused.value.cause.type == "UnknownTurn"
    stage.rows.turns[turn.turn_key] = builders.a_turn_record(turn_id=turn.turn_key, case_id=stage.case_id)
    await stage.post(turn)
    again = await stage.case.execute_update(CaseWorkflow.await_turn, turn.turn_key)
    assert again.number == 2


async def test_waiting_for_an_unknown_turn_fails_the_wait_and_not_the_case(stage: Stage) -> None:
    await stage.ask()
    with pytest.raises(WorkflowUpdateFailedError) as failure:
        await stage.case.execute_update(CaseWorkflow.await_turn, "never-posted")
    assert failure.value.cause.type == "UnknownTurn"
    assert (await stage.ask()).turn_number == 2


async def test_messages_sent_while_every_worker_is_down_are_answered_afterwards(cold_stage: Stage) -> None:
    turns = [await cold_stage.say(f"message {n}") for n in range(20)]
    async with cold_stage.workers():
        receipts = [await cold_stage.answered(turn) for turn in turns]
    assert [receipt.number for receipt in receipts] == list(range(1, 21))


async def test_a_cancelled_turn_ends_with_an_error_answer_and_the_next_is_taken(cold_stage: Stage) -> None:
    running, queued, after = [await cold_stage.say(text) for text in ("one", "two", "three")]
    await cold_stage.case.signal(CaseWorkflow.cancel_turn, running.turn_key)
    await cold_stage.case.signal(CaseWorkflow.cancel_turn, queued.turn_key)
    async with cold_stage.workers():
        replies = [cold_stage.reply(await cold_stage.answered(turn)) for turn in (running, queued, after)]
    assert [reply.error_code for reply in replies] == ["CANCELLED", "CANCELLED", ""]
    assert [row.role for row in cold_stage.messages()] == ["user", "assistant"] * 3


async def test_the_query_tells_where_a_turn_stands(cold_stage: Stage) -> None:
    turn = await cold_stage.say()
    async with cold_stage.workers():
        assert (await cold_stage.case.query(CaseWorkflow.turn, "nobody")).status is TurnStatus.UNKNOWN
        await cold_stage.answered(turn)
        receipt = await cold_stage.case.query(CaseWorkflow.turn, turn.turn_key)
    assert (receipt.status, receipt.number) == (TurnStatus.ANSWERED, 1)


async def test_a_case_whose_history_is_lost_goes_on_from_its_snapshot(stage: Stage) -> None:
    first = await stage.say("before the loss")
    await stage.answered(first)
    await stage.case.terminate("the engine's database is lost")
    await stage.post(first)
    assert (await stage.ask("after the loss")).turn_number == 2
    assert len(stage.messages()) == 4


async def test_an_ended_case_answers_a_question_and_retires_again(stage: Stage) -> None:
    ended = builders.a_state(case_id=stage.case_id, status=CaseStatus.CLOSED, turn=3, revision=3)
    stage.rows.snapshots[stage.case_id] = dataclasses.replace(builders.a_carried(), state=ended, queue=TurnQueue())
    turn = await stage.say("why was it?")
    await stage.case.result()
    assert stage.rows.turns[turn.turn_key].number == 4
    assert (await stage.case.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert (await stage.view()).state.turn == 4


async def test_operators_find_a_case_by_status_owner_and_team(stage: Stage) -> None:
    await stage.ask()
    found = (await stage.case.describe()).typed_search_attributes
    assert found[names.CASE_OWNER] == "user_1"
    assert found[names.CASE_TEAM] == "team_1"
    assert found[names.CASE_STATUS] in {status.value for status in CaseStatus}
    assert found[names.CASE_UPDATED]
    details = await stage.case.query("__temporal_workflow_metadata")
    told = json.dumps(details, default=str)
    assert "after 1 turn" in told and "after 1 turns" not in told


async def test_messages_of_the_next_version_are_understood(stage: Stage) -> None:
    turn = await stage.turn("from a newer sender")
    (payload,) = await pydantic_data_converter.encode([turn])
    fields = json.loads(payload.data) | {"added_later": {"deep": [1]}}
    fields["intent"] = {"type": "invented_later", "data": {}, "more": 1}
    start = CaseStart(case_id=stage.case_id)
    await stage.client.start_workflow(
        CaseWorkflow.run,
        start,
        id=names.case(stage.case_id),
        task_queue=names.CASES,
        start_signal=names.POST_MESSAGE,
        start_signal_args=[fields],
    )
    assert (await stage.answered(turn)).status is TurnStatus.ANSWERED


async def test_a_signal_that_cannot_be_read_is_dropped_and_the_case_goes_on(stage: Stage) -> None:
    await stage.ask()
    await stage.case.signal(names.POST_MESSAGE, {"not": "a turn"})
    await stage.case.signal(names.EVIDENCE_READ, "not news")
    assert (await stage.ask()).turn_number == 2


async def test_a_file_that_arrives_during_a_turn_is_read_at_once(stage: Stage) -> None:
    ref = await stage.upload()
    await stage.say()
    await stage.case.signal(names.ADD_EVIDENCE, ref)
    await stage.case.signal(names.ADD_EVIDENCE, ref)

    async def is_read() -> bool:
        return stage.rows.files[ref.file_id].status == "completed"

    await eventually(is_read, what="the file")
