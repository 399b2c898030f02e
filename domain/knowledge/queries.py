"""Text to search terms: the same rule for passages and for questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

MOST_TERMS = 12
LEAST_TERMS = 3
MOST_WORDS = 200
"""Words of one statement, repeated ones included: what is asked twice counts twice."""
COMMON = 0.05
LARGE = 10_000
"""Passages from which common terms cost more than they tell (knowledge 8)."""

_FORM = re.compile(r"<[A-Z]{2,10}_[0-9]+(?:@[a-z]+[0-9]*)?>|\[[A-Z]{2,10}\]")
_WORD = re.compile(r"[^\W_][\w]*(?:[.:/-][\w]+)*")
_PIECE = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_IDENTIFIER = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]|[A-Za-z][0-9]|[0-9][A-Za-z]|_|[a-z]\.[a-z]|/|[A-Z]{3,}|^[0-9]{3}$")
_STOP = frozenset(
    tuple(
        "a an and any are as at be been but by can could did do does for from had has have how i if in into is it its last less may me more most my no not of on"  # ruff: ignore[split-static-string]  # a list of words
        " or our over per please same should since so some than that the their them then there these they this to under up us was we were what when where"
        " which while who why will with within would you your".split()
    )
)


def terms(text: str) -> tuple[str, ...]:
    """Return the words in order, repeated as they occur: names whole and in parts, stemmed, without stop words and placeholders."""
    found: list[str] = []
    for match in _WORD.finditer(unicodedata.normalize("NFKC", _FORM.sub(" ", text))):
        word = match[0][:200]
        pieces = [stem(piece.lower()) for piece in _PIECE.findall(word)]
        if len(pieces) > 1:
            found.append(word.lower())
        found += pieces
    return tuple(word for word in found if word not in _STOP and len(word) > 1)


def identifiers(text: str) -> frozenset[str]:
    """Return names that are matched exactly: error codes, exception classes, settings, metrics, paths, HTTP and exit codes."""
    words = (match[0] for match in _WORD.finditer(_FORM.sub(" ", text)))
    return frozenset(word.lower() for word in words if _IDENTIFIER.search(word))


def stem(word: str) -> str:
    """Return the word without the commonest English endings: a plural, then a form of a verb; what grows too short stays."""
    for endings in (_PLURALS, _FORMS):
        ending, replacement = next(
            (pair for pair in endings if word.endswith(pair[0]) and len(word) - len(pair[0]) >= 3), ("", "")
        )
        word = word[: len(word) - len(ending)] + replacement
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz"
    return word[:-1] if doubled else word


_PLURALS = (("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""))
_FORMS = (("ation", "at"), ("ing", ""), ("ed", ""), ("e", ""))


def affordable(wanted: Sequence[str], frequency: Mapping[str, int], passages: int) -> tuple[str, ...]:
    """Return the terms that go to the index, repeated as asked; to a large one at most 12, common ones only while fewer than 3 remain."""
    known = sorted({term for term in wanted if frequency.get(term)}, key=lambda term: (frequency[term], term))
    if passages >= LARGE:
        rare = [term for term in known if frequency[term] <= COMMON * passages]
        known = (rare if len(rare) >= LEAST_TERMS else known[:LEAST_TERMS])[:MOST_TERMS]
    kept = frozenset(known)
    return tuple(term for term in wanted if term in kept)[:MOST_WORDS]
