"""Command output in lines: every line that tells of a fault, when no closer grammar has read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.evidence import telling
from domain.evidence.reading import Reading

READERS: Mapping[str, Callable[[Reading, int, int], int]] = {}
"""Format → reader of a text that is no table."""
LINES = 100
"""Telling lines kept of one part."""
SETTING = re.compile(r"^\s*[\w.\- ]{1,60}:\s*(?:\S+)?$")
NOT_FOUND = re.compile(r"""^Error from server \((\w+)\): (?:\S+ )?(?:(\w+)(?:\.[\w.]+)? "([^"]+)" )?(.*)$""")


def read(reading: Reading, name: str, first: int, last: int, understood: int) -> int:
    """Read by the format's own reader, else line by line; return how many lines were understood."""
    if name in READERS:
        return READERS[name](reading, first, last)
    found = 0
    cited = {c.first for f in reading.findings for c in f.citations}
    for number in range(first, last + 1):
        line = reading.line(number)
        severity = 0.0 if number in cited or understood > 0.9 * (last - first) else telling.words(line)
        if severity and found < LINES and not SETTING.match(line[:4096]):
            found += 1
            _line(reading, number, severity)
    return found


def _line(reading: Reading, number: int, severity: float) -> None:
    line = reading.line(number)
    if refused := NOT_FOUND.match(line[:4096]):
        reason, kind, name, rest = refused.groups()
        subject = f"{(kind or '').rstrip('s')}/{name}".lower() if name else ""
        reading.find("field", subject, number, 2.0, line, message=line.strip()[:1000], reason=reason, detail=rest)
        return
    reading.find("row", "", number, severity, line, message=line.strip()[:1000])
