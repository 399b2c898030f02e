"""Finding lines by words: bounded, linear, nothing of the query is a pattern."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.evidence.blocks import Block, text_blocks
from domain.evidence.decode import fold_space, line_hash
from domain.evidence.values import Citation

MOST = 200
VOCABULARY = 40
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{3,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits in line order, or on none of them what the document talks about instead."""

    citations: tuple[Citation, ...]
    total: int
    vocabulary: tuple[str, ...] = ()
    """Most frequent words, only when nothing was found."""


def search(evidence: str, chunks: Iterable[bytes], query: str, limit: int = 50) -> Found:
    """Return the lines that hold every word of `query`, ignoring case, at most `limit` (≤ 200) of them but all counted."""
    words = [word.lower().encode("utf-8", "replace") for word in query.split()[:20]]
    found: list[Citation] = []
    total = 0
    heard: Counter[str] = Counter()
    for block in text_blocks(chunks):
        heard.update(_WORD.findall(block.data[:65536].decode("utf-8", "replace")))
        hits = _hits(block, words)
        total += len(hits)
        found += [_cite(evidence, line, row) for line, row in hits[: max(0, min(limit, MOST) - len(found))]]
    return Found(citations=tuple(found), total=total, vocabulary=() if total else _frequent(heard))


def _hits(block: Block, words: Sequence[bytes]) -> list[tuple[int, str]]:
    low = block.data.lower()
    if not words or not all(word in low for word in words):
        return []
    rows = zip(low.split(b"\n"), block.data.split(b"\n"), strict=True)
    kept = [(place, raw) for place, (row, raw) in enumerate(rows) if all(word in row for word in words)]
    return [(block.first_line + place, raw.decode("utf-8", "replace")) for place, raw in kept]


def _cite(evidence: str, line: int, row: str) -> Citation:
    return Citation(evidence=evidence, first=line, last=line, hash=line_hash([row]), quote=fold_space(row))


def _frequent(heard: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(heard, key=lambda word: (-heard[word], word))[:VOCABULARY])
