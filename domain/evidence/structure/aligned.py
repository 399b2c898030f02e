"""Tables that nobody described: columns found by the gutters of blanks that run through header and rows alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from domain.evidence.structure.tables import Row

NAME = re.compile(r"^[A-Za-z%#_(\[/][\w%#()\[\]/.:+\- ]{0,60}$")
"""A column's name."""
TYPED = re.compile(
    r"^[-+]?\d[\d.,:/\-]*\s?(?:%|[A-Za-zµ]{1,6}(?:/s)?)?$|^(?:[\da-f]{1,4}:){2,}[\da-f]{0,4}\S*$|^(?:-|\?|n/a|none|yes|no|true|false|on|off)$",
    re.IGNORECASE,
)
"""A cell that is a number, a size, a time, an address or a switch."""
ROWS = 400
"""Rows by which the gutters are found; those below follow them."""
WIDTH = 1_000
"""Characters of a line in which gutters are looked for."""
COLUMNS, TABLE = 3, 3
"""Fewest columns, and lines with the header, of a table."""
SHARE = 0.6
"""Share of a column's cells that must be typed for the column to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header and what stands below it."""

    header: int
    rows: tuple[Row, ...]


def tables(lines: Sequence[str], first: int, last: int) -> Iterator[Table]:
    """Yield every table between two lines (from 1); a blank line ends one."""
    filled = ((bool(lines[number - 1].strip()), number) for number in range(first, last + 1))
    for is_filled, group in groupby(filled, key=itemgetter(0)):
        if is_filled and (found := _table(lines, [number for _, number in group])):
            yield found


def share(lines: Sequence[str]) -> float:
    """Return the share of filled lines that stand in tables."""
    seen = sum(len(one.rows) + 1 for one in tables(lines, 1, len(lines)))
    return seen / max(1, sum(bool(line.strip()) for line in lines))


def _table(lines: Sequence[str], block: list[int]) -> Table | None:
    """Return the table that a block of lines is, None where it is none."""
    if len(block) < TABLE or lines[block[0] - 1].lstrip().startswith(("#", "//", "<", "{", "[", "-", "|", "+")):
        return None
    wide = [lines[number - 1][:WIDTH].expandtabs() for number in block]
    spans = _columns(wide)
    if len(spans) < COLUMNS or not all(NAME.match(_cell(wide[0], span)) for span in spans):
        return None
    names = _names([_cell(wide[0], span) for span in spans])
    rows = tuple(
        Row(line=number, cells={name: _cell(text, span) for name, span in zip(names, spans, strict=True)})
        for number, text in zip(block[1:], wide[1:], strict=True)
    )
    return Table(header=block[0], rows=rows) if _typed(rows, names) else None


def _names(said: list[str]) -> list[str]:
    """Return names that differ."""
    return [name if name not in said[:n] else f"{name}.{n + 1}" for n, name in enumerate(said)]


def _columns(wide: list[str]) -> list[tuple[int, int]]:
    """Return first and last place of each column; one that the header does not name belongs to the one before it."""
    size = min(WIDTH, max(map(len, wide)))
    used = bytearray(size)
    for text in wide[:ROWS]:
        for word in re.finditer(r"\S+", text[:size]):
            used[word.start() : word.end()] = b"\x01" * (word.end() - word.start())
    spans: list[tuple[int, int]] = []
    for found in re.finditer(rb"\x01+", bytes(used)):
        if spans and not wide[0][found.start() : found.end()].strip():
            spans[-1] = (spans[-1][0], found.end())
        else:
            spans.append((found.start(), found.end()))
    return [*spans[:-1], (spans[-1][0], WIDTH)] if spans else []


def _cell(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]].strip()


def _typed(rows: tuple[Row, ...], names: list[str]) -> bool:
    """Return whether some column holds numbers or switches below a name that is none; words over words are prose."""
    looked = rows[:ROWS]
    for name in names:
        cells = [row.cells[name] for row in looked]
        if not TYPED.match(name) and sum(bool(TYPED.match(cell)) for cell in cells) >= SHARE * len(cells):
            return True
    return False
