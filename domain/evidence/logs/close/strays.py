"""Words unlike all others of their column: another name, beginning, length or set of characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from domain.evidence.logs.close.alone import MOST, rare_ones
from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import is_names, varying
from domain.evidence.logs.logged import Remark

KNOWN = 200
"""Lines from which on one word is odd."""
CLOSED, SHAPES = 40, 4
"""Different names, and looks of words, at most."""
_CUTS = re.compile(rb"[.:/@_-]")
_CLASSES = bytes.maketrans(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + bytes(range(128, 256)),
    b"a" * 26 + b"A" * 26 + b"0" * 10 + b"?" * 128,
)
_RUNS = re.compile(rb"(.)\1+")


def strays(close: Close) -> Iterator[Remark]:
    """Return, for each kind of line, the first word that stands alone in its column."""
    for kept in close.kinds:
        if kept.whole and len(kept.lines) >= KNOWN:
            yield from list(_of(kept))[:1]


def _of(kept: Kept) -> Iterator[Remark]:
    for place in varying(kept):
        words, seen = kept.columns[place], kept.distinct[place]
        for what, look, most in (*NAMES, *LOOKS) if is_names(kept, place) else LOOKS:
            found = {word: looks for word in seen if (looks := look(word))}
            counts: Counter[bytes] = Counter()
            for word, looks in found.items():
                counts[looks] += seen[word]
            odd = rare_ones(counts) if len(counts) <= most else []
            if odd:
                index = next(at for at, word in enumerate(words) if found.get(word) in odd)
                yield kept.remark("stray", index, f"“{words[index].decode('utf-8', 'replace')}” {what} than in all other lines")
                break


def _length(word: bytes) -> bytes:
    return b"%d" % len(word)


def _classes(word: bytes) -> bytes:
    return _RUNS.sub(rb"\1", word.translate(_CLASSES))


def _letters(word: bytes) -> bytes:
    """Which classes of characters it has beside digits; none where it has no others."""
    return bytes(sorted(set(word.translate(_CLASSES)) - set(b"0")))


def _beginning(word: bytes) -> bytes:
    return _CUTS.split(word, 1)[0]


Look = tuple[str, Callable[[bytes], bytes], int]
"""What it means to differ in it, the look of a word, and how many different looks there may be."""
NAMES: Sequence[Look] = (("is another", bytes, CLOSED),)
LOOKS: Sequence[Look] = (
    ("has other characters", _classes, SHAPES),
    ("has other letters", _letters, MOST),
    ("begins otherwise", _beginning, SHAPES),
    ("has another length", _length, MOST),
)
