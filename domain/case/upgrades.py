"""When a turn that the rules answered alone is looked at once more by a model, and when nobody wants that any more (rule DG2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.case.findings import Investigated
from domain.case.state import CaseState

PATIENCE = timedelta(days=3)
"""After that the answer of the rules stands: a long week-end of an outage."""
FIRST_S, LONGEST_S = 60, 3_600
"""Seconds between two attempts where no provider names a time: doubled from the first to the longest."""


def owed(state: CaseState, number: int, found: Investigated) -> CaseState:
    """Return the state with the turn to which a model owes its part: the newest one.

    Its question comes after all others and its prompt remembers them, so an outage costs one call and one row a case, however
    many turns it saw; a turn that a model answered settles all before it.
    """
    if found.upgrade:
        return replace(state, upgrade_turn=number)
    return replace(state, upgrade_turn=0) if found.model_answered else state


def wanted(state: CaseState, number: int) -> bool:
    """Tell whether a model's part in that turn is still of use: the case is open, and no later turn took its place."""
    return state.upgrade_turn == number and not state.status.terminal


def settled(state: CaseState, upgraded: Sequence[int]) -> CaseState:
    """Return the state as a new revision when the turn that was owed something has it; else the state as it is."""
    if not any(wanted(state, number) for number in upgraded):
        return state
    return replace(state, upgrade_turn=0, revision=state.revision + 1)


def pause(attempt: int, due_s: int) -> timedelta:
    """Return how long to wait before the next attempt, the first of which is 0: at least what a provider asked for."""
    return timedelta(seconds=max(due_s, min(LONGEST_S, FIRST_S << min(attempt, 10))))
