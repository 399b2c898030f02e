"""Kinds of line that come but once among others that all come often, or begin late and stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import log1p

from domain.evidence.logs.close.kept import Close
from domain.evidence.logs.close.onsets import CHANCE
from domain.evidence.logs.groups import FURTHER, Group, bucket_counts
from domain.evidence.logs.logged import Log, Remark

DAY = 86_400.0
LESSER = 8
"""Times as often all others come."""
BEFORE = 0.1
"""Share of the lines before which a kind that stays is not new."""
PARTS, EVEN = 8, 4
"""Parts of a log, and by how many times each may hold more or less of a kind that always comes."""
FEW = 60
"""Lines of a kind that counts as rare at most."""
SEVERAL = 2
"""Rare kinds at most: what is rare in more ways is how the log is."""
STAYS = 10
"""Lines of a kind from which on it stays."""
WORDS = 2
"""Words that a rare kind has at least, variables aside."""
USUAL = 3
"""Other kinds at least that are to come often."""
BEGUN = 0.05
"""Share of the lines before which a kind may have begun without being new."""


def kinds(close: Close) -> Iterator[Remark]:
    """Return the kinds of line that are far rarer than all others, and those that begin late and stay."""
    for one in close.log.groups:
        rest = close.log.scan.lines - one.first
        if one.severity < 2 and not one.continuation and one.first >= BEFORE * close.log.scan.lines and _begins(one, rest):
            yield Remark(
                kind="fresh",
                line=one.first,
                statement=f"from here on, never before, {one.count} × {one.template}",
                severity=2.5,
                group=one,
                numbers={"count": one.count},
            )
    for one in lone(close.log):
        often = f"{one.count} × {one.template}" if one.count > 1 else one.template
        yield Remark(
            kind="lone",
            line=one.first,
            statement=f"{often}: no other kind of line is as rare",
            severity=2.5,
            group=one,
            numbers={"count": one.count},
        )


def _begins(one: Group, rest: int) -> bool:
    """Tell whether a kind that comes so often in the rest of the lines would hardly have kept away before by chance."""
    share = one.count / (rest + 1)
    return one.count >= STAYS and one.first * log1p(-min(share, 1 - share)) < CHANCE and one.last - one.first >= rest / 2


def lone(log: Log) -> Sequence[Group]:
    """Return the rare kinds that begin late, where the next more frequent one comes far more often; none where they are many."""
    own = _in_time(log)
    told = [
        one
        for one in log.groups
        if not one.continuation and one.template != FURTHER and one.last > BEGUN * log.scan.lines and own(one)
    ]
    ranked = sorted(told, key=lambda one: (one.count, one.first))
    for size in range(min(SEVERAL, len(ranked) - USUAL), 0, -1):
        few = ranked[:size]
        if few[-1].count <= FEW and few[-1].count * LESSER <= ranked[size].count:
            return [one for one in few if one.first > BEGUN * log.scan.lines and _speaks(one)]
    return ()


def _in_time(log: Log) -> Callable[[Group], bool]:
    """Return what tells whether a kind's first line is dated like the log's own: others were put there, and make nothing usual."""
    usual = sorted(found.seconds for one in log.groups if one.count > FEW and (found := log.moment(one.sample)))
    ends = sorted(found.seconds for row in log.scan.tail if (found := log.moment(row.decode("utf-8", "replace"))))
    if not usual or not ends:
        return lambda one: log.moment(one.sample) is None
    low, high = usual[0] - DAY, ends[len(ends) // 2] + DAY
    return lambda one: (found := log.moment(one.sample)) is not None and low <= found.seconds <= high


def _speaks(one: Group) -> bool:
    """True for a line that says something, unlike a bare heading."""
    return sum(any(map(str.isalpha, word)) for word in one.template.split()) >= WORDS


def steady(log: Log, one: Group) -> bool:
    """True for a kind that comes throughout, about as often in each of eight parts: what is always so."""
    low, high = log.span()
    if one.count < PARTS * EVEN or high - low + 1 < PARTS:
        return False
    counts = bucket_counts(one, low, high)
    edges = [len(counts) * part // PARTS for part in range(PARTS + 1)]
    parts = [sum(counts[start:end]) for start, end in pairwise(edges)]
    return min(parts) * EVEN >= one.count / PARTS and max(parts) <= EVEN * one.count / PARTS
