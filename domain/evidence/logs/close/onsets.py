"""From where on something happens that never happened before."""

from __future__ import annotations

import math
from collections.abc import Sequence

CHANCE = math.log(1e-7)
"""Below the one in a million of a single question, since each log asks for each word of each column."""
EARLY = 0.1
"""Share of the lines before which nothing counts as beginning."""
FEWEST = 5
FEW = 40
"""Values of which an order is looked for."""


SURE = 5.0
"""Standard deviations of a sum of ranks: one in three million, for the same reason."""


def sure(values: Sequence[float], place: int) -> bool:
    """Tell whether chance would hardly part values so at this place, or order them so: the tests of Mann and Whitney, and Kendall."""
    before, after = place, len(values) - place
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    excess = abs(sum(ranks[value] for value in values[:place]) - before * (len(values) - 1) / 2)
    if excess >= SURE * math.sqrt(before * after * (len(values) + 1) / 12):
        return True
    few = values[:: -(-len(values) // FEW)]
    score = sum((later > one) - (later < one) for at, one in enumerate(few) for later in few[at + 1 :])
    return abs(score) >= SURE * math.sqrt(len(few) * (len(few) - 1) * (2 * len(few) + 5) / 18)


def onset_of(hits: Sequence[bool]) -> int | None:
    """Return the first hit where chance would hardly have kept all lines before it free of any; None otherwise."""
    places = [index for index, hit in enumerate(hits) if hit]
    return places[0] if begins(places, len(hits)) else None


def begins(places: Sequence[int], size: int) -> bool:
    """Tell the same of where the hits stand among so many."""
    if len(places) < FEWEST or places[0] < EARLY * size:
        return False
    share = len(places) / (size - places[0])
    return share >= 1 or places[0] * math.log1p(-share) < CHANCE
