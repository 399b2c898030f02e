"""Tables whose columns are known: every row becomes an object, and a rule says whether it is in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.tables import Row

BLANK = frozenset({"", "-", "<none>", "<unset>", "<nil>", "NULL", "n/a"})
"""Cells that say nothing."""
UNKEYED = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table that one command prints."""

    kind: str
    """Of the objects that its rows become."""
    marks: frozenset[str]
    """Columns that only this table has."""
    names: tuple[str, ...] = ()
    """Columns that name a row; the first column without them."""
    judge: Callable[[Reading, Row, str], None] | None = None
    """(reading, row, object id) → findings and events."""
    edges: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Column → relation to the object of that kind which the cell names."""
    worded: bool = False
    """No cell holds a blank: rows are cut at every blank, for columns that may stand one blank apart."""


def keep(reading: Reading, listing: Listing, rows: Iterable[Row]) -> None:
    """Make objects of rows and judge them."""
    taken: set[str] = set()
    for row in rows:
        name = ":".join(part for column in listing.names if (part := row.get(column)) not in BLANK)
        name = (name or next(iter(row.cells.values()), ""))[:200] or f"line-{row.line}"
        name = f"{name}@{row.line}" if name in taken else name
        taken.add(name)
        fields = {keyed(column): cell for column, cell in row.cells.items() if cell not in BLANK}
        subject = reading.observe(listing.kind, name, row.line, fields)
        for column, (relation, kind) in listing.edges.items():
            if row.get(column) not in BLANK:
                reading.relate(subject, relation, f"{kind}/{row.get(column)}", row.line)
        if listing.judge:
            listing.judge(reading, row, subject)


def keyed(column: str) -> str:
    """Return a column name as the name of a field: lower case, words joined by `_`."""
    return UNKEYED.sub("_", column.lower().replace("%", " percent")).strip("_")


def unhealthy(reading: Reading, row: Row, subject: str, severity: float, reason: str, /, **facts: Fact) -> None:
    """Find that the object of a row is not in order."""
    reading.find("unhealthy_object", subject, row.line, severity, f"{subject} is {reason}", reason=reason, **facts)
