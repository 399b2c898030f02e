"""TurnIntake."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_engine import Database, open_engine
from activities.adapters.sql_intake import SqlIntake
from domain.ports.cases import TurnRecording
from tests.builders import NOON, a_carried, a_case_record, a_turn_record
from tests.integration.conftest import Stores


async def claims(stores: Stores, count: int, **given: object) -> list[object]:
    case = await stores.records.insert(a_case_record())
    rows = [a_turn_record(case_id=case.case_id, claimed_at=NOON + timedelta(seconds=n), **given) for n in range(count)]
    for row in rows:
        assert (await stores.intake.claim(row, 20)).outcome == "new"
    return rows


async def test_a_key_is_new_once_and_known_afterwards(stores: Stores) -> None:
    [row] = await claims(stores, 1)
    again = await stores.intake.claim(replace(row, claimed_at=NOON + timedelta(hours=1)), 20)
    assert (again.outcome, again.record) == ("known", row)


async def test_a_key_with_another_body_is_reused(stores: Stores) -> None:
    [row] = await claims(stores, 1)
    assert (await stores.intake.claim(replace(row, content_hash="other"), 20)).outcome == "reused"


async def test_an_unknown_or_deleted_case_is_gone(stores: Stores) -> None:
    assert (await stores.intake.claim(a_turn_record(case_id=uuid4()), 20)).outcome == "gone"
    [row] = await claims(stores, 1)
    await stores.records.change(row.case_id, {"deleted_at": NOON})
    assert (await stores.intake.claim(row, 20)).outcome == "gone"


async def test_a_full_case_takes_no_more_until_a_turn_ends(stores: Stores) -> None:
    rows = await claims(stores, 3)
    late = a_turn_record(case_id=rows[0].case_id)
    full = await stores.intake.claim(late, 3)
    assert (full.outcome, full.waiting) == ("full", 3)
    assert (await stores.intake.claim(rows[0], 3)).outcome == "known"
    await stores.intake.refuse(rows[1].turn_id)
    assert (await stores.intake.claim(late, 3)).outcome == "new"


async def test_concurrent_claims_never_pass_the_limit(stores: Stores) -> None:
    case = await stores.records.insert(a_case_record())
    rows = [a_turn_record(case_id=case.case_id) for _ in range(12)]
    outcomes = [claim.outcome for claim in await asyncio.gather(*(stores.intake.claim(row, 5) for row in rows))]
    assert sorted(outcomes) == ["full"] * 7 + ["new"] * 5


async def test_one_of_many_claims_of_a_key_is_new(stores: Stores) -> None:
    case = await stores.records.insert(a_case_record())
    row = a_turn_record(case_id=case.case_id)
    outcomes = [claim.outcome for claim in await asyncio.gather(*(stores.intake.claim(row, 5) for _ in range(8)))]
    assert sorted(outcomes) == ["known"] * 7 + ["new"]


async def test_a_refused_turn_is_dropped_and_its_key_may_come_again(stores: Stores) -> None:
    [row] = await claims(stores, 1)
    assert await stores.intake.refuse(row.turn_id)
    assert await stores.intake.refuse(row.turn_id)
    assert not await stores.intake.accept(row.turn_id)
    assert (await stores.intake.claim(row, 20)).outcome == "new"
    assert await stores.intake.accept(row.turn_id)


async def test_an_accepted_turn_cannot_be_refused(stores: Stores) -> None:
    [row] = await claims(stores, 1)
    assert await stores.intake.accept(row.turn_id)
    assert await stores.intake.accept(row.turn_id)
    assert not await stores.intake.refuse(row.turn_id)
    assert not await stores.intake.accept("unknown")


async def test_an_answered_turn_stays_answered(stores: Stores) -> None:
    [row] = await claims(stores, 1)
    recording = TurnRecording(
        carried=a_carried(1, row.case_id),
        stage="",
        turn_id=row.turn_id,
        number=1,
        status="answered",
        response="{}",
        assistant=None,
    )
    await stores.cases.finish(recording)
    assert await stores.intake.accept(row.turn_id)
    assert not await stores.intake.refuse(row.turn_id)
    assert (await stores.conversation.turn(row.turn_id)).status == "answered"


async def test_turns_without_an_answer_come_back_oldest_first(stores: Stores) -> None:
    rows = await claims(stores, 4)
    await stores.intake.accept(rows[2].turn_id)
    await stores.intake.refuse(rows[1].turn_id)
    found = await stores.intake.unrecorded(NOON + timedelta(seconds=3), limit=10)
    assert [row.turn_id for row in found] == [rows[0].turn_id, rows[2].turn_id]
    assert len(await stores.intake.unrecorded(NOON + timedelta(hours=1), limit=1)) == 1


async def test_claims_from_two_processes_never_pass_the_limit(database: Database) -> None:
    """Two engines share nothing but the database, like two processes."""
    other = open_engine(database.engine.url.render_as_string(hide_password=False))
    case = await SqlCaseRecords(database).insert(a_case_record())
    sides = [SqlIntake(database), SqlIntake(other)]
    rows = [a_turn_record(case_id=case.case_id) for _ in range(16)]
    claimed = await asyncio.gather(*(sides[n % 2].claim(row, 5) for n, row in enumerate(rows)))
    assert sorted(claim.outcome for claim in claimed) == ["full"] * 11 + ["new"] * 5
    await other.close()
