"""CaseStore, Conversation and EvidenceRecords."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.case.state import CaseStatus
from domain.errors import NotFound
from domain.ports.cases import TurnRecording
from tests.builders import NOON, a_carried, a_case_record, a_message, a_turn_record, an_evidence_record
from tests.integration.conftest import Stores


async def a_case(stores: Stores, **given: object) -> object:
    return (await stores.records.insert(a_case_record(**given))).case_id


async def test_a_case_that_was_never_recorded_has_no_snapshot(stores: Stores) -> None:
    assert await stores.cases.load(await a_case(stores)) is None
    assert await stores.cases.load(uuid4()) is None


async def test_the_newest_revision_stands_in_any_order(stores: Stores) -> None:
    case_id = await a_case(stores)
    for revision in (2, 5, 3, 5):
        await stores.cases.record(a_carried(revision, case_id), "symptom")
    loaded = await stores.cases.load(case_id)
    assert loaded == a_carried(5, case_id)
    assert (await stores.records.get(case_id)).revision == 5
    assert await stores.conversation.snapshot(case_id) == loaded


async def test_a_recorded_state_shows_in_the_row(stores: Stores) -> None:
    case_id = await a_case(stores)
    carried = a_carried(1, case_id, CaseStatus.RESOLVED)
    state = replace(carried.state, turn=7, closure_reason="fixed", resolved_at=NOON, turns_without_progress=2)
    await stores.cases.record(replace(carried, state=state), "solution")
    row = await stores.records.get(case_id)
    assert (row.state, row.stage, row.current_turn, row.closure_reason) == ("resolved", "solution", 7, "fixed")
    assert (row.resolved_at, row.turns_without_progress, row.title) == (NOON, 2, "Checkout fails")


async def test_a_turn_is_found_by_its_number_once_it_is_answered(stores: Stores) -> None:
    case_id, other = await a_case(stores), await a_case(stores)
    for case, turn_id in ((case_id, f"turn-{case_id}"[:22]), (other, f"turn-{other}"[:22])):
        await stores.intake.claim(a_turn_record(turn_id=turn_id, case_id=case), 20)
        assert await stores.conversation.turn_at(case, 1) is None
        told = {"stage": "", "number": 1, "status": "answered", "response": "{}", "assistant": None}
        await stores.cases.finish(TurnRecording(carried=a_carried(1, case), turn_id=turn_id, **told))
    assert (await stores.conversation.turn_at(case_id, 1)).turn_id == f"turn-{case_id}"[:22]
    assert await stores.conversation.turn_at(case_id, 2) is None


async def test_a_fork_keeps_where_it_comes_from(stores: Stores) -> None:
    origin = uuid4()
    case_id = await a_case(stores, forked_from=origin, forked_turn=10, model="anthropic")
    await stores.cases.record(a_carried(1, case_id), "symptom")
    await stores.records.change(case_id, {"forked_turn": 4})
    row = await stores.records.get(case_id)
    assert (row.forked_from, row.forked_turn, row.unforked, row.model) == (origin, 4, 4, "anthropic")


async def test_a_lost_row_comes_back_from_the_state(stores: Stores) -> None:
    case_id = uuid4()
    await stores.cases.record(a_carried(3, case_id), "symptom")
    row = await stores.records.get(case_id)
    assert (row.owner_id, row.team_id, row.revision, row.title_source) == ("user_1", "team_1", 3, "placeholder")


async def test_messages_are_numbered_in_the_order_of_appending(stores: Stores) -> None:
    case_id = await a_case(stores)
    for number in (1, 2):
        for role in ("user", "assistant", "system"):
            await stores.said(a_message(case_id=case_id, turn_number=number, role=role))
    page, total = await stores.conversation.messages(case_id, limit=4, offset=1)
    assert ([message.seq for message in page], total) == ([2, 3, 4, 5], 6)


async def test_a_retried_append_returns_the_row_that_stands(stores: Stores) -> None:
    case_id = await a_case(stores)
    first = await stores.said(a_message(case_id=case_id, content="first"))
    again = await stores.said(a_message(case_id=case_id, content="second"))
    assert again == first
    assert (await stores.conversation.messages(case_id, 10, 0))[1] == 1


async def test_system_rows_are_appended_once_per_id(stores: Stores) -> None:
    case_id = await a_case(stores)
    notice = a_message(case_id=case_id, role="system")
    for message in (notice, notice, a_message(case_id=case_id, role="system")):
        await stores.said(message)
    assert (await stores.conversation.messages(case_id, 10, 0))[1] == 2


async def test_a_row_appended_by_itself_stands_once_and_moves_the_case(stores: Stores) -> None:
    case_id = await a_case(stores)
    row = a_message(case_id=case_id, role="system", created_at=NOON + timedelta(days=400))
    for _ in range(2):
        await stores.cases.append(row)
    page, total = await stores.conversation.messages(case_id, 10, 0)
    assert ([message.message_id for message in page], total) == ([row.message_id], 1)
    assert (await stores.records.get(case_id)).last_activity_at == row.created_at


async def test_nothing_is_appended_to_a_deleted_case(stores: Stores) -> None:
    case_id = await a_case(stores)
    await stores.records.change(case_id, {"deleted_at": NOON})
    with pytest.raises(NotFound):
        await stores.cases.append(a_message(case_id=case_id, role="system"))


async def test_concurrent_appends_get_distinct_numbers(stores: Stores) -> None:
    case_id = await a_case(stores)
    await asyncio.gather(*(stores.said(a_message(case_id=case_id, turn_number=n)) for n in range(1, 9)))
    page, total = await stores.conversation.messages(case_id, 20, 0)
    assert ([message.seq for message in page], total) == (list(range(1, 9)), 8)


async def test_a_message_moves_the_last_activity_forward_only(stores: Stores) -> None:
    case_id = await a_case(stores)
    await stores.said(a_message(case_id=case_id, created_at=NOON + timedelta(hours=2)))
    await stores.said(a_message(case_id=case_id, role="assistant", created_at=NOON + timedelta(hours=1)))
    assert (await stores.records.get(case_id)).last_activity_at == NOON + timedelta(hours=2)


def a_recording(case_id: object, turn_id: str, **given: object) -> TurnRecording:
    defaults = {"carried": a_carried(1, case_id), "stage": "symptom", "turn_id": turn_id, "number": 1, "status": "answered"}
    defaults |= {"response": '{"turn": 1}', "assistant": a_message(case_id=case_id, role="assistant")}
    return TurnRecording(**{**defaults, **given})


async def test_a_finished_turn_is_recorded_whole_and_once(stores: Stores) -> None:
    case_id = await a_case(stores, title="")
    claim = a_turn_record(case_id=case_id)
    await stores.intake.claim(claim, 20)
    row = an_evidence_record(case_id=case_id)
    recording = a_recording(case_id, claim.turn_id, evidence=(row,), title="Refused connections")
    for _ in range(3):
        await stores.cases.finish(recording)
    turn = await stores.conversation.turn(claim.turn_id)
    assert turn == replace(claim, status="answered", number=1, response='{"turn": 1}')
    assert (await stores.conversation.messages(case_id, 10, 0))[1] == 1
    assert await stores.evidence.rows(case_id) == (row,)
    case = await stores.records.get(case_id)
    assert (case.title, case.title_source, case.revision) == ("Refused connections", "generated", 1)


async def test_the_first_answer_of_a_turn_stands(stores: Stores) -> None:
    case_id = await a_case(stores)
    claim = a_turn_record(case_id=case_id)
    await stores.intake.claim(claim, 20)
    await stores.cases.finish(a_recording(case_id, claim.turn_id))
    late = a_recording(case_id, claim.turn_id, status="failed", response="{}", carried=a_carried(2, case_id))
    await stores.cases.finish(late)
    turn = await stores.conversation.turn(claim.turn_id)
    assert (turn.status, turn.response) == ("answered", '{"turn": 1}')


async def test_a_title_that_a_person_chose_is_kept(stores: Stores) -> None:
    case_id = await a_case(stores)
    await stores.cases.finish(a_recording(case_id, "unknown", title="Another"))
    assert (await stores.records.get(case_id)).title == "Checkout fails"


async def test_nothing_is_written_into_a_deleted_case(stores: Stores) -> None:
    case_id = await a_case(stores)
    await stores.intake.claim(a_turn_record(turn_id="claimed", case_id=case_id), limit=20)
    await stores.records.change(case_id, {"deleted_at": NOON})
    with pytest.raises(NotFound):
        await stores.intake.accept("claimed", a_message(case_id=case_id))
    with pytest.raises(NotFound):
        await stores.cases.record(a_carried(1, case_id), "symptom")
    with pytest.raises(NotFound):
        await stores.cases.finish(a_recording(case_id, "turn"))
