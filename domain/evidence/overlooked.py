"""What a command's output says in plain words where its own reader found nothing wrong: a net below all analysers."""

from __future__ import annotations

from dataclasses import replace

from domain.evidence.reading import Reading
from domain.evidence.severity import severity
from domain.evidence.values import Document, Finding, Parsed, Text

FOUND, SEVERE = 2.5, 3.0
"""Severity of a finding that makes the net needless, and of a line that is caught."""
LINES, LOOKED, BLANKS = 10, 20_000, 3
"""Lines caught of one document, lines looked at, and blanks of a line that may be a sentence."""


def with_words(parsed: Parsed, text: Text, document: Document) -> Parsed:
    """Return the reading of what a command printed with the severe lines of a text in which nothing was found."""
    if not (document.command or document.hint.command) or any(one.severity >= FOUND for one in parsed.findings):
        return parsed
    caught = _caught(text, document)
    return replace(parsed, findings=(*parsed.findings, *caught)) if caught else parsed


def _caught(text: Text, document: Document) -> tuple[Finding, ...]:
    reading = Reading(document=document, lines=text.lines)
    seen: set[str] = set()
    for number, line in enumerate(text.lines[:LOOKED], start=1):
        if line.strip() in seen or line.strip().count(" ") < BLANKS or severity(line) < SEVERE:
            continue
        seen.add(line.strip())
        reading.find("row", "", number, SEVERE, line, source="words")
        if len(seen) >= LINES:
            break
    return tuple(reading.findings)
