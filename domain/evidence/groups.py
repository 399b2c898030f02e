"""Keys of a scan joined into kinds of line: template, severity, counts over time (evidence.md 7, 8)."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.evidence.buckets import merge_pairs
from domain.evidence.keys import Scan
from domain.evidence.mask import signature
from domain.evidence.messages import Message, continues, read_message
from domain.evidence.severity import severity
from domain.evidence.templates import group

TEMPLATES = 4_000
"""Signatures that are grouped; beyond them each keeps its own."""


@dataclass(slots=True, kw_only=True)
class Group:
    """All lines of one template."""

    template: str
    key: str
    message: Message
    severity: float
    first: int
    sample: str
    """Raw text of line `first`, cut to 2 KiB."""
    last_key: bytes = b""
    """The key whose last hit is the group's last."""
    last: int = 0
    count: int = 0
    continuation: bool = False
    samples: list[tuple[int, str]] = field(default_factory=list)
    spread: array[int] = field(default_factory=lambda: array("q"))


def groups_of(scan: Scan) -> list[Group]:
    """Return the scan's lines by template, in order of first line."""
    parts: list[tuple[bytes, str, Message, str]] = []
    for key, (_, row) in scan.firsts.items():
        sample = row.decode("utf-8", "replace")
        message = read_message(sample, scan.segments.clock)
        parts.append((key, sample, message, signature(message.text)))
    signatures = list(dict.fromkeys(part[3] for part in parts))
    templates = group(signatures[:TEMPLATES])
    members: dict[tuple[str, float, bool], list[tuple[bytes, str, Message]]] = defaultdict(list)
    grades: dict[tuple[str, str], float] = {}
    for key, sample, message, text in parts:
        level = message.fields.get("level", message.fields.get("lvl", ""))
        place = (text, level or sample[:200] if message.form == "plain" and not level else level)
        grade = grades.get(place)
        if grade is None:
            grade = grades[place] = severity(message.text if message.form != "plain" else sample, message.fields)
        members[templates.get(text, text), grade, continues(sample)].append((key, sample, message))
    found = [_joined(scan, place, keys) for place, keys in members.items()]
    return sorted(found, key=lambda one: one.first)


def _joined(scan: Scan, place: tuple[str, float, bool], keys: list[tuple[bytes, str, Message]]) -> Group:
    template, grade, continuation = place
    keys.sort(key=lambda item: scan.firsts[item[0]][0])
    head, sample, message = keys[0]
    last = max(keys, key=lambda item: scan.lasts[item[0]])[0]
    spread = array("q")
    for key, _, _ in keys:
        merge_pairs(spread, scan.spread[key])
    return Group(
        template=template,
        key=hashlib.blake2b(f"{grade}{template}".encode("utf-8", "replace"), digest_size=8).hexdigest(),
        message=message,
        severity=grade,
        first=scan.firsts[head][0],
        sample=sample,
        last_key=last,
        last=scan.lasts[last],
        count=sum(scan.counts[key] for key, _, _ in keys),
        continuation=continuation,
        samples=[(scan.firsts[key][0], text) for key, text, _ in keys[:5]],
        spread=spread,
    )


def bucket_counts(one: Group, low: int, high: int) -> list[int]:
    """Return the group's lines per bucket from `low` to `high`."""
    counts = [0] * (high - low + 1)
    for index in range(0, len(one.spread), 2):
        counts[min(high, max(low, one.spread[index])) - low] += one.spread[index + 1]
    return counts


def totals(found: list[Group]) -> Mapping[float, int]:
    """Return severity → lines."""
    sums: dict[float, int] = defaultdict(int)
    for one in found:
        sums[one.severity] += one.count
    return sums
