"""How far its rows may carry a candidate: what shows only the symptom, or fits rivals as well, gains nothing by being seen again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.case.state import Category
from domain.diagnosis.candidates import effects_of
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.signals import LOG_KINDS
from domain.diagnosis.values import Candidate, Signal

MECHANISM = 2
"""A family of this depth or more explains: its decisive rows are causal; shallower ones only show the symptom (rule E3)."""
GUESS = 3
"""The rank of rule H1 that starts lowest."""
LEVEL = 0.5
"""Candidates whose scores differ by less than the smallest term of the score are equals (diagnosis.md 6.1)."""
SYMPTOM = "symptom"
"""The origin of what heads the list for want of a cause."""
MAKERS = 2
"""What other faults make, too, is seldom the root where words alone tell of it."""
BEYOND = frozenset({Category.NETWORK, Category.EXTERNAL})
"""Categories of what lies between programs, or beyond them: the words of one tell where it is felt, not where it is."""
VOICES = 3
"""Files whose words agree: fewer may be one program's, its log and a summary of it."""
DIRECT = frozenset({"exit", "slow_span", "vital"})
"""Kinds of finding that read the fault at the thing itself: how its process ended, where its time went, a gauge at its limit."""
WORDS = LOG_KINDS | {"field", "row"}
"""Kinds of finding that repeat what a program wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """What a candidate starts from (rule H1) and how many of its rows count (rule H2)."""

    rank: int
    origin: str
    counted: int | None = None
    """None for all."""


def footing(one: Candidate, found: Sequence[Candidate]) -> Footing:
    """Return the footing of one of the candidates."""
    if all(other.depth < MECHANISM for other in found):
        if is_measured(one):
            return Footing(rank=one.rank, origin=one.origin, counted=1)
        return Footing(rank=GUESS, origin=SYMPTOM, counted=0)
    if one.depth == 0:
        return Footing(rank=max(one.rank, GUESS), origin=one.origin)
    level = equals(one, found)
    if level > 1 or is_hearsay(one):
        return Footing(rank=max(one.rank, level if level > 1 else GUESS), origin=one.origin, counted=1)
    return Footing(rank=one.rank, origin=one.origin)


def equals(one: Candidate, found: Sequence[Candidate]) -> int:
    """Return how many causes, itself among them, explain as much as it does."""
    if one.depth < MECHANISM:
        return 1
    gaps = (round(abs(other.score - one.score), 6) for other in found if other.depth >= MECHANISM)
    return sum(gap < LEVEL for gap in gaps)


def is_measured(one: Candidate) -> bool:
    """Tell whether gauges show the thing at fault, or two recordings that were held against each other."""
    return any(sign.kind == "vital" or _compares(sign) for sign in one.signals)


def is_direct(one: Candidate, sign: Signal) -> bool:
    """Tell whether a signal of a fault needs no second witness to be likely (rule H2)."""
    return one.depth >= MECHANISM and sign.decisive and sign.kind in DIRECT


def _compares(sign: Signal) -> bool:
    return any(place.evidence != sign.citation.evidence for place in sign.more)


def is_hearsay(one: Candidate) -> bool:
    """Tell whether the words of one or two files alone speak of a fault beyond them that others make."""
    decisive = [sign for sign in one.signals if sign.decisive]
    told = all(sign.kind in WORDS for sign in decisive) and len({sign.evidence for sign in decisive}) < VOICES
    return told and one.category in BEYOND and makers(one.family) >= MAKERS


@lru_cache(maxsize=512)
def makers(family: str) -> int:
    """Return how many faults have that effect, directly or through others."""
    return sum(family in effects_of(other.id) for other in BY_ID.values() if other.depth >= MECHANISM)
