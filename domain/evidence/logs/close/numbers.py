"""What the words of a column are: numbers, names of a few, ids that hardly come twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.evidence.logs.close.kept import Kept

NAMES = 64
"""Different words of a column at most that are names of something."""
TWICE = 2
"""Times that each name stands there on average at least."""
UNIQUE = 0.9
"""Share of different words from which on they are ids."""
_EDGES = b",:;.#"
_UNITS = b"%abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Series:
    """Numbers of one column, of all lines of a kind or of those that name one thing."""

    kept: Kept
    column: int
    name: str
    lines: Sequence[int]
    values: Sequence[float]
    limit: float | None = None
    """What a value can be at most, where that is said: a hundred percent, or the second part of 3/40."""


def numbers(kept: Kept, column: int) -> Series | None:
    """Return the column as numbers, where all its words are."""
    if not any(map(str.isdigit, kept.columns[column][0].decode("utf-8", "replace"))):
        return None
    words = [word.strip(_EDGES) for word in kept.columns[column]]
    parts = [word.partition(b"/") for word in words] if b"/" in words[0] else None
    limits = {part[2] for part in parts} if parts else set()
    if parts and len(limits) == 1:
        words = [part[0] for part in parts]
    try:
        values = [float(word.rstrip(_UNITS)) for word in words]
        limit = float(limits.pop()) if len(limits) == 1 else 100.0 if words[0].endswith(b"%") else None
    except ValueError:
        return None
    return Series(kept=kept, column=column, name="", lines=kept.lines, values=values, limit=limit)


def varying(kept: Kept) -> Iterator[int]:
    """Return the columns that hold more than one word."""
    return (place for place, seen in enumerate(kept.distinct) if len(seen) > 1)


def is_names(kept: Kept, column: int) -> bool:
    """True where a column names one of a few."""
    return 1 < len(kept.distinct[column]) <= min(NAMES, len(kept.lines) // TWICE)


def is_ids(kept: Kept, column: int) -> bool:
    """True where hardly a word comes twice."""
    return len(kept.distinct[column]) >= UNIQUE * len(kept.lines)


def by_name(series: Series, names: int) -> Iterator[Series]:
    """Return the numbers of each thing that another column names."""
    found: dict[bytes, tuple[list[int], list[float]]] = {}
    for name, line, value in zip(series.kept.columns[names], series.lines, series.values, strict=True):
        lines, values = found.setdefault(name, ([], []))
        lines.append(line)
        values.append(value)
    for name, (lines, values) in found.items():
        yield Series(
            kept=series.kept,
            column=series.column,
            name=name.decode("utf-8", "replace"),
            lines=lines,
            values=values,
            limit=series.limit,
        )
