"""Cut rules: words of high variety behind a constant literal are left out of keys (evidence.md 6.3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

WORD = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+/."
VARIETY = 200
MOST_RULES = 16
LOOK_AT = 8_000
WATCHED = 8_000
"""Literals that are held at a time, 4 MiB: among random words each is one (measured, 190 MiB without a bound)."""
_PLACE = re.compile(rb"(?:^|(?<=[\s,;({\[]))([\w.@-]{0,40}\"?[=:][ ]?\"?|[A-Za-z][A-Za-z_-]{1,40} )(?=([A-Za-z0-9_+/.-]{3,200}))")


def cut(text: bytes, literal: bytes) -> bytes:
    """Remove the word behind each occurrence of the literal."""
    return _cutter(literal)(text) if literal in text else text


@lru_cache(maxsize=256)
def _cutter(literal: bytes) -> Callable[[bytes], bytes]:
    found = re.compile(re.escape(literal) + b"[" + re.escape(WORD) + b"]+")
    return partial(found.sub, literal.replace(b"\\", rb"\\"))


def learn_rules(rows: Sequence[bytes], known: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return new literals behind which at least 200 different words stand, most varied first."""
    words: dict[bytes, set[bytes]] = defaultdict(set)
    step = max(1, len(rows) // LOOK_AT)
    for row in rows[::step]:
        for match in _PLACE.finditer(row[:1024]):
            literal = b" " + match[1] if match.start() else match[1]
            if len(literal) >= 3:
                words[literal].add(match[2].translate(None, b"0123456789abcdefABCDEF"))
        if len(words) > WATCHED:
            forget(words)
    found = sorted(((-len(seen), literal) for literal, seen in words.items() if len(seen) >= VARIETY and literal not in known))
    return tuple(literal for _, literal in found[: MOST_RULES - len(known)])


def forget(words: dict[bytes, set[bytes]]) -> None:
    """Keep the half of the literals that are most varied, of equal ones those that were met first."""
    for literal in sorted(words, key=lambda literal: -len(words[literal]))[WATCHED // 2 :]:
        del words[literal]
