"""Which service a fault sits in, by how many times its measures rose between calm and trouble."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, starmap
from operator import itemgetter

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.levels import Level, Stand, parted
from domain.evidence.metrics.names import measure, measured_on, owner, workload
from domain.evidence.metrics.rates import rate
from domain.evidence.metrics.series import Series, measured, seconds

WEIGHTS: Mapping[str, float] = {
    "cpu": 1.0,
    "memory": 1.0,
    "connections": 1.0,
    "latency": 1.0,
    "way": 1.0,
    "own time": 0.95,
    "disk": 0.8,
    "failures": 0.8,
    "said": 0.3,
    "passed on": 0.1,
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
LEVELS = 2_000
"""Kept of one recording; `Analysis.levels` promises them."""
WAY, LONE = "way", 0.9
"""The measure that belongs to both ends of a call, and what it says of the one whose only call got slow: the other end may be it."""
SERVICES, TIMES = 3, 1.5
"""Services of which one can stand out, and times that its measure must rise for it."""
ALIKE = 5
"""Services with one measure from which on what most of them do is taken for the load's doing, and taken off; of calls
each counts at both ends, and load makes no way longer."""
BESIDE, OTHERS = 0.2, 2
"""Of the next measures of a service that rose, and how many of them: a fault shows in several; 0 to .5 rank the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A service with the level that rose most of it."""

    service: str
    score: float
    level: Level
    before: float
    after: float
    """Where it stood in both recordings."""
    times: float
    """How many times it rose, beside what the others did and what stands beside a level."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """Each thing that was measured → how many times it rose, believed rises alone."""


def levels(found: Iterable[Series], since: datetime | None = None) -> tuple[Level, ...]:
    """Return where the series of services stand, in their order, at most as many as an Analysis promises.

    `since` is the onset of their recording, where it has one.
    """
    return tuple(islice((level for one in found if (level := _level(one, since))), LEVELS))


def _level(one: Series, since: datetime | None) -> Level | None:
    service, values = workload(one), _known(one)
    if not service or not len(values):
        return None
    kind = owner(one).partition("/")[0]
    counted = rate(one)
    return Level(
        title=one.title,
        name=one.name,
        service=service,
        subject=f"{'service' if kind == 'pod' else kind}/{service}",
        measure=measure(one),
        alike=one.name if one.labels else one.name[len(measured_on(one.name)) :],
        middle=float(np.median(values)),
        scale=changes.scale(values),
        rate=None if counted is one else _stand(_known(counted)),
        halves=_halves(counted, since) if since else None,
    )


def _stand(values: Values) -> Stand | None:
    return (float(np.median(values)), changes.scale(values)) if len(values) else None


def _halves(one: Series, since: datetime) -> tuple[Stand, Stand] | None:
    values, at = measured(one), seconds(one)
    known, old = np.isfinite(values), at < since.timestamp()
    before, after = _stand(values[known & old]), _stand(values[known & ~old])
    return (before, after) if before and after else None


def between(found: Iterable[Level]) -> list[Suspect]:
    """Return the services of one recording by how far they rose at its onset, furthest first; none without an onset."""
    return compared(*parted(found))


def compared(normal: Iterable[Level], after: Iterable[Level]) -> list[Suspect]:
    """Return services by how far they rose between two recordings, furthest first.

    A rise counts in times, not in the noise of its series: a caller's latency contains its callee's, so the same added time is a
    smaller share of it, however steady it was. The robust scale of the past (BARO, Pham et al., FSE 2024) only says whether to believe it.
    """
    before = {one.title: one for one in normal}
    groups: dict[str, list[Pair]] = defaultdict(list)
    for one in after:
        if base := before.get(one.title):
            groups[one.alike].append(Pair.of(base, one))
    found: dict[str, dict[str, Rise]] = defaultdict(dict)
    for pairs in groups.values():
        for service, rises in _of_services(pairs):
            kind, own = rises[0][-1].level.measure, found[service]
            said = _of_calls(rises) if kind == WAY else max(rises, key=itemgetter(0))
            own[kind] = max(own.get(kind, said), said, key=itemgetter(0))
    return sorted(starmap(_suspect, _by_themselves(found).items()), key=lambda one: (-one.score, one.service))


def _by_themselves(found: Mapping[str, dict[str, Rise]]) -> Mapping[str, dict[str, Rise]]:
    """Return the rises, without the errors of services that traces know to pass on the failures of others."""
    failing = {name for name, own in found.items() if own.get("failures", (0.0, 1.0))[1] >= TIMES}
    passing = {name for name, own in found.items() if failing and "failures" in own and name not in failing}
    return {
        name: {kind: rise for kind, rise in own.items() if name not in passing or kind != "errors"} for name, own in found.items()
    }


def _of_services(pairs: Sequence[Pair]) -> Iterable[tuple[str, list[Rise]]]:
    """Return service → the rises of its series of one measure."""
    found: dict[str, list[Rise]] = defaultdict(list)
    for pair, rise in zip(pairs, _rises(pairs), strict=True):
        weight = WEIGHTS.get(pair.level.measure, OTHER)
        found[pair.level.service].append((weight * (rise if rise > 0 else -FALLEN * rise), math.exp(rise), pair))
    return found.items()


def _of_calls(rises: Sequence[Rise]) -> Rise:
    """Return the furthest rise of a service's calls where all of them rose, else their mean: only a part of them is slow at a caller."""
    score, times, pair = max(rises, key=itemgetter(0))
    if all(times >= TIMES for _, times, _ in rises):
        return (score if len(rises) > 1 else LONE * score), times, pair
    return sum(score for score, _, _ in rises) / len(rises), times, pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One series in two recordings."""

    level: Level
    before: float
    scale: float
    after: float

    @classmethod
    def of(cls, base: Level, one: Level) -> Pair:
        """Return both as rates where both are counters: a gauge may happen to grow in one of two recordings."""
        (middle, scale), (now, _) = (
            (base.rate, one.rate) if base.rate and one.rate else ((base.middle, base.scale), (one.middle, 0))
        )
        return cls(level=base, before=middle, scale=scale, after=now)


Rise = tuple[float, float, Pair]
"""Weighted rise, in times, and of which series."""


def _suspect(name: str, own: Mapping[str, Rise]) -> Suspect:
    _, times, pair = max(own.values(), key=itemgetter(0))
    score = _together(score for score, _, _ in own.values())
    rose = {kind: times for kind, (_, times, _) in own.items()}
    return Suspect(service=name, score=score, level=pair.level, before=pair.before, after=pair.after, times=times, measures=rose)


def _together(rises: Iterable[float]) -> float:
    first, *rest = sorted(rises, reverse=True)
    return first + BESIDE * sum(rest[:OTHERS])


def _rises(pairs: Sequence[Pair]) -> list[float]:
    """Return by how much the logarithm of each level rose, without what most of the pairs did."""
    before, now, wide = (np.array([getattr(one, name) for one in pairs]) for name in ("before", "after", "scale"))
    known = np.abs(np.concatenate([before, now]))
    usual = float(np.median(known[known > 0])) if known.any() else 1.0
    beside = LEAST * usual + OWN * wide
    rises = np.log((np.maximum(now, 0) + beside) / (np.maximum(before, 0) + beside))
    if len(pairs) >= ALIKE and pairs[0].level.measure != WAY:
        rises -= np.median(rises)
    believed = np.minimum(1.0, np.abs(now - before) / wide / SURE)
    return list((rises * believed).tolist())


def _known(one: Series) -> Values:
    values = measured(one)
    return values[np.isfinite(values)]
