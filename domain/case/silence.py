"""What a case says by itself after days in which nobody did: it offers to end, and asks whether a fix held (rules X3, X4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.case import rows as evidence
from domain.case import transitions
from domain.case.state import CaseState, RowCategory, Solution

IDLE = (timedelta(days=7), timedelta(days=30))
"""Without a message; after the last of them a case is silent too."""
HELD = timedelta(hours=24)
"""After a fix was applied: the next peak of traffic has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A row that the case adds when its time has come."""

    key: str
    """What is said once: the end of a silence after a turn, or a solution."""
    due: datetime
    text: str
    ends: bool = False
    """Whether it offers to end the case."""


def due(state: CaseState, now: datetime) -> Notice | None:
    """Return the notice that comes next, or is overdue; None when there is nothing left to say or the case has ended."""
    if state.status.terminal:
        return None
    notices = (notice for notice in (_offer(state, now), _question(state)) if notice)
    return min(notices, key=lambda notice: notice.due, default=None)


def told(state: CaseState, notice: Notice) -> CaseState:
    """Return the state as a new revision in which the notice is not due again; nothing else changes."""
    meant = {*_silences(state), *(each.solution_id for each in state.solutions)}
    kept = tuple(key for key in state.noticed if key in meant)
    return replace(state, noticed=(*kept, notice.key), revision=state.revision + 1)


def _silences(state: CaseState) -> tuple[str, ...]:
    return tuple(f"turn {state.turn} + {days.days} days" for days in IDLE)


def _offer(state: CaseState, now: datetime) -> Notice | None:
    """Offer to end the case, at most twice a silence; of two that are overdue the later one is told."""
    if state.updated_at is None:
        return None
    keys = _silences(state)
    said = max((place for place, key in enumerate(keys) if key in state.noticed), default=-1)
    open_ones = [(state.updated_at + IDLE[place], place) for place in range(said + 1, len(IDLE))]
    passed = [one for one in open_ones if one[0] <= now]
    if not open_ones:
        return None
    time, place = passed[-1] if passed else open_ones[0]
    last = " This is the last reminder." if place == len(IDLE) - 1 else ""
    text = (
        f"No message for {IDLE[place].days} days. The case stays open until somebody ends it: "
        f"“{transitions.WORDS['closed']}” does, or go on where it stands.{last}"
    )
    return Notice(key=keys[place], due=time, text=text, ends=True)


def _question(state: CaseState) -> Notice | None:
    """Ask once whether the newest fix held, unless something shows that the symptom is gone."""
    applied = max((each for each in state.solutions if each.applied_at), key=lambda each: each.applied_turn, default=None)
    if applied is None or applied.applied_at is None or applied.state != "applied" or applied.solution_id in state.noticed:
        return None
    if any(row.turn >= applied.applied_turn for row in evidence.in_category(state.rows, RowCategory.SYMPTOM_ABSENCE)):
        return None
    return Notice(key=applied.solution_id, due=applied.applied_at + HELD, text=_asked(applied))


def _asked(applied: Solution) -> str:
    check = f" To see it: {applied.verify.rstrip('.')}." if applied.verify else ""
    return (
        f"“{applied.text}” was applied {HELD.total_seconds() / 3600:.0f} hours ago, and nothing since shows whether it held."
        f"{check} Is the symptom gone? Say so, or add what you see now."
    )
