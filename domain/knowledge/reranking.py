"""The final order of passages, or the reason why none applies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.knowledge.documents import Hit, SearchResult
from domain.knowledge.fusion import NARROWNESS, distinct, fuse
from domain.knowledge.queries import identifiers, terms

CANDIDATES = 50
PER_DOCUMENT = 2
SHOWN = 6
COVERED = 0.35
"""Share of a question's weight that a passage must cover where no identifier matches; lexical search alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Parts of the final score (knowledge 8)."""

    fused: float
    covered: float
    exact: float


PROSE = Weights(fused=0.45, covered=0.25, exact=0.05)
IDENTIFIERS = Weights(fused=0.25, covered=0.20, exact=0.35)
IDENTIFIER_SHARE = 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    weights: Mapping[str, float]
    names: frozenset[str]
    parts: Weights


def rank(question: str, candidates: Sequence[Hit], *, per_document: int = PER_DOCUMENT, shown: int = SHOWN) -> SearchResult:
    """Order the candidates of a lexical search; nothing applies unless an identifier matches or enough weight is covered."""
    if not terms(question):
        return SearchResult(hits=(), no_answer="the question holds nothing to search for")
    asked = _read(question, candidates)
    fused = fuse([(1.0, [hit.passage.passage_id for hit in candidates]), (1.0, _by_document(candidates))])
    best = max(fused.values(), default=1.0)
    scored = [replace(hit, score=_score(asked, hit, fused[hit.passage.passage_id] / best)) for hit in candidates[:CANDIDATES]]
    scored.sort(key=lambda hit: (-hit.score, NARROWNESS[hit.passage.scope], hit.passage.passage_id))
    applying = [hit for hit in scored if _applies(asked, hit)]
    if not applying:
        return SearchResult(hits=(), no_answer="no document applies")
    return SearchResult(hits=_few(distinct(applying), per_document)[:shown])


def _read(question: str, candidates: Sequence[Hit]) -> _Question:
    """Weigh the question's terms by how rare they are among the candidates."""
    asked = terms(question)
    spread = Counter(term for hit in candidates for term in set(_words(hit)))
    weights = {term: math.log(1 + (len(candidates) + 0.5) / (spread[term] + 0.5)) for term in set(asked)}
    names = identifiers(question)
    share = len(names) / max(1, len(question.split()))
    return _Question(weights=weights, names=names, parts=IDENTIFIERS if share >= IDENTIFIER_SHARE else PROSE)


def _score(asked: _Question, hit: Hit, fused: float) -> float:
    parts = asked.parts
    exact = len(asked.names & _names(hit)) / max(1, len(asked.names))
    total = parts.fused * fused + parts.covered * covered(asked.weights, hit) + parts.exact * exact
    return total / (parts.fused + parts.covered + parts.exact)


def covered(weights: Mapping[str, float], hit: Hit) -> float:
    """Return the share of the question's weight that passage, headings and title hold."""
    held = set(_words(hit))
    return sum(weight for term, weight in weights.items() if term in held) / max(1e-9, sum(weights.values()))


def _applies(asked: _Question, hit: Hit) -> bool:
    return bool(asked.names & _names(hit)) or covered(asked.weights, hit) >= COVERED


def _words(hit: Hit) -> tuple[str, ...]:
    return terms(" ".join((hit.passage.title, *hit.passage.heading_path, hit.passage.text)))


def _names(hit: Hit) -> frozenset[str]:
    return identifiers(" ".join((*hit.passage.heading_path, hit.passage.text)))


def _by_document(candidates: Sequence[Hit]) -> list[str]:
    """Return passage ids by the strength of their whole document: its best passage, then half of each further one."""
    strength: dict[str, float] = {}
    share: Counter[str] = Counter()
    for hit in candidates:
        document = hit.passage.document_id
        strength[document] = strength.get(document, 0.0) + hit.score / 2 ** share[document]
        share[document] += 1
    return [hit.passage.passage_id for hit in sorted(candidates, key=lambda hit: -strength[hit.passage.document_id])]


def _few(hits: Sequence[Hit], most: int) -> tuple[Hit, ...]:
    count: Counter[str] = Counter()
    kept: list[Hit] = []
    for hit in hits:
        count[hit.passage.document_id] += 1
        if count[hit.passage.document_id] <= most:
            kept.append(hit)
    return tuple(kept)
