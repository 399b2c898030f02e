"""Addresses of machines: IPv4, IPv6, MAC and public host names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from domain.privacy import vocabulary
from domain.privacy.placeholders import Span

_V4 = re.compile(r"(?<![\w.~])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w]|\.[0-9])")
_V6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{1,4}|(?<=::))(?![\w:]|\.[0-9])"
)
_MAC = re.compile(
    r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}(?:(?:[0-9A-Fa-f]{2}\1){2}(?:(?:[0-9A-Fa-f]{2}\1){4})?)?[0-9A-Fa-f]{2}(?![\w:-])"
)
_MAC_DOTS = re.compile(r"(?<![\w.])(?=[0-9.]{0,13}[a-fA-F])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])")
_VERSION_BEFORE = re.compile(r"(?i)(?:\bversion|\bver|\brelease|\bv)[\"']?[ :=]{0,3}\Z")
_HOST = re.compile(
    r"(?<![\w.@/-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}([A-Za-z]{2,12})(?![\w-]|\.\w|\()|"
    r"(?<=//)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}([A-Za-z]{2,12})(?![\w-]|\.\w)|"
    r"(?<=@)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}([A-Za-z]{2,12})(?![\w-]|\.\w)"
)

_KEPT_NETWORKS = tuple(ipaddress.ip_network(each) for each in vocabulary.KEPT_NETWORKS)
"""Loopback, unspecified, broadcast, metadata and documentation addresses."""


def spans(text: str) -> Iterator[Span]:
    """Yield addresses and public host names; spans may overlap."""
    for match in _V4.finditer(text):
        if is_address(match[0]) and not _VERSION_BEFORE.search(text, max(0, match.start() - 12), match.start()):
            yield Span(start=match.start(), end=match.end(), kind="IP")
    if ":" in text:
        yield from _long(text)
    for match in _MAC_DOTS.finditer(text):
        yield Span(start=match.start(), end=match.end(), kind="MAC")
    for match in _HOST.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()]
        if is_public(match[0], located=before.endswith(("//", "@"))):
            yield Span(start=match.start(), end=match.end(), kind="HOST")


def _long(text: str) -> Iterator[Span]:
    for match in _MAC.finditer(text):
        if set(match[0].lower()) - {":", "-", "0"} and set(match[0].lower()) - {":", "-", "f"}:
            yield Span(start=match.start(), end=match.end(), kind="MAC")
    for match in _V6.finditer(text):
        digits = any(letter.isdecimal() for letter in match[0])
        if digits and is_address(match[0]):
            yield Span(start=match.start(), end=match.end(), kind="IP")


def is_address(text: str) -> bool:
    """Whether this is an address that is not always kept; a network mask is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if text.startswith("255."):
        return False
    return not any(address in network for network in _KEPT_NETWORKS if network.version == address.version)


def is_public(host: str, *, located: bool) -> bool:
    """Whether a dotted name is a public host: `located` says that it stands behind a scheme or a user."""
    labels = host.lower().split(".")
    ending = labels[-1]
    if ending not in vocabulary.GENERIC_ENDINGS and not (ending in vocabulary.COUNTRY_ENDINGS and (located or len(labels) > 2)):
        return False
    if not located and (labels[0] in vocabulary.PACKAGE_STARTS or host != host.lower()):
        return False
    return ".".join(labels[-2:]) not in vocabulary.KEPT_DOMAINS and ".svc." not in host and "internal" not in labels
