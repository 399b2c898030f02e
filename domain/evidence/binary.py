"""Bytes that are no text: type, entropy, and the printable strings that look like paths, versions or errors."""

from __future__ import annotations

import math
import re
from collections import Counter

from domain.evidence import fingerprints, images, telling
from domain.evidence.reading import Reading
from domain.evidence.values import Context, Document, Parsed, Text

PRINTABLE = re.compile(rb"[\x20-\x7e]{6,400}")
STRINGS = 200
"""Strings kept (evidence.md 10)."""
TELLING = re.compile(r"(?:/[\w.\-]{1,80}/[\w.\-]|\b\d{1,6}\.\d{1,6}\.\d{1,6}\b|\w\.(?:so|dll|py|java|go|c)\b)")


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return the type and the telling strings; a string is cited by its line where the text was decoded."""
    data = images.head(document)
    name = next((name for magic, name, _ in fingerprints.MAGIC if data.startswith(magic)), "unknown bytes")
    strings = [found.group().decode() for found in PRINTABLE.finditer(data)]
    kept = [s for s in strings if TELLING.search(s) or telling.words(s)][:STRINGS]
    reading = Reading(
        document=document, lines=text.lines, notes=[f"{len(strings)} printable strings in the first {len(data)} bytes"]
    )
    for string in kept:
        number = next((n for n, line in enumerate(text.lines[:2000], start=1) if string in line), 0)
        if number and (severity := telling.words(string)):
            reading.find("field", "", number, severity - 1.5, f"string in a binary: {string}", message=string)
    return reading.parsed(f"{name}, entropy {entropy(data):.1f} bits per byte, strings: {'; '.join(kept[:8])}", 0.0)


def entropy(data: bytes) -> float:
    """Return bits per byte, 0..8."""
    counts, total = Counter(data), max(1, len(data))
    return -sum(n / total * math.log2(n / total) for n in counts.values())
