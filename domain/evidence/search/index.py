"""What a scan leaves behind for searching: where lines and kinds of line stand, in a value that is stored beside the analysis."""

from __future__ import annotations

import mmap
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate

from domain.evidence.clocks import Clock
from domain.evidence.decoding.blocks import BLOCK
from domain.evidence.logs.buckets import PIECES, Segments
from domain.evidence.logs.compare.difference import Seen, digests
from domain.evidence.logs.counting import SAMPLE, Scan, key_of
from domain.evidence.logs.groups import groups_of

Buffer = bytes | mmap.mmap
"""Text as `decode` yields it, in memory or mapped from a file."""
PIECE = 64 << 10
"""Bytes between two places whose line number is known."""
ROWS = 3 << 20
"""Bytes of raw lines kept, one per key; beyond them each is cut short."""
SHORT_ROW = 160
PAIRS = 400_000
"""Numbers that tell how often each key stands in each stretch; beyond them the most frequent keys go without."""
VOCABULARY = 40
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{3,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """All lines that are alike but for their numbers."""

    row: str
    """The first of them as it stands."""
    kind: int
    """Place in `Index.kinds`."""
    count: int
    first: int
    last: int
    """At or shortly before the last of them."""
    spread: tuple[int, ...] = ()
    """Start of a stretch, lines, start, lines, … in rising order, as in `Index.places`; empty where it was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKind:
    """All lines of one template."""

    template: str
    severity: float
    count: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Index:
    """Where things stand in one decoded document."""

    lines: int
    breaks: tuple[int, ...]
    """Line ends before every 64 KiB."""
    offsets: tuple[int, ...]
    """Of blocks of about a MiB: the byte at which each begins …"""
    starts: tuple[int, ...]
    """… and the number of its first line."""
    places: tuple[int, ...]
    """… and its time in seconds since the epoch or, where `timed` is False, its number times 16."""
    kinds: tuple[LineKind, ...]
    keys: tuple[Key, ...]
    whole: bool
    """Every line is one of the keys, and the rows of the keys are whole."""
    vocabulary: tuple[str, ...]
    """Most frequent words."""
    rules: tuple[str, ...] = ()
    """Literals behind which words were left out of the keys."""
    clock: Clock | None = None
    observed_at: datetime | None = None
    timed: bool = False
    width: int = 1
    """Of a stretch: seconds, or sixteenths of a block."""

    @cached_property
    def rows(self) -> tuple[bytes, ...]:
        """The row of every key."""
        return tuple(key.row.encode("utf-8", "replace") for key in self.keys)

    @cached_property
    def low_rows(self) -> tuple[bytes, ...]:
        """The same in lower case."""
        return tuple(row.lower() for row in self.rows)

    @cached_property
    def names(self) -> Mapping[bytes, int]:
        """Key of a line → place of its kind."""
        return {self.key_of(row): key.kind for row, key in zip(self.rows, self.keys, strict=True)}

    def key_of(self, line: bytes) -> bytes:
        """Return the key that the scan gave a line."""
        return key_of(line, tuple(rule.encode("utf-8", "replace") for rule in self.rules))

    def block_of(self, line: int) -> int:
        """Return the block that holds the line."""
        return max(0, bisect_right(self.starts, line) - 1)

    def end_of(self, block: int, size: int) -> int:
        """Return where a block ends in a document of this size."""
        return self.offsets[block + 1] if block + 1 < len(self.offsets) else size

    def blocks_with(self, keys: Iterable[Key]) -> list[int]:
        """Return the blocks that may hold lines of these keys, in order."""
        found: set[int] = set()
        for key in keys:
            found.update(self._likely(key))
        return sorted(found)

    def blocks_between(self, first: int, last: int) -> range:
        """Return the blocks from one line to another, and one more: the last line of a key is known roughly."""
        return range(self.block_of(first), min(len(self.starts), self.block_of(last) + 2))

    def _likely(self, key: Key) -> Iterable[int]:
        around = self.blocks_between(key.first, key.last)
        if not key.spread:
            return around
        held = key.spread[::2]
        return [block for block in around if self._meets(block, held)]

    def _meets(self, block: int, held: Sequence[int]) -> bool:
        """True when a block reaches into one of the stretches."""
        begin = self.places[block]
        end = self.places[block + 1] if block + 1 < len(self.places) else held[-1]
        return bisect_left(held, begin - self.width + 1) < bisect_right(held, max(begin, end))

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """The kinds of line with samples, for comparing."""
        rows: dict[int, list[str]] = {}
        for key in self.keys:
            rows.setdefault(key.kind, []).append(key.row)
        return tuple(
            Seen(
                template=one.template,
                severity=one.severity,
                count=one.count,
                first=one.first,
                last=one.last,
                samples=tuple(rows.get(place, ())[:5]),
            )
            for place, one in enumerate(self.kinds)
        )

    @cached_property
    def digests(self) -> frozenset[bytes]:
        """What tells its lines from those of another document."""
        return digests([key.row for key in self.keys])


def index_of(scan: Scan, data: Buffer) -> Index:
    """Return the index of a document from its scan; `data` is its decoded text."""
    groups = groups_of(scan)
    names = {key: place for place, one in enumerate(groups) for key in one.keys}
    ordered = sorted(scan.counts, key=lambda key: scan.firsts[key][0])
    short = sum(len(scan.firsts[key][1]) for key in ordered) > ROWS
    spreads = _spreads(scan)
    keys = tuple(
        Key(
            row=_shown(scan.firsts[key][1], short=short),
            kind=names[key],
            count=scan.counts[key],
            first=scan.firsts[key][0],
            last=scan.lasts[key],
            spread=spreads.get(key, ()),
        )
        for key in ordered
        if key in names
    )
    marks = scan.segments.marks or ((0, 1, None),)
    cut = any(len(row) >= SAMPLE for _, row in scan.firsts.values())
    return Index(
        lines=scan.lines,
        breaks=_breaks(data),
        offsets=tuple(
            data.find(b"\n", number * BLOCK - 1) + 1 if number else 0 for number in (mark[0] // PIECES for mark in marks)
        ),
        starts=tuple(mark[1] for mark in marks),
        places=_places(scan.segments, marks),
        kinds=tuple(
            LineKind(template=one.template, severity=one.severity, count=one.count, first=one.first, last=one.last)
            for one in groups
        ),
        keys=keys,
        whole=not (short or cut or scan.other or scan.rules) and len(keys) == len(scan.counts),
        vocabulary=_vocabulary(keys),
        rules=tuple(rule.decode("utf-8", "replace") for rule in scan.rules),
        clock=scan.segments.clock,
        observed_at=scan.segments.observed_at,
        timed=scan.segments.timed,
        width=scan.segments.width,
    )


def _breaks(data: Buffer) -> tuple[int, ...]:
    counts = (data[start : start + PIECE].count(b"\n") for start in range(0, len(data), PIECE))
    return (0, *accumulate(counts))


def _shown(row: bytes, *, short: bool) -> str:
    return (row[:SHORT_ROW] if short else row).decode("utf-8", "replace")


def _spreads(scan: Scan) -> dict[bytes, tuple[int, ...]]:
    """Stretches of the keys, of those in few stretches first, as long as there is room."""
    left = PAIRS
    found: dict[bytes, tuple[int, ...]] = {}
    for key, pairs in sorted(scan.spread.items(), key=lambda item: (len(item[1]), scan.firsts[item[0]][0])):
        left -= len(pairs)
        if left < 0:
            break
        found[key] = tuple(number if place % 2 else number * scan.segments.width for place, number in enumerate(pairs))
    return found


def _places(segments: Segments, marks: Sequence[tuple[int, int, float | None]]) -> tuple[int, ...]:
    """Where each block begins; one without a time begins where the one before it does."""
    if not segments.timed:
        return tuple(number for number, _, _ in marks)
    found: list[int] = []
    for _, _, seconds in marks:
        before = found[-1] if found else (segments.low or 0) * segments.width
        found.append(before if seconds is None else int(seconds))
    return tuple(found)


def _vocabulary(keys: Iterable[Key]) -> tuple[str, ...]:
    heard: Counter[str] = Counter()
    for key in sorted(keys, key=lambda one: -one.count)[:2_000]:
        for word in dict.fromkeys(_WORD.findall(key.row[:SHORT_ROW])):
            heard[word] += key.count
    return tuple(sorted(heard, key=lambda word: (-heard[word], word))[:VOCABULARY])
