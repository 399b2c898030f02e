"""Tables that an API answers as JSON: lists of flat maps, or of cells below the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.evidence.commands import known_tables
from domain.evidence.commands.listings import Listing, keep
from domain.evidence.commands.stores import sessions, sql_results
from domain.evidence.reading import Reading
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.tables import Row
from domain.evidence.structure.trees import Node, said

COLUMNS = ("columns", "column_names", "fields", "schema")
ROWS = ("rows", "data", "values", "results")
"""Where interfaces of databases put the names of columns, and the cells below them."""

HELD = re.compile(r"(?i)idle in transaction|\block|waiting for|blocked")


def read(reading: Reading, roots: tuple[Node, ...]) -> int:
    """Read every table of a document whose columns are known, as a client would have printed it; return how many rows there were."""
    return sum(_table(reading, rows) for root in roots for rows in _tables(root) if rows)


def _tables(root: Node) -> Iterator[list[Row]]:
    for _, node in sought(root, _may_be_table):
        if node.shape == "map":
            yield list(_below_names(node))
        elif (first := next(node.branches(), None)) and _known(set(_cells(first[1]))):
            yield [Row(line=_line(item), cells=_cells(item)) for item in node.items if item.shape == "map"]


def _may_be_table(_: str, raw: Nest) -> bool:
    """Return whether a list begins with a map, or a map names columns."""
    if isinstance(raw, dict):
        return any(name in raw for name in COLUMNS) and any(isinstance(raw.get(name), list) for name in ROWS)
    return bool(raw) and isinstance(raw[0], dict)


def _line(item: Node) -> int:
    """Return the line that tells most of a row: that it waits or holds, else what it does."""
    named = (child for name in sessions.STATEMENTS if (child := item.get(name)))
    return _told([child for _, child in item.fields], next(named, item)).line


def _told(cells: Sequence[Node], otherwise: Node) -> Node:
    return next((cell for cell in cells if isinstance(cell.value, str) and HELD.search(cell.value)), otherwise)


def _cells(item: Node) -> dict[str, str]:
    return {name.lower(): said(value) for name, value in item.scalars()}


def _below_names(node: Node) -> Iterator[Row]:
    """Yield the rows of cells of a map that names its columns beside them."""
    heads = next((found for name in COLUMNS if (found := node.get(name))), None)
    rows = next((found for name in ROWS if (found := node.get(name)) and found.shape == "list"), None)
    if heads is None or rows is None:
        return
    names = [said(head.value) if head.shape == "scalar" else head.text("name") for head in heads.items]
    for row in rows.items:
        if row.shape == "list" and len(row.items) == len(names):
            yield Row(line=_told(row.items, row).line, cells=sql_results.lowered(names, [said(cell.value) for cell in row.items]))


def _table(reading: Reading, rows: list[Row]) -> int:
    listing = _known(set(rows[0].cells))
    if listing is None:
        return 0
    sessions.aged(reading, rows)
    keep(reading, listing, rows)
    sessions.together(reading, rows)
    return len(rows)


def _known(names: set[str]) -> Listing | None:
    return next((one for one in sql_results.LISTINGS if one.marks <= names), None) or known_tables.of(names)
