"""Counters as rates, histograms as quantiles: what can be compared from point to point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise, starmap
from operator import itemgetter

import numpy as np

from domain.evidence.metrics.series import Floats, Series, seconds
from domain.evidence.structure.trees import numeric

COUNTER = re.compile(r"[_-](?:total|count|sum|bucket)$")
GROWING = 0.9
"""Share of steps that must not fall before a series with a counter's name counts as one: resets are rare."""
FEWEST = 4
"""Points of a counter."""
QUANTILES = (0.5, 0.95, 0.99)


def rate(one: Series) -> Series:
    """Return a counter as its rate per second (per point without times); a reset counts from zero on, as Prometheus' `rate` does."""
    if one.rated or not (one.counter or COUNTER.search(one.name)):
        return one
    values = [v for v in one.values if v is not None]
    grows = sum(b >= a for a, b in pairwise(values))
    if len(values) < FEWEST or grows < GROWING * (len(values) - 1):
        return one
    spans = np.diff(seconds(one))
    steps = list(starmap(_step, pairwise(one.values)))
    timed = len(spans) == len(steps) and bool(np.isfinite(spans).all()) and bool((spans > 0).all())
    rates = [None if v is None else v / float(s) for v, s in zip(steps, spans, strict=True)] if timed else steps
    return replace(one, times=list(one.times[1:]), values=rates, lines=list(one.lines[1:]), rated=timed)


def _step(before: float | None, after: float | None) -> float | None:
    if before is None or after is None:
        return None
    return after - before if after >= before else after


def quantiles(found: Sequence[Series]) -> list[Series]:
    """Return p50, p95 and p99 of every histogram with buckets, per point of time from what was added since the point before.

    The first point of a histogram stands for everything since its start; a single scrape has only that one.
    """
    groups: dict[str, list[tuple[float, Series]]] = {}
    for one in found:
        edge = _edge(one)
        if edge is not None and one.values:
            rest = {key: value for key, value in one.labels.items() if key != "le"}
            groups.setdefault(replace(one, labels=rest).title, []).append((edge, one))
    return [made for group in groups.values() if len(group) > 1 for made in _quantiles(sorted(group, key=itemgetter(0)))]


def _edge(one: Series) -> float | None:
    """Return the upper edge of a bucket, infinite for `+Inf`; None where the series is no bucket."""
    if not one.name.endswith("_bucket") or "le" not in one.labels:
        return None
    return float("inf") if one.labels["le"].lower() in {"+inf", "inf"} else numeric(one.labels["le"])


def _quantiles(group: list[tuple[float, Series]]) -> Iterable[Series]:
    edges = [edge for edge, _ in group]
    size = min(len(one.values) for _, one in group)
    counts = np.array([[v or 0.0 for v in one.values[:size]] for _, one in group], dtype=np.float64)
    added = np.maximum(np.diff(counts, axis=1), 0.0) if size > 1 else counts
    first = group[0][1]
    labels = {key: value for key, value in first.labels.items() if key != "le"}
    start = size - added.shape[1]
    for q in QUANTILES:
        values = [_quantile(edges, column, q) for column in added.T]
        name = f"{first.name.removesuffix('_bucket')} p{100 * q:g}"
        yield Series(name, dict(labels), first.unit, first.times[start:size], values, first.lines[start:size])


def _quantile(edges: Sequence[float], counts: Floats, q: float) -> float | None:
    """Return a quantile of cumulative counts by linear interpolation inside its bucket, None without an observation."""
    total = float(counts[-1])
    if total <= 0:
        return None
    place = int(np.searchsorted(counts, q * total))
    place = min(place, len(edges) - 1)
    low = edges[place - 1] if place else min(0.0, edges[0])
    if not np.isfinite(edges[place]):
        return low
    below = float(counts[place - 1]) if place else 0.0
    inside = float(counts[place]) - below
    return low + (edges[place] - low) * ((q * total - below) / inside if inside else 1.0)
