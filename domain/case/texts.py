"""Text as a case carries it: cut by bytes, compared by its normal form, named by hash."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

STATEMENT_BYTES = 240
ENTRY_BYTES = 120
_CONTROL = dict.fromkeys((*range(0x20), 0x7F, *range(0xD800, 0xE000)), " ")
"""Control characters and halves of a pair, none of which is printable."""
_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[^\w\s]|_")


def cut(text: str, size_bytes: int) -> str:
    """Return at most `size_bytes` bytes of UTF-8, whole characters, control characters as spaces."""
    head = text[: size_bytes + 1]  # a character takes a byte at least
    clean = head if head.isprintable() else head.translate(_CONTROL)
    if clean.isascii() and len(clean) <= size_bytes:
        return clean
    encoded = clean.encode()
    if len(encoded) <= size_bytes:
        return clean
    return encoded[:size_bytes].decode(errors="ignore").rstrip()


def shorten(text: str, characters: int) -> str:
    """Return at most `characters` characters on one line, with an ellipsis where something was cut."""
    line = _SPACES.sub(" ", text).strip()
    return line if len(line) <= characters else line[: characters - 1].rstrip() + "…"


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def normal(text: str) -> str:
    """Return the form in which texts are compared: NFKC, lower case, no punctuation, single spaces."""
    lowered = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return _SPACES.sub(" ", _PUNCTUATION.sub(" ", lowered)).strip()


def fingerprint(*parts: object) -> str:
    """Return 12 characters of [a-z2-7] that are equal for equal parts: 60 bits of SHA-256."""
    material = "\x1f".join(str(part) for part in parts).encode(errors="replace")
    return base64.b32encode(hashlib.sha256(material).digest()[:10]).decode()[:12].lower()


def named(kind: str, *parts: object) -> str:
    """Return a deterministic id `kind_` + 12 characters."""
    return f"{kind}_{fingerprint(*parts)}"


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as one text."""
    return frozenset(text.split())
