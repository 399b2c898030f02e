"""Where a series changes: level shifts by binary segmentation, shifts on robust floored scales, lone peaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

PENALTY = 12.0
"""Times log n · variance: what a change must save; the binary segmentation of evidence.md 11.5, tuned on the annotated series."""
SURE, LOOKS = 6.0, 2
"""The same for the second and third look, times the long-run variance that the look before left; 4 to 12 serve on the annotated series."""
FLOOR = 0.1
"""Of the standard deviation: noise is never taken to be less, even where a series hardly changes from point to point."""
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
PEAKS, WATCHED = 10, 8
"""Peaks told of a series when nobody asks for fewer or more, and the points from which on it has any."""
STRONG, NEAR = 5.0, 3
"""Robust scales by which the points from a peak on must leave the usual for an alarm; 4 to 8 raise none on the labelled series without an anomaly."""
RANK, SIDE, SIDES = 3.0, 8, 200
"""Standard errors by which the ranks of both sides must differ, so that single outliers are no change; fewest and most points ranked of a side."""


def clean(values: Sequence[float | None] | Values) -> Values:
    """Return the values as floats with missing ones bridged by their neighbours."""
    series = np.array(values, dtype=np.float64)
    good = np.isfinite(series)
    if good.all():
        return series
    if not good.any():
        return np.zeros(len(series))
    index = np.arange(len(series))
    bridged: Values = np.interp(index, index[good], series[good])
    return bridged


def scale(values: Values) -> float:
    """Return a robust scale that a nearly constant series cannot make zero (evidence.md 18)."""
    return _usual(values)[1] if len(values) else 1e-9


def _usual(values: Values) -> tuple[float, float]:
    """Return the median and the robust scale of some values."""
    low, middle, high = _quantiles(values, 0.25, 0.5, 0.75)
    return middle, max((high - low) / 1.35, float(np.std(values)) / 4, 0.01 * abs(middle), 1e-9)


def _quantiles(values: Values, *shares: float) -> list[float]:
    """Return quantiles, interpolated between neighbours, from one partition."""
    places = [share * (len(values) - 1) for share in shares]
    wanted = sorted({rank for place in places for rank in (int(place), min(int(place) + 1, len(values) - 1))})
    parted = np.partition(values, wanted)
    pairs = ((float(parted[int(p)]), float(parted[min(int(p) + 1, len(values) - 1)]), p % 1) for p in places)
    return [low + (high - low) * rest for low, high, rest in pairs]


def noise(values: Values) -> float:
    """Return the standard deviation of the noise, from first differences, floored."""
    steps = np.abs(np.diff(values))
    spread = _quantiles(steps, 0.5)[0] / 0.954 if len(steps) else 0.0
    return max(spread, FLOOR * float(np.std(values)), 1e-9)


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
    cuts = _cuts(series)
    points = _segments(cuts, PENALTY * np.log(len(series)) * noise(series) ** 2)
    for _ in range(LOOKS):
        before, points = points, _segments(cuts, SURE * np.log(len(series)) * _wander(series, points))
        if points == before:
            break
    return points


@dataclass(frozen=True)
class _Cuts:
    """What every look at a series asks again, worked out once per stretch."""

    size: int
    best: Callable[[int, int], tuple[int, float]]
    """Start and end to the best cut between them and what it saves."""
    holds: Callable[[int, int, int], bool]
    """Start, cut and end to whether both sides differ."""


def _cuts(series: Values) -> _Cuts:
    return _Cuts(len(series), cache(partial(_cut, series)), cache(partial(_holds, series)))


def _segments(cuts: _Cuts, limit: float) -> tuple[int, ...]:
    """Return where binary segmentation cuts; each cut saves more than the limit."""
    found: list[int] = []
    pending = [(0, cuts.size)]
    while pending and len(found) < 200:
        start, end = pending.pop()
        point, saved = cuts.best(start, end)
        if point and saved > limit and cuts.holds(start, point, end):
            found.append(point)
            pending += [(start, point), (point, end)]
    return tuple(sorted(found))


def _cut(series: Values, start: int, end: int) -> tuple[int, float]:
    point, saved = _split(series[start:end])
    return (start + point if point else 0), saved


def _holds(series: Values, start: int, point: int, end: int) -> bool:
    return _differs(series[start:point], series[point:end])


def _wander(series: Values, points: tuple[int, ...]) -> float:
    """Return the long-run variance around the levels: what drifts by itself must move further to have changed."""
    edges = (0, *points, len(series))
    rest = np.concatenate([series[a:b] - series[a:b].mean() for a, b in pairwise(edges)])
    low, high = _quantiles(rest, 0.25, 0.75)
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
    total = part.cumsum()
    left = np.arange(SEGMENT, size - SEGMENT + 1, dtype=np.float64)
    apart = total[SEGMENT - 1 : size - SEGMENT] - left * (total[-1] / size)
    gain = apart * apart / (left * (size - left))
    best = int(gain.argmax())
    return SEGMENT + best, float(gain[best]) * size


def _differs(before: Values, after: Values) -> bool:
    """Return whether the ranks of the two sides differ (Wilcoxon, normal approximation; short sides by half).

    Of the longer side only as much as of the shorter one: further on it may have come back to where it was.
    """
    near = min(SIDES, max(SIDE, min(len(before), len(after))))
    left, right = before[-near:], after[:near]
    both = np.concatenate([left, right])
    ranks = np.empty(len(both))
    ranks[np.argsort(both, kind="stable")] = np.arange(1, len(both) + 1)
    n, m = len(left), len(right)
    expected, spread = n * (n + m + 1) / 2, np.sqrt(n * m * (n + m + 1) / 12)
    needed = RANK if min(n, m) >= SIDE else RANK / 2
    return bool(abs(ranks[:n].sum() - expected) > needed * spread)


def peaks(values: Sequence[float | None] | Values, k: int = PEAKS) -> tuple[int, ...]:
    """Return up to k indices that stand out most, strongest first, each in a stretch of its own."""
    return _strongest(clean(values), k)


def alarms(values: Sequence[float | None] | Values, k: int = 1) -> tuple[int, ...]:
    """Return those of the k strongest peaks that are worth a person's time, strongest first."""
    series = clean(values)
    found = _strongest(series, k)
    if not found:
        return ()
    rest, middle, wide = _at_rest(series)
    return tuple(n for n in found if abs(float(np.median(rest[n : n + NEAR])) - middle) > STRONG * wide)


def _strongest(series: Values, k: int) -> tuple[int, ...]:
    if len(series) < WATCHED:
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
    rest, usual, wide = _at_rest(series)
    total = np.concatenate([[0.0], np.cumsum(rest)])
    short, long = _recent(total, max(4, size // 100)), _recent(total, max(4, size // 40))
    width = max(4, size // 100)
    before = np.concatenate([np.full(width, short[0]), short[:-width]])[:size]
    blend: Values = np.abs(rest - usual) / wide
    middles = (_quantiles(recent, 0.5)[0] for recent in (short, long))
    for moved in (np.abs(short - before), np.abs(short - next(middles)), np.abs(long - next(middles))):
        blend += moved / max(_quantiles(moved, 0.9)[0], wide / 4)
    blend[: int(BASELINE * size)] = 0.0
    return blend


def _recent(total: Values, width: int) -> Values:
    """Return the mean of the last points up to each one, from running sums; the first ones get the first whole mean."""
    width = min(width, len(total) - 1)
    whole = (total[width:] - total[:-width]) / width
    return np.concatenate([np.full(width - 1, whole[0]), whole])


def _at_rest(series: Values) -> tuple[Values, float, float]:
    """Return the series without its cycle, the median of that and its robust scale."""
    middle, wide = _usual(series)
    rest = without_cycle(series, _period(series, middle, wide))
    return (series, middle, wide) if rest is series else (rest, *_usual(rest))


def without_cycle(series: Values, period: int) -> Values:
    """Return the series without the median shape of a cycle of so many points (the hours of a day); as it is for period 0."""
    times = len(series) // period if period else 0
    if times < CYCLES:
        return series
    days = np.sort(series[: times * period].reshape(times, period), axis=0)
    shape = (days[(times - 1) // 2] + days[times // 2]) / 2
    rest: Values = series - np.tile(shape, times + 1)[: len(series)]
    return rest


def _period(series: Values, middle: float, wide: float) -> int:
    """Return the lag at which the series is most like itself after it was least so, 0 where it has no cycle."""
    rest = np.clip(series - middle, -3 * wide, 3 * wide)
    rest -= rest.mean()
    room = 1 << (len(rest) + len(rest) // CYCLES + 1).bit_length()  # no lag that is looked at wraps around
    waves = np.fft.rfft(rest, room)
    power = waves.real**2 + waves.imag**2
    likeness = np.fft.irfft(power, room)[: len(rest) // CYCLES + 1]
    apart = np.flatnonzero(likeness < 0.1 * likeness[0])
    start = max(SHORTEST, int(apart[0])) if len(apart) else len(likeness)
    if start >= len(likeness):
        return 0
    best = start + int(np.argmax(likeness[start:]))
    return best if likeness[best] >= CYCLIC * likeness[0] else 0
