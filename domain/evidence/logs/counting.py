"""The hot loop of a scan: lines to keys and counts in C, Python once per distinct key of a segment (evidence.md 6)."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from domain.evidence.decoding.decode import TERMINAL
from domain.evidence.logs.buckets import Segments
from domain.evidence.logs.cutting import cut
from domain.evidence.logs.picking import Picker
from domain.evidence.logs.slots import SlotState

DROP = b"0123456789abcdefABCDEF" + bytes(set(range(32)) - {9, 10})
SHORT = 6
PLAN = 4
"""Blocks of an epoch from which its plan is made (evidence.md 6)."""
KEYS = 6_000
"""Distinct keys kept per scan (the page allows 50,000; this many keep random text within 64 MiB and 1.5 s per 10 MB)."""
TEXT_BYTES = 6 << 20
"""Bytes of keys and samples kept per scan."""
SAMPLE = 2_048
LONG_KEY = 512
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
    wait: int = PLAN
    """Blocks until new cut rules may be looked for; less than none where that found none for long."""


def count_segment(result: Scan, picker: Picker, segment: bytes, line: int, bucket: int) -> tuple[int, int]:
    """Count one segment, which begins at `line`; return its lines and how many of them had an unknown key."""
    if not full(result):
        return _tally(result, picker, segment, line, bucket)
    if known := _sampled(result, segment, line):
        _tally(result, picker, known, line, bucket)
    return segment.count(b"\n") + 1, 0


def _tally(result: Scan, picker: Picker, text: bytes, line: int, bucket: int) -> tuple[int, int]:
    """The loop that every line goes through; nothing in here is Python code per line."""
    plain = without_colours(text)
    keys = cut_all(plain, result.rules).translate(None, DROP).split(b"\n")
    counts = Counter(keys)
    picker.pick(keys, counts.keys(), plain)
    strange = counts.keys() - result.counts.keys()
    unknown = _meet(result, _Segment(line=line, keys=keys, rows=text.split(b"\n"), counts=counts), strange) if strange else 0
    _add(result, counts, line, bucket)
    return len(keys), unknown


def _add(result: Scan, counts: Counter[bytes], line: int, bucket: int) -> None:
    """Add a segment's counts, and to their bucket where one is kept; buckets come in ascending order."""
    totals, spread = result.counts, result.spread
    for key, number in counts.items():
        totals[key] += number
        if bucket >= 0:
            pairs = spread[key]
            if pairs and pairs[-2] == bucket:
                pairs[-1] += number
            else:
                pairs.append(bucket)
                pairs.append(number)
    result.lasts.update(dict.fromkeys(counts, line))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """Lines that follow each other, with their keys."""

    line: int
    keys: list[bytes]
    rows: Sequence[bytes]
    counts: Counter[bytes]


def _meet(result: Scan, here: _Segment, strange: set[bytes]) -> int:
    """Enter the unknown keys with their first raw line, in order; blank lines are counted apart. Returns the unknown lines."""
    odd = {key for key in strange if not SHORT <= len(key) <= LONG_KEY}
    if odd:
        _rename(here, odd)
        result.blank += here.counts.pop(b"", 0)
        strange = here.counts.keys() - result.counts.keys()
    unknown = sum(here.counts[key] for key in strange)
    for place, key in enumerate(here.keys if strange else ()):
        if key in strange:
            enter(result, key, here.line + place, here.rows[place])
            strange.discard(key)
            if not strange:
                break
    return unknown


def _rename(here: _Segment, odd: set[bytes]) -> None:
    """Give the lines of keys that are too short or too long the key that tells them apart."""
    marks = list(map(odd.__contains__, here.keys))
    rows = list(compress(here.rows, marks))
    keys = dict(zip(rows, compress(here.keys, marks), strict=True))
    names = {row: _named(key, row) for row, key in keys.items()}
    for key in odd:
        del here.counts[key]
    named = [names[row] for row in rows]
    here.counts.update(named)
    for place, name in zip(compress(range(len(marks)), marks), named, strict=True):
        here.keys[place] = name


def key_of(line: bytes, rules: tuple[bytes, ...] = ()) -> bytes:
    """Return the key of one raw line under these cut rules."""
    return _named(cut_all(without_colours(line), rules).translate(None, DROP), line)


def without_colours(text: bytes) -> bytes:
    """Return the text without terminal sequences."""
    return TERMINAL.sub("", text.decode("utf-8", "replace")).encode("utf-8", "replace") if b"\x1b" in text else text


def cut_all(text: bytes, rules: tuple[bytes, ...]) -> bytes:
    """Apply the cut rules."""
    for rule in rules:
        text = cut(text, rule)
    return text


def _named(key: bytes, line: bytes) -> bytes:
    """A key too short to tell lines apart keeps its letters; a very long one is named by its digest."""
    if len(key) < SHORT and line.strip():
        return b"\0" + line.translate(None, b"0123456789")[:SAMPLE]
    if len(key) > LONG_KEY:
        return key[:LONG_KEY] + hashlib.blake2b(key, digest_size=8).digest()
    return key


def enter(result: Scan, key: bytes, line: int, row: bytes) -> None:
    """Begin to count a key, first met in this line."""
    result.counts[key] = 0
    result.firsts[key] = line, row[:SAMPLE]
    result.spread[key] = array("q")
    result.text_bytes += len(key) + min(SAMPLE, len(row))


def full(result: Scan) -> bool:
    """True when no further key fits."""
    return len(result.counts) >= KEYS or result.text_bytes >= TEXT_BYTES


def _sampled(result: Scan, segment: bytes, line: int) -> bytes:
    """Beyond the bound on keys only every 64th line is keyed, and what a sweep over severe words finds."""
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
            enter(result, key, line + segment.count(b"\n", 0, start), row)
        result.counts[key] += 1
        result.lasts[key] = line


def bound(result: Scan) -> None:
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
