"""Limits: shares that are full, levels that cannot rise, what runs out or fills up, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.metrics.names import FREE, PERCENT, owner, resource
from domain.evidence.metrics.series import Series, measured, seconds
from domain.evidence.reading import Fact, Reading

FULL = 0.95
"""Share of a limit at which a resource counts as used up."""
SOON = 0.5
"""Of the time looked at: what runs out within that much more is at its limit."""
USED = re.compile(r"(?i)(?<![a-z])(?:in_?use|used|usage|working_set|active|current|open|allocated|resident|busy)(?![a-z])")
LIMIT = re.compile(r"(?i)(?<![a-z])(?:limits?|max|maximum|capacity|quota|size|total)(?![a-z])")
"""The word that tells a use from its limit in two names that are otherwise equal: `disk_used_bytes`, `disk_capacity_bytes`."""
NOISE = re.compile(r"(?i)(?<![a-z])(?:spec|kube|resource|bytes|seconds|total)(?![a-z])|[_.\-\s]")
PLATEAU, RISE = 0.1, 1.2
"""Share of the points that must stand on a learnt limit, and how far above the usual it must lie."""
BLOCKS, GROWTH = 8, 0.2
"""Parts of a series whose medians must all rise, by a fifth of the first altogether, for a steady growth."""
GROWS = re.compile(
    r"(?i)mem|heap|rss|disk|storage|connection|sessions?\b|sockets?|threads?|goroutines?|fds?\b|files?\b|lag|backlog|queue"
)
"""Names of what should not grow without end."""


def find(reading: Reading, found: Sequence[Series], most: int) -> None:
    """Find what is at its limit or on its way there, at most `most` findings in all."""
    known = _known(found)
    for one in found:
        if len(reading.findings) >= most:
            return
        values = changes.clean(measured(one))
        if not (_share(reading, one, values) or _of_limit(reading, one, values, known)):
            _plateau(reading, one, values)
            _grows(reading, one, values)
        _runs_out(reading, one, values) or _ran_out(reading, one, values)


def _known(found: Sequence[Series]) -> Mapping[tuple[str, str], Series]:
    """Return the series that state a limit, by what they limit and on what."""
    return {(_stem(one, LIMIT), owner(one)): one for one in found if LIMIT.search(one.name) and not USED.search(one.name)}


def _stem(one: Series, word: re.Pattern[str]) -> str:
    return NOISE.sub("", word.sub("", one.name, count=1)).lower()


def _share(reading: Reading, one: Series, values: Values) -> bool:
    """Find a share that stays at its limit."""
    if len(values) < 3 or not (PERCENT.search(one.name) or one.unit.lower() in {"percent", "%", "percentunit"}):
        return False
    most = float(values.max())
    limit = 1.0 if most <= 1.0 else 100.0
    high = values >= FULL * limit
    if most > 1.05 * limit or FREE.search(one.name) or high.sum() < max(2, 0.1 * len(values)):
        return False
    _full(reading, one, int(np.argmax(high)), most, limit)
    return True


def _of_limit(reading: Reading, one: Series, values: Values, known: Mapping[tuple[str, str], Series]) -> bool:
    """Find a use that reaches the limit another series states."""
    limit = known.get((_stem(one, USED), owner(one))) if USED.search(one.name) else None
    if limit is None or limit is one or not len(values):
        return False
    bound = float(np.median(changes.clean(measured(limit)))) if limit.values else 0.0
    high = values >= FULL * bound
    if bound <= 0 or high.sum() < min(2, len(values)) or float(values.max()) > 1.05 * bound:
        return False
    _full(reading, one, int(np.argmax(high)), float(values.max()), bound)
    reading.also(limit.lines[0])
    return True


def _full(reading: Reading, one: Series, index: int, most: float, limit: float) -> None:
    facts: dict[str, Fact] = {"resource": resource(one), "metric": one.name, "used": most, "limit": limit}
    if time := one.when(index):
        facts["time"] = time
    reading.find("saturation", owner(one), one.lines[index], 3.5, f"{one.name} reached {most:.4g} of {limit:g}", **facts)


def _plateau(reading: Reading, one: Series, values: Values) -> None:
    """Find a limit that was learnt: a series that rises to its maximum and stays on it while it varied before."""
    if len(values) < 20 or one.rated or LIMIT.search(one.name):
        return
    most = float(values.max())
    on = values >= most - 1e-9 * abs(most)
    first = int(np.argmax(on))
    below = values[:first]
    stays = on[first:].mean() >= FULL and on.sum() >= max(5, PLATEAU * len(values))
    if not stays or len(below) < 8 or most < RISE * float(np.median(below)) or len(np.unique(below)) < max(4, len(below) / 4):
        return
    facts: dict[str, Fact] = {"resource": resource(one), "metric": one.name, "used": most, "reason": "learnt limit"}
    if time := one.when(first):
        facts["time"] = time
    statement = f"{one.name} rose to {most:.4g} and stays there for {int(on.sum())} points, as if at a limit"
    reading.find("saturation", owner(one), one.lines[first], 2.5, statement, **facts)


def _grows(reading: Reading, one: Series, values: Values) -> None:
    """Find what fills up steadily; a share also tells when it will be full."""
    if len(values) < 3 * BLOCKS or FREE.search(one.name) or one.rated or not (GROWS.search(one.name) or PERCENT.search(one.name)):
        return
    medians = np.array([float(np.median(part)) for part in np.array_split(values, BLOCKS)])
    growth = float(medians[-1] - medians[0])
    steps = np.diff(medians)
    if medians[0] < 0 or not (steps > 0).all() or growth < max(GROWTH * medians[0], 1e-9) or steps.max() > 0.5 * growth:
        return
    facts: dict[str, Fact] = {
        "resource": resource(one), "metric": one.name, "before": float(medians[0]), "after": float(medians[-1]),
    }  # fmt: skip
    statement = f"{one.name} grows steadily from {medians[0]:.4g} to {medians[-1]:.4g}"
    if PERCENT.search(one.name) and float(values.max()) <= 100:
        left = (1.0 if values.max() <= 1 else 100.0) - float(medians[-1])
        statement += _until(one, left / growth * (1 - 1 / BLOCKS))
    reading.find("trend", owner(one), one.lines[-1], 3.0, statement, **facts)


def _until(one: Series, spans: float) -> str:
    """Return when a limit is reached that lies so many times the whole series ahead."""
    at = seconds(one)
    if not np.isfinite(at).all() or not 0 <= spans < 1_000 or at[-1] <= at[0]:
        return ""
    return f", full in {timedelta(seconds=round(spans * float(at[-1] - at[0])))}"


def _runs_out(reading: Reading, one: Series, values: Values) -> bool:
    """Find something free that falls steadily towards zero."""
    if len(values) < 5 or not FREE.search(one.name) or values[0] <= 0:
        return False
    left = float(values[-1] / values[0])
    falling = float(np.mean(np.diff(values) <= 0))
    if left >= 0.5 or falling < 0.8:
        return False
    ahead = left / (1 - left)  # of the time looked at, when it goes on like that
    kind = "saturation" if ahead <= SOON else "trend"
    facts: dict[str, Fact] = {
        "resource": resource(one),
        "metric": one.name,
        "before": float(values[0]),
        "after": float(values[-1]),
    }
    statement = f"{one.name} fell from {values[0]:.4g} to {values[-1]:.4g}, {left:.0%} is left"
    if ahead > 0:
        statement += _until(one, ahead).replace("full in", "used up in")
    reading.find(kind, owner(one), one.lines[-1], 3.5, statement, **facts)
    if one.head:
        reading.also(one.head)
    return True


def _ran_out(reading: Reading, one: Series, values: Values) -> bool:
    """Find something free that was used up for a while, whatever it did later."""
    low = values <= (1 - FULL) * float(values.max(initial=0.0))
    if len(values) < 5 or not FREE.search(one.name) or values[0] <= 0 or low[0] or low.sum() < 2:
        return False
    index = int(np.argmax(low))
    facts: dict[str, Fact] = {
        "resource": resource(one),
        "metric": one.name,
        "before": float(values[0]),
        "after": float(values[index]),
    }
    if time := one.when(index):
        facts["time"] = time
    statement = f"{one.name} was used up: {values[index]:.4g} is left of {values[0]:.4g}"
    reading.find("saturation", owner(one), one.lines[index], 3.5, statement, **facts)
    return True
