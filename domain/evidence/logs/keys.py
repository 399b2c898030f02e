"""The streaming key pass: per-line work in C, Python per distinct key (evidence.md 6).

The key of a line is the line without hexadecimal characters. Blocks of one MiB form epochs of 64; each epoch makes a plan from its first
four blocks (where the clock stands, which numbers carry meaning, which words to cut) and is scanned without looking at other epochs, so
results depend neither on chunk sizes nor on which process scanned which epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from domain.evidence.decoding.blocks import EPOCH, Block
from domain.evidence.logs.buckets import coarsen, learn_segments, merge_pairs
from domain.evidence.logs.counting import DROP, PLAN, SAMPLE, bound, count_segment, cut_all, enter, without_colours
from domain.evidence.logs.counting import KEYS as KEYS
from domain.evidence.logs.counting import Scan as Scan
from domain.evidence.logs.counting import key_of as key_of
from domain.evidence.logs.cutting import learn_rules
from domain.evidence.logs.picking import Picker
from domain.evidence.logs.slots import learn_slots, merge_slots, move_slots, read_slots

LEG = 32
"""Blocks after which an epoch may be laid aside: what a killed process can lose."""
UNKNOWN_SHARE = 0.25
PATIENCE = 32
"""Blocks to wait after a search for cut rules that found none."""
FEW, MANY = 6, 600
"""Lines of each key, and of a block, in which numbers are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a scan keeps besides counts, first and last lines."""

    buckets: bool = True
    slots: bool = True


def scan(blocks: Iterable[Block], *, effort: Effort | None = None, observed_at: datetime | None = None) -> Scan:
    """Scan the blocks of one epoch. The result is the same whichever process runs it."""
    result = Scan()
    for _ in scan_steps(result, blocks, effort=effort or Effort(), observed_at=observed_at):
        pass
    finish(result)
    return result


def scan_steps(result: Scan, blocks: Iterable[Block], *, effort: Effort, observed_at: datetime | None = None) -> Iterator[int]:
    """Scan into `result`, yielding the line reached after each block.

    A scan that was laid aside after its first four blocks goes on in any process as if it had never stopped.
    """
    source = iter(blocks)
    head = [] if result.lines else _head(source)
    if head:
        _plan(result, [block for block in head if _planned(block, head[0])], effort, observed_at)
    picker = Picker(result.slots, _thinner(result.rules))
    data = None
    for block in chain(_drained(head), source):
        unknown = _block(result, picker, block)
        data = block.data
        result.wait -= 1
        if unknown > UNKNOWN_SHARE and result.wait <= 0:
            result.wait = 1 if _cut_more(result) else PATIENCE
            picker.rethink(_thinner(result.rules))
        yield result.lines
    if data is not None:
        result.tail = tuple(row[:SAMPLE] for row in data[-(64 << 10) :].split(b"\n")[-20:])


def _head(source: Iterator[Block]) -> list[Block]:
    """Return the blocks of the plan, and the one behind them where it had to be read to know."""
    head = list(islice(source, 1))
    while head and head[-1].number + 1 < head[0].number + PLAN and _planned(head[-1], head[0]):
        following = next(source, None)
        if following is None:
            break
        head.append(following)
    return head


def _planned(block: Block, first: Block) -> bool:
    """Tell whether a plan may be made of a block: of the first four MiB, and of the same leg."""
    return block.number < first.number + PLAN and block.number // LEG == first.number // LEG


def finish(result: Scan) -> None:
    """Look for cut rules once more at the end of an epoch."""
    if result.wait > 0:
        _cut_more(result)


def _thinner(rules: tuple[bytes, ...]) -> Callable[[bytes], bytes]:
    """What keys under these rules leave of a literal."""
    return lambda literal: cut_all(literal, rules).translate(None, DROP)


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
        total = part if total is None else fold(total, moved(part, total.lines))
        block = run.next
    return total or Scan()


class _Run:
    """The blocks of one epoch out of a longer stream, their lines counted from its first; `next` is the first block after it."""

    def __init__(self, first: Block, source: Iterator[Block]) -> None:
        self._first, self._source = first, source
        self.next: Block | None = None

    def __iter__(self) -> Iterator[Block]:
        epoch, before = self._first.number // EPOCH, self._first.first_line - 1
        for block in chain((self._first,), self._source):
            if block.number // EPOCH != epoch:
                self.next = block
                return
            block.first_line -= before
            yield block


def moved(one: Scan, by: int) -> Scan:
    """Return the scan with its lines numbered as those behind so many others; it is consumed."""
    one.firsts = {key: (line + by, row) for key, (line, row) in one.firsts.items()}
    one.lasts = {key: line + by for key, line in one.lasts.items()}
    one.segments.marks = tuple((place, line + by, seconds) for place, line, seconds in one.segments.marks)
    move_slots(one.slots, by)
    return one


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
    bound(left)
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
        result.slots = learn_slots([without_colours(row) for row in [*_of_each_key(head[:1]), *samples]])
    if len({row.translate(None, DROP) for row in samples}) > UNKNOWN_SHARE * len(samples):
        result.rules = _useful(samples, ())


def _of_each_key(head: list[Block]) -> list[bytes]:
    """A few lines of every key of the block, wherever they stand in it: what is rare may hold the number that creeps."""
    left: dict[bytes, int] = {}
    found: list[bytes] = []
    for block in head:
        for key, row in zip(block.data.translate(None, DROP).split(b"\n"), block.data.split(b"\n"), strict=True):
            if left.setdefault(key, FEW):
                left[key] -= 1
                found.append(row)
    return found[:: -(-len(found) // MANY) or 1]


def _block(result: Scan, picker: Picker, block: Block) -> float:
    """Count one block and return the share of its lines that were unknown."""
    result.size_bytes += len(block.data) + 1
    line, unknown = block.first_line, 0
    for bucket, segment in result.segments.cut(block):
        lines, new = count_segment(result, picker, segment, line, bucket)
        line += lines
        unknown += new
    block.lines = line - block.first_line
    result.lines += block.lines
    read_slots(result.slots, picker.take(), block)
    while result.segments.too_many():
        _widen(result, result.segments.wider())
    bound(result)
    return unknown / max(1, block.lines)


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
            enter(result, new, line, row)
        result.counts[new] += counts[key]
        result.lasts[new] = max(result.lasts.get(new, 0), lasts[key])
        merge_pairs(result.spread[new], spread[key])
