"""The step that finds turns whose signal was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from temporalio import activity

from activities.heartbeat import beating
from domain.case.turns import UserTurn
from domain.ports.budgets import BudgetLedger
from domain.ports.cases import CaseDoor, TurnIntake

TURN = TypeAdapter(UserTurn)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepTurns:
    """The oldest turns claimed or accepted before a time and not yet recorded."""

    before: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class SweepActivities:
    """What a sender, a signal or a whole engine may have lost is in the database."""

    intake: TurnIntake
    door: CaseDoor
    budgets: BudgetLedger

    @activity.defn
    async def post_again(self, sweep: SweepTurns) -> int:
        """Post each unrecorded turn in the order of its claim; return how many.

        Safe to retry: a case takes a known key once, and drops a turn that was refused meanwhile.
        """
        async with beating():
            found = await self.intake.unrecorded(sweep.before, sweep.limit)
            for record in found:
                await self.door.post(TURN.validate_json(record.turn))
        return len(found)

    @activity.defn
    async def release_reservations(self, before: datetime) -> int:
        """Free what calls set aside that ended with their worker; return how many. Safe to retry."""
        return await self.budgets.release(before)
