"""Any table with a header: one object per row; rows that differ from the rest, and what is nearly used up, are told."""

from __future__ import annotations

import re

from domain.evidence.commands.rows import apart
from domain.evidence.commands.stores import sql_tables
from domain.evidence.reading import Reading
from domain.evidence.structure import aligned
from domain.evidence.structure.tables import Row

NAMED = ("NAME", "Name", "name", "NAMES", "ID", "Id", "id")
"""Columns that name a row; without one the first does."""
USED = re.compile(r"(?i)us(?:e|ed|age)?\b|util|cpu|mem|disk|full|capacity|load|busy|occup|fill|%$")
SPARE = re.compile(r"(?i)free|avail|idle|hit|success|complet|progress|ready|uptime|cover|steal|done")
"""Shares that are well when they are high."""
SHARE = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)\s?%$")
NUMBER = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)$")
TIGHT, FULL = 90.0, 97.0
"""Percent used at which something is tight, and nearly full."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read every table between two lines; return how many lines stand in one."""
    seen = 0
    for table in aligned.tables(reading.lines, first, last):
        for row in table.rows:
            _row(reading, row, first)
        sql_tables.odd(reading, table.rows)
        seen += len(table.rows) + 1
    return seen


def _row(reading: Reading, row: Row, first: int) -> None:
    """Keep a row; a share of use that is high is told."""
    name = (row.get(*NAMED) or next((cell for cell in row.cells.values() if cell), ""))[:80]
    fields = {column: cell[:300] for column, cell in row.cells.items()}
    subject = reading.observe("row", apart(reading, "row", name, (first, row.line)), row.line, fields)
    for column, cell in row.cells.items():
        share = SHARE.match(cell) or (NUMBER.match(cell) if "%" in column else None)
        used = float(share.group(1)) if share else 0.0
        if TIGHT <= used <= 100.0 and USED.search(column) and not SPARE.search(column):
            severity = 3.0 if used >= FULL else 2.5
            reading.find(
                "resource",
                subject,
                row.line,
                severity,
                f"{name}: {column} is {used:g} %",
                resource=column,
                used=used,
                limit=100.0,
            )
            return
