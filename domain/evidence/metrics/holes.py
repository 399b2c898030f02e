"""What a series does not say: gaps in its clock, and values that no longer change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from domain.evidence.metrics.names import owner
from domain.evidence.metrics.series import Series, measured, seconds
from domain.evidence.reading import Fact, Reading

GAP, POINTS = 5.0, 3
"""A gap is longer than five usual steps; at least so many points say what is usual."""
STUCK, VARIED = 10, 0.8
"""Equal values at the end that make a series stuck, and the share of steps before them that must have changed it."""
TOP = 10
"""Findings of each sort."""


def find(reading: Reading, found: Sequence[Series]) -> None:
    """Find gaps, told once for all series that share them, and series that are stuck."""
    shared: dict[tuple[datetime, datetime], list[tuple[Series, int]]] = {}
    for one in found:
        for index in _gaps(one):
            before, after = one.when(index - 1), one.when(index)
            if before and after:
                shared.setdefault((before, after), []).append((one, index))
    for (before, after), members in sorted(shared.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:TOP]:
        _gap(reading, before, after, members)
    stuck = [(one, index) for one in found if (index := _stuck(one))]
    for one, index in stuck[:TOP]:
        _still(reading, one, index)


def _gaps(one: Series) -> list[int]:
    """Return the places behind gaps: where the clock jumps, missing values counted as no points."""
    at = seconds(one)
    kept = np.flatnonzero(~np.isnan(measured(one)))
    if len(kept) < POINTS + 2 or not np.isfinite(at).all():
        return []
    spans = np.diff(at[kept])
    wide = np.flatnonzero(spans > GAP * max(float(np.median(spans)), 1e-9))
    return [int(kept[n + 1]) for n in wide] if len(wide) <= POINTS else []


def _gap(reading: Reading, before: datetime, after: datetime, members: list[tuple[Series, int]]) -> None:
    one, index = members[0]
    where = one.name if len(members) == 1 else f"{len(members)} series"
    length = (after - before).total_seconds()
    facts: dict[str, Fact] = {
        "metric": one.name,
        "seconds": length,
        "series": float(len(members)),
        "time": before,
        "last_time": after,
    }
    statement = f"no data of {where} for {after - before} from {before.isoformat()}"
    reading.find("silence", owner(one) if len(members) == 1 else "", one.lines[index], 2.5, statement, **facts)


def _stuck(one: Series) -> int:
    """Return the place from which on a series that used to vary has one value to its end, 0 where it does not."""
    values = measured(one)
    if len(values) < 3 * STUCK or np.isnan(values).any():
        return 0
    moved = np.diff(values) != 0
    last = int(np.flatnonzero(moved)[-1]) + 1 if moved.any() else 0
    still = len(values) - last
    varied = moved[:last].mean() >= VARIED if last >= 2 * STUCK else False
    return last if varied and still >= STUCK and values[last] not in {0.0, values.max(), values.min()} else 0


def _still(reading: Reading, one: Series, index: int) -> None:
    count, value = len(one.values) - index, one.values[index] or 0.0
    facts: dict[str, Fact] = {"metric": one.name, "value": value, "points": float(count), "reason": "flat line"}
    if time := one.when(index):
        facts["time"] = time
    reading.find(
        "silence", owner(one), one.lines[index], 2.0, f"{one.name} no longer changes: {value:.4g} for {count} points", **facts
    )
