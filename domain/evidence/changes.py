"""Where a series changes: level shifts by binary segmentation, shifts on robust floored scales, lone peaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

PENALTY = 12.0
"""Times log n · variance: what a change must save; the binary segmentation of evidence.md 11.5, tuned on the annotated series."""
SURE = 6.0
"""The same for the second look, times the long-run variance that the first one left; 4 to 12 serve on the annotated series."""
SEGMENT = 3
"""Shortest segment between two changes."""
LONGEST = 20_000
"""Points looked at; longer series are thinned to their means."""
BASELINE = 0.15
"""Share of a series that must be seen before anything in it can be unusual; windows of the labelled series keep to it, too."""
STRETCHES = 12
"""Parts of a series of which each gives one peak at most; 10 to 20 serve on the labelled series."""
SHORTEST, CYCLES, CYCLIC = 12, 4, 0.4
"""Points and repeats of a cycle worth removing, and its autocorrelation; .3 to .5 find the same."""
RANK = 3.0
"""Standard errors by which the ranks of both sides must differ, so that single outliers are no change."""


def clean(values: Sequence[float | None] | Values) -> Values:
    """Return the values as floats with missing ones bridged by their neighbours."""
    series = np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    series[~np.isfinite(series)] = np.nan
    good = ~np.isnan(series)
    if not good.any():
        return np.zeros(len(series))
    index = np.arange(len(series))
    bridged: Values = np.interp(index, index[good], series[good])
    return bridged


def scale(values: Values) -> float:
    """Return a robust scale that a nearly constant series cannot make zero (evidence.md 18)."""
    if len(values) == 0:
        return 1e-9
    low, high = np.percentile(values, [25, 75])
    return float(max((high - low) / 1.35, np.std(values) / 4, 0.01 * abs(float(np.median(values))), 1e-9))


def noise(values: Values) -> float:
    """Return the standard deviation of the noise, from first differences, floored."""
    steps = np.abs(np.diff(values))
    spread = float(np.median(steps)) / 0.954 if len(steps) else 0.0
    return max(spread, 0.2 * float(np.std(values)), 1e-9)


def shift(before: Sequence[float] | Values, after: Sequence[float] | Values) -> float:
    """Return by how many robust scales of `before` the median of `after` moved; the sign is its direction."""
    first, second = clean(before), clean(after)
    if len(first) == 0 or len(second) == 0:
        return 0.0
    return (float(np.median(second)) - float(np.median(first))) / scale(first)


def change_points(values: Sequence[float | None] | Values) -> tuple[int, ...]:
    """Return the first index after each change of level, ascending."""
    series = clean(values)
    if len(series) > LONGEST:
        width = -(-len(series) // LONGEST)
        whole = len(series) // width * width
        return tuple(width * point for point in change_points(series[:whole].reshape(-1, width).mean(axis=1)))
    if len(series) < 2 * SEGMENT:
        return ()
    rough = _segments(series, PENALTY * np.log(len(series)) * noise(series) ** 2)
    return _segments(series, SURE * np.log(len(series)) * _wander(series, rough))


def _segments(series: Values, limit: float) -> tuple[int, ...]:
    """Return where binary segmentation cuts; each cut saves more than the limit."""
    found: list[int] = []
    pending = [(0, len(series))]
    while pending and len(found) < 200:
        start, end = pending.pop()
        point, saved = _split(series[start:end])
        if point and saved > limit and _differs(series[start : start + point], series[start + point : end]):
            found.append(start + point)
            pending += [(start, start + point), (start + point, end)]
    return tuple(sorted(found))


def _wander(series: Values, points: tuple[int, ...]) -> float:
    """Return the long-run variance around the levels: what drifts by itself must move further to have changed."""
    edges = (0, *points, len(series))
    rest = np.concatenate([series[a:b] - series[a:b].mean() for a, b in pairwise(edges)])
    low, high = np.percentile(rest, [25, 75])
    bound = 3 * max((high - low) / 1.35, 1e-9)
    rest = np.clip(rest, -bound, bound)
    power = float(rest @ rest)
    kinship = min(0.9, max(0.0, float(rest[1:] @ rest[:-1]) / power)) if power else 0.0
    variance = max(power / len(rest), (0.02 * float(np.std(series))) ** 2, 1e-18)
    return variance * (1 + kinship) / (1 - kinship)


def _split(part: Values) -> tuple[int, float]:
    """Return the split that lowers the squared error most, and by how much; 0 when the part is too short."""
    size = len(part)
    if size < 2 * SEGMENT:
        return 0, 0.0
    total = np.cumsum(part)
    left = np.arange(SEGMENT, size - SEGMENT + 1)
    right = size - left
    sums = total[left - 1]
    gain = sums**2 / left + (total[-1] - sums) ** 2 / right - total[-1] ** 2 / size
    best = int(np.argmax(gain))
    return int(left[best]), float(gain[best])


def _differs(before: Values, after: Values) -> bool:
    """Return whether the ranks of the two sides differ (Wilcoxon, normal approximation; short sides by half)."""
    left, right = before[-200:], after[:200]
    both = np.concatenate([left, right])
    ranks = np.empty(len(both))
    ranks[np.argsort(both, kind="stable")] = np.arange(1, len(both) + 1)
    n, m = len(left), len(right)
    expected, spread = n * (n + m + 1) / 2, np.sqrt(n * m * (n + m + 1) / 12)
    needed = RANK if min(n, m) >= 8 else RANK / 2
    return bool(abs(ranks[:n].sum() - expected) > needed * spread)


def peaks(values: Sequence[float | None] | Values, k: int) -> tuple[int, ...]:
    """Return up to k indices that stand out most, strongest first, each in a stretch of its own."""
    series = clean(values)
    if len(series) < 8:
        return ()
    scores = unusual(series)
    apart = max(1, len(series) // STRETCHES)
    taken: list[int] = []
    while len(taken) < k and scores[index := int(np.argmax(scores))] > 0:
        taken.append(index)
        scores[max(0, index - apart + 1) : index + apart] = 0.0
    return tuple(taken)


def unusual(series: Values) -> Values:
    """Return per point how far it and its near past lie from the usual of their time of day: level, step and two windows."""
    size = len(series)
    rest = _without_cycle(series)
    short, long = _recent(rest, max(4, size // 100)), _recent(rest, max(4, size // 40))
    width = max(4, size // 100)
    before = np.concatenate([np.full(width, short[0]), short[:-width]])[:size]
    usual, wide = float(np.median(rest)), scale(rest)
    blend: Values = np.abs(rest - usual) / wide
    for moved in (np.abs(short - before), np.abs(short - np.median(short)), np.abs(long - np.median(long))):
        blend += moved / max(float(np.percentile(moved, 90)), wide / 4)
    blend[: int(BASELINE * size)] = 0.0
    return blend


def _recent(series: Values, width: int) -> Values:
    """Return the mean of the last points up to each one; the first ones get the first whole mean."""
    width = min(width, len(series))
    total = np.concatenate([[0.0], np.cumsum(series)])
    whole = (total[width:] - total[:-width]) / width
    return np.concatenate([np.full(width - 1, whole[0]), whole])


def _without_cycle(series: Values) -> Values:
    """Return the series without the median shape of its cycle (the hours of a day), where it has one four times over."""
    period = _period(series)
    if not period:
        return series
    times = len(series) // period
    shape = np.median(series[: times * period].reshape(times, period), axis=0)
    rest: Values = series - np.tile(shape, times + 1)[: len(series)]
    return rest


def _period(series: Values) -> int:
    """Return the lag at which the series is most like itself after it was least so, 0 where it has no cycle."""
    wide = 3 * scale(series)
    rest = np.clip(series - np.median(series), -wide, wide)
    rest -= rest.mean()
    room = 1 << (2 * len(rest)).bit_length()
    power = np.abs(np.fft.rfft(rest, room)) ** 2
    likeness = np.fft.irfft(power, room)[: len(rest) // CYCLES + 1]
    apart = np.flatnonzero(likeness < 0.1 * likeness[0])
    start = max(SHORTEST, int(apart[0])) if len(apart) else len(likeness)
    if start >= len(likeness):
        return 0
    best = start + int(np.argmax(likeness[start:]))
    return best if likeness[best] >= CYCLIC * likeness[0] else 0
