"""The story of a case: order, once, refusal, hand-over, news."""

from __future__ import annotations

from domain.case.turns import TurnStatus
from tests.workflow.stage import Stage


async def test_a_message_is_answered_and_recorded(stage: Stage) -> None:
    turn = await stage.say("checkout fails since noon")
    receipt = await stage.answered(turn)
    assert (receipt.status, receipt.number) == (TurnStatus.ANSWERED, 1)
    assert [(row.turn_number, row.role) for row in stage.messages()] == [(1, "user"), (1, "assistant")]
    assert stage.messages()[0].content == "checkout fails since noon"
    assert stage.reply(receipt).degraded == ("model_unavailable",)
