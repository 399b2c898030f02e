"""Tables nobody described to us: the rows that differ from the rest, or say that something is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.evidence import telling
from domain.evidence.reading import Reading
from domain.evidence.structure import tables
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

ODD = 0.7
"""Share of rows that must agree before another value is odd."""
ROWS = 40
"""Odd rows kept of one table."""
STATES = (
    "STATUS",
    "State",
    "Status",
    "STATE",
    "status",
    "state",
    "Health",
    "HEALTH",
    "health",
    "Phase",
    "PHASE",
    "phase",
    "Result",
    "RESULT",
    "result",
)


def read(reading: Reading, first: int, last: int) -> int:
    """Read every table with a header between two lines."""
    number, understood = first, 0
    while number <= last:
        if len(tables.columns(reading.head(number))) > 1 and reading.line(number)[:1].isupper():
            rows = tables.under(reading.lines, number, last)
            odd(reading, rows)
            understood += len(rows) + 1
            number += len(rows)
        number += 1
    return understood


def odd(reading: Reading, rows: Iterable[Row]) -> None:
    """Find rows whose state, words or rare values stand out."""
    listed = list(rows)
    usual = _usual(listed)
    for row in listed:
        if len(reading.findings) >= ROWS:
            break
        name = row.get("NAMES", "NAME", "Name", "name") or next(iter(row.cells.values()), "")
        severity, why = _judge(row, usual)
        if severity:
            state = row.get(*STATES)
            reading.find("row", f"row/{name[:80]}", row.line, severity, f"{name}: {why}", value=why, status=state)


def _usual(rows: list[Row]) -> dict[str, str]:
    """Return the value that nearly all rows share, by column of few values; numbers are left out."""
    found: dict[str, str] = {}
    for column in rows[0].cells if len(rows) >= 4 else ():
        counts = Counter(row.get(column) for row in rows)
        value, count = counts.most_common(1)[0]
        if len(counts) <= 5 and ODD * len(rows) <= count < len(rows) and amount(value) is None:
            found[column] = value
    return found


def _judge(row: Row, usual: dict[str, str]) -> tuple[float, str]:
    """Return how odd a row is, and the cell that makes it so."""
    for column in STATES:
        state = row.get(column).split(" ")[0].strip("()")
        if severity := telling.status(state):
            return min(severity, 3.5), f"{column} is {row.get(column)}"
    for column, cell in row.cells.items():
        if telling.words(cell):
            return 3.0, f"{column} is {cell}"
    for column, value in usual.items():
        if row.get(column) != value:
            return 2.0, f"{column} is {row.get(column) or 'empty'}, elsewhere {value}"
    return 0.0, ""
