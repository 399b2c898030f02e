"""Budgets and prices of the settings as the rules count them."""

from __future__ import annotations

from activities.adapters.settings import Budgets
from domain.diagnosis.budgets import Cost, Limits, Price

MILLION = 1_000_000


def limits_of(given: Budgets) -> Limits:
    """Return budgets by scope; the tokens of a turn have a limit of their own (`activities/paid_calls.py`)."""
    tokens = {"call": given.call_tokens, "case": given.case_tokens, "user": given.user_day_tokens, "team": given.team_day_tokens}
    money = {
        "call": given.call_money,
        "turn": given.turn_money,
        "case": given.case_money,
        "user": given.user_day_money,
        "team": given.team_day_money,
    }
    return Limits(
        budgets={scope: Cost(tokens=tokens.get(scope, 0), money=round(money[scope] * MILLION)) for scope in money},
        prices={model: Price(tokens_in=cost_in, tokens_out=cost_out) for model, (cost_in, cost_out) in given.prices.items()},
    )
