"""Where in time, or at least in order, the keys of a log occur: segments of blocks and the buckets they fall into."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.evidence.clocks import Clock, Moment, learn_clock
from domain.evidence.decoding.blocks import BLOCK, Block
from domain.evidence.values import Certainty

WIDTHS = (1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400)
"""Seconds; each divides the next (evidence.md 11.2)."""
MOST = 240
PER_BLOCK, LATER_PER_BLOCK = 32, 8
"""Buckets by the clock that a block begins with, in the first epoch and behind it: of a longer text wider ones are left anyway."""
STEPS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)
"""Widths of buckets by position, in sixteenths of a block."""
PIECES = 16
JITTER_S = 60.0
DAY, YEAR = 86_400.0, 400 * 86_400.0
"""How far before the first times of a log later ones may lie, and behind them."""
LOOK_AHEAD, LOOK_BACK = 64, 256
"""Lines without a time that may stand before one, and at the end of a block."""


@dataclass(slots=True, kw_only=True)
class Segments:
    """How blocks are cut: by the clock where it runs forward, else into sixteenths of a block."""

    clock: Clock | None = None
    observed_at: datetime | None = None
    timed: bool = False
    width: int = 1
    """Seconds when timed, else sixteenths of a block."""
    certainty: Certainty = "order only"
    marks: tuple[tuple[int, int, float | None], ...] = ()
    """(bucket by position, first line, time) of each block read, in order."""
    low: int | None = None
    high: int | None = None
    on: bool = False
    since: float = float("-inf")
    until: float = float("inf")
    """Times outside are taken for none."""

    def cut(self, block: Block) -> Iterator[tuple[int, bytes]]:
        """Yield (bucket, whole lines) in order; bucket -1 where none are kept."""
        if not self.on:
            yield -1, block.data
            return
        moment = self.moment_at(block.data, 0)
        self.marks += ((block.number * PIECES, block.first_line, moment.seconds if moment else None),)
        pieces = self._by_clock(block.data) if self.timed else self._by_place(block)
        for bucket, piece in pieces:
            self.low = bucket if self.low is None else min(self.low, bucket)
            self.high = bucket if self.high is None else max(self.high, bucket)
            yield bucket, piece

    def _by_place(self, block: Block) -> Iterator[tuple[int, bytes]]:
        data, start, base = block.data, 0, block.number * PIECES
        step = min(PIECES, self.width)
        size = len(data) if block.number == 0 else BLOCK
        for part in range(step, PIECES + 1, step):
            end = len(data) if part == PIECES else data.find(b"\n", max(start, size * part // PIECES))
            end = len(data) if end < 0 else end
            if start <= len(data):
                yield (base + part - step) // self.width, data[start:end]
            start = end + 1

    def _by_clock(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Split where the bucket changes, found by bisection: times are taken to run forward within a block."""
        start, bucket = 0, self._bucket(data, 0)
        bucket = (self.high or 0) if bucket is None else bucket
        newest = self._newest(data)
        while start <= len(data):
            end, following = self._border(data, start, bucket, newest)
            yield bucket, data[start:end]
            start, bucket = end + 1, following

    def _newest(self, data: bytes) -> tuple[int, int | None]:
        """Return where the line before the last one with a time ends, and that time's bucket: a stack may stand behind it."""
        end = len(data)
        for _ in range(LOOK_BACK):
            place = data.rfind(b"\n", 0, end)
            bucket = None if place < 0 else self._bucket(data[place + 1 : end], 0)
            if place < 0 or bucket is not None:
                return place, bucket
            end = place
        return -1, None

    def _border(self, data: bytes, start: int, bucket: int, newest: tuple[int, int | None]) -> tuple[int, int]:
        """Return the end of the run of lines in this bucket and the bucket that follows."""
        low, (high, after) = start, newest
        if after is None or after == bucket or high < start:
            return len(data), bucket
        while high - low > 1:
            middle = data.rfind(b"\n", low, (low + high) // 2)
            middle = data.find(b"\n", (low + high) // 2, high) if middle < 0 else middle
            if middle < 0:
                break
            found = self._bucket(data, middle + 1)
            if found is None or found == bucket:
                low = middle + 1
            else:
                high, after = middle, found
        return high, after

    def _bucket(self, data: bytes, start: int) -> int | None:
        moment = self.moment_at(data, start)
        return None if moment is None else int(moment.seconds // self.width)

    def moment_at(self, data: bytes, start: int) -> Moment | None:
        """Time of the first line from `start` on that carries one, looking ahead a little."""
        if self.clock is None:
            return None
        for _ in range(LOOK_AHEAD):
            end = data.find(b"\n", start)
            row = data[start : min(end if end >= 0 else len(data), start + self.clock.end + 8)]
            moment = self.clock.read(row.decode("utf-8", "replace"), self.observed_at)
            if moment is not None and self.since <= moment.seconds <= self.until:
                return moment
            if end < 0:
                return None
            start = end + 1
        return None

    def too_many(self) -> bool:
        """True when the buckets span more than 240."""
        return self.low is not None and self.high is not None and self.high - self.low >= MOST and self.width < self._widths()[-1]

    def wider(self) -> int:
        """The next width."""
        return next(width for width in self._widths() if width > self.width)

    def _widths(self) -> tuple[int, ...]:
        return WIDTHS if self.timed else STEPS

    def widened(self, width: int) -> Segments:
        """The same with another width; borders move along."""
        low, high = (None if edge is None else edge * self.width // width for edge in (self.low, self.high))
        return replace(self, width=width, low=low, high=high)

    def positions(self) -> Segments:
        """The same by position, for a log whose epochs disagree about its clock."""
        if not self.timed:
            return self
        places = [mark[0] for mark in self.marks]
        return replace(self, timed=False, width=1, low=min(places), high=max(places), certainty="order only")

    def by_position(self, pairs: array[int]) -> array[int]:
        """Turn pairs of timed buckets into pairs by position, as far as block borders tell."""
        if not self.timed:
            return pairs
        found = array("q")
        for index in range(0, len(pairs), 2):
            merge_pairs(found, array("q", (self._place_of(pairs[index]), pairs[index + 1])))
        return found

    def _place_of(self, bucket: int) -> int:
        before = [mark[0] for mark in self.marks if mark[2] is not None and mark[2] // self.width <= bucket]
        return before[-1] if before else self.marks[0][0]

    def joined(self, other: Segments) -> Segments:
        """These and the following ones of the same width."""
        lows = [edge for edge in (self.low, other.low) if edge is not None]
        highs = [edge for edge in (self.high, other.high) if edge is not None]
        return replace(self, marks=self.marks + other.marks, low=min(lows, default=None), high=max(highs, default=None))

    def time_of(self, bucket: int) -> float | None:
        """Seconds at which the bucket starts, where that is known."""
        if self.timed:
            return float(bucket * self.width)
        times = [mark[2] for mark in self.marks if mark[0] <= bucket * self.width and mark[2] is not None]
        return times[-1] if times and self.clock is not None and self.certainty != "order only" else None


def learn_segments(head: Sequence[Block], samples: Sequence[bytes], observed_at: datetime | None) -> Segments:
    """Learn from the first blocks of an epoch whether its clock runs forward, and how wide buckets must be."""
    texts = [row[:400].decode("utf-8", "replace") for row in samples[:: max(1, len(samples) // 400)]]
    clock = learn_clock(texts)
    before = head[0].number if head else 0
    step = next((step for step in STEPS if (before + 1) * PIECES <= MOST * step), STEPS[-1])
    found = Segments(clock=clock, observed_at=observed_at, on=True, width=step)
    if clock is None or not head:
        return found
    moments = _near([moment for text in texts if (moment := clock.read(text, observed_at)) is not None])
    if not moments or moments[0].certainty == "order only" or not _forward(moments):
        return found
    times = [moment.seconds for moment in moments]
    found = replace(found, timed=True, certainty=moments[0].certainty, since=min(times) - DAY, until=max(times) + YEAR)
    return replace(found, width=_width(_ends(found, head), len(head), LATER_PER_BLOCK if before else PER_BLOCK))


def _near(moments: Sequence[Moment]) -> list[Moment]:
    """Leave out moments far from nearly all others: of a clock that was not set, or of what somebody pasted."""
    if not moments:
        return []
    times = sorted(moment.seconds for moment in moments)
    low, high = times[len(times) // 20], times[-1 - len(times) // 20]
    margin = max(DAY, high - low)
    return [moment for moment in moments if low - margin <= moment.seconds <= high + margin]


def _forward(moments: Sequence[Moment]) -> bool:
    newest, back = float("-inf"), 0
    for moment in moments:
        back += moment.seconds < newest - JITTER_S
        newest = max(newest, moment.seconds)
    return back * 50 <= len(moments)


def _ends(segments: Segments, head: Sequence[Block]) -> float:
    last = head[-1].data
    final = segments.moment_at(last, last.rfind(b"\n", 0, max(0, len(last) - 4096)) + 1)
    first = segments.moment_at(head[0].data, 0)
    return max(1.0, final.seconds - first.seconds) if final and first else 1.0


def _width(span: float, count: int, per_block: int) -> int:
    wanted = span / MOST if count < 4 else span / count / per_block
    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1])


def merge_pairs(left: array[int], right: array[int]) -> None:
    """Add the bucket counts of `right` to `left`, in place; both ascending, mostly one after the other."""
    if left and right and right[0] <= left[-2]:
        both: dict[int, int] = {}
        for pairs in (left, right):
            for index in range(0, len(pairs), 2):
                both[pairs[index]] = both.get(pairs[index], 0) + pairs[index + 1]
        del left[:]
        for bucket in sorted(both):
            left.extend((bucket, both[bucket]))
    else:
        left.extend(right)


def coarsen(pairs: array[int], width: int, wider: int) -> array[int]:
    """Return the pairs with buckets of the wider width."""
    if not pairs:
        return pairs
    found: list[int] = []
    last, total = pairs[0] * width // wider, 0
    for bucket, number in zip(pairs[::2], pairs[1::2], strict=True):
        here = bucket * width // wider
        if here != last:
            found += (last, total)
            last, total = here, 0
        total += number
    return array("q", [*found, last, total])
