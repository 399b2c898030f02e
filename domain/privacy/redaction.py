"""Text to safe text: the only place that makes a `SafeText`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from domain.privacy.grouping import normalised
from domain.privacy.placeholders import Placeholder, SafeText, Span

Numbering = Mapping[tuple[str, str], Placeholder]
"""(kind, normalised value) → its placeholder."""

_WORD = re.compile(r"[^\s\"'`,;<>(){}\[\]|]{5,256}")
_JOINT = re.compile(r"[=:/@&?#]+")


def values(text: str, found: Iterable[Span]) -> tuple[tuple[str, str], ...]:
    """Return (kind, value as written) of the spans, in order."""
    return tuple((span.kind, text[span.start : span.end]) for span in found)


def redact(text: str, found: Sequence[Span], numbering: Numbering) -> SafeText:
    """Replace spans, which are ordered and do not overlap, by the placeholders of their values."""
    pieces: list[str] = []
    position = 0
    for span in found:
        value = text[span.start : span.end]
        pieces += (text[position : span.start], str(numbering[span.kind, normalised(span.kind, value)]))
        position = span.end
    return SafeText("".join((*pieces, text[position:])))


def recurs(secret: str) -> bool:
    """Whether a secret is dropped wherever it stands alone: not where it may be a plain word, such as `postgres`."""
    classes = [str.islower, str.isupper, str.isdigit]
    kinds = sum(any(test(letter) for letter in secret[1:]) for test in classes) + (not secret.isalnum())
    return len(secret) >= 12 or (len(secret) >= 5 and kinds >= 2)


def words(text: str) -> frozenset[str]:
    """Return what may be a remembered secret: words whole, without end marks, and their parts around joints."""
    found: set[str] = set()
    for match in _WORD.finditer(text):
        word = match[0]
        found.update((word, word.rstrip(".:!?"), *_JOINT.split(word), *_JOINT.split(word.rstrip("."))))
        found.add(word.partition("=")[2])
    return frozenset(word for word in found if recurs(word))


def with_known(text: str, found: Sequence[Span], known: Iterable[str], kind: str) -> tuple[Span, ...]:
    """Return the spans together with every place where a known value stands alone."""
    places = [span for value in known if value in text for span in _places(text, value, kind)]
    return settle((*found, *places)) if places else tuple(found)


def settle(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order without overlap: secrets win and are joined, then text that reads as a placeholder, then the longest."""
    every = sorted(set(spans), key=lambda each: (_RANK.get(each.kind, 2), each.start - each.end, each.start))
    kept = _joined([span for span in every if span.kind == "SECRET"])
    starts = [span.start for span in kept]
    for span in every:
        if span.kind == "SECRET":
            continue
        place = bisect_left(starts, span.start)
        before_ends = place == 0 or kept[place - 1].end <= span.start
        if before_ends and (place == len(kept) or span.end <= kept[place].start):
            kept.insert(place, span)
            starts.insert(place, span.start)
    return tuple(kept)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if joined and span.start < joined[-1].end:
            joined[-1] = replace(joined[-1], end=max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


_RANK = {"SECRET": 0, "LITERAL": 1}


def _places(text: str, value: str, kind: str) -> list[Span]:
    alone = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(value)}(?![A-Za-z0-9_])")
    return [Span(start=match.start(), end=match.end(), kind=kind) for match in alone.finditer(text)]
