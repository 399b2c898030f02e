"""Grouping of signatures into templates by context counts and by likeness (evidence.md 8)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from domain.evidence.logs.mask import WILD

CONTEXT = 5
"""Different words at one place of otherwise equal signatures that make it variable; 4 after `=`, 3 after a name."""
ALIKE = 0.7
LONGEST = 160
"""Pieces of a signature beyond which it stays alone."""
ANCHORS = 2
_PIECES = re.compile(r"(\s+|[=:,;()\[\]{}\"'|])")
_NAMES = frozenset({
    "user",
    "host",
    "node",
    "for",
    "from",
    "to",
    "name",
    "id",
    "on",
    "by",
    "at",
    "file",
    "server",
    "client",
    "task",
    "job",
    "path",
    "port",
})
_UNITS = frozenset({"B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "bytes", "ns", "us", "ms", "s", "sec", "min", "h"})
_VERBS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT"})
_IDENTIFIER = re.compile(r"<\*>|\d|[a-z][A-Z]|\w[._-]\w")
_NUMBERED = re.compile(r"[A-Za-z]{2,60}\d")
_RUNS = re.compile(r"<\*>(?:[\s.,:/#@_+-]?<\*>)+")
Pieces = tuple[str, ...]


def group(signatures: Iterable[str]) -> dict[str, str]:
    """Return signature → template; the same for any order of the signatures."""
    found = {text: tuple(_PIECES.split(text)) for text in sorted(set(signatures))}
    pieces = {text: parts for text, parts in found.items() if len(parts) <= LONGEST}
    current = _similarity(_shaped(_context(_scaled(_numbered(pieces)))))
    _identifier.cache_clear()  # another log has other words
    return {text: _RUNS.sub(WILD, "".join(current.get(text, parts))) for text, parts in found.items()}


def _word(piece: str) -> bool:
    return bool(piece) and piece != WILD and (piece[0].isalnum() or piece[0] in "_<-/.")


@lru_cache(maxsize=16_384)
def _identifier(piece: str) -> bool:
    return _IDENTIFIER.search(piece) is not None


def _anchors(parts: Sequence[str]) -> int:
    return sum(1 for part in parts if WILD not in part and part[:1].isalpha())


def _numbered(pieces: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Make words of one stem variable that end in different digits; `ssh2` alone is a word."""
    digits: dict[str, set[str]] = defaultdict(set)
    for word in {word for parts in pieces.values() for word in parts if word[-1:].isdecimal() and _NUMBERED.fullmatch(word)}:
        digits[word[:-1]].add(word)
    several = {word for words in digits.values() if len(words) > 1 for word in words}
    return {text: tuple(WILD if part in several else part for part in parts) for text, parts in pieces.items()}


def _scaled(current: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Make units of size and duration variable where they are all that differs: 12 KB, 3 MB."""
    bare = {parts: _bare(parts) for parts in set(current.values())}
    counts = Counter(bare.values())
    return {text: bare[parts] if counts[bare[parts]] > 1 else parts for text, parts in current.items()}


def _bare(parts: Pieces) -> Pieces:
    return tuple(
        WILD if part in _UNITS and place > 1 and parts[place - 2].endswith(WILD) else part for place, part in enumerate(parts)
    )


def _shaped(current: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Merge enough signatures that are equal but for words that look like identifiers, in any number of places."""
    shapes = {parts: _shape(parts) for parts in set(current.values())}
    counts = Counter(shapes.values())
    wide = {shape for shape, count in counts.items() if count >= CONTEXT and _anchors(shape) > ANCHORS}
    return {text: shape if (shape := shapes[parts]) in wide else parts for text, parts in current.items()}


def _shape(parts: Pieces) -> Pieces:
    return tuple(WILD if not place % 2 and _identifier(part) else part for place, part in enumerate(parts))


def _context(pieces: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Make a word position variable that holds many words between equal neighbours; repeated until nothing changes."""
    current = dict(pieces)
    for _ in range(4):
        several = set(current.values())
        words = Counter(_hole(parts, index) for parts in several for index in _open(parts))
        changed = {parts: _masked(parts, words) for parts in several}
        if all(parts == masked for parts, masked in changed.items()):
            break
        current = {text: changed[parts] for text, parts in current.items()}
    return current


def _hole(parts: Pieces, index: int) -> int:
    """Stands for all that surrounds a place: kept for many places at once, so only its hash."""
    return hash((index, parts[:index], parts[index + 1 :]))


def _open(parts: Pieces) -> list[int]:
    """Places that may turn variable: words that leave at least two anchors beside them; request verbs and the first word stay."""
    if _anchors(parts) <= ANCHORS:
        return []
    return [index for index in range(2, len(parts), 2) if _word(parts[index]) and parts[index] not in _VERBS]


def _needed(parts: Pieces, index: int) -> int:
    before = parts[index - 1] if index else " "
    name = parts[index - 2].lower() if index > 1 else ""
    if before in {"=", ":", '"', "'", "(", "["}:
        return CONTEXT - 1
    return CONTEXT - 2 * (name in _NAMES)


def _masked(parts: Pieces, words: Mapping[int, int]) -> Pieces:
    """The same with a wildcard at each place that was seen to hold enough words."""
    hit = {index for index in _open(parts) if words[_hole(parts, index)] >= _needed(parts, index)}
    return _filled(parts, hit) if hit else parts


def _filled(parts: Pieces, wild: Collection[int]) -> Pieces:
    return tuple(WILD if index in wild else part for index, part in enumerate(parts))


def _similarity(current: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Merge signatures of one length that differ in a single place: identifiers on both sides, or a wildcard where a value stands."""
    result = dict(current)
    places = {parts: _values(parts) for parts in set(current.values())}
    words = Counter(_hole(parts, index) for parts, values in places.items() for index in values)
    shapes: dict[tuple[int, Pieces], set[Pieces]] = defaultdict(set)
    for parts, values in places.items():
        for index in values:
            if words[_hole(parts, index)] > 1:
                shapes[index, _filled(parts, (index,))].add(parts)
    replaced: dict[Pieces, Pieces] = {}
    for (index, template), members in sorted(shapes.items()):
        if template in members or all(_identifier(parts[index]) for parts in members):
            replaced |= {member: template for member in members if member not in replaced}
    for text, parts in current.items():
        result[text] = replaced.get(parts, parts)
    return result


def _values(parts: Pieces) -> tuple[int, ...]:
    return tuple(index for index in range(0, len(parts), 2) if _variable(parts, index) and _steady(parts, index))


def _variable(parts: Pieces, index: int) -> bool:
    """Tell whether a place may hold a value: it looks like an identifier, or what stands before it asks for one."""
    part = parts[index]
    return bool(part) and (_identifier(part) or (_word(part) and _needed(parts, index) < CONTEXT))


def _steady(parts: Pieces, index: int) -> bool:
    words = [part for place, part in enumerate(parts) if place % 2 == 0 and part]
    constant = sum(1 for part in words if WILD not in part)
    return (constant - (WILD not in parts[index])) / max(1, len(words)) >= ALIKE and _anchors(parts) > ANCHORS
