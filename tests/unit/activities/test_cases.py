"""A turn is opened once and recorded once, however often its steps are tried."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.cases import HELD_BACK, NOT_READ, REPLY, AddNotice, CaseActivities, FailTurn, OpenTurn, RecordTurn
from domain.case.outcome import ResponseType, TurnOutcome
from domain.case.silence import Notice
from domain.case.turns import TurnReceipt, TurnStatus, UserTurn
from domain.errors import TurnRefused
from tests import builders, fakes
from tests.builders import NOON

OUTCOME = TurnOutcome(response_type=ResponseType.STATUS_UPDATE, case_state="inquiry", proposed_title="Checkout fails since noon")


@dataclass
class Desk:
    """The steps over fakes, and one claimed turn."""

    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    case_id: UUID = field(default_factory=uuid4)

    @property
    def steps(self) -> CaseActivities:
        return CaseActivities(fakes.MemoryCases(self.rows), fakes.MemoryIntake(self.rows), self.blobs)

    def turn(self, **given: Any) -> UserTurn:
        turn = builders.a_turn(case_id=self.case_id, **given)
        self.rows.turns[turn.turn_key] = builders.a_turn_record(turn_id=turn.turn_key, case_id=self.case_id)
        return turn

    async def record(self, request: RecordTurn) -> TurnReceipt:
        return await ActivityEnvironment().run(self.steps.record_turn, request)

    def refuse(self, turn: UserTurn) -> None:
        self.rows.turns[turn.turn_key] = replace(self.rows.turns[turn.turn_key], status="refused")

    def said(self) -> list[tuple[str, str]]:
        return [(row.role, row.content) for row in self.rows.messages.get(self.case_id, [])]


async def test_a_turn_opened_twice_has_one_user_row_and_reads_the_same() -> None:
    desk = Desk()
    request = OpenTurn(
        turn=desk.turn(), number=1, message_key=await desk.blobs.put(desk.case_id, b"checkout fails?"), held_back=False
    )
    assert await desk.steps.open_turn(request) == await desk.steps.open_turn(request)
    assert desk.said() == [("user", "checkout fails?")]


async def test_a_refused_turn_leaves_nothing() -> None:
    desk = Desk()
    turn = desk.turn()
    desk.refuse(turn)
    with pytest.raises(TurnRefused):
        await desk.steps.open_turn(OpenTurn(turn=turn, number=1, message_key="", held_back=False))
    assert desk.said() == []


async def test_a_message_held_back_is_shown_as_that() -> None:
    desk = Desk()
    await desk.steps.open_turn(OpenTurn(turn=desk.turn(), number=1, message_key="", held_back=True))
    assert desk.said() == [("user", HELD_BACK)]


async def test_a_turn_of_files_alone_is_shown_by_their_names() -> None:
    desk = Desk()
    turn = desk.turn(text_key="", attachments=(builders.an_attachment(case_id=desk.case_id, size_bytes=2048),))
    await desk.steps.open_turn(OpenTurn(turn=turn, number=1, message_key="", held_back=False))
    assert desk.said() == [("user", "Attached: app.log (2.0 KiB)")]


async def test_a_turn_recorded_twice_has_one_answer_one_snapshot_and_its_title() -> None:
    desk = Desk()
    turn = desk.turn()
    carried = builders.a_carried(case_id=desk.case_id)
    request = RecordTurn(turn=turn, number=1, carried=carried, outcome=OUTCOME, now=NOON)
    first = await desk.record(request)
    assert first == await desk.record(request)
    assert (first.status, first.number) == (TurnStatus.ANSWERED, 1)
    assert [role for role, _ in desk.said()] == ["assistant"]
    assert await desk.steps.load_case(desk.case_id) == carried
    assert desk.rows.cases[desk.case_id].title == "Checkout fails since noon"


async def test_what_is_recorded_is_the_reply_that_was_said() -> None:
    desk = Desk()
    turn = desk.turn()
    await desk.record(
        RecordTurn(turn=turn, number=1, carried=builders.a_carried(case_id=desk.case_id), outcome=OUTCOME, now=NOON)
    )
    stored = REPLY.validate_json(desk.rows.turns[turn.turn_key].response)
    assert desk.said() == [("assistant", stored.agent_response)]


async def test_a_failed_turn_has_both_rows_and_names_its_error() -> None:
    desk = Desk()
    turn = desk.turn()
    request = FailTurn(
        turn=turn, number=1, carried=builders.a_carried(case_id=desk.case_id), outcome=OUTCOME, now=NOON, reason="StorageFull"
    )
    assert await desk.steps.fail_turn(request) == await desk.steps.fail_turn(request)
    assert [role for role, _ in desk.said()] == ["user", "assistant"]
    assert desk.said()[0] == ("user", NOT_READ)
    stored = REPLY.validate_json(desk.rows.turns[turn.turn_key].response)
    assert (stored.outcome.response_type, stored.error_code) == (ResponseType.ERROR, "STORAGE_FULL")


async def test_a_refused_turn_does_not_fail_visibly() -> None:
    desk = Desk()
    turn = desk.turn()
    desk.refuse(turn)
    carried = builders.a_carried(case_id=desk.case_id)
    failing = FailTurn(turn=turn, number=1, carried=carried, outcome=OUTCOME, now=NOON, reason="NotFound")
    assert await desk.steps.fail_turn(failing) is None
    assert desk.said() == []


async def test_an_older_snapshot_never_overwrites_a_newer_one() -> None:
    desk = Desk()
    newer, older = (builders.a_carried(case_id=desk.case_id, revision=revision) for revision in (2, 1))
    for carried in (newer, older):
        await desk.steps.record_case(carried)
    assert await desk.steps.load_case(desk.case_id) == newer


async def test_a_notice_has_one_row_however_often_it_is_added() -> None:
    desk = Desk()
    carried = builders.a_carried(case_id=desk.case_id, revision=2)
    notices = [Notice(key=key, due=NOON, text=f"No message for {key} days.") for key in ("7", "30")]
    for notice in (*notices, *notices):
        await desk.steps.add_notice(AddNotice(carried=carried, notice=notice, now=NOON))
    assert desk.said() == [("system", "No message for 7 days."), ("system", "No message for 30 days.")]
    assert await desk.steps.load_case(desk.case_id) == carried


async def test_a_case_without_a_snapshot_is_new() -> None:
    desk = Desk()
    loaded = await desk.steps.load_case(desk.case_id)
    assert (loaded.state.case_id, loaded.state.turn) == (desk.case_id, 0)
