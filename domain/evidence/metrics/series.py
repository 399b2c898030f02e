"""One numeric series as a document holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from domain.evidence import ages
from domain.evidence.reading import beginning
from domain.evidence.structure.trees import numeric

SERIES, POINTS = 2_000, 200_000
"""Kept per file, and of one series (evidence.md 14)."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DATES = 400
"""Lines in which the zone of a document's dates is looked for."""
DATE = re.compile(
    r"(?<![\d:.-])(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}/\d{1,2}/\d{4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?"
    r"(?P<zone> ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?(?![\d-])"
)

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Series:
    """One series in the order of time; missing values are None."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    times: list[float | None] = field(default_factory=list)
    """Seconds since the epoch."""
    values: list[float | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of each value."""
    head: int = 0
    """The line of the name, where it is another one."""
    counter: bool = False
    """True where the document says that it only grows."""
    rated: bool = False
    """True once a counter was turned into its rate."""
    stamps: Floats | None = field(default=None, init=False, repr=False, compare=False)
    """The times as an array, once it was asked for."""
    amounts: Floats | None = field(default=None, init=False, repr=False, compare=False)
    """The values as an array, once it was asked for."""

    def add(self, line: int, time: float | None, value: float | None) -> None:
        """Append one point, up to the bound."""
        if len(self.values) < POINTS:
            self.lines.append(line)
            self.times.append(time)
            self.values.append(value)

    def when(self, index: int) -> datetime | None:
        """Return the time of a point."""
        return instant(self.times[index])

    @property
    def title(self) -> str:
        """Name and labels in one text, equal only for the same series."""
        labels = ",".join(f"{key}={value}" for key, value in sorted(self.labels.items()) if value != self.name)
        return f"{self.name}{{{labels}}}" if labels else self.name


UNITS = (1.0, 1e3, 1e6, 1e9)
"""Counts in a second: seconds, milli-, micro- and nanoseconds."""
EARLIEST, LATEST = 6e8, 5e9
"""Seconds since the epoch between which a number may be a time: 1989 to 2128."""


@lru_cache(maxsize=4_096)
def moment(text: str) -> float | None:
    """Return a time in seconds since the epoch, from ISO 8601 or from a count of seconds, milli-, micro- or nanoseconds."""
    number = numeric(text.strip())
    if number is None:
        date = ages.date(text) or _spoken(text)
        return date.timestamp() if date else None
    return next((number / unit for unit in UNITS if EARLIEST < number / unit < LATEST), None)


def moments(texts: Sequence[str]) -> list[float | None]:
    """Return the times of many texts, all at once where every one is a count of the same unit."""
    numbers = floats(texts)
    if numbers is None:
        return list(map(moment, texts))
    for unit in UNITS:
        scaled = numbers / unit
        if ((scaled > EARLIEST) & (scaled < LATEST)).all():
            return list(scaled.tolist())
    return list(map(moment, texts))


def zone_assumed(lines: Sequence[str]) -> bool:
    """Tell whether the dates of a document name no zone: times are then taken for UTC (evidence.md 11.1)."""
    found = [match["zone"] for line in lines[:DATES] for match in DATE.finditer(beginning(line))]
    return bool(found) and not any(found)


def numbers(texts: Sequence[str]) -> list[float | None]:
    """Return the numbers in many texts, all at once where every one is a number."""
    found = floats(texts)
    return list(map(numeric, texts)) if found is None else listed(found)


def floats(texts: Sequence[str]) -> Floats | None:
    """Return the numbers in many texts, None where one is no number."""
    try:
        return np.array(list(map(float, texts)), dtype=np.float64)
    except ValueError:
        return None


def listed(found: Floats) -> list[float | None]:
    """Return numbers as a list, None in the place of what is not finite."""
    good = np.isfinite(found)
    if good.all():
        return list(found.tolist())
    return [value if ok else None for value, ok in zip(found.tolist(), good.tolist(), strict=True)]


def instant(time: float | None) -> datetime | None:
    """Return seconds since the epoch as a time, to the microsecond."""
    return None if time is None else EPOCH + timedelta(seconds=time)


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
    if one.stamps is None or len(one.stamps) != len(one.times):
        one.stamps = np.array(one.times, dtype=np.float64)
    return one.stamps


def measured(one: Series) -> Floats:
    """Return the values of all points, NaN where a point has none; shape (n,)."""
    if one.amounts is None or len(one.amounts) != len(one.values):
        one.amounts = np.array(one.values, dtype=np.float64)
    return one.amounts


def in_order(one: Series) -> Series:
    """Return the series sorted by time where every point has one; exports may come in any order."""
    at = seconds(one)
    if not np.isfinite(at).all() or (np.diff(at) >= 0).all():
        return one
    order = np.argsort(at, kind="stable").tolist()
    one.times, one.stamps = [one.times[n] for n in order], None
    one.values, one.amounts = [one.values[n] for n in order], None
    one.lines = [one.lines[n] for n in order]
    return one
