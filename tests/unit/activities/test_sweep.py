"""Lost turns are posted in order, and only those that may be."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from temporalio.testing import ActivityEnvironment

from activities.sweep import TURN, SweepActivities, SweepTurns
from domain.case.turns import UserTurn
from tests import builders, fakes
from tests.builders import NOON


async def test_what_a_lost_call_set_aside_is_freed() -> None:
    budgets = fakes.MemoryBudgets()
    await budgets.reserve(builders.a_reservation())
    steps = SweepActivities(fakes.MemoryIntake(), fakes.MemoryDoor(), budgets)
    released = [await ActivityEnvironment().run(steps.release_reservations, NOON + timedelta(seconds=1)) for _ in range(2)]
    assert released == [1, 0]


async def test_the_oldest_unrecorded_turns_are_posted_first_and_at_most_so_many() -> None:
    rows, door, case_id = fakes.MemoryRows(), fakes.MemoryDoor(), uuid4()
    turns: list[UserTurn] = [builders.a_turn(f"key-0000000{n}", case_id=case_id) for n in range(4)]
    for age, turn in enumerate(turns):
        rows.turns[turn.turn_key] = builders.a_turn_record(
            turn_id=turn.turn_key,
            case_id=case_id,
            claimed_at=NOON - timedelta(minutes=age),
            turn=TURN.dump_json(turn).decode(),
        )
    steps = SweepActivities(fakes.MemoryIntake(rows), door, fakes.MemoryBudgets())
    sweep = SweepTurns(before=NOON, limit=2)
    assert [await ActivityEnvironment().run(steps.post_again, sweep) for _ in range(2)] == [2, 2]
    assert list(door.posted.values()) == [turns[3], turns[2]]
