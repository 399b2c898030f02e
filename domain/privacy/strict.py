"""What the strict preset hides besides: short host names, paths, ids and every account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.privacy import identities, networks, vocabulary
from domain.privacy.placeholders import Span

_PATH = re.compile(
    r"(?<![\w.:/\\<])/(?=[A-Za-z._])[\w.@+*%~-]{1,128}(?:/[\w.@+*%~=-]{1,128}){0,32}/?|(?<!\w)[A-Za-z]:[\\/]{1,2}[\w.@+ -]{1,64}(?:[\\/]{1,2}[\w.@+-]{1,128}){0,32}"
)
_URL = re.compile(r"\b[a-z][a-z0-9+]{1,12}:(?:/{1,3}|file:/)[^\s\"'<>\])]{2,2048}")
_HOST_FIELD = re.compile(
    r"(?i)\b(?:r?host(?:name)?|server|node|peer|connect(?:ion)? (?:to|from)|service at|getaddrinfo for|on host)[=: (]{1,3}([a-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){0,8})"
)
_HOST_PORT = re.compile(
    r"(?<![\w./:@-])([A-Za-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,8})(?=:[0-9]{2,5}(?![\w:]|\.\w)|/[0-9]{1,3}\.[0-9]{1,3}\.)"
)
_FULL_NAME = re.compile(r"(?<![\w.@-])(?:[A-Za-z0-9](?:[\w-]{0,62})\.){2,8}([A-Za-z]{2,12})(?![\w-]|\.\w|\()")
_ID = re.compile(
    r"(?<![\w.])(?:[a-z]{2,20}_)+-?[0-9]{3,}\w{0,64}|(?<!\w)0x[0-9a-f]{9,32}(?!\w)|"
    r"\be?[ug]id=[0-9]{1,10}\b|\b(?:my|for) id[ =:]{1,3}([0-9]{1,20})(?![\w.])|(?i:\b(?:user|session|account|customer|order|device|process|child|client|token|task|request|job|thread)(?:[ _-]?id)?(?: for id)?[ :=#]{1,3})(-?[0-9]{3,20})(?![\w.:%/-])"
)


def spans(text: str) -> Iterator[Span]:
    """Yield them; spans may overlap with those of the balanced preset."""
    yield from identities.accounts(text, frozenset())
    for kind, pattern in (("URL", _URL), ("PATH", _PATH), ("ID", _ID)):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            yield Span(start=match.start(group), end=match.end(group), kind=kind)
    for pattern in (_HOST_FIELD, _HOST_PORT):
        for match in pattern.finditer(text):
            if _is_machine(match[1]) or (
                pattern is _HOST_FIELD and "." in match[1] and not match[1].replace(".", "").isdecimal()
            ):
                yield Span(start=match.start(1), end=match.end(1), kind="HOST")
    for match in _FULL_NAME.finditer(text):
        first = match[0].partition(".")[0].lower()
        if match[1].lower() in _ENDINGS and first not in vocabulary.PACKAGE_STARTS and not networks.is_address(match[0]):
            yield Span(start=match.start(), end=match.end(), kind="HOST")


_ENDINGS = vocabulary.GENERIC_ENDINGS | vocabulary.COUNTRY_ENDINGS | {"local", "internal", "localdomain", "lan", "svc"}


def _is_machine(name: str) -> bool:
    """Whether a word in a host's place is a machine's name: it holds a digit, a dash or a domain, and is no address and no file."""
    if not name[-1].isalnum() or name.replace(".", "").isdecimal():
        return False
    if "." in name:
        return name.rpartition(".")[2].lower() in _ENDINGS
    return any(letter in name for letter in "-0123456789")
