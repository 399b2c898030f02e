"""One passage for each thing that is said: near-duplicates leave the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.knowledge.documents import Hit

SHARE = 0.9
"""Shared shingles from which two passages count as one (knowledge 8)."""

NARROWNESS: Mapping[str, int] = {"case": 0, "personal": 1, "team": 2, "global": 3}


def distinct(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Leave out near-duplicates of a better hit; of such twins the one with the narrower scope stays, at the better place."""
    kept: list[tuple[frozenset[tuple[str, ...]], Hit]] = []
    for hit in hits:
        shingles = _shingles(hit.passage.text)
        twin = next((place for place, (known, _) in enumerate(kept) if _alike(shingles, known)), None)
        if twin is None:
            kept.append((shingles, hit))
        elif NARROWNESS[hit.passage.scope] < NARROWNESS[kept[twin][1].passage.scope]:
            kept[twin] = (shingles, hit)
    return tuple(hit for _, hit in kept)


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = text.lower().split()
    return frozenset(tuple(words[place : place + 3]) for place in range(max(1, len(words) - 2)))


def _alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    return len(one & other) >= SHARE * max(len(one), len(other))
