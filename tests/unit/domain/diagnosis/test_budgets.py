"""Whose budget ends a call, and what a call costs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.diagnosis.budgets import DAILY, SCOPES, Cost, Limits, Price, stopped

NOW = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
LIMITS = Limits(
    budgets={scope: Cost(tokens=1_000 * (place + 1)) for place, scope in enumerate(SCOPES)},
    prices={"small": Price(tokens_in=0.25, tokens_out=2), "large": Price(tokens_in=3, tokens_out=1)},
)


def test_a_cost_is_exact_in_millionths():
    assert LIMITS.cost(1_000, 10, "small") == Cost(tokens=1_010, money=270)


def test_an_unknown_price_counts_as_the_dearest_known():
    assert LIMITS.price("never heard of") == Price(tokens_in=3, tokens_out=2)
    assert LIMITS.cost(10, 10) == Cost(tokens=20, money=50)


def test_without_prices_tokens_are_counted_alone():
    assert Limits().cost(10, 10, "any") == Cost(tokens=20)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_stop_says_whose_budget_it_is_and_until_when(scope: str):
    limits = Limits(budgets={scope: Cost(money=5)})
    stop = stopped(limits, Cost(tokens=9, money=3), {scope: Cost(money=3)}, NOW)
    assert stop is not None
    assert stop.scope == scope
    assert str(stop).endswith(" until 2026-03-02 00:00 UTC") == (scope in DAILY)


def test_the_words_of_a_stop():
    limits = Limits(budgets={"user": Cost(tokens=10)})
    said = str(stopped(limits, Cost(tokens=11), {}, NOW))
    assert said == "the tokens of your account for today are spent until 2026-03-02 00:00 UTC"


def test_a_budget_of_nothing_bounds_nothing():
    assert stopped(Limits(), Cost(tokens=10**9, money=10**9), {}, NOW) is None


@given(some.integers(0, 8_000), some.dictionaries(some.sampled_from(SCOPES), some.integers(0, 8_000)))
def test_a_call_passes_exactly_where_every_budget_has_room_for_it(wanted: int, spent: dict[str, int]):
    stop = stopped(LIMITS, Cost(tokens=wanted), {scope: Cost(tokens=tokens) for scope, tokens in spent.items()}, NOW)
    full = [scope for scope in SCOPES if spent.get(scope, 0) + wanted > LIMITS.budgets[scope].tokens]
    assert (stop and stop.scope) == (full[0] if full else None)
