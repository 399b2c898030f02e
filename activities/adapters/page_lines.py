"""Lines of a document as they are gathered, each paragraph with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.evidence.extracts import Extract, Place

CHARACTERS = 4_000_000
"""Text kept of one document: some 2,000 pages; an analysis is stored with it."""
CELL = 120
"""Characters of a table's cell that keep their column."""
BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Controls and marks without a shape, which hide words from readers and from rules."""


@dataclass(slots=True)
class PageLines:
    """Grows paragraph by paragraph; `full` once the bound is reached."""

    lines: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    characters: int = 0

    @property
    def full(self) -> bool:
        """Whether nothing more is taken."""
        return self.characters >= CHARACTERS

    def add(self, text: str, label: str, *, confidence: float = 1.0, hidden: bool = False) -> bool:
        """Take a paragraph of one or more lines and a blank one behind it; return whether it held anything."""
        rows = [row.rstrip() for row in UNSEEN.sub("", BREAKS.sub("\n", text)).strip("\n").split("\n")]
        if not any(rows) or self.full:
            return False
        self.places.append(Place(first=len(self.lines) + 1, label=label, confidence=confidence, hidden=hidden))
        self.lines += [*rows, ""]
        self.characters += sum(len(row) + 1 for row in rows)
        return True

    def extract(self, by: str, share: float = 1.0) -> Extract:
        """Return everything that was taken."""
        notes = (*self.notes, *((f"text beyond {CHARACTERS:,} characters was left out",) if self.full else ()))
        text = "\n".join(self.lines)[:CHARACTERS]
        return Extract(text=text, places=tuple(self.places), by=by, notes=notes, share_read=share if text else 0.0)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return a table as lines whose cells begin in the same column, two blanks or more apart."""
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    count = max(map(len, cells), default=0)
    widths = [max((min(CELL, len(row[n])) for row in cells if n < len(row)), default=0) for n in range(count)]
    return "\n".join("  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in cells)
