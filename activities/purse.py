"""Money for a call: the worst case is set aside before it and settled after it, so that no budget is passed unseen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio import activity

from domain.diagnosis.budgets import Cost, Limits, Payer, Reservation, stopped
from domain.errors import BudgetExhausted
from domain.ports.budgets import BudgetLedger
from domain.ports.models import ModelRequest, PaidAnswer


@dataclass(frozen=True, slots=True)
class Purse:
    """The budgets that calls are charged to."""

    ledger: BudgetLedger
    limits: Limits = Limits()

    async def reserve(self, payer: Payer, request: ModelRequest) -> None:
        """Set the worst case aside, with that of the attempts before; `BudgetExhausted` says whose budget has no room for it.

        Safe to repeat: one row a call.
        """
        now, wanted = datetime.now(UTC), self._worst(request, request.attempt)
        spent = await self.ledger.reserve(Reservation(key=request.key, payer=payer, cost=wanted, at=now))
        stop = stopped(self.limits, wanted, spent, now)
        if stop is not None:
            await self.free(request)
            _count(stop.scope)
            raise BudgetExhausted(str(stop))

    async def settle(self, request: ModelRequest, paid: PaidAnswer) -> None:
        """Count what the answer cost; attempts that were lost before it count in full."""
        lost, told = self._worst(request, request.attempt - 1), self.limits.cost(paid.tokens_in, paid.tokens_out, paid.model)
        await self.ledger.settle(request.key, Cost(tokens=lost.tokens + told.tokens, money=lost.money + told.money))

    async def free(self, request: ModelRequest) -> None:
        """Count a call that was not made, or that nobody bills: only the attempts before it."""
        await self.ledger.settle(request.key, self._worst(request, request.attempt - 1))

    async def lose(self, request: ModelRequest) -> None:
        """Count a call whose answer nobody waits for any more: with the attempts before it, in full."""
        await self.ledger.settle(request.key, self._worst(request, request.attempt))

    def _worst(self, request: ModelRequest, attempts: int) -> Cost:
        one = self.limits.cost(prompt_tokens(request), request.max_tokens)
        return Cost(tokens=one.tokens * attempts, money=one.money * attempts)


def texts(request: ModelRequest) -> tuple[str, ...]:
    """Return all text that is about to leave."""
    used = (text for step in request.used for use in step for text in (use.arguments, use.result))
    return (request.system, request.prompt, *used)


def prompt_tokens(request: ModelRequest) -> int:
    """Return the most tokens that a request has: a token is hardly ever less than three bytes."""
    offered = (part for tool in request.tools for part in (tool.name, tool.description, tool.schema))
    shown = request.picture.tokens if request.picture else 0
    return math.ceil(len("".join((*texts(request), request.schema, *offered)).encode()) / 3) + shown


def _count(scope: str) -> None:
    counter = activity.metric_meter().create_counter("faultmaven_budget_stops_total", "Calls that a budget had no room for.")
    counter.add(1, {"scope": scope})
