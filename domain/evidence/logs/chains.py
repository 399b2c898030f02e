"""What one request went through: lines that carry the same id as a severe line (evidence.md 10)."""

from __future__ import annotations

import re
from collections.abc import Sequence

FAR = 2_048
LONGEST, MOST = 50, 8
"""Lines of a block with one id above which it names no single request, and lines of a request that are told."""
_ID = re.compile(
    r"\b(?:req(?:uest)?|trace|correlation|transaction|txn|session|order|job|task)[\w.-]{0,12}[\"']?\s?[=:#]\s?[\"']?(?P<named>[\w-]{4,64})"
    r"|(?P<unique>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)",
    re.IGNORECASE,
)


def request_of(text: str) -> str:
    """Return the id of the request that a line belongs to, empty where it names none."""
    for match in _ID.finditer(text[:FAR]):
        found = match["named"] or match["unique"]
        if any(letter.isdecimal() for letter in found):
            return found
    return ""


def chain(rows: Sequence[bytes], request: str) -> tuple[int, ...]:
    """Return the places of the rows that carry the id, where there are several and not too many; the first ones and the last."""
    name = request.encode()
    whole = re.compile(rb"(?<![\w-])" + re.escape(name) + rb"(?![\w-])")
    places = [place for place, row in enumerate(rows) if name in row and whole.search(row[:FAR])]
    if not 1 < len(places) <= LONGEST:
        return ()
    return tuple(places if len(places) <= MOST else [*places[: MOST - 1], places[-1]])
