"""A difference between two cases on the wire."""

from __future__ import annotations

from dataclasses import dataclass

from domain.reports.difference import Difference, MovedCause, Only
from domain.reports.difference_markdown import render
from domain.reports.stand import Advised, Cited, Held, NamedFile, Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two cases."""

    case_id: str
    title: str
    turn: int
    state: str
    conclusion: Held | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDiff:
    """What changed from `before` to `after`, as data and as Markdown."""

    before: Side
    after: Side
    leader_changed: bool
    causes: tuple[MovedCause, ...]
    files: Only[NamedFile]
    evidence: Only[Cited]
    claims: Only[Cited]
    actions: Only[Advised]
    turns_left: int
    """Turns that the fork still has to take again: until it is 0 the difference is that of an unfinished fork."""
    markdown: str


def diff(found: Difference, turns_left: int) -> CaseDiff:
    """Return the body."""
    return CaseDiff(
        before=_side(found.before),
        after=_side(found.after),
        leader_changed=found.leader_changed,
        causes=found.causes,
        files=found.files,
        evidence=found.evidence,
        claims=found.claims,
        actions=found.actions,
        turns_left=turns_left,
        markdown=render(found),
    )


def _side(one: Stand) -> Side:
    return Side(case_id=one.case_id, title=one.title, turn=one.turn, state=one.state, conclusion=one.conclusion)
