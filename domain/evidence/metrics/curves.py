"""Series thinned for showing: whole shape, real points, places of new levels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.evidence.metrics.names import unit
from domain.evidence.metrics.series import Floats, Series, measured, seconds
from domain.evidence.values import Citation, Curve

CURVES, POINTS = 100, 480
"""Shown of one document, and of one series; `Analysis.curves` promises them."""
NAMED = 64
"""Labels of one curve."""

Places = NDArray[np.int64]


def curve(one: Series, points: tuple[int, ...], evidence: str) -> Curve | None:
    """Return a series as a curve, None where it has no two points; `points` are places in its values where a new level begins."""
    times, kept = _axis(one)
    if len(kept) < 2:
        return None
    values = measured(one)[kept]
    shown = thinned(values)
    places = np.searchsorted(kept[shown], np.array(points, dtype=np.int64))
    return Curve(
        name=one.name,
        labels=dict(list(one.labels.items())[:NAMED]),
        unit=unit(one),
        times=tuple(times[kept[shown]].tolist()),
        values=tuple(values[shown].tolist()),
        changes=tuple(sorted({int(place) for place in places if place < len(shown)})),
        citation=Citation(evidence=evidence, first=min(one.lines), last=max(one.lines)),
    )


def _axis(one: Series) -> tuple[Floats, Places]:
    """Return the times of all points and the places of those that have a time and a value; point numbers where times are missing."""
    times = seconds(one)
    good = ~np.isnan(measured(one))
    timed = np.isfinite(times)
    if timed.sum() < 0.5 * len(times):
        times, timed = np.arange(1.0, len(times) + 1), np.ones(len(times), dtype=bool)
    places = np.flatnonzero(good & timed)
    rises = np.diff(times[places], prepend=-np.inf) > 0
    return times, places[rises]


def thinned(values: Floats) -> Places:
    """Return the places of at most 480 points: of each of 160 stretches the points of its minimum, median and maximum, in their order."""
    if len(values) <= POINTS:
        return np.arange(len(values))
    kept: list[int] = []
    edges = np.linspace(0, len(values), POINTS // 3 + 1).astype(np.int64)
    for start, end in pairwise(edges):
        order = np.argsort(values[start:end], kind="stable")
        kept += sorted({int(start + order[0]), int(start + order[len(order) // 2]), int(start + order[-1])})
    return np.array(kept, dtype=np.int64)
