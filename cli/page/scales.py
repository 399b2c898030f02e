"""Axes: where a value lies on a drawing, and which marks people can read there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

STEPS_S = (1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000)
"""Distances between marks of time that people count in, in seconds."""
MARKS = 8
"""Most marks of one axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on an axis with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A straight axis: `low` is drawn at `first`, `high` at `last`."""

    low: float
    high: float
    first: float
    last: float

    def at(self, value: float) -> float:
        """Where a value is drawn, within the axis, to a tenth of a unit."""
        span = self.high - self.low
        share = 0.5 if span <= 0 else min(1.0, max(0.0, (value - self.low) / span))
        return round(self.first + share * (self.last - self.first), 1)


def time_marks(scale: Scale) -> tuple[Mark, ...]:
    """Return round times of day, at most eight, in UTC."""
    span = scale.high - scale.low
    step = next((one for one in STEPS_S if span / one <= MARKS), STEPS_S[-1])
    start = -(-scale.low // step) * step
    places = [start + step * number for number in range(MARKS + 1) if start + step * number <= scale.high]
    return tuple(Mark(at=scale.at(place), label=clock(place, step)) for place in places)


def clock(seconds: float, step: float = 1.0) -> str:
    """Return a time in UTC, only as fine as `step` seconds need."""
    form = "%Y-%m-%d" if step >= 86_400 else "%H:%M" if step >= 60 else "%H:%M:%S"
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


def moment(seconds: float) -> str:
    """Return date and time in UTC for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def number(value: float) -> str:
    """Return a number short enough for an axis: 950, 1.2 k, 3.4 M."""
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {letter}"
    return f"{value:.3g}"
