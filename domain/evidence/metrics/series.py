"""One numeric series as a document holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.evidence import ages
from domain.evidence.structure.trees import numeric

SERIES, POINTS = 2_000, 200_000
"""Kept per file, and of one series (evidence.md 14)."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Series:
    """One series in the order of time; missing values are None."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    times: list[datetime | None] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of each value."""
    head: int = 0
    """The line of the name, where it is another one."""
    counter: bool = False
    """True where the document says that it only grows."""
    rated: bool = False
    """True once a counter was turned into its rate."""

    def add(self, line: int, time: datetime | None, value: float | None) -> None:
        """Append one point, up to the bound."""
        if len(self.values) < POINTS:
            self.lines.append(line)
            self.times.append(time)
            self.values.append(value)

    @property
    def title(self) -> str:
        """Name and labels in one text, equal only for the same series."""
        labels = ",".join(f"{key}={value}" for key, value in sorted(self.labels.items()) if value != self.name)
        return f"{self.name}{{{labels}}}" if labels else self.name


def moment(text: str) -> datetime | None:
    """Return a time from ISO 8601 or from a count of seconds, milli-, micro- or nanoseconds since 1970."""
    number = numeric(text.strip())
    if number is None:
        return ages.date(text) or _spoken(text)
    for unit in (1.0, 1e3, 1e6, 1e9):
        if 6e8 < number / unit < 5e9:
            return EPOCH + timedelta(seconds=number / unit)
    return None


def _spoken(text: str) -> datetime | None:
    """Return a date with slashes, year first or, as American exports write it, month first."""
    date, _, clock = text.strip().strip('"').partition(" ")
    parts = date.split("/")
    if len(parts) != 3:
        return None
    year, month, day = parts if len(parts[0]) == 4 else (parts[2], parts[0], parts[1])
    return ages.date(f"{year}-{month:0>2}-{day:0>2}{f' {clock}' if clock else ''}")


def seconds(one: Series) -> Floats:
    """Return the times of all points in seconds since the epoch, NaN where a point has none; shape (n,)."""
    return np.array([np.nan if time is None else time.timestamp() for time in one.times], dtype=np.float64)


def in_order(one: Series) -> Series:
    """Return the series sorted by time where every point has one; exports may come in any order."""
    known = [time for time in one.times if time is not None]
    if len(known) < len(one.times) or all(a <= b for a, b in pairwise(known)):
        return one
    order = sorted(range(len(known)), key=known.__getitem__)
    one.times = [one.times[n] for n in order]
    one.values = [one.values[n] for n in order]
    one.lines = [one.lines[n] for n in order]
    return one
