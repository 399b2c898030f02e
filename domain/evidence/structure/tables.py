"""Tables that programs print: aligned columns under a header, with or without a rule of dashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

RULE = re.compile(r"^\s*-{2,}(?:\s+-{2,})*\s*$")
"""The line of dashes that `describe` prints under column names."""
NAMES = re.compile(r"\S+(?: \S+)*")
"""Column names: words with single blanks between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table, by column name."""

    line: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """Return the first of these cells that is there and not empty."""
        return next((self.cells[n] for n in names if self.cells.get(n)), "")


def columns(header: str) -> list[tuple[str, int]]:
    """Return (name, offset) of each column; a tab counts as a border."""
    wide = header.replace("\t", "  ")
    return [(m.group(), m.start()) for m in NAMES.finditer(wide)]


def cells(line: str, heads: list[tuple[str, int]]) -> Mapping[str, str]:
    """Return the cells under the column heads; a row that lost its alignment is split at wide gaps."""
    wide = line.replace("\t", "  ")
    borders = [start for _, start in heads[1:]]
    aligned = all(at > len(wide) or wide[at - 1] == " " for at in borders)
    if not aligned:
        parts = re.split(r"\s{2,}", wide.strip())
        return dict(zip((name for name, _ in heads), parts, strict=False))
    spans = pairwise([*(start for _, start in heads), len(wide) + 1])
    first = heads[0][1]
    ends = list(spans)
    texts = [wide[start if start > first else 0 : end].strip() for start, end in ends]
    return dict(zip((name for name, _ in heads), texts, strict=True))


def under(lines: tuple[str, ...], header: int, last: int) -> list[Row]:
    """Return the rows below the header line (numbers from 1) until a blank line or `last`; a rule of dashes is skipped."""
    heads = columns(lines[header - 1])
    rows: list[Row] = []
    for number in range(header + 1, last + 1):
        line = lines[number - 1]
        if RULE.match(line):
            continue
        if not line.strip() or not heads:
            break
        rows.append(Row(line=number, cells=cells(line, heads)))
    return rows
