"""Which service a fault sits in, by how many times its measures rose between calm and trouble."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.metrics.names import measure, measured_on, workload
from domain.evidence.metrics.rates import rate
from domain.evidence.metrics.series import Series, measured

WEIGHTS: Mapping[str, float] = {
    "cpu": 1.0,
    "memory": 1.0,
    "connections": 1.0,
    "latency": 1.0,
    "disk": 0.8,
    "errors": 0.4,
    "network": 0.3,
    "load": 0.2,
}
"""What a rise of each measure says of its own service: errors are passed on by callers, load and network come from them."""
OTHER = 0.5
"""The same for a measure that no word names."""
FALLEN = 0.2
"""Of a rise: what waits for another service does less, so a fall is more often a consequence."""
SURE = 4.0
"""Robust scales from which on a rise is believed in full, the number from which on a shift is a finding; 8 rank the same."""
LEAST, OWN = 0.1, 0.5
"""Share of the usual level of one measure over all services, and of a series' own scale, that stand beside a level: next to nothing
times five is still nothing. .03 to .3 and .5 to 2 rank the same."""
ALIKE = 5
"""Services with one measure from which on what most of them do is taken for the load's doing, and taken off."""
BESIDE, OTHERS = 0.2, 2
"""Of the next measures of a service that rose, and how many of them: a fault shows in several; 0 to .5 rank the same."""


def ranked(normal: Sequence[Series], after: Sequence[Series]) -> list[tuple[str, float]]:
    """Return services by how far they rose between two recordings, furthest first.

    A rise counts in times, not in the noise of its series: a caller's latency contains its callee's, so the same added time is a
    smaller share of it, however steady it was. The robust scale of the past (BARO, Pham et al., FSE 2024) only says whether to believe it.
    """
    before = {one.title: one for one in normal}
    pairs = [(rate(before[one.title]), rate(one)) for one in after if one.title in before and workload(one)]
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for alike in _alike(pairs):
        kind = measure(alike[0][0])
        weight = WEIGHTS.get(kind, OTHER)
        for (base, _), rise in zip(alike, _rises(alike), strict=True):
            own = found[workload(base)]
            own[kind] = max(own.get(kind, 0.0), weight * (rise if rise > 0 else -FALLEN * rise))
    scores = ((name, _together(own.values())) for name, own in found.items())
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))


def _together(rises: Iterable[float]) -> float:
    first, *rest = sorted(rises, reverse=True)
    return first + BESIDE * sum(rest[:OTHERS])


Pairs = list[tuple[Series, Series]]


def _alike(pairs: Pairs) -> Iterable[Pairs]:
    """Return the pairs of the same measure of all services together."""
    groups: dict[str, Pairs] = defaultdict(list)
    for base, one in pairs:
        if np.isfinite(measured(base)).any() and np.isfinite(measured(one)).any():
            groups[base.name[len(measured_on(base.name)) :] if not base.labels else base.name].append((base, one))
    return groups.values()


def _rises(pairs: Pairs) -> Sequence[float]:
    """Return by how much the logarithm of each level rose, without what most of the pairs did."""
    old, new = ([_known(one) for one in side] for side in zip(*pairs, strict=True))
    before, now = (np.array([np.median(values) for values in side]) for side in (old, new))
    wide = np.array([changes.scale(values) for values in old])
    known = np.abs(np.concatenate([before, now]))
    usual = float(np.median(known[known > 0])) if known.any() else 1.0
    beside = LEAST * usual + OWN * wide
    rises = np.log((np.maximum(now, 0) + beside) / (np.maximum(before, 0) + beside))
    if len(pairs) >= ALIKE:
        rises -= np.median(rises)
    believed = [min(1.0, abs(changes.shift(base, values)) / SURE) for base, values in zip(old, new, strict=True)]
    return list((rises * believed).tolist())


def _known(one: Series) -> Values:
    values = measured(one)
    return values[np.isfinite(values)]
