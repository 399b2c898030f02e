"""What a question suspects, held against the ranking: one of its causes, ruled out, or spoken for by no line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from domain.case.texts import words
from domain.diagnosis.catalogue.families import FAMILIES
from domain.diagnosis.values import Candidate

SUSPECTS = re.compile(
    r"\b(?:is|was|are|could|might|may|can) (?:it|this|that)(?: be| have been)?(?: because of| due to| caused by| about)?"
    r"(?: the| a| an| our| some)? (?P<what>[\w /-]{2,60})\?",
    re.IGNORECASE,
)
"""A suspicion in the form of a question: "is it the database?"."""
WORD = re.compile(r"[a-z]{2,}")
COMMON = words(
    "the and for that with from what which its can has have not are was way than then more far subject problem problems issue issues error errors "
    "fault failing failed again related something wrong other too much of in on at by to up is it no one all or be as"
)
"""Words of titles and questions that name no kind of fault."""


def meant(question: str) -> tuple[str, ...]:
    """Return the families that a question suspects, in the order of the catalogue; none where it suspects nothing that is known."""
    asked = {word for found in SUSPECTS.finditer(question[:4_000]) for word in _telling(found["what"])}
    return tuple(family for family, names in _names().items() if asked & names)


def told(families: Sequence[str], found: Sequence[Candidate], ruled_out: Sequence[tuple[str, str]]) -> str:
    """Return what the evidence says of them in one sentence; empty where nothing was suspected."""
    if not families:
        return ""
    if cause := next((one for one in found if one.family in families), None):
        place = "the first" if cause.rank == 1 else f"number {cause.rank}"
        return f"What you ask about is {place} of the causes that the evidence speaks for."
    if why := next((why for family, why in ruled_out if family in families), ""):
        return f"What you ask about is ruled out: {why}."
    return "No line of the evidence speaks for what you ask about."


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """Return the words by which people name each family: those of its id, name, title and category."""
    return {
        one.id: frozenset(_telling(f"{one.id.replace('_', ' ')} {one.called} {one.title} {one.category.value}"))
        for one in FAMILIES
    }


def _telling(text: str) -> set[str]:
    return set(WORD.findall(text.lower())) - COMMON
