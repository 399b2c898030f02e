"""The streaming key pass: per-line work in C, Python per distinct key (evidence.md 6).

The key of a line is the line without hexadecimal characters. Blocks of one MiB form epochs of 64; each epoch makes a plan from its first
four blocks (where the clock stands, which numbers carry meaning, which words to cut) and is scanned without looking at other epochs, so
results depend neither on chunk sizes nor on which process scanned which epoch.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from domain.evidence.buckets import Segments, coarsen, learn_segments, merge_pairs
from domain.evidence.cutting import cut, learn_rules
from domain.evidence.decode import TERMINAL, Block
from domain.evidence.slots import SlotState, learn_slots, merge_slots, read_slots

EPOCH = 64
PLAN = 4
DROP = b"0123456789abcdefABCDEF" + bytes(set(range(32)) - {9, 10})
SHORT = 6
KEYS = 16_000
"""Distinct keys kept per scan (the page allows 50,000; this many keep random text within 64 MiB)."""
TEXT_BYTES = 6 << 20
"""Bytes of keys and samples kept per scan."""
SAMPLE = 2_048
LONG_KEY = 512
UNKNOWN_SHARE = 0.25
PATIENCE = 32
"""Blocks to wait after a search for cut rules that found none."""
EVERY = 64
SWEEP = (
    b"FATAL",
    b"PANIC",
    b"panic:",
    b"CRITICAL",
    b"ERROR",
    b"Exception",
    b"Traceback",
    b"out of memory",
    b"segfault",
    b"refused",
    b"timed out",
    b"failed",
)
_TERMINAL = TERMINAL.pattern.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a scan keeps besides counts, first and last lines."""

    buckets: bool = True
    slots: bool = True


@dataclass(slots=True, kw_only=True)
class Scan:
    """Counts of one run of epochs; the dictionaries share their keys."""

    counts: dict[bytes, int] = field(default_factory=dict)
    firsts: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)
    """First line and its raw text, at most 2 KiB."""
    lasts: dict[bytes, int] = field(default_factory=dict)
    """First line of the last segment that holds the key."""
    spread: dict[bytes, array[int]] = field(default_factory=dict)
    """Bucket, count, bucket, count, … in ascending order."""
    segments: Segments = field(default_factory=Segments)
    slots: dict[bytes, SlotState] = field(default_factory=dict)
    rules: tuple[bytes, ...] = ()
    lines: int = 0
    blank: int = 0
    other: int = 0
    """Lines beyond the bound on keys, counted only."""
    size_bytes: int = 0
    text_bytes: int = 0
    tail: tuple[bytes, ...] = ()
    """The last lines read, at most 20, each cut to 2 KiB."""


def scan(blocks: Iterable[Block], *, effort: Effort | None = None, observed_at: datetime | None = None) -> Scan:
    """Scan the blocks of one epoch. The result is the same whichever process runs it."""
    result = Scan()
    for _ in scan_steps(result, blocks, effort=effort or Effort(), observed_at=observed_at):
        pass
    return result


def scan_steps(result: Scan, blocks: Iterable[Block], *, effort: Effort, observed_at: datetime | None = None) -> Iterator[int]:
    """Scan into `result`, yielding the line reached after each block: the place for a heartbeat."""
    source = iter(blocks)
    head = list(islice(source, PLAN))
    _plan(result, head, effort, observed_at)
    wait = PLAN
    data = b""
    for block in chain(_drained(head), source):
        unknown = _block(result, block)
        data = block.data
        wait -= 1
        if unknown > UNKNOWN_SHARE and wait <= 0:
            wait = 1 if _cut_more(result) else PATIENCE
        yield result.lines
    if wait > 0:
        _cut_more(result)
    result.tail = tuple(row[:SAMPLE] for row in data[-(64 << 10) :].split(b"\n")[-20:])


def _drained(head: list[Block]) -> Iterator[Block]:
    """Yield the blocks and let go of each."""
    while head:
        yield head.pop(0)


def epochs(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield blocks grouped by epoch; only for small inputs or tests, since an epoch is held whole."""
    held: list[Block] = []
    for block in blocks:
        if held and held[0].number // EPOCH != block.number // EPOCH:
            yield held
            held = []
        held.append(block)
    if held:
        yield held


def scan_all(blocks: Iterable[Block], *, effort: Effort | None = None, observed_at: datetime | None = None) -> Scan:
    """Scan all epochs one after the other and fold them in order; holds one block and at most two scans."""
    total: Scan | None = None
    source = iter(blocks)
    block = next(source, None)
    while block is not None:
        run = _Run(block, source)
        part = scan(run, effort=effort, observed_at=observed_at)
        total = part if total is None else fold(total, part)
        block = run.next
    return total or Scan()


class _Run:
    """The blocks of one epoch out of a longer stream; `next` is the first block after it."""

    def __init__(self, first: Block, source: Iterator[Block]) -> None:
        self._first, self._source = first, source
        self.next: Block | None = None

    def __iter__(self) -> Iterator[Block]:
        yield self._first
        for block in self._source:
            if block.number // EPOCH != self._first.number // EPOCH:
                self.next = block
                return
            yield block


def fold(left: Scan, right: Scan) -> Scan:
    """Add `right`, which follows `left`; `left` is consumed. Associative as long as no bound is hit."""
    align(left, right)
    for key, count in right.counts.items():
        if key in left.counts:
            left.counts[key] += count
            merge_pairs(left.spread[key], right.spread[key])
        else:
            left.counts[key], left.firsts[key], left.spread[key] = count, right.firsts[key], right.spread[key]
            left.text_bytes += len(key) + len(right.firsts[key][1])
    left.lasts.update(right.lasts)
    merge_slots(left.slots, right.slots)
    left.rules += tuple(rule for rule in right.rules if rule not in left.rules)
    left.lines += right.lines
    left.blank += right.blank
    left.other += right.other
    left.size_bytes += right.size_bytes
    left.tail = right.tail or left.tail
    _bound(left)
    return left


def align(left: Scan, right: Scan) -> None:
    """Give both scans buckets of one kind and width."""
    if not right.segments.marks:
        return
    if not left.segments.marks:
        left.segments = right.segments
    elif left.segments.timed != right.segments.timed:
        for one in (left, right):
            one.spread = {key: one.segments.by_position(pairs) for key, pairs in one.spread.items()}
            one.segments = one.segments.positions()
    width = max(left.segments.width, right.segments.width)
    for one in (left, right):
        _widen(one, width)
    left.segments = left.segments.joined(right.segments)
    while left.segments.too_many():
        _widen(left, left.segments.wider())
        _widen(right, left.segments.width)


def _widen(one: Scan, width: int) -> None:
    if one.segments.width != width:
        one.spread = {key: coarsen(pairs, one.segments.width, width) for key, pairs in one.spread.items()}
        one.segments = one.segments.widened(width)


def _plan(result: Scan, head: list[Block], effort: Effort, observed_at: datetime | None) -> None:
    samples = [line for block in head for line in block.data[: 256 << 10].split(b"\n", 600)[:600]]
    if effort.buckets:
        result.segments = learn_segments(head, samples, observed_at)
    if effort.slots:
        result.slots = learn_slots(samples)
    if len({row.translate(None, DROP) for row in samples}) > UNKNOWN_SHARE * len(samples):
        result.rules = _useful(samples, ())


def _block(result: Scan, block: Block) -> float:
    """Count one block and return the share of its lines that were unknown."""
    result.size_bytes += len(block.data) + 1
    line = block.first_line
    unknown = 0
    for bucket, segment in result.segments.cut(block):
        rows = _sampled(result, segment, line)
        seen, new = _count(result, rows, line, bucket)
        unknown += new
        line += seen if rows is segment else segment.count(b"\n") + 1
    result.lines = line - 1
    if result.slots:
        read_slots(result.slots, block, line - block.first_line)
    while result.segments.too_many():
        _widen(result, result.segments.wider())
    _bound(result)
    return unknown / max(1, line - block.first_line)


def key_of(line: bytes, rules: tuple[bytes, ...] = ()) -> bytes:
    """Return the key of one raw line under these cut rules."""
    return _short(_clean(line, rules).translate(None, DROP), line)


def _clean(text: bytes, rules: tuple[bytes, ...]) -> bytes:
    if b"\x1b" in text:
        text = TERMINAL.sub("", text.decode("utf-8", "replace")).encode("utf-8", "replace")
    for rule in rules:
        text = cut(text, rule)
    return text


def _short(key: bytes, line: bytes) -> bytes:
    """A key too short to tell lines apart keeps its letters; a very long one is named by its digest."""
    if len(key) < SHORT and line.strip():
        return b"\0" + line.translate(None, b"0123456789")[:SAMPLE]
    if len(key) > LONG_KEY:
        return key[:LONG_KEY] + hashlib.blake2b(key, digest_size=8).digest()
    return key


def _sampled(result: Scan, segment: bytes, line: int) -> bytes:
    """Beyond the bound on keys only every 64th line is keyed, and what a sweep over severe words finds."""
    if not _full(result):
        return segment
    _sweep(result, segment, line)
    rows = segment.split(b"\n")
    kept = rows[::EVERY]
    result.other += len(rows) - len(kept)
    known = [row for row in kept if key_of(row, result.rules) in result.counts]
    result.other += len(kept) - len(known)
    return b"\n".join(known)


def _sweep(result: Scan, segment: bytes, line: int) -> None:
    for word in SWEEP:
        place = segment.find(word)
        if place < 0:
            continue
        start, end = segment.rfind(b"\n", 0, place) + 1, segment.find(b"\n", place)
        row = segment[start : end if end >= 0 else len(segment)]
        key = b"\1" + word
        if key not in result.counts:
            _enter(result, key, line + segment.count(b"\n", 0, start), row)
        result.counts[key] += 1
        result.lasts[key] = line


def _full(result: Scan) -> bool:
    return len(result.counts) >= KEYS or result.text_bytes >= TEXT_BYTES


def _count(result: Scan, segment: bytes, line: int, bucket: int) -> tuple[int, int]:
    """Count the keys of one segment; return its lines and how many of them had an unknown key."""
    keys = _clean(segment, result.rules).translate(None, DROP).split(b"\n")
    counts = Counter(keys)
    unknown = 0
    if counts.keys() - result.counts.keys():
        keys, counts, unknown = _meet(result, keys, segment, line)
    totals, spread = result.counts, result.spread
    for key, count in counts.items():
        totals[key] += count
    if bucket >= 0:
        for key, count in counts.items():
            pairs = spread[key]
            if pairs and pairs[-2] == bucket:
                pairs[-1] += count
            else:
                pairs.extend((bucket, count))
    result.lasts.update(dict.fromkeys(counts, line))
    return len(keys), unknown


def _meet(result: Scan, keys: list[bytes], segment: bytes, line: int) -> tuple[list[bytes], Counter[bytes], int]:
    """Enter the unknown keys of a segment with their first raw line; blank lines are counted apart."""
    rows = segment.split(b"\n")
    known = result.counts
    for place, key in enumerate(keys):
        if len(key) < SHORT or len(key) > LONG_KEY:
            keys[place] = _short(key, rows[place])
    counts = Counter(keys)
    blank = counts.pop(b"", 0)
    result.blank += blank
    new = counts.keys() - known.keys()
    where = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True)) if new else {}
    for key in sorted(new, key=where.__getitem__):
        _enter(result, key, line + where[key], rows[where[key]])
    return keys, counts, sum(counts[key] for key in new)


def _enter(result: Scan, key: bytes, line: int, row: bytes) -> None:
    result.counts[key] = 0
    result.firsts[key] = line, row[:SAMPLE]
    result.spread[key] = array("q")
    result.text_bytes += len(key) + min(SAMPLE, len(row))


def _cut_more(result: Scan) -> bool:
    """Learn cut rules from the keys at hand and key them anew; False when nothing was found."""
    rules = _useful([row for _, row in result.firsts.values()], result.rules)
    if rules == result.rules:
        return False
    result.rules = rules
    _rekey(result)
    return True


def _useful(rows: list[bytes], rules: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the rules with those that are new, if these join at least a quarter of the keys of a sample."""
    fresh = learn_rules(rows, rules)
    sample = rows[:: max(1, len(rows) // 1_000)]
    before = len({key_of(row, rules) for row in sample}) if fresh else 0
    after = len({key_of(row, rules + fresh) for row in sample}) if fresh else 0
    return rules + fresh if after < before * (1 - UNKNOWN_SHARE) else rules


def _rekey(result: Scan) -> None:
    """Join keys that are equal under the present rules."""
    old = sorted(result.firsts.items(), key=lambda item: item[1][0])
    counts, lasts, spread = result.counts, result.lasts, result.spread
    result.counts, result.firsts, result.lasts, result.spread, result.text_bytes = {}, {}, {}, {}, 0
    for key, (line, row) in old:
        new = key if key[:1] == b"\1" or len(row) == SAMPLE else key_of(row, result.rules)
        if new not in result.counts:
            _enter(result, new, line, row)
        result.counts[new] += counts[key]
        result.lasts[new] = max(result.lasts.get(new, 0), lasts[key])
        merge_pairs(result.spread[new], spread[key])


def _bound(result: Scan) -> None:
    """Keep the keys of the highest counts and lowest lines when there are too many."""
    if len(result.counts) <= KEYS and result.text_bytes <= TEXT_BYTES:
        return
    order = sorted(result.counts, key=lambda key: (key[:1] != b"\1", -min(result.counts[key], 3), result.firsts[key][0]))
    size, kept = 0, 0
    for key in order[:KEYS]:
        size += len(key) + len(result.firsts[key][1])
        if size > TEXT_BYTES:
            break
        kept += 1
    for key in order[kept:]:
        result.other += result.counts.pop(key)
        del result.firsts[key], result.lasts[key], result.spread[key]
    result.text_bytes = max(result.text_bytes if not order[kept:] else TEXT_BYTES, TEXT_BYTES if kept >= KEYS else 0)
