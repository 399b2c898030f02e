"""Instant values of one query held against each other: the one series that stands out where the query asks for something bad."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.evidence.metrics.names import owner
from domain.evidence.metrics.series import Series
from domain.evidence.reading import Fact, Reading

BAD = re.compile(
    r"(?i)throttl|error|fail|5\.\.|5xx|drop|lag\b|_lag|latency|duration|restart|pending|timeout|reject|evict|oom|retr(?:y|ies)|saturat|backlog|queue|unavailable|expired|outbound_seconds"
)
"""What a query asks for where more of it is worse."""
LEAST, TIMES, SEVERE = 3, 5.0, 3.0
"""Series that make a comparison, how far the first must lead the second, and the severity of such a lead."""


def find(reading: Reading, found: Sequence[Series], query: str) -> None:
    """Find the series that leads all others of an instant answer by far."""
    points = [(one.values[0], one) for one in found if len(one.values) == 1 and one.values[0] is not None]
    if len(points) < LEAST or len(points) < len(found) or not BAD.search(f"{query} {found[0].name}"):
        return
    (top, first), (second, _) = sorted(points, key=lambda one: -(one[0] or 0.0))[:2]
    if top is None or second is None or top <= 0 or top < TIMES * second:
        return
    asked = query.strip()[:200]
    told = f"of {len(points)} series {first.title} stands out with {top:.6g}, the next is {second:.6g}" + (
        f": {asked}" if asked else ""
    )
    facts: dict[str, Fact] = {"metric": first.name, "value": top, "next": second}
    reading.find("standout", owner(first), first.lines[0], SEVERE, told, **facts)
    if first.head and first.head != first.lines[0]:
        reading.also(first.head)
