"""The lines of each kind, taken out of a log that was scanned and cut into columns of words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import gt

from domain.evidence.decoding.blocks import Block
from domain.evidence.logs.counting import DROP, cut_all, without_colours
from domain.evidence.logs.groups import Group
from domain.evidence.logs.logged import Log, Remark

FEWEST = 2
"""Lines of a kind below which there is nothing to compare."""
ROWS, SAMPLED, SOME = 6_000, 8_000, 400
"""Lines that are cut into columns: of rare kinds whole, of the others together, and of each of these at most; design values for speed."""
WIDEST = 48
"""Words of a line beyond which it is a record of its own."""
ALIKE = 0.9
"""Share of a kind's lines that must have the same number of words."""
FRONT = 40
"""Characters before a time that is taken off with all before it."""
RAGGED = 4
"""Characters by which times of one log differ in length: fractions without trailing noughts."""
BACK = 200
"""Lines that may carry an earlier time than the line above before a log counts as one in no order."""
_SPACES = bytes.maketrans(b"\"'()[]{}<>=;|\t\r", b" " * 15)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Lines of one kind in columns."""

    group: Group
    lines: Sequence[int]
    columns: Sequence[Sequence[bytes]]
    whole: bool
    """Every line of the kind is here."""

    @cached_property
    def distinct(self) -> Sequence[Counter[bytes]]:
        """How often each column holds each word."""
        return tuple(map(Counter, self.columns))

    def remark(self, kind: str, index: int, text: str, severity: float = 2.5) -> Remark:
        """Return what is to be said about one of these lines."""
        return Remark(
            kind=kind,
            line=self.lines[index],
            statement=f"{text}, in {len(self.lines)} × {self.group.template}",
            severity=severity,
            group=self.group,
            numbers={"count": 1},
        )


@dataclass(frozen=True, kw_only=True)
class Close:
    """All that the second look keeps."""

    log: Log
    kinds: Sequence[Kept]
    back: Sequence[tuple[int, bytes, bytes]]
    """Lines whose time reads as less than that of the line above: number, both times from the line's start."""

    def seconds(self, line: bytes) -> float | None:
        """Time of a raw line."""
        moment = self.log.moment(line.decode("utf-8", "replace"))
        return moment.seconds if moment else None


NOWHERE = -1


class Keeper:
    """Gathers the lines of each kind, block by block."""

    def __init__(self, log: Log) -> None:
        self._log = log
        told = [one for one in log.groups if one.count >= FEWEST and not one.continuation]
        self._kinds = sorted(told, key=lambda one: (one.count, one.first))
        self._steps = _steps(self._kinds)
        self._place = defaultdict(lambda: NOWHERE, ((key, place) for place, one in enumerate(self._kinds) for key in one.keys))
        self._rows: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        self._met: Counter[int] = Counter()
        self._span = _stamp(log)
        self._last = b""
        self._back: list[tuple[int, bytes, bytes]] = []

    def see(self, block: Block) -> None:
        """Take the lines of one block."""
        plain = without_colours(block.data)
        keys = cut_all(plain, self._log.scan.rules).translate(None, DROP).split(b"\n")
        places = list(map(self._place.__getitem__, keys))
        rows = block.data.split(b"\n")
        here: dict[int, list[int]] = {place: [] for place in set(places)}
        for number, place in enumerate(places):
            here[place].append(number)
        for place, numbers in here.items():
            if place != NOWHERE:
                step = self._steps[place]
                start = -self._met[place] % step
                self._rows[place] += [(block.first_line + number, rows[number]) for number in numbers[start::step]]
                self._met[place] += len(numbers)
        self._watch(block.first_line, rows)

    def _watch(self, first: int, rows: Sequence[bytes]) -> None:
        """Note lines whose time reads as less than the one above: by their text, so nearly for nothing."""
        if self._span is None or len(self._back) > BACK:
            return
        start, end = self._span
        fronts = [self._last, *(row[:end] for row in rows)]
        stamps = [front[start:] for front in fronts] if start else fronts
        self._back += [
            (first + place, fronts[place], fronts[place + 1])
            for place, less in enumerate(map(gt, stamps, stamps[1:]))
            if less and len(fronts[place + 1]) == end
        ]
        self._last = fronts[-1]

    def close(self) -> Close:
        """Return what was seen."""
        kinds = [
            kept
            for place, one in enumerate(self._kinds)
            if (kept := _columns(self._log, one, self._rows.pop(place, ()), whole=self._steps[place] == 1))
        ]
        return Close(log=self._log, kinds=kinds, back=self._back)


def _steps(kinds: Sequence[Group]) -> Sequence[int]:
    """Every how many lines of each kind one is kept: the rare kinds whole as long as there is room, of the others as many as fit."""
    sums = list(accumulate(one.count for one in kinds))
    whole = bisect_right(sums, ROWS)
    some = SAMPLED // max(1, len(kinds) - whole)
    return [1 if place < whole else -(-one.count // max(1, min(SOME, some))) for place, one in enumerate(kinds)]


def _stamp(log: Log) -> tuple[int, int] | None:
    """Where in the bytes of every line the time stands, where it stands at one place."""
    clock = log.scan.segments.clock
    if clock is None or not log.scan.segments.timed:
        return None
    spans = {clock.span(one.sample) for one in log.groups if not one.continuation}
    return spans.pop() if len(spans) == 1 else None


def _columns(log: Log, one: Group, rows: Sequence[tuple[int, bytes]], *, whole: bool) -> Kept | None:
    """The rows of a kind as columns of words, those left out that have another number of words."""
    clock = log.scan.segments.clock
    span = clock.span(one.sample) if clock else None
    start = len(one.sample[: span[1]].encode()) if span and span[0] <= FRONT else 0
    cut = max(0, start - RAGGED)
    words = [row.split() for row in b"\n".join(row[cut:] for _, row in rows).translate(_SPACES).split(b"\n")]
    words = [row[1:] for row in words] if start else words
    if len(words) < FEWEST:
        return None
    usual, count = Counter(map(len, words)).most_common(1)[0]
    if not usual or usual > WIDEST or count < ALIKE * len(words):
        return None
    alike = [(line, said) for (line, _), said in zip(rows, words, strict=True) if len(said) == usual]
    return Kept(
        group=one,
        lines=[line for line, _ in alike],
        columns=list(zip(*(said for _, said in alike), strict=True)),
        whole=whole and len(alike) == len(words),
    )
