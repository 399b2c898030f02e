"""Finding lines by words: bounded, case apart, nothing of the query is a pattern.

What the scan knows comes first: the words are looked for in one line of every kind, and only blocks that hold such kinds are read.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from domain.evidence.logs.counting import DROP
from domain.evidence.search.index import Buffer, Index, Key
from domain.evidence.search.source import Row, Source
from domain.evidence.values import Citation

MOST = 200
"""Hits of one answer."""
WORDS = 20
CONTEXT = 20
"""Lines above and below a hit at most."""
MOST_ROWS = 2_000
BUDGET = 208 << 20
"""Bytes that one search reads before it answers with what it has: about a tenth of a second …"""
LOOK = 50_000
"""… in which time one line is looked at instead of so many bytes read."""
_DIGITS = b"0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits in line order, or on none of them what the document talks about instead."""

    citations: tuple[Citation, ...] = ()
    rows: tuple[Row, ...] = ()
    """The hits with the lines around them."""
    total: int = 0
    """Lines that hold all words; where `complete` is False, those known of."""
    complete: bool = True
    """Every hit is cited."""
    searched_to: int = 0
    """The last line that was looked at: a further search goes on behind it."""
    vocabulary: tuple[str, ...] = ()
    """Most frequent words, only when nothing was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a query is answered."""

    words: tuple[bytes, ...]
    """In lower case."""
    spelled: tuple[bytes, ...] = ()
    """One of the words as it may stand in the text."""
    keys: tuple[Key, ...] = ()
    """Whose lines may hold all words."""
    certain: bool = False
    """The first line of each of these keys does hold them."""
    rest: tuple[Key, ...] | None = ()
    """Further keys that may hold them in place of other letters; None where any line may."""

    @property
    def exact(self) -> bool:
        """True when no other lines can hold the words."""
        return self.certain and self.rest == ()


def plan(index: Index, query: str) -> Plan:
    """Return how to look for all words of a query."""
    typed = tuple(dict.fromkeys(word.encode("utf-8", "replace") for word in query.split()[:WORDS]))
    if not typed:
        return Plan(words=())
    words = tuple(word.lower() for word in typed)
    holding = {word: [place for place, row in enumerate(index.low_rows) if word in row] for word in words}
    both = set.intersection(*map(set, holding.values()))
    certain = bool(both) and all(word.translate(None, _DIGITS) == word for word in words)
    likely = _likely(index, words)
    keys = tuple(index.keys[place] for place in sorted(both)) if certain else likely
    rest = None if not index.whole else tuple(key for key in likely if key not in set(keys)) if certain else ()
    rarest = min(typed, key=lambda word: (_expected(index, word, holding[word.lower()]), word))
    places = both if certain else holding[rarest.lower()]
    return Plan(words=words, spelled=_spelled(index, rarest, places), keys=keys, certain=certain, rest=rest)


def _expected(index: Index, word: bytes, places: Iterable[int]) -> float:
    """About how many lines hold a word: those of the kinds that hold it, or as many as share so many digits by chance."""
    digits = len(word) - len(word.translate(None, _DIGITS))
    return index.lines / 10.0**digits if digits else sum(index.keys[place].count for place in places)


def _spelled(index: Index, word: bytes, places: Iterable[int]) -> tuple[bytes, ...]:
    """Return how the word stands in these rows and as it was typed; a word that the scan does not know also in lower case."""
    low = word.lower()
    starts = ((index.rows[place], index.low_rows[place].find(low)) for place in places)
    found = {row[start : start + len(low)] for row, start in starts}
    return tuple(sorted(found or {word, low}))


def _likely(index: Index, words: Sequence[bytes]) -> tuple[Key, ...]:
    """Return the keys whose lines may hold the words among their numbers; all where that is not known."""
    if not index.whole:
        return index.keys
    bare = [word.translate(None, DROP) for word in words]
    rows = (row.translate(None, DROP) for row in index.low_rows)
    return tuple(key for key, row in zip(index.keys, rows, strict=True) if all(word in row for word in bare))


def find(source: Source, query: str, *, limit: int = 50, context: int = 0, after: int = 0) -> Found:
    """Return the lines behind line `after` that hold every word, at most 200 of them, with up to 20 lines around each."""
    chosen = plan(source.index, query)
    hunt = Hunt(source, chosen, after)
    starts = hunt.lines(max(1, min(limit, MOST)))
    lines = [source.line_at(start) for start in starts]
    known = sum(key.count for key in chosen.keys) if chosen.certain and not after else 0
    return Found(
        citations=source.cite([row for line in lines for row in source.read(line, line)]),
        rows=_with_context(source, lines, min(context, CONTEXT)),
        total=len(lines) if hunt.exhausted else max(known, len(lines)),
        complete=hunt.exhausted,
        searched_to=source.index.lines if hunt.exhausted else source.line_at(hunt.reached),
        vocabulary=() if lines or known else source.index.vocabulary,
    )


class Hunt:
    """One search through the blocks of a source; `reached` and `exhausted` tell how far it came."""

    def __init__(self, source: Source, chosen: Plan, after: int = 0) -> None:
        self._source, self._plan = source, chosen
        self._finders = tuple(_finder(source.data, one) for one in chosen.spelled)
        self._begin = source.offset_of(after + 1)
        self._left = BUDGET
        self.reached = self._begin
        """All lines up to the one with this byte were looked at, where not `exhausted`."""
        self.exhausted = True

    def lines(self, limit: int) -> list[int]:
        """Return where up to `limit` lines with all words begin, in order."""
        found: list[int] = []
        wanted = min(limit, sum(key.count for key in self._plan.keys)) if self._plan.certain else 1
        for blocks in self._rounds():
            for start in self._held(blocks):
                if len(found) == limit:
                    self.exhausted, self.reached = False, max(found)
                    return sorted(found)
                found.append(start)
            if not self.exhausted:
                return sorted(start for start in found if start <= self.reached)
            if len(found) >= wanted and self._plan.exact:
                break
        return sorted(found)

    def _rounds(self) -> Iterator[Sequence[int]]:
        """First the blocks where the kinds of line were counted, then all others in which the words may stand."""
        index, keys, rest = self._source.index, self._plan.keys, self._plan.rest
        done: set[int] = set()
        if keys and (self._plan.certain or rest is not None):
            likely = index.blocks_with(keys)
            yield likely
            done = set(likely)
        if rest is None:
            yield [block for block in range(len(index.offsets)) if block not in done]
        elif keys or rest:
            every = (*keys, *rest)
            between = index.blocks_between(min(key.first for key in every), max(key.last for key in every))
            yield [block for block in between if block not in done]

    def _held(self, blocks: Iterable[int]) -> Iterator[int]:
        """Yield where lines with all words begin, in the order of the blocks."""
        data, words = self._source.data, self._plan.words
        for block in blocks:
            last = -1
            for place in self._places(block):
                self._left -= LOOK
                first, end = self._source.around(place)
                row = data[first:end].lower()
                if first != last and all(word in row for word in words):
                    yield first
                last = first
                if self._left <= 0:
                    self.exhausted, self.reached = False, first
                    return

    def _places(self, block: int) -> Iterator[int]:
        """Return where the spelled word stands in one block, once for each line and spelling."""
        data, index = self._source.data, self._source.index
        start, end = max(self._begin, index.offsets[block]), index.end_of(block, len(data))
        self._left -= max(0, end - start)
        return heapq.merge(*(self._spelled(finder, start, end) for finder in self._finders))

    def _spelled(self, finder: Callable[[int, int], int], start: int, end: int) -> Iterator[int]:
        while start >= 0 and (place := finder(start, end)) >= 0:
            yield place
            start = self._source.data.find(b"\n", place, end)


def _finder(data: Buffer, spelling: bytes) -> Callable[[int, int], int]:
    """What finds the spelling between two places, -1 for nowhere: letters are found in half the time by an expression, numbers are not."""
    if spelling[:1].isdigit():
        return partial(data.find, spelling)
    plain = re.compile(re.escape(spelling))

    def found(start: int, end: int) -> int:
        met = plain.search(data, start, end)
        return met.start() if met else -1

    return found


def _with_context(source: Source, lines: Sequence[int], context: int) -> tuple[Row, ...]:
    """Return the lines with those around them, each once."""
    found: list[Row] = []
    for line in lines:
        first = max(line - context, found[-1].line + 1 if found else 1)
        found += source.read(first, line + context)
        if len(found) >= MOST_ROWS:
            break
    return tuple(found[:MOST_ROWS])
