"""Traces as levels: each service's own time, the time on the way to and from it, and its own failures, as other recordings are compared by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.levels import Level, Stand
from domain.evidence.metrics.series import Series
from domain.evidence.metrics.shifts import levels as moves
from domain.evidence.metrics.shifts import ordered, strongest
from domain.evidence.metrics.suspects import LEVELS
from domain.evidence.traces.paths import own_times
from domain.evidence.traces.spans import Forest, Span

FEWEST = 8
"""Spans that tell what is usual."""
STRETCHES = 60
"""Of one document: enough to see when it began, few enough for spans in each."""
MEDIAN_ERROR = 1.25
"""Standard errors of a mean that are one of a median, of normal noise."""


@dataclass(frozen=True, slots=True)
class Course:
    """One quantity of one service, or of the calls between two, span by span."""

    measure: str
    service: str
    caller: str
    rows: Sequence[tuple[Span, float]]

    @property
    def values(self) -> Values:
        """What each span tells, shape (n,)."""
        return np.array([value for _, value in self.rows], dtype=np.float64)

    @property
    def starts(self) -> Values:
        """When each span began, in seconds, shape (n,)."""
        return np.array([span.start_ms / 1e3 for span, _ in self.rows], dtype=np.float64)


def courses(trees: Forest) -> list[Course]:
    """Return what spans with times tell of their services, quantities that too few of them tell left out."""
    rows: dict[tuple[str, str, str], list[tuple[Span, float]]] = defaultdict(list)
    failing_above = {one.parent for one in trees.spans if one.error}
    calls = _calls(trees)
    for timed in own_times(trees):
        span = timed.span
        if not span.service or span.start_ms <= 0:
            continue
        callee = calls.get(span.id, "")
        for called in {callee} if callee else _called(trees, span):
            rows["way", called, span.service].append((span, timed.own_ms))
        if callee:
            rows["way", span.service, f"to {callee}"].append((span, timed.own_ms))
        else:
            rows["own time", span.service, ""].append((span, timed.own_ms))
        rows["failures", callee or span.service, ""].append((span, float(span.error and span.id not in failing_above)))
    return [Course(*key, told) for key, told in rows.items() if len(told) >= FEWEST]


def _calls(trees: Forest) -> Mapping[str, str]:
    """Return span id → called service, for the calling sides that a tracer writes as spans of their own.

    Such a span stands between two duties: its parent is of the same service, its only child of another. One whose other side was lost
    counts by what the same operation calls elsewhere.
    """
    known: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    inner = [one for one in trees.spans if (above := trees.by_id.get(one.parent)) and above.service == one.service]
    for span in inner:
        below = trees.below.get(span.id, [])
        if len(below) == 1 and below[0].service not in {"", span.service}:
            found[span.id] = known[span.service, span.operation] = below[0].service
    for span in inner:
        if span.id not in trees.below and (callee := known.get((span.service, span.operation))):
            found[span.id] = callee
    return found


def _called(trees: Forest, span: Span) -> set[str]:
    """Return the services that a span calls without spans of its own for the calls: the way to them is part of its own time."""
    return {below.service for below in trees.below.get(span.id, ()) if below.service} - {span.service}


def onset(found: Sequence[Course]) -> datetime | None:
    """Return when most services got slower, faster or failed, None where none did."""
    starts = [one.starts for one in found]
    if not starts:
        return None
    first, last = min(float(one.min()) for one in starts), max(float(one.max()) for one in starts)
    width = max((last - first) / STRETCHES, 1e-3)
    groups = ordered([moves(made) for one in found for made in _series(one, first, width)])
    return strongest(groups).time if groups else None


def _series(one: Course, first: float, width: float) -> Iterator[Series]:
    """Yield one median and one mean per stretch, stretches without a span left out."""
    places = ((one.starts - first) / width).astype(np.int64)
    values = one.values
    for middle in (np.median, np.mean):
        made = Series(one.measure, {"service": one.service, "caller": one.caller, "by": middle.__name__})
        for place in np.unique(places).tolist():
            made.add(1, first + place * width, float(middle(values[places == place])))
        yield made


def levels(found: Sequence[Course], since: datetime | None) -> tuple[Level, ...]:
    """Return where each quantity stands, before and after an onset too where there is one."""
    return tuple(islice((level for one in found for level in _levels(one, since)), LEVELS))


def _levels(one: Course, since: datetime | None) -> Iterator[Level]:
    """Yield the median, which one slow span in ten does not move, and the mean, which packets sent again do; of failures the share."""
    values = one.values
    old = one.starts < since.timestamp() if since else np.zeros(len(values), dtype=bool)
    parted = min(int(old.sum()), int((~old).sum())) >= FEWEST
    kinds = {"failures": _share} if one.measure == "failures" else {"median": _median, "mean": _mean}
    for kind, stand in kinds.items():
        name = {"own time": f"{kind} own time", "way": f"{kind} time on the way", "failures": "share failed by itself"}[
            one.measure
        ]
        middle, scale = stand(values)
        yield Level(
            title=f"{name}{{service={one.service},caller={one.caller}}}",
            name=name,
            service=one.service.lower(),
            subject=f"service/{one.service}".lower(),
            measure=one.measure,
            alike=name,
            middle=middle,
            scale=scale,
            halves=(stand(values[old]), stand(values[~old])) if parted else None,
        )


def _median(values: Values) -> Stand:
    return float(np.median(values)), MEDIAN_ERROR * changes.scale(values) / len(values) ** 0.5


def _mean(values: Values) -> Stand:
    return float(values.mean()), max(float(values.std()), 0.01 * float(values.mean()), 1e-9) / len(values) ** 0.5


def _share(values: Values) -> Stand:
    """Return a share with its error by the law of small numbers, which is one failure where there is none."""
    return float(values.mean()), float(max(values.sum(), 1.0) ** 0.5) / len(values)
