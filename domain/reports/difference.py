"""What two cases conclude differently: causes that moved, and what stands in one of them only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from domain.case.texts import normal
from domain.reports.stand import Advised, Cited, NamedFile, RankedCause, Stand

Item = TypeVar("Item")
Move = Literal["new", "gone", "up", "down", "stays"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCause:
    """One cause in both cases; None where a case does not have it."""

    statement: str
    move: Move
    before: RankedCause | None
    after: RankedCause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Only(Generic[Item]):
    """What one of the cases has and the other has not."""

    before: tuple[Item, ...]
    after: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All of it; `after` is the case that was asked about, `before` the one it is compared with."""

    before: Stand
    after: Stand
    leader_changed: bool
    causes: tuple[MovedCause, ...]
    """By rank in `after`, then those that it does not have."""
    files: Only[NamedFile]
    evidence: Only[Cited]
    claims: Only[Cited]
    actions: Only[Advised]


def difference(before: Stand, after: Stand) -> Difference:
    """Return what differs; ids play no part, for the same thing has another id in each case."""
    return Difference(
        before=before,
        after=after,
        leader_changed=_leader(before) != _leader(after),
        causes=_moved(before.causes, after.causes),
        files=_only(before.files, after.files, lambda file: file.sha256),
        evidence=_only(before.evidence, after.evidence, _place),
        claims=_only(before.claims, after.claims, _place),
        actions=_only(before.actions, after.actions, lambda action: (normal(action.text), action.command)),
    )


def _leader(one: Stand) -> str:
    return one.causes[0].key if one.causes else ""


def _moved(before: tuple[RankedCause, ...], after: tuple[RankedCause, ...]) -> tuple[MovedCause, ...]:
    were = {cause.key: cause for cause in before}
    are = {cause.key: cause for cause in after}
    keys = dict.fromkeys((*are, *were))
    return tuple(_move(were.get(key), are.get(key)) for key in keys)


def _move(was: RankedCause | None, now: RankedCause | None) -> MovedCause:
    told = now or was
    moved: Move = "stays"
    if was is None or now is None:
        moved = "new" if now else "gone"
    elif was.rank != now.rank:
        moved = "up" if now.rank < was.rank else "down"
    return MovedCause(statement=told.statement if told else "", move=moved, before=was, after=now)


def _place(one: Cited) -> tuple[str | int, ...]:
    """Return what makes two citations one: lines of the same content, or the same words of a user."""
    if one.file:
        return one.said, one.sha256 or one.file, one.first_line, one.last_line
    return one.said, normal(one.text)


def _only(before: Iterable[Item], after: Iterable[Item], key: Callable[[Item], object]) -> Only[Item]:
    were = {key(item): item for item in before}
    are = {key(item): item for item in after}
    return Only(
        before=tuple(item for each, item in were.items() if each not in are),
        after=tuple(item for each, item in are.items() if each not in were),
    )
