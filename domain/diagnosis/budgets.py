"""What calls of language models may cost, and whose budget ends them (reliability.md 6).

A budget counts tokens and money; money is in millionths of a currency unit, so that a price per million tokens times tokens is
exact. The worst case of a call is reserved before it and settled by what was counted after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

SCOPES = ("call", "turn", "case", "user", "team")
"""From the narrowest; users and teams have a budget a day, by UTC."""
DAILY = frozenset({"user", "team"})
WHOSE = {
    "call": "one call",
    "turn": "this turn",
    "case": "this case",
    "user": "your account for today",
    "team": "your team for today",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Tokens and money; as a limit, 0 means none."""

    tokens: int = 0
    money: int = 0
    """Millionths of a currency unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of a million tokens, in currency units."""

    tokens_in: float
    tokens_out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """On whose behalf a call is made; an empty id has no budget."""

    case_id: UUID
    turn_key: str = ""
    user_id: str = ""
    team_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A call that is about to be paid, by its key: the same over retries."""

    key: str
    payer: Payer
    cost: Cost
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Budgets by scope, and prices by model; a scope without a budget is bounded by the wider ones."""

    budgets: Mapping[str, Cost] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)

    def price(self, model: str = "") -> Price:
        """Return a model's price; an unknown one counts as the dearest known."""
        if model in self.prices:
            return self.prices[model]
        known = self.prices.values()
        return Price(
            tokens_in=max((one.tokens_in for one in known), default=0.0),
            tokens_out=max((one.tokens_out for one in known), default=0.0),
        )

    def cost(self, tokens_in: int, tokens_out: int, model: str = "") -> Cost:
        """Return what so many tokens cost at a model."""
        price = self.price(model)
        return Cost(tokens=tokens_in + tokens_out, money=round(tokens_in * price.tokens_in + tokens_out * price.tokens_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A budget that a call would pass."""

    scope: str
    what: str
    """tokens or means."""
    until: datetime | None = None
    """None where it does not come back by itself."""

    def __str__(self) -> str:
        """Tell whose budget it is and until when."""
        end = f" until {self.until:%Y-%m-%d %H:%M} UTC" if self.until else ""
        return f"the {self.what} of {WHOSE[self.scope]} are spent{end}"


def stopped(limits: Limits, wanted: Cost, spent: Mapping[str, Cost], now: datetime) -> Stop | None:
    """Return the narrowest budget that the call would pass, None where all have room for its worst case."""
    for scope in SCOPES:
        limit, before = limits.budgets.get(scope, Cost()), spent.get(scope, Cost())
        if limit.tokens and before.tokens + wanted.tokens > limit.tokens:
            return Stop(scope=scope, what="tokens", until=_until(scope, now))
        if limit.money and before.money + wanted.money > limit.money:
            return Stop(scope=scope, what="means", until=_until(scope, now))
    return None


def _until(scope: str, now: datetime) -> datetime | None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1) if scope in DAILY else None
