"""Kinds of line, how often words occur over time, and what differs between two windows or two documents."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.evidence.decoding.decode import plain
from domain.evidence.logs.buckets import PIECES
from domain.evidence.logs.compare.difference import Baseline, Difference, against, parts
from domain.evidence.search.index import LineKind
from domain.evidence.search.source import Row, Source
from domain.evidence.search.words import MOST, Hunt, plan
from domain.evidence.values import Citation

SMALL = 1 << 19
"""Bytes of a window up to which its lines are counted anew; wider ones are counted by the stretches of the scan."""
_NONE = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """Kinds of line, severe and frequent ones first."""

    kinds: tuple[tuple[LineKind, Citation], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Lines within one stretch."""

    start: datetime | None
    """Where lines carry no time, or not in order, only the place is known."""
    line: int
    """About where the stretch begins."""
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often all words stand in one line, over time."""

    total: int
    stretches: tuple[Count, ...]
    width_s: int
    """Seconds of a stretch; 0 where stretches are parts of the document."""
    complete: bool
    """Every line was counted and placed."""


def kinds(source: Source, words: str = "", limit: int = 50) -> Kinds:
    """Return the kinds of line whose template holds every word, at most 200, each with its first line."""
    wanted = words.lower().split()
    found = [one for one in source.index.kinds if one.template.strip() and all(word in one.template.lower() for word in wanted)]
    found.sort(key=lambda one: (-one.severity, -one.count, one.first))
    shown = found[: max(1, min(limit, MOST))]
    cited = source.cite([_row(source, one.first) for one in shown])
    return Kinds(kinds=tuple(zip(shown, cited, strict=True)), total=len(found))


def _row(source: Source, line: int) -> Row:
    return next(iter(source.read(line, line)), Row(line=line, text=""))


def count(source: Source, query: str) -> Counted:
    """Return how many lines hold every word, in each stretch of the document."""
    index, chosen = source.index, plan(source.index, query)
    heard: Counter[int] = Counter()
    if chosen.certain:
        for key in chosen.keys:
            for place in range(0, len(key.spread), 2):
                heard[key.spread[place]] += key.spread[place + 1]
        total, complete = sum(key.count for key in chosen.keys), chosen.exact and all(key.spread for key in chosen.keys)
    else:
        hunt = Hunt(source, chosen)
        lines = hunt.lines(len(source.data))
        heard.update(_stretch_of(source, offset) for offset in lines)
        total, complete = len(lines), hunt.exhausted
    stretches = tuple(_counted(source, place, lines) for place, lines in sorted(heard.items()))
    return Counted(total=total, stretches=stretches, width_s=index.width if index.timed else 0, complete=complete)


def _stretch_of(source: Source, offset: int) -> int:
    """The stretch of the line that begins here: by its own time, else by its block."""
    index = source.index
    block = max(0, bisect_right(index.offsets, offset) - 1)
    place = index.places[block]
    if index.timed and index.clock:
        row = source.data[offset : offset + index.clock.end + 64].split(b"\n", 1)[0].decode("utf-8", "replace")
        moment = index.clock.read(plain(row), index.observed_at)
        place = place if moment is None else int(moment.seconds)
    elif not index.timed:
        place += (offset - index.offsets[block]) * PIECES // max(1, index.end_of(block, len(source.data)) - index.offsets[block])
    return place // index.width * index.width


def _counted(source: Source, place: int, lines: int) -> Count:
    index = source.index
    block = max((number for number, begins in enumerate(index.places) if begins <= place), default=0)
    if index.timed:
        return Count(start=datetime.fromtimestamp(place, UTC), line=index.starts[block], lines=lines)
    size = index.end_of(block, len(source.data)) - index.offsets[block]
    line = source.line_at(index.offsets[block] + size * (place - index.places[block]) // PIECES)
    return Count(start=None, line=line, lines=lines)


def windows(source: Source, before: tuple[int, int], after: tuple[int, int]) -> Difference:
    """Compare two ranges of lines of one document; borders of wide ones move to those of the scan's stretches."""
    spans = [(source.offset_of(first), source.offset_of(last + 1)) for first, last in (before, after)]
    small = all(end - start <= SMALL for start, end in spans)
    left, right = (
        _by_line(source, first, span) if small else _by_stretch(source, span)
        for (first, _), span in zip((before, after), spans, strict=True)
    )
    here = {place: one for place, one in enumerate(source.index.seen) if place in left or place in right}
    sides = [
        (replace(one, first=(right.get(place) or left[place])[0]), left.get(place, _NONE)[1], right.get(place, _NONE)[1])
        for place, one in here.items()
    ]
    return parts(sides)


def _by_line(source: Source, first: int, span: tuple[int, int]) -> dict[int, tuple[int, int]]:
    """Return kind → (first line, lines) of a window, whose lines are looked at one by one."""
    index, found = source.index, dict[int, tuple[int, int]]()
    for number, row in enumerate(source.data[span[0] : span[1]].removesuffix(b"\n").split(b"\n"), first):
        kind = index.names.get(index.key_of(row))
        if kind is not None:
            begun, lines = found.get(kind, (number, 0))
            found[kind] = begun, lines + 1
    return found


def _by_stretch(source: Source, span: tuple[int, int]) -> dict[int, tuple[int, int]]:
    """The same from what the scan counted in the stretches of a window; a kind's first line is then that of the document."""
    index, found = source.index, dict[int, tuple[int, int]]()
    low, high = _stretch_of(source, span[0]), _stretch_of(source, source.around(max(0, span[1] - 1))[0])
    for key in index.keys:
        lines = sum(key.spread[place + 1] for place in range(0, len(key.spread), 2) if low <= key.spread[place] <= high)
        if lines:
            found[key.kind] = index.kinds[key.kind].first, found.get(key.kind, _NONE)[1] + lines
    return found


def documents(before: Source, after: Source) -> Difference:
    """Compare two documents: what the second says that the first does not, and the other way round."""
    known = Baseline(kinds=before.index.seen, lines=before.index.lines, keys=before.index.digests)
    return against(known, after.index.seen, after.index.lines)
