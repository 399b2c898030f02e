"""Lines out of their time: dated days away from the lines on both sides of them, as one is that somebody put there without knowing when."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from domain.evidence.clocks import parse_time, time_span
from domain.evidence.values import Analysis, Finding

DAY = 86_400.0
YEAR = 365.25 * DAY
LEAP = 2 * DAY
FEW = 3
"""One line in so many, and the clock was not set when the log was written."""
HEAD = 40
"""Characters before which a line's own time begins."""
FIELD = re.compile(r"^\s*\"[\w.@-]{1,60}\": ?\"")
"""The name of the field that a text is the value of."""
NEVER = re.compile(
    r"^(?:[^\w]{0,3}|\{\\?\"\w{1,20}\\?\": ?\\?\")-?(?:0\d{3}|1[0-8]\d\d|19[0-8]\d|199[0-8]|2[1-9]\d\d|[3-9]\d{3})-\d\d-\d\d(?!\d)"
)
"""A date on which no log was written."""

Point = tuple[int, float]


def astray(analysis: Analysis) -> Callable[[Finding], bool]:
    """Return what tells of a finding whether its first line is dated on another day than the lines before and behind it."""
    points = sorted(_points(analysis))
    lines = [line for line, _ in points]
    never = sum(key.count for key in analysis.keys for _, raw in key.samples[:1] if NEVER.match(raw))
    unset = never * FEW > sum(key.count for key in analysis.keys)

    def is_astray(finding: Finding) -> bool:
        text = FIELD.sub("", finding.text)
        if NEVER.match(text):
            return not unset
        if not points or not time_span(text[:HEAD]):
            return False
        line, own = finding.citations[0].first, parse_time(text[:200])
        if own is None or own.time is None:
            return False
        beside = [at for one, at in points[bisect_left(lines, line) : bisect_right(lines, line)] if apart(at, own.seconds)]
        before = beside[:1] or [at for _, at in points[: bisect_left(lines, line)][-1:]]
        behind = beside[:1] or [at for _, at in points[bisect_right(lines, line) :][:1]]
        return _outside(own.seconds, before, behind)

    return is_astray


def _outside(own: float, before: list[float], behind: list[float]) -> bool:
    """Tell whether a time lies days before what stands before it, or days after what stands behind it, where those are in order."""
    if before and behind and before[0] > behind[0] + DAY:
        return False
    early = bool(before) and own < before[0] and apart(own, before[0])
    late = bool(behind) and own > behind[0] and apart(own, behind[0])
    return early or late


def apart(one: float, other: float) -> bool:
    """Tell whether two times lie more than a day apart; whole years are the guess of a format without a year."""
    gap = abs(one - other)
    return gap > DAY and min(gap % YEAR, YEAR - gap % YEAR) > LEAP


def _points(analysis: Analysis) -> Iterator[Point]:
    """Yield line and time of everything that is dated by its own record, or by a kind of line that comes more than once."""
    for event in analysis.events:
        if event.time:
            yield event.citation.first, event.time.timestamp()
    for key in analysis.keys:
        if key.first_time and key.last_time and key.count > 1:
            yield key.first, key.first_time.timestamp()
            yield key.last, key.last_time.timestamp()
