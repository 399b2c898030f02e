"""The tables of all commands whose columns are known, and where they stand in a text."""

from __future__ import annotations

from domain.evidence.commands.containers import listings as containers
from domain.evidence.commands.deliveries import releases
from domain.evidence.commands.kubernetes import rollouts as kubectl_rollouts
from domain.evidence.commands.listings import Listing, keep
from domain.evidence.commands.stores import queues, quorums, search_nodes
from domain.evidence.reading import Reading
from domain.evidence.structure import tables
from domain.evidence.structure.tables import Row

LISTINGS: tuple[Listing, ...] = (
    *containers.LISTINGS,
    *releases.LISTINGS,
    *kubectl_rollouts.LISTINGS,
    *queues.LISTINGS,
    *search_nodes.LISTINGS,
    *quorums.LISTINGS,
)
WIDEST = 2_000
"""Characters of the longest line that may name columns."""


def of(names: set[str]) -> Listing | None:
    """Return the listing that has these columns, the one with most marks first."""
    fitting = [one for one in LISTINGS if one.marks <= names]
    return max(fitting, key=lambda one: len(one.marks), default=None)


def read(reading: Reading, first: int, last: int) -> int:
    """Read every known table between two lines; return how many lines were understood."""
    understood, number = 0, first
    while number <= last:
        listing = _headed(reading.line(number))
        if listing:
            rows = _rows(reading, listing, (number, last))
            keep(reading, listing, rows)
            end = max([number, *(row.line for row in rows)])
            understood += end - number + 1
            number = end
        number += 1
    return understood


def _headed(line: str) -> Listing | None:
    if len(line) > WIDEST:
        return None
    return of({name for name, _ in tables.columns(line)}) or next(
        (one for one in LISTINGS if one.worded and one.marks <= set(line.split())), None
    )


def _rows(reading: Reading, listing: Listing, span: tuple[int, int]) -> list[Row]:
    header, last = span
    if not listing.worded:
        return tables.under(reading.lines, header, last)
    names = reading.line(header).split()
    rows = []
    for number in range(header + 1, last + 1):
        cells = reading.head(number).split()
        if not cells:
            break
        rows.append(Row(line=number, cells=dict(zip(names, cells, strict=False))))
    return rows
