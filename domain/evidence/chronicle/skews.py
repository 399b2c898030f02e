"""How far the clocks of documents stand apart, by the names of requests that they share (evidence.md 11.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from domain.evidence.values import Analysis, Certainty

FEWEST = 5
"""Shared names that tell a skew (evidence.md 11.7)."""
LEAST_S = 1.0
"""A smaller difference is how long a request takes, not how wrong a clock is."""
STEADY = 3.0
"""How many times the usual deviation from it a skew must be."""
_TRUST: Mapping[Certainty, int] = {"exact": 0, "zone assumed": 1, "bucket": 2, "order only": 3, "weak": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """A document's clock stands ahead of that of another one."""

    evidence: str
    against: str
    seconds: float
    """Positive where it runs ahead; taken off its times."""
    shared: int


def skews(analyses: Sequence[Analysis]) -> tuple[Skew, ...]:
    """Return the documents whose clock is off, each against the most trusted one that it shares requests with, directly or not."""
    marked = {one.evidence: {mark.name: mark.seconds for mark in one.marks} for one in analyses}
    order = sorted(
        (one for one in analyses if one.marks),
        key=lambda one: (_TRUST[one.coverage.times_certain], -len(one.marks), one.evidence),
    )
    offsets: dict[str, float] = {}
    found: list[Skew] = []
    for anchor in order:
        if anchor.evidence not in offsets:
            offsets[anchor.evidence] = 0.0
            found += _reached(anchor.evidence, [one.evidence for one in order], marked, offsets)
    return tuple(sorted((one for one in found if one.seconds), key=lambda one: one.evidence))


def _reached(
    anchor: str, others: Sequence[str], marked: Mapping[str, Mapping[str, float]], offsets: dict[str, float]
) -> list[Skew]:
    """Follow shared names from one document to all that it can be compared with; `offsets` learns each."""
    found: list[Skew] = []
    edge = [anchor]
    while edge:
        here = edge.pop(0)
        for other in others:
            apart = None if other in offsets else difference(marked[here], marked[other])
            if apart is None:
                continue
            offsets[other] = offsets[here] + apart[0]
            found.append(Skew(evidence=other, against=anchor, seconds=offsets[other], shared=apart[1]))
            edge.append(other)
    return found


def difference(left: Mapping[str, float], right: Mapping[str, float]) -> tuple[float, int] | None:
    """Return by how many seconds `right` stands ahead and over how many shared names, 0 where that may be mere duration; None below five."""
    apart = [right[name] - left[name] for name in left.keys() & right.keys()]
    if len(apart) < FEWEST:
        return None
    middle = median(apart)
    usual = median(abs(one - middle) for one in apart)
    return (middle if abs(middle) >= max(LEAST_S, STEADY * usual) else 0.0), len(apart)
