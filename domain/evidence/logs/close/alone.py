"""The one measure of what stands alone: it lies further from the nearest other than all others spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeVar

FEWEST = 100
"""Values below which one may lie apart by chance."""
MOST = 2
"""Values that may lie apart from all others."""
APART = 4.0
"""Times the span of all others at least that lies between them and the one."""
TAIL = 20
"""One in so many of the others is left out at the far end: their own strays."""
LESSER = 10.0
"""Times as often the rarest of all others comes."""

Word = TypeVar("Word", bound=Hashable)


def alone(values: Sequence[float]) -> int | None:
    """Return the first place of the one or two values apart from all others, in size and in ratio; None where there is none."""
    if len(values) < FEWEST:
        return None
    ranked = sorted(values)
    for count in range(1, MOST + 1):
        if _above(ranked[-count], ranked[: len(ranked) - count]):
            return next(place for place, value in enumerate(values) if value >= ranked[-count])
        if _below(ranked[count - 1], ranked[count:]):
            return next(place for place, value in enumerate(values) if value <= ranked[count - 1])
    return None


def _above(value: float, others: Sequence[float]) -> bool:
    low, high = others[len(others) // TAIL], others[-1]
    return value > 0 and value - high > APART * (high - low) and stands_out(value, high, low)


def stands_out(value: float, high: float, low: float) -> bool:
    """Tell whether the value exceeds the highest of others by a larger ratio than these their lowest: tails may be long."""
    least = low if low > 0 else min(1.0, high)
    return least <= 0 or value * least > high * max(high, least)


def _below(value: float, others: Sequence[float]) -> bool:
    low, high = others[0], others[-1 - len(others) // TAIL]
    if value == 0:
        return low > 0 and low * APART > high - low
    return value > 0 and low - value > APART * (high - low) and low * low > high * value


def rare_ones(counts: Counter[Word]) -> list[Word]:
    """Return the one or two words that come once or twice where each of all others comes far more often."""
    ranked = counts.most_common()
    cut = next((place for place, (_, count) in enumerate(ranked) if count <= MOST), len(ranked))
    few = ranked[cut:]
    usual = ranked[cut - 1][1] if cut else 0
    return [word for word, _ in few] if 0 < len(few) <= MOST and usual >= LESSER * max(count for _, count in few) else []
