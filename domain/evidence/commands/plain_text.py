"""Command output in lines: every line that tells of a fault, when no closer grammar has read it."""

from __future__ import annotations

import re

from domain.evidence import telling
from domain.evidence.reading import Reading

LINES = 100
"""Telling lines kept of one part."""
SETTING = re.compile(r"^\s*[\w.\- ]{1,60}:\s*(?:\S+)?$")
REFUSED = re.compile(r"^Error from server \((\w+)\): (.*)$")
NAMED = re.compile(r'\b(\w{1,80})(?:\.[\w.]{1,120})? "([^"]{1,253})"')
"""`pods "x"` inside a refusal."""


def read(reading: Reading, first: int, last: int) -> int:
    """Keep the telling lines that no other reader has cited; return how many there were."""
    found = 0
    cited = {c.first for f in reading.findings for c in f.citations}
    for number in range(first, last + 1):
        line = reading.head(number)
        severity = 0.0 if number in cited else telling.words(line)
        if severity and found < LINES and not SETTING.match(line):
            found += 1
            _line(reading, number, severity)
    return found


def _line(reading: Reading, number: int, severity: float) -> None:
    line = reading.head(number)
    if refused := REFUSED.match(line):
        reason, rest = refused.groups()
        named = NAMED.search(rest)
        subject = f"{named.group(1).removesuffix('s')}/{named.group(2)}".lower() if named else ""
        reading.find("field", subject, number, 2.0, line, message=line.strip(), reason=reason)
        return
    reading.find("row", "", number, severity, line, message=line.strip())
