"""What calls of models cost so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.diagnosis.budgets import Cost, Reservation


class BudgetLedger(Protocol):
    """One row per paid call, by its key.

    >>> budgets = MemoryBudgets()
    >>> call = builders.a_reservation(key="turn-1:propose", cost=Cost(tokens=900))
    >>> run(budgets.reserve(call))["case"], run(budgets.reserve(builders.a_reservation(key="turn-2:propose")))["case"].tokens
    (Cost(tokens=0, money=0), 900)
    >>> run(budgets.settle("turn-1:propose", Cost(tokens=80)))
    >>> run(budgets.release(call.at))
    0
    """

    async def reserve(self, wanted: Reservation) -> Mapping[str, Cost]:
        """Write or rewrite the reservation, and return what other calls took of each scope: turn, case, user's and team's day.

        Two reservations at once may not see each other, so a budget is passed by one call a worker slot at most.
        """

    async def settle(self, key: str, cost: Cost) -> None:
        """Set what the call cost, once: the first settlement stands."""

    async def release(self, before: datetime) -> int:
        """Free what was reserved before that time and never settled; return how many calls."""
