"""Ids that are given once, and one of them twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lgamma, log, prod

from domain.evidence.logs.close.alone import FEWEST, MOST
from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import is_ids, numbers, varying
from domain.evidence.logs.logged import Remark

CHANCE = 0.03
"""Ids that chance may be expected to give so often."""


def ids(close: Close) -> Iterator[Remark]:
    """Return the second line of an id that comes twice where all others come once, and chance would hardly repeat one."""
    whole = (kept for kept in close.kinds if kept.whole and len(kept.lines) >= FEWEST)
    return (_told(kept, place) for kept in whole for place in varying(kept) if _twice(kept, place))


def _twice(kept: Kept, place: int) -> bool:
    if not is_ids(kept, place):
        return False
    size, often = len(kept.lines), kept.distinct[place].most_common(MOST + 1)
    count = often[0][1]
    expected = count * log(size) - lgamma(count + 1) - (count - 1) * log(max(1.0, _room(kept, place)))
    return count > 1 and often[-1][1] == 1 and expected <= log(CHANCE)


def _room(kept: Kept, place: int) -> float:
    """How many different ids there may be."""
    series = numbers(kept, place)
    if series:
        return max(series.values) - min(series.values)
    words = kept.distinct[place]
    return float(prod(len(set(letters)) for letters in zip(*words, strict=False)))


def _told(kept: Kept, place: int) -> Remark:
    words: Sequence[bytes] = kept.columns[place]
    twice, count = kept.distinct[place].most_common(1)[0]
    first = words.index(twice)
    name = twice.decode("utf-8", "replace")
    return kept.remark(
        "twice",
        words.index(twice, first + 1),
        f"“{name}” comes again after line {kept.lines[first]}, {count} times, where each comes once",
    )
