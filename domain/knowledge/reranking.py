"""The final order of passages, or the reason why none applies.

With one lexical list its score leads: on alert texts every further feature but exact names lowered the rank of the right
document, so coverage only decides whether a passage applies at all.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.knowledge.documents import Hit, SearchResult
from domain.knowledge.duplicates import NARROWNESS, distinct
from domain.knowledge.queries import identifiers, terms

CANDIDATES = 50
PER_DOCUMENT = 2
SHOWN = 6
COVERED = 0.30
"""Share of a question's weight that a document's candidates must hold where no name matches exactly."""
NAMED = 0.30
"""Share of names among the words from which a question asks for names."""
EXACT = 0.35
"""Weight of exact names in such a question (knowledge 8)."""


def rank(question: str, candidates: Sequence[Hit], *, per_document: int = PER_DOCUMENT, shown: int = SHOWN) -> SearchResult:
    """Order the candidates of a lexical search; ties go to the narrower scope, then by id."""
    asked = terms(question)
    if not asked:
        return SearchResult(hits=(), no_answer="the question holds nothing to search for")
    names = identifiers(question)
    applying = _applying(asked, names, candidates)
    exact = EXACT if len(names) >= NAMED * len(question.split()) else 0.0
    scored = [replace(hit, score=(1 - exact) * hit.score + exact * _share(names, hit)) for hit in applying]
    scored.sort(key=lambda hit: (-hit.score, NARROWNESS[hit.passage.scope], hit.passage.passage_id))
    if not scored:
        return SearchResult(hits=(), no_answer="no document applies")
    return SearchResult(hits=_few(distinct(scored), per_document)[:shown])


def _applying(asked: Sequence[str], names: frozenset[str], candidates: Sequence[Hit]) -> tuple[Hit, ...]:
    """Keep the passages of documents that hold a name of the question, or enough of its weight."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    named: set[str] = set()
    for hit in candidates:
        held[hit.passage.document_id].update(_words(hit))
        if _share(names, hit):
            named.add(hit.passage.document_id)
    weights = _weights(asked, tuple(held.values()))
    enough = {document for document, words in held.items() if covered(weights, words) >= COVERED}
    return tuple(hit for hit in candidates if hit.passage.document_id in named | enough)


def _weights(asked: Sequence[str], documents: Sequence[set[str]]) -> Mapping[str, float]:
    """Weigh the question's terms by how rare they are among the documents."""
    spread = Counter(term for words in documents for term in words)
    return {term: math.log(1 + (len(documents) + 0.5) / (spread[term] + 0.5)) for term in asked}


def covered(weights: Mapping[str, float], words: set[str]) -> float:
    """Return the share of the question's weight that the words hold."""
    return sum(weight for term, weight in weights.items() if term in words) / max(1e-9, sum(weights.values()))


def _share(names: frozenset[str], hit: Hit) -> float:
    own = identifiers(" ".join((hit.passage.title, *hit.passage.heading_path, hit.passage.text)))
    return len(names & own) / max(1, len(names))


def _words(hit: Hit) -> tuple[str, ...]:
    return terms(" ".join((hit.passage.title, *hit.passage.heading_path, hit.passage.text)))


def _few(hits: Sequence[Hit], most: int) -> tuple[Hit, ...]:
    count: Counter[str] = Counter()
    kept: list[Hit] = []
    for hit in hits:
        count[hit.passage.document_id] += 1
        if count[hit.passage.document_id] <= most:
            kept.append(hit)
    return tuple(kept)
