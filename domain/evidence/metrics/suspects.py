"""Which service a fault sits in, by how many times its measures rose between calm and trouble."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import starmap
from operator import itemgetter

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.metrics.names import measure, measured_on, owner, workload
from domain.evidence.metrics.rates import rate
from domain.evidence.metrics.series import Series, listed, measured, seconds

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
SERVICES, TIMES = 3, 1.5
"""Services of which one can stand out, and times that its measure must rise for it."""
ALIKE = 5
"""Services with one measure from which on what most of them do is taken for the load's doing, and taken off."""
BESIDE, OTHERS = 0.2, 2
"""Of the next measures of a service that rose, and how many of them: a fault shows in several; 0 to .5 rank the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A service with the series that rose most of it."""

    service: str
    score: float
    series: Series
    measure: str
    before: float
    after: float
    """Its level in both recordings."""
    times: float
    """How many times it rose, beside what the others did and what stands beside a level."""

    @property
    def subject(self) -> str:
        """Its object id; what pods have in common is taken for a service."""
        kind = owner(self.series).partition("/")[0]
        return f"{'service' if kind == 'pod' else kind}/{self.service}"


def ranked(normal: Sequence[Series], after: Sequence[Series]) -> list[tuple[str, float]]:
    """Return services with their scores by how far they rose between two recordings, furthest first."""
    return [(one.service, one.score) for one in compared(normal, after)]


def between(found: Sequence[Series], since: datetime | None) -> list[Suspect]:
    """Return the services of one recording by how far they rose at a time, furthest first; none without a time."""
    if since is None:
        return []
    parts = [_parted(one, since.timestamp()) for one in found]
    return compared([before for before, _ in parts], [after for _, after in parts])


def compared(normal: Sequence[Series], after: Sequence[Series]) -> list[Suspect]:
    """Return services by how far they rose between two recordings, furthest first.

    A rise counts in times, not in the noise of its series: a caller's latency contains its callee's, so the same added time is a
    smaller share of it, however steady it was. The robust scale of the past (BARO, Pham et al., FSE 2024) only says whether to believe it.
    """
    before = {one.title: one for one in normal}
    pairs = [_as_rates(before[one.title], one) for one in after if one.title in before and workload(one)]
    found: dict[str, dict[str, Rise]] = defaultdict(dict)
    for alike in _alike(pairs):
        kind = measure(alike[0][0])
        weight = WEIGHTS.get(kind, OTHER)
        for (base, one), rise in zip(alike, _rises(alike), strict=True):
            own = found[workload(base)]
            said = (weight * (rise if rise > 0 else -FALLEN * rise), math.exp(rise), (base, one))
            own[kind] = max(own.get(kind, said), said, key=itemgetter(0))
    return sorted(starmap(_suspect, found.items()), key=lambda one: (-one.score, one.service))


def _as_rates(before: Series, after: Series) -> tuple[Series, Series]:
    """Return both as rates where both are counters: a gauge may happen to grow in one of two recordings."""
    rates = rate(before), rate(after)
    return rates if rates[0] is not before and rates[1] is not after else (before, after)


Rise = tuple[float, float, tuple[Series, Series]]
"""Weighted rise, in times, and of which series."""


def _suspect(name: str, own: Mapping[str, Rise]) -> Suspect:
    most = max(own, key=lambda kind: own[kind][0])
    _, times, (base, one) = own[most]
    before, after = (float(np.median(_known(part))) for part in (base, one))
    score = _together(score for score, _, _ in own.values())
    return Suspect(service=name, score=score, series=base, measure=most, before=before, after=after, times=times)


def _parted(one: Series, since: float) -> tuple[Series, Series]:
    """Return a series before a time and from it on; one that is a rate already is compared as it is."""
    old = seconds(one) < since
    before, after = (replace(one, times=[], lines=[], values=listed(measured(one)[side]), rated=True) for side in (old, ~old))
    return before, after


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
