"""Letters and digits that look alike, told apart by the word that they stand in."""

from __future__ import annotations

import re
import unicodedata

PIECE = re.compile(r"[A-Za-z0-9]+")
UNITS = re.compile(r"0(?:[KMGT]i?B|[KMGT]?bps|bytes?|min|sec|days?|hours?)$", re.IGNORECASE)
"""A zero with its unit is a zero."""
NUMBER = re.compile(r"(?:\d+[dhmsy])+|\d+(?:ms|us|[KMGT]i?)?|v\d+")
"""Durations, sizes and versions: what letters of a piece must become to have been digits."""
DIGITS = str.maketrans({"l": "1", "I": "1", "O": "0", "o": "0"})
LEVELS = frozenset({"INF0"})
LOOKALIKES = str.maketrans({
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "—": "-",
    "–": "-",
    "…": "...",
    "十": "+",
    "一": "-",
    "丨": "|",
})
"""Marks of other scripts that terminals do not print."""


def mended(word: str) -> str:
    """Return a word as a terminal would have printed it: ASCII forms of wide marks, zeros and ones where digits stand."""
    plain = unicodedata.normalize("NFKC", word.translate(LOOKALIKES))
    return PIECE.sub(lambda found: _piece(found.group()), plain)


def _piece(piece: str) -> str:
    as_number = piece.translate(DIGITS)
    if as_number != piece and NUMBER.fullmatch(as_number) and (any(map(str.isdigit, piece)) or piece.startswith("v")):
        return as_number
    return _lettered(piece) if "0" in piece else piece


def _lettered(piece: str) -> str:
    """A zero before a letter of a word without other digits is an O: `0rder`, `ERR0R`; `eth0`, `0x1f` and `3f0a` stay."""
    letters = [char for char in piece if char.isalpha()]
    if len(letters) < 3 or len(letters) + piece.count("0") < len(piece) or piece.startswith("0x") or UNITS.match(piece):
        return piece
    if all(char in "abcdef" for char in letters):
        return piece
    return piece.replace("0", "O") if piece in LEVELS else re.sub(r"0(?=0*[A-Za-z])", "O", piece)
