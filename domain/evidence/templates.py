"""Grouping of signatures into templates by context counts and by likeness (evidence.md 8)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.evidence.mask import WILD

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
_VERBS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT"})
_IDENTIFIER = re.compile(r"<\*>|\d|[a-z][A-Z]|\w[._-]\w")
_RUNS = re.compile(r"<\*>(?:[\s.,:/#@_+-]?<\*>)+")
Pieces = tuple[str, ...]


def group(signatures: Iterable[str]) -> dict[str, str]:
    """Return signature → template; the same for any order of the signatures."""
    found = {text: tuple(_PIECES.split(text)) for text in sorted(set(signatures))}
    pieces = {text: parts for text, parts in found.items() if len(parts) <= LONGEST}
    current = _similarity(_context(pieces))
    return {text: _RUNS.sub(WILD, "".join(current.get(text, parts))) for text, parts in found.items()}


def _word(piece: str) -> bool:
    return bool(piece) and piece != WILD and (piece[0].isalnum() or piece[0] in "_<-/.")


def _anchors(parts: Sequence[str]) -> int:
    return sum(1 for part in parts if WILD not in part and part[:1].isalpha())


def _context(pieces: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Make a word position variable that holds many words between equal neighbours; repeated until nothing changes."""
    current = dict(pieces)
    for _ in range(4):
        places: dict[tuple[int, Pieces], set[str]] = defaultdict(set)
        words = {parts: {index: places[index, _hole(parts, index)] for index in _open(parts)} for parts in set(current.values())}
        for parts, seen in words.items():
            for index, others in seen.items():
                others.add(parts[index])
        changed = {parts: _masked(parts, seen) for parts, seen in words.items()}
        if all(parts == masked for parts, masked in changed.items()):
            break
        current = {text: changed[parts] for text, parts in current.items()}
    return current


def _hole(parts: Pieces, index: int) -> Pieces:
    return (*parts[:index], WILD, *parts[index + 1 :])


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


def _masked(parts: Pieces, seen: Mapping[int, set[str]]) -> Pieces:
    """The same with a wildcard at each place that was seen to hold enough words."""
    hit = {index for index, words in seen.items() if len(words) >= _needed(parts, index)}
    return tuple(WILD if index in hit else part for index, part in enumerate(parts)) if hit else parts


def _similarity(current: Mapping[str, Pieces]) -> dict[str, Pieces]:
    """Merge signatures of one length that differ in a single place which looks like an identifier on both sides."""
    result = dict(current)
    shapes: dict[tuple[int, Pieces], set[Pieces]] = defaultdict(set)
    for parts in set(current.values()):
        for index in range(0, len(parts), 2):
            if parts[index] and _IDENTIFIER.search(parts[index]) and _steady(parts, index):
                shapes[index, _hole(parts, index)].add(parts)
    replaced: dict[Pieces, Pieces] = {}
    for (_, template), members in sorted(shapes.items()):
        if len(members) > 1:
            replaced |= {member: template for member in members if member not in replaced}
    for text, parts in current.items():
        result[text] = replaced.get(parts, parts)
    return result


def _steady(parts: Pieces, index: int) -> bool:
    words = [part for place, part in enumerate(parts) if place % 2 == 0 and part]
    constant = sum(1 for part in words if WILD not in part)
    return (constant - (WILD not in parts[index])) / max(1, len(words)) >= ALIKE and _anchors(parts) > ANCHORS
