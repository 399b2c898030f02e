"""Budgets in a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.diagnosis.budgets import Cost, Payer, Reservation


@dataclass
class MemoryBudgets:
    """BudgetLedger: a row by key, and which of them are settled."""

    rows: dict[str, Reservation] = field(default_factory=dict)
    settled: dict[str, Cost] = field(default_factory=dict)

    async def reserve(self, wanted: Reservation) -> Mapping[str, Cost]:
        self.rows[wanted.key] = wanted
        self.settled.pop(wanted.key, None)
        others = [row for key, row in self.rows.items() if key != wanted.key]
        payer, today = wanted.payer, [row for row in others if row.at.date() == wanted.at.date()]
        return {
            "turn": self._sum(row for row in others if _same(row.payer, payer, "case_id", "turn_key")),
            "case": self._sum(row for row in others if _same(row.payer, payer, "case_id")),
            "user": self._sum(row for row in today if _same(row.payer, payer, "user_id")),
            "team": self._sum(row for row in today if _same(row.payer, payer, "team_id")),
        }

    async def settle(self, key: str, cost: Cost) -> None:
        if key in self.rows:
            self.settled.setdefault(key, cost)

    async def release(self, before: datetime) -> int:
        stale = [key for key, row in self.rows.items() if row.at < before and key not in self.settled]
        self.settled |= dict.fromkeys(stale, Cost())
        return len(stale)

    def _sum(self, rows: Iterable[Reservation]) -> Cost:
        costs = [self.settled.get(row.key, row.cost) for row in rows]
        return Cost(tokens=sum(cost.tokens for cost in costs), money=sum(cost.money for cost in costs))


def _same(one: Payer, other: Payer, *names: str) -> bool:
    return all(getattr(one, name) == getattr(other, name) and getattr(one, name) for name in names)
