"""Keeping the carried case within 256 KiB of JSON, whatever its texts hold (investigation 13)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from domain.case.journal import FOLDED_BYTES, folded
from domain.case.state import (
    CarriedCase,
    CaseFile,
    CaseState,
    EvidenceNews,
    EvidenceRow,
    Hypothesis,
    JournalEntry,
    Need,
    Solution,
    Stance,
    TimelineEntry,
)
from domain.case.texts import ENTRY_BYTES, STATEMENT_BYTES, cut
from domain.case.turns import EvidenceRef, TurnQueue, UserTurn

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Item = TypeVar("Item", bound="DataclassInstance")
Listed = TypeVar("Listed")
Told = TypeVar("Told", JournalEntry, TimelineEntry)
Named = TypeVar("Named", CaseFile, EvidenceRef)
Rank = Callable[[Listed], int]

CARRIED_BYTES = 256 * 1024
"""Temporal warns at 256 KiB of one payload; the carried case is one payload."""
KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Whichever comes first ends a list."""

    count: int
    size_bytes: int


HYPOTHESES = Bound(count=40, size_bytes=40 * KIB)
ROWS = Bound(count=150, size_bytes=32 * KIB)
FILES = Bound(count=200, size_bytes=32 * KIB)
NEEDS = Bound(count=30, size_bytes=12 * KIB)
SOLUTIONS = Bound(count=20, size_bytes=8 * KIB)
TIMELINE = Bound(count=100, size_bytes=16 * KIB)
JOURNAL = Bound(count=200, size_bytes=32 * KIB)
KEYS = Bound(count=1_000, size_bytes=36 * KIB)
LISTS_BYTES = 208 * KIB
"""Sum of the bounds above; all else has the remaining 48 KiB, and what it takes beyond that the lists give up."""
MARGIN_BYTES = 2 * KIB
"""Names and brackets of the lists themselves."""

BLOCK = 16
"""Items that are sized together."""
ESCAPED = 2
"""Bytes of JSON that a quotation mark takes."""

SEVERE = 3.0
"""Severity from which a file keeps its place before quiet ones (evidence.md 13: what the digest guarantees)."""

HYPOTHESIS_ORDER = ("retired", "refuted", "inconclusive", "captured")
NEED_ORDER = ("superseded", "fulfilled", "unobtainable")
SOLUTION_ORDER = ("rejected", "failed", "proposed")
JOURNAL_ORDER = ("finding", "user_context", "blocker")


def fit(carried: CarriedCase) -> CarriedCase:
    """Return the case within its bounds; waiting turns, arrivals and news are never dropped, all else stays in SQL."""
    slim = replace(
        carried,
        state=_cut_state(carried.state),
        queue=_cut_queue(carried.queue),
        arrivals=tuple(_cut_name(ref) for ref in carried.arrivals),
        inbox=tuple(_cut_news(news) for news in carried.inbox),
        cancelled=carried.cancelled,
    )
    room = CARRIED_BYTES - MARGIN_BYTES - ESCAPED * FOLDED_BYTES - size(_without_lists(slim))
    share = max(0.0, min(1.0, room / LISTS_BYTES))
    answered = _kept(tuple(slim.queue.answered.items()), _scaled(KEYS, share), _first_in_first_out, _as_it_is)
    return replace(slim, state=_bounded(slim.state, share), queue=replace(slim.queue, answered=dict(answered)))


def size(value: object) -> int:
    """Return an upper bound of the bytes that a value takes as pydantic's JSON."""
    return len(ENCODER.encode(value).encode(errors="replace"))


def _plain(value: object) -> object:
    if names := getattr(value, "__dataclass_fields__", None):
        return {name: getattr(value, name) for name in names}
    return dict(value) if isinstance(value, Mapping) else str(value)


ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def _bounded(state: CaseState, share: float) -> CaseState:
    rows = _scaled(ROWS, share)
    entries = tuple(_cut_text(each) for each in state.journal)
    journal = _kept(entries, _scaled(JOURNAL, share), _entry_rank, _as_it_is)
    kept = frozenset(journal)
    return replace(
        state,
        hypotheses=_kept(state.hypotheses, _scaled(HYPOTHESES, share), _hypothesis_rank, _cut_hypothesis),
        rows=_kept(state.rows, rows, _row_rank, _as_it_is),
        held=_kept(state.held, rows, _row_rank, _as_it_is) if not state.rows else (),
        files=_kept(state.files, _scaled(FILES, share), _file_rank, _cut_name),
        needs=_kept(state.needs, _scaled(NEEDS, share), _need_rank, _cut_need),
        solutions=_kept(state.solutions, _scaled(SOLUTIONS, share), _solution_rank, _cut_solution),
        timeline=_kept(state.timeline, _scaled(TIMELINE, share), _first_in_first_out, _cut_text),
        journal=journal,
        folded=folded(state.folded, [entry for entry in entries if entry not in kept]),
    )


def _scaled(bound: Bound, share: float) -> Bound:
    return replace(bound, size_bytes=int(bound.size_bytes * share))


def _kept(items: Sequence[Listed], bound: Bound, rank: Rank[Listed], short: Callable[[Listed], Listed]) -> tuple[Listed, ...]:
    """Drop the lowest rank first, the oldest first within a rank, and cut the rest."""
    order = sorted(range(len(items)), key=lambda index: (rank(items[index]), index), reverse=True)
    best = {index: short(items[index]) for index in order[: bound.count]}
    fitting = list(best)[: _fitting(list(best.values()), bound.size_bytes)]
    return tuple(best[index] for index in sorted(fitting))


def _fitting(items: Sequence[object], room: int) -> int:
    """Return how many of the first items fit, each with its comma: sized by blocks, and the last block one by one."""
    count = 0
    for block in (BLOCK, 1):
        while count < len(items) and (taken := size(items[count : count + block]) - 1) <= room:
            count, room = min(count + block, len(items)), room - taken
    return count


def _first_in_first_out(_: object) -> int:
    return 0


def _rank(word: str, order: tuple[str, ...]) -> int:
    return order.index(word) if word in order else len(order)


def _file_rank(file: CaseFile) -> int:
    """Files that were read and told nothing severe go first."""
    return int(file.status == "pending" or file.severity >= SEVERE)


def _hypothesis_rank(hypothesis: Hypothesis) -> int:
    return _rank(hypothesis.status, HYPOTHESIS_ORDER)


def _row_rank(row: EvidenceRow) -> int:
    return int(any(link.stance is not Stance.NEUTRAL for link in row.links))


def _need_rank(need: Need) -> int:
    return _rank(need.obtainability if need.state == "pending" else need.state, NEED_ORDER)


def _solution_rank(solution: Solution) -> int:
    return _rank(solution.state, SOLUTION_ORDER)


def _entry_rank(entry: JournalEntry) -> int:
    return _rank(entry.kind, JOURNAL_ORDER)


def _without_lists(carried: CarriedCase) -> CarriedCase:
    bare = replace(
        carried.state, folded="", hypotheses=(), rows=(), held=(), files=(), needs=(), solutions=(), timeline=(), journal=()
    )
    return replace(carried, state=bare, queue=replace(carried.queue, answered={}))


def _cut_state(state: CaseState) -> CaseState:
    scope, onset, conclusion = state.scope, state.onset, state.conclusion
    return _with(
        state,
        statement=cut(state.statement, STATEMENT_BYTES),
        conclusion=_with(conclusion, text=cut(conclusion.text, 1_000)) if conclusion else None,
        scope=_with(
            scope,
            services=tuple(cut(each, 60) for each in scope.services[-20:]),
            places=tuple(cut(each, 60) for each in scope.places[-20:]),
            users=cut(scope.users, ENTRY_BYTES),
            share=cut(scope.share, ENTRY_BYTES),
        ),
        onset=_cut_text(onset) if onset else None,
        proposed=tuple((cut(name, ENTRY_BYTES), count) for name, count in state.proposed[-60:]),
        offers=state.offers[-20:],
    )


def _with(item: Item, **values: object) -> Item:
    """Return the item with these values, itself where it has them: most texts are within their bounds."""
    changed = {name: value for name, value in values.items() if value != getattr(item, name)}
    return replace(item, **changed) if changed else item


def _cut_hypothesis(each: Hypothesis) -> Hypothesis:
    return _with(each, statement=cut(each.statement, STATEMENT_BYTES), refutation_reason=cut(each.refutation_reason, 200))


def _cut_need(need: Need) -> Need:
    return _with(need, text=cut(need.text, ENTRY_BYTES), hints=tuple(cut(hint, 60) for hint in need.hints[:5]))


def _cut_solution(each: Solution) -> Solution:
    return _with(each, text=cut(each.text, STATEMENT_BYTES))


def _cut_text(each: Told) -> Told:
    return _with(each, text=cut(each.text, ENTRY_BYTES))


def _cut_name(each: Named) -> Named:
    return _with(each, name=cut(each.name, ENTRY_BYTES))


def _as_it_is(item: Listed) -> Listed:
    return item


def _cut_queue(queue: TurnQueue) -> TurnQueue:
    return _with(queue, waiting=tuple(_cut_turn(turn) for turn in queue.waiting))


def _cut_turn(turn: UserTurn) -> UserTurn:
    data = {key: cut(value, STATEMENT_BYTES) for key, value in turn.intent.data.items()}
    return _with(
        turn,
        intent=_with(turn.intent, data=data),
        attachments=tuple(_cut_name(ref) for ref in turn.attachments),
        duplicates=tuple(_cut_name(ref) for ref in turn.duplicates),
    )


def _cut_news(news: EvidenceNews) -> EvidenceNews:
    return _with(
        news,
        name=cut(news.name, ENTRY_BYTES),
        summary=cut(news.summary, STATEMENT_BYTES),
        notes=tuple(cut(note, ENTRY_BYTES) for note in news.notes[:3]),
        error=cut(news.error, STATEMENT_BYTES),
    )
