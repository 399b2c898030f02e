"""How often lines come: what falls silent, pauses, slows down or speeds up (evidence.md 11.4)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from domain.evidence.logs.groups import Group, bucket_counts
from domain.evidence.logs.logged import Log, Remark
from domain.evidence.timeline import bursts, silence

STEADY = 10
"""Hits below which a key that ends is no silence."""
FEWEST = 8
"""Stretches below which nothing is known of a rhythm."""
RATIO = 3.0
"""A rate that grows or shrinks by this factor for good is another one; a design value, as for slots."""
EDGE = 3
"""Stretches on either side at least."""
FULL = 4.0
"""Lines of a stretch on average, so that none is empty by chance more often than in 50."""
CERTAIN = 24.0
"""Twice the log-likelihood that another rate gains: p below a millionth by chi-square with one degree of freedom."""
SMALL, SURE, STEADY_OTHERS = 1.6, 60.0, 1.15
"""A smaller factor that counts where the gain is as large and all other lines keep their rate within the last."""
FLURRY, FLURRIES = 10.0, 2
"""Times the usual rate, and kinds that come so at most: more of them are how the log is."""
MOST_KINDS = 200
MOST_TOLD = 5
GAP_BUCKETS, GAP_RATIO = 3, 5


def rhythms(log: Log) -> list[Remark]:
    """Return what is said about silence, gaps and pace."""
    low, high = log.span()
    return [*_silent(log), *_gaps(log), *_paces(log), *_flurries(log)] if high - low >= FEWEST else []


def _silent(log: Log) -> Iterator[Remark]:
    low, high = log.span()
    for one in log.groups:
        if one.count < STEADY or one.continuation or one.severity >= 2:
            continue
        counts = bucket_counts(one, low, high)
        filled = [index for index, count in enumerate(counts) if count]
        last = silence(filled, high - low)
        if last is None or len(filled) < 5 or filled[0] > (high - low) // 2:
            continue
        when = log.clock_text(low + last)
        yield Remark(
            kind="silence",
            line=one.last,
            statement=f"falls silent: last seen{' about ' + when if when else ''} after {one.count} regular lines, none until the end",
            severity=3.0,
            group=one,
            numbers={"count": one.count},
            last_of=one.last_key,
        )


def _totals(log: Log) -> list[int]:
    low, high = log.span()
    return [sum(column) for column in zip(*(bucket_counts(one, low, high) for one in log.groups), strict=True)]


def _line(log: Log, totals: Sequence[int], place: int) -> int:
    """About the first line of a bucket: those counted before it, and their share of blank and sampled ones."""
    return min(log.scan.lines, 1 + sum(totals[:place]) * log.scan.lines // max(1, sum(totals)))


def _gaps(log: Log) -> Iterator[Remark]:
    """The longest time without any line, where lines came steadily before and go on after it."""
    totals = _totals(log)
    filled = [place for place, count in enumerate(totals) if count]
    if not log.scan.segments.timed or len(filled) < FEWEST:
        return
    steps = [(after - before, before, after) for before, after in pairwise(filled)]
    usual = sorted(step for step, _, _ in steps)[len(steps) * 95 // 100]
    longest, before, after = max(steps, key=lambda step: (step[0], -step[1]))
    if longest <= max(GAP_BUCKETS, GAP_RATIO * usual):
        return
    low, _ = log.span()
    yield Remark(
        kind="gap",
        line=_line(log, totals, after),
        statement=f"no line at all for about {_duration((longest - 1) * log.scan.segments.width)}, from {log.clock_text(low + before)}"
        f" to {log.clock_text(low + after)}",
        severity=2.5,
        numbers={"count": 1, "seconds": float((longest - 1) * log.scan.segments.width)},
        since=log.scan.segments.time_of(low + after),
    )


def _paces(log: Log) -> Iterator[Remark]:
    """The log as a whole, and kinds of line that go another way than the whole, where they come at another rate for good."""
    low, high = log.span()
    totals = _totals(log)
    whole = pace(totals)
    told: list[tuple[Pace, Group | None]] = [(whole, None)] if whole else []
    for one in sorted(log.groups, key=lambda group: (-group.count, group.first))[:MOST_KINDS]:
        found = None if one.continuation or one.severity >= 2 else _own_pace(bucket_counts(one, low, high), totals)
        if found and not (whole and found.alike(whole)):
            told.append((found, one))
    for change, kind in sorted(told, key=lambda item: (-item[0].gain, item[0].place))[:MOST_TOLD]:
        yield _told(log, totals, change, kind)


def _own_pace(counts: Sequence[int], totals: Sequence[int]) -> Pace | None:
    """The pace of a kind; a small change counts where it is far beyond chance and all others go on as before."""
    found = pace(counts, SMALL)
    if found is None or found.factor >= RATIO:
        return found
    others = [total - count for total, count in zip(totals, counts, strict=True)]
    before, after = (sum(part) / len(part) for part in (others[: found.place], others[found.place :]))
    return found if found.gain >= SURE and before <= STEADY_OTHERS * after <= STEADY_OTHERS**2 * before else None


def _flurries(log: Log) -> Iterator[Remark]:
    """One or two ordinary kinds of line, of a log that goes on evenly, that come all at once for a time and only once."""
    if bursts(_totals(log), float(log.scan.segments.width)):
        return
    ordinary = [one for one in log.groups if one.severity < 2 and not one.continuation and one.count >= STEADY]
    found = [(one, hot[0]) for one in ordinary if (hot := log.bursts(one)) and len(hot) == 1 and hot[0].ratio >= FLURRY]
    for one, burst in found if len(found) <= FLURRIES else ():
        when = log.clock_text(log.span()[0] + burst.start)
        yield Remark(
            kind="burst",
            line=one.first,
            statement=f"{one.count} × {one.template}; burst of {burst.peak} lines{' from ' + when if when else ''}",
            severity=2.0,
            group=one,
            numbers={"count": one.count, "burst": burst.ratio, "peak": burst.peak},
        )


def _told(log: Log, totals: Sequence[int], found: Pace, one: Group | None) -> Remark:
    low, _ = log.span()
    segments = log.scan.segments
    since = segments.time_of(low + found.place) if segments.timed else None
    when = f" from {log.clock_text(low + found.place)}" if since is not None else ""
    what = "lines" if one is None else one.template
    scale = segments.width if segments.timed else 1
    rates = [_rate(rate / scale, timed=segments.timed) for rate in (found.before, found.after)]
    return Remark(
        kind="rate_shift",
        line=_line(log, totals, found.place),
        statement=f"{what}: {rates[0]} → {rates[1]}{when}",
        severity=2.0,
        numbers={"count": 1, "before": found.before / scale, "after": found.after / scale},
        since=since,
    )


def _rate(rate: float, *, timed: bool) -> str:
    if not timed:
        return f"{rate:.3g} a stretch"
    return f"{rate:.3g} a second" if rate >= 1 else f"one every {_duration(1 / rate)}"


def _duration(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


@dataclass(frozen=True, slots=True)
class Pace:
    """A change of rate: from bucket `place` on, lines per bucket before and after it."""

    place: int
    before: float
    after: float
    gain: float
    factor: float
    """By how much the rates differ, and the usual counts, at least."""

    def alike(self, other: Pace) -> bool:
        """True for a change in the same direction by about the same factor."""
        mine, its = self.after / self.before, other.after / other.before
        return (mine > 1) == (its > 1) and 0.5 < mine / its < 2


def pace(counts: Sequence[int], ratio: float = RATIO) -> Pace | None:
    """Return the place that best parts the counts of buckets into two rates, where these differ so far, beyond chance and for good."""
    first = next((place for place, count in enumerate(counts) if count), len(counts))
    size = max(1, math.ceil(FULL * (len(counts) - first) / max(1, sum(counts))))
    wide = [sum(counts[start : start + size]) for start in range(first, len(counts) - size + 1, size)]
    if len(wide) < FEWEST or not sum(wide):
        return None
    sums = [0, *accumulate(wide)]
    gain, place = max(
        ((_gain(sums, place), place) for place in range(EDGE, len(wide) - EDGE + 1)), key=lambda one: (one[0], -one[1])
    )
    before, after = wide[:place], wide[place:]
    if not sum(before) or not sum(after) or gain < CERTAIN * _spread(before, after):
        return None
    factor = _factor(before, after)
    rates = [sum(side) / len(side) / size for side in (before, after)]
    return Pace(first + place * size, rates[0], rates[1], gain, factor) if factor >= ratio else None


def _gain(sums: Sequence[int], place: int) -> float:
    """Twice the log-likelihood that two Poisson rates have over one."""
    whole, count = sums[-1], len(sums) - 1
    parts = ((sums[place], place), (whole - sums[place], count - place))
    return 2 * sum(lines * math.log(lines / size / (whole / count)) for lines, size in parts if lines)


def _spread(before: Sequence[int], after: Sequence[int]) -> float:
    """How much more the counts vary within their sides than chance lets them, at least 1."""
    excess = sum(
        (count - sum(side) / len(side)) ** 2 / max(1.0, sum(side) / len(side)) for side in (before, after) for count in side
    )
    return max(1.0, excess / (len(before) + len(after) - 2))


def _factor(before: Sequence[int], after: Sequence[int]) -> float:
    """The lesser of what means and medians differ by: a single burst is no other rate."""
    low, high = sorted((float(median(before)), float(median(after))))
    least, most = sorted((sum(before) / len(before), sum(after) / len(after)))
    return min(most / least, high / max(low, 1.0))
