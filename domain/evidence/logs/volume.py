"""Lines of a log per stretch of time and severity: what a histogram shows (evidence.md 11.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from domain.evidence.logs.buckets import MOST
from domain.evidence.logs.counting import Scan
from domain.evidence.logs.groups import Group
from domain.evidence.values import Volume

GRADES = 6
"""Severities 0 to 5."""
Row = tuple[int, int, int, int, int, int]


def volume_of(scan: Scan, groups: Sequence[Group]) -> Volume | None:
    """Return the lines of every group by bucket and severity, neighbours joined beyond 240; None where no bucket was kept."""
    low, high = scan.segments.low, scan.segments.high
    if low is None or high is None:
        return None
    joined = -(-(high - low + 1) // MOST)
    rows = [[0] * GRADES for _ in range((high - low) // joined + 1)]
    for one in groups:
        grade = min(GRADES - 1, int(one.severity))
        for index in range(0, len(one.spread), 2):
            bucket = min(high, max(low, one.spread[index]))
            rows[(bucket - low) // joined][grade] += one.spread[index + 1]
    timed = scan.segments.timed
    return Volume(
        start=datetime.fromtimestamp(low * scan.segments.width, UTC) if timed else None,
        width=float(joined * scan.segments.width) if timed else scan.lines / len(rows),
        counts=tuple(_row(row) for row in rows),
    )


def _row(counts: Sequence[int]) -> Row:
    zero, one, two, three, four, five = counts
    return zero, one, two, three, four, five
