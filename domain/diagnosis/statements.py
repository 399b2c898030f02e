"""A cause as a sentence: the family's title filled in, and the words of the decisive line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.evidence.reading import innermost

LIMIT = 300
OPTIONAL = re.compile(r"\[\[([^\[\]]*)\]\]")
PIECE = re.compile(r"\{(\w+)\}")
PIECE_LIMIT = 120
LEAD = 40
"""Characters of a quotation before what it names, where there is room for them."""
SAME = 0.7
"""A piece that is this share of the line needs no quotation of it."""


def fill(title: str, pieces: Mapping[str, str]) -> str:
    """Return the title with its pieces; `[[…]]` is left out when a piece of it is unknown."""

    def part(match: re.Match[str]) -> str:
        names = PIECE.findall(match[1])
        return match[1] if all(pieces.get(name) for name in names) else ""

    whole = OPTIONAL.sub(part, title)
    return " ".join(PIECE.sub(lambda m: _short(pieces.get(m[1], "")), whole).split())


def names_something(title: str, pieces: Mapping[str, str]) -> bool:
    """Tell whether the statement names a field or value besides its subject."""
    return any(pieces.get(name) for name in PIECE.findall(title) if name != "subject")


def statement(title: str, pieces: Mapping[str, str], quote: str) -> str:
    """Return at most 300 characters: the title, then the decisive words as a quotation."""
    said = fill(title, pieces)[: LIMIT - 60]
    room = LIMIT - len(said) - 6
    if any(
        len(value) >= SAME * len(quote.strip()) and value in quote
        for name, value in pieces.items()
        if name != "subject" and _short(value) in said
    ):
        return said
    return f"{said}: “{around(quote, pieces, room)}”" if quote and room > 20 else said


def around(quote: str, pieces: Mapping[str, str], room: int) -> str:
    """Return the part of the line that holds the named pieces, at most `room` characters, verbatim except for `…`."""
    folded = " ".join(quote.split())
    if len(folded) <= room:
        return folded
    named = [folded.find(value) for name, value in pieces.items() if name != "subject" and value and folded.find(value) >= 0]
    start = max(0, min(min(named, default=innermost(folded)) - min(LEAD, room // 4), len(folded) - room + 2))
    cut = folded[start : start + room - 2]
    return ("…" if start else "") + cut + ("…" if start + len(cut) < len(folded) else "")


def _short(value: str) -> str:
    """Return a piece that leaves room for the rest."""
    return value if len(value) <= PIECE_LIMIT else value[: PIECE_LIMIT - 1] + "…"
