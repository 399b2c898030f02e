"""Changes of level: how far each series moved, in which order, and what they were measured on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.metrics.series import Series, measured, seconds

SHIFTED = 4.0
"""Robust scales from which on a shift is a finding."""
EACH = 3
"""Shifts told of one series, the strongest ones."""
TOGETHER_S = 60.0
"""Changes within a minute, or two steps of the clock where it is slower, are one (evidence.md 11.6)."""
SHORT = 30
"""Points below which a past is too short to know its scale."""
RUNS = 8
"""Values that must be held one after another to tell how long a value is held: dashboards write down each second what is scraped each minute."""
DAY_S = 86_400.0
DAYS = 4
"""Days a series must cover before its usual day is taken off it (evidence.md 10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A change of level of one series."""

    series: Series
    index: int
    before: float
    after: float
    score: float

    @property
    def time(self) -> datetime | None:
        """When the new level begins."""
        return self.series.when(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """A series with the places at which a new level begins, and the shifts among them that count."""

    series: Series
    values: Values
    points: tuple[int, ...]
    shifts: tuple[Shift, ...]
    """In order of time."""

    @property
    def moved(self) -> float:
        """The largest shift in robust scales, 0 for a steady series."""
        return max((abs(one.score) for one in self.shifts), default=0.0)


def levels(one: Series) -> Levels:
    """Return where a series changes its level; the usual day is taken off first where it is known from four days."""
    values = changes.clean(measured(one))
    usual = changes.without_cycle(values, _day(one))
    points = _points(usual)
    edges = (0, *points, len(values))
    found: list[Shift] = []
    for (start, point), end in zip(pairwise(edges[:-1]), edges[2:], strict=True):
        before, after = float(np.median(values[start:point])), float(np.median(values[point:end]))
        moved = float(np.median(usual[point:end]) - np.median(usual[start:point]))
        score = moved / _scale(usual[:point], usual[point:end])
        if abs(score) >= SHIFTED:
            found.append(Shift(series=one, index=point, before=before, after=after, score=score))
    strongest = sorted(found, key=lambda s: -abs(s.score))[:EACH]
    return Levels(series=one, values=values, points=points, shifts=tuple(sorted(strongest, key=lambda s: s.index)))


def _scale(before: Values, after: Values) -> float:
    """Return the scale of everything before a change; a short past says little of it, then the new level counts, too."""
    usual = changes.scale(before)
    return max(usual, changes.scale(after)) if len(before) < SHORT else usual


def _points(values: Values) -> tuple[int, ...]:
    """Return where a new level begins; of a value that is written down again and again until the next one is known, one counts."""
    held = _held(values)
    if held < 2:
        return changes.change_points(values)
    rough = (held * point for point in changes.change_points(values[::held]))
    steps = np.abs(np.diff(values))
    return tuple(sorted({point - held + 1 + int(np.argmax(steps[point - held : point])) for point in rough}))


def _held(values: Values) -> int:
    """Return how many points a value is usually held, 1 where too few values tell."""
    starts = np.flatnonzero(np.diff(values)) + 1
    return int(np.median(np.diff(starts))) if len(starts) >= RUNS else 1


def _day(one: Series) -> int:
    """Return how many points make a day, 0 where fewer than four days are known or the clock is not even."""
    at = seconds(one)
    if len(at) < 2 * DAYS or not np.isfinite(at).all() or at[-1] - at[0] < DAYS * DAY_S:
        return 0
    step = float(np.median(np.diff(at)))
    even = step > 0 and abs((at[-1] - at[0]) / step - (len(at) - 1)) < 0.02 * len(at)
    return round(DAY_S / step) if even else 0


def ordered(found: Sequence[Levels]) -> list[list[Shift]]:
    """Return the first shift of every series in groups that move together, earliest group first; series without times are left out."""
    timed = [(moved, one.series) for one in found for moved in one.shifts[:1] if moved.time]
    if not timed:
        return []
    step = max(_step(one) for _, one in timed)
    groups: list[list[Shift]] = []
    for moved, _ in sorted(timed, key=lambda pair: (pair[0].time, -abs(pair[0].score), pair[1].title)):
        if groups and _apart(groups[-1][0], moved) <= max(TOGETHER_S, 2 * step):
            groups[-1].append(moved)
        else:
            groups.append([moved])
    return groups


def main(groups: Sequence[Sequence[Shift]]) -> Sequence[Shift]:
    """Return the group that moved most: by how many series and how far, doublings of a shift counted, the earliest of equals."""
    return max(groups, key=lambda group: sum(math.log2(abs(one.score) / SHIFTED) + 1 for one in group))


def strongest(groups: Sequence[Sequence[Shift]]) -> Shift:
    """Return the furthest shift of the group that moved most."""
    return max(main(groups), key=lambda one: abs(one.score))


def _apart(first: Shift, second: Shift) -> float:
    return (second.time - first.time).total_seconds() if first.time and second.time else 0.0


def _step(one: Series) -> float:
    """Return the usual seconds between two points."""
    at = seconds(one)
    spans = np.diff(at[np.isfinite(at)])
    return float(np.median(spans)) if len(spans) else 0.0
