"""Documents and free text: headings, error codes and lines that tell of a fault; reports, never facts."""

from __future__ import annotations

import re

from domain.evidence import telling
from domain.evidence.reading import Reading, beginning
from domain.evidence.values import Context, Document, Parsed, Text

HEADING = re.compile(r"^(#{1,6}) +(.{1,200})$")
UNDERLINE = re.compile(r"^(?:={3,}|-{3,})$")
CODE = re.compile(
    r"\b(?:[A-Z]{2,10}-\d{2,6}|E[A-Z]{3,12}|0x[0-9a-fA-F]{4,8}|HTTP \d{3}|ERR_[A-Z_]{3,40}|ORA-\d{5}|SQLSTATE\W{0,3}\w{5})\b"
)
LINES = 100
"""Telling lines kept."""
SOFT = 1.5
"""What a sentence about a fault weighs less than the fault's own line."""


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return headings, named error codes and telling sentences; all marked as reported, not observed."""
    reading = Reading(document=document, lines=text.lines)
    headings: list[str] = []
    if not any(line.strip() for line in text.lines):
        reading.find("empty", "", 1, 0.5, "no content")
        return reading.parsed("empty", 0.0)
    for number, line in enumerate(text.lines, start=1):
        if found := HEADING.match(beginning(line)):
            headings.append(found.group(2))
        elif UNDERLINE.match(line) and number > 1 and text.lines[number - 2].strip():
            headings.append(text.lines[number - 2].strip()[:200])
        elif len(reading.findings) < LINES:
            _line(reading, number, beginning(line))
    return reading.parsed(f"{len(text.lines)} lines" + (f": {'; '.join(headings[:12])}" if headings else ""))


def _line(reading: Reading, number: int, line: str) -> None:
    code = CODE.search(line)
    severity = telling.words(line)
    if not severity and not code:
        return
    facts = {"message": line.strip(), "code": code.group() if code else "", "source": "reported"}
    reading.find("field", "", number, max(1.0, severity - SOFT), line, **facts)
