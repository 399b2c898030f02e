"""Profiles: which functions or classes take most of a resource, and how much of it is collection of garbage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence.reading import Reading, beginning
from domain.evidence.values import Context, Document, Parsed, Text

FOLDED = re.compile(r"^([^\s;][^;]*(?:;[^;]+)+) (\d+)$")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?%")
NAME = re.compile(r"(?<!\S)([A-Za-z_$][\w$./:*()<>\[\]\-]{0,300}|\w{1,20}\[\])(?:\s|$)")
TOP = 5
"""Entries that become findings."""
HIGH = 40.0
"""Percent of one entry from which on it stands out."""
COLLECTOR = re.compile(r"(?i)\b(?:gc|scanobject|mallocgc|garbage|G1|ParNew|mark_?sweep|collect)\b")


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return the entries with the largest share."""
    reading = Reading(document=document, lines=text.lines)
    entries = sorted(_folded(text.lines) or _percent(text.lines), key=lambda e: -e[1])[:TOP]
    for line, share, name in entries:
        severity = 3.0 if share >= HIGH else 2.0 if COLLECTOR.search(name) and share >= 15 else 1.0
        reading.find(
            "resource",
            "",
            line,
            severity,
            f"{name} takes {share:.1f} %",
            function=name,
            used=share,
            limit=100.0,
            resource="profile share",
        )
    top = ", ".join(f"{name} {share:.0f} %" for _, share, name in entries[:3])
    return reading.parsed(f"profile: {top or 'nothing read'}", 1.0 if entries else 0.0)


def _folded(lines: tuple[str, ...]) -> list[tuple[int, float, str]]:
    """Return (line, percent, leaf) of folded stacks."""
    found = [(n, m) for n, line in enumerate(lines, start=1) if (m := FOLDED.match(beginning(line)))]
    total = sum(int(m.group(2)) for _, m in found) or 1
    return [(n, 100 * int(m.group(2)) / total, m.group(1).rsplit(";", 1)[-1]) for n, m in found]


def _percent(lines: tuple[str, ...]) -> list[tuple[int, float, str]]:
    return list(_shares(lines))


def _shares(lines: tuple[str, ...]) -> Iterator[tuple[int, float, str]]:
    """Yield (line, percent, name) of lines with a share; the first percentage of a line is its own share."""
    for number, line in enumerate(lines, start=1):
        share = PERCENT.search(beginning(line))
        if not share or re.match(r"^\s*(?:Total|Duration|Showing|GC_|flat)", line):
            continue
        name = NAME.search(line[share.end() : 4096])
        below = lines[number].strip() if number < len(lines) and line.startswith("---") else ""
        if name or below:
            yield number, min(100.0, float(share.group(1))), below.rpartition("] ")[2] or (name.group(1) if name else "")
