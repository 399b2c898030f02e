"""Entropy, and the printable strings of bytes that look like paths, versions or errors."""

from __future__ import annotations

import math
import re
from collections import Counter

from domain.evidence import telling
from domain.evidence.reading import Reading

PRINTABLE = re.compile(rb"[\x20-\x7e]{6,400}")
STRINGS = 200
"""Strings kept (evidence.md 10)."""
SCANNED = 4 << 20
"""Bytes looked at for strings."""
TELLING = re.compile(r"(?:/[\w.\-]{1,80}/[\w.\-]|\b\d{1,6}\.\d{1,6}\.\d{1,6}\b|\w\.(?:so|dll|py|java|go|c)\b)")


def tell(reading: Reading, data: bytes) -> list[str]:
    """Find what strings tell of a fault; return up to 200 that look like paths, versions or errors."""
    count, kept = 0, list[str]()
    for found in PRINTABLE.finditer(data, 0, SCANNED):
        count += 1
        string = found.group().decode()
        if len(kept) < STRINGS and (TELLING.search(string) or telling.words(string)):
            kept.append(string)
    reading.notes.append(f"{count} printable strings in the first {min(len(data), SCANNED)} bytes")
    for string in kept:
        if severity := telling.words(string):
            reading.find("field", "", 1, severity - 1.5, f"string in a binary: {string}", message=string)
    return kept


def entropy(data: bytes) -> float:
    """Return bits per byte, 0..8."""
    counts, total = Counter(data), max(1, len(data))
    return -sum(n / total * math.log2(n / total) for n in counts.values())
