"""Tables whose columns are parted by white space alone, so that numbers may stand right below or beside their head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

COMMA = re.compile(r"^[-+]?\d{1,15},\d{1,6}$")
"""A number of a locale that writes a comma before the fraction."""
SPACED = {"Mounted on": "Mounted", "Local Address": "Local", "Foreign Address": "Foreign", "Peer Address": "Peer", "PID/Program name": "Program"}  # fmt: skip
"""Heads of two words as one."""


def heads(line: str) -> list[str]:
    """Return the column heads of a line; a head that stands twice is told apart by its number."""
    for two, one in SPACED.items():
        line = line.replace(two, one)
    names: list[str] = []
    for name in line.split():
        names.append(name if name not in names else f"{name}.{names.count(name) + 1}")
    return names


def cells(line: str, names: Sequence[str], *, least: int = 0) -> Mapping[str, str]:
    """Return the cells of a row, the last one with all that follows; empty where it has fewer than `least` (all of them)."""
    found = line.split(None, len(names) - 1) if names else []
    if len(found) < (least or len(names)):
        return {}
    return {name: cell.rstrip() for name, cell in zip(names, found, strict=False)}


def rows(lines: Sequence[str], span: tuple[int, int], marks: frozenset[str], *, least: int = 0) -> Iterator[Row]:
    """Yield the rows below every header that holds all `marks`, until a blank line or another header."""
    names: list[str] = []
    for number in range(span[0], span[1] + 1):
        line = lines[number - 1]
        if not line.strip():
            names = []
        elif marks <= set(found := heads(line[:1_000])):
            names = found
        elif below := cells(line, names, least=least):
            yield Row(line=number, cells=below)


def value(row: Row, *names: str) -> float | None:
    """Return the number in the first of these cells that is there, None when it is none."""
    text = row.get(*names)
    return amount(text.replace(",", ".") if COMMA.match(text) else text)
