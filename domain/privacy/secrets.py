"""Secrets by their place: URLs, headers, key files, command lines and SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.privacy import key_values
from domain.privacy.placeholders import Span
from domain.privacy.token_rules import FORMS

_PLACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("://", re.compile(r"://[^\s/:@\"'<>]{0,128}:([^\s\"'<>/]{1,256})@(?=[\w\[])")),
    ("://", re.compile(r"://([A-Za-z0-9_-]{20,255})@(?=\w)")),
    (
        "=",
        re.compile(
            r"(?i)[?&;](?:access_token|id_token|refresh_token|token|sig|signature|key|api_?key|code_verifier|client_secret|password|passwd|pwd|auth|"
            r"x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|sharedaccesssignature|sas)=([^&\s\"'#<>;,)]{4,4096})"
        ),
    ),
    (
        "uthorization",
        re.compile(
            r"(?i)authorization\\{0,3}[\"']?\s{0,3}[:=]\s{0,3}\\{0,3}[\"']?(?:digest|aws4-hmac-sha256)\s{1,3}([^\n]{4,4096})"
        ),
    ),
    (
        "uthorization",
        re.compile(
            r"(?i)authorization\\{0,3}[\"']?\s{0,3}[:=]\s{0,3}\\{0,3}[\"']?(?:(?:bearer|basic|token|negotiate|apikey|api-key|splunk)\s{1,3})?(?!digest\b|aws4-)([^\s\"',;\\]{6,8192})"
        ),
    ),
    ("earer", re.compile(r"(?i)\bbearer[ :=]{1,3}([A-Za-z0-9._~+/=-]{16,8192})")),
    (
        "PRIVATE KEY",
        re.compile(
            r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]{1,20000}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]{0,20000}))"
        ),
    ),
    (
        "\n",
        re.compile(r"(?m)^[ \t|]{0,40}((?=[^\n]{0,76}[a-z])(?=[^\n]{0,76}[A-Z])(?=[^\n]{0,76}[0-9])[A-Za-z0-9+/]{60,76}={0,2})$"),
    ),
    ('"d"', re.compile(r"\"d\"\s{0,3}:\s{0,3}\"([\w-]{20,1024})\"")),
    ('"auth"', re.compile(r"\"auth\"\s{0,3}:\s{0,3}\"([A-Za-z0-9+/=]{8,2048})\"")),
    ("key-data", re.compile(r"client-key-data:\s{0,3}([A-Za-z0-9+/=]{16,16384})")),
    ("dockerconfigjson", re.compile(r"\.dockerconfigjson[\"']?:\s{0,3}[\"']?([A-Za-z0-9+/=]{16,16384})")),
    ("ogin", re.compile(r"\blogin[ \t]{1,4}\S{1,128}\s{1,4}password[ \t]{1,4}(\S{1,256})")),
    (
        "assw",
        re.compile(
            r"(?i)\bpassw(?:or)?d[ \t]{1,4}(?=[^\s\"']{0,256}[0-9])(?=[^\s\"']{0,256}[a-z])(?![a-z]{1,20}[0-9]{1,4}(?:[\s.,;:]|\Z))([^\s\"'(),;:<>=]{8,256})(?![=(:])"
        ),
    ),
    (":", re.compile(r"(?m)^[\w.*-]{1,128}:(?:\d{2,5}|\*):[A-Za-z_*][\w-]{0,63}:[A-Za-z_*][\w.-]{0,63}:(\S{1,256})$")),
    (
        "'",
        re.compile(
            r"(?i)\b(?:identified(?:\s{1,4}with\s{1,4}\S{1,40})?\s{1,4}by|password)\s{1,4}(?:password\s{1,4})?'((?:[^'\\\n]|''|\\.){1,256})'"
        ),
    ),
    (
        " -p",
        re.compile(
            r"\b(?:mysql\w{0,8}|mariadb(?:-\w{1,8})?|sshpass|mongo\w{0,8}|docker\s{1,3}login|podman\s{1,3}login|htpasswd|xfreerdp)\b[^\n|;&]{0,200}? -p ?(?=[^\s-])(\S{1,256})"
        ),
    ),
    (" -a", re.compile(r"\b(?:redis-cli|redis-benchmark)\b[^\n|;&]{0,200}? -a {1,3}(\S{1,256})")),
    (" -w", re.compile(r"\bldap(?:search|modify|add|delete|whoami)\b[^\n|;&]{0,200}? -w {1,3}(\S{1,256})")),
    ("-u", re.compile(r"\b(?:curl|http|wget)\b[^\n|;&]{0,200}? (?:-u|--user) {1,3}[\"']?[^\s:\"']{1,128}:([^\s\"']{1,256})")),
)
"""(literal that must occur, expression whose last group is the secret); every repetition is bounded."""

_LONG = re.compile(r"[\w.+/=~:$-]{16}")
"""Without such a run there is no token that is known by its form."""
_COOKIE = re.compile(r"(?i)\b(set-)?cookie\\{0,3}[\"']?\s{0,3}[:=]\s{0,3}\\{0,3}[\"']?([^\n\"\\]{1,8192})")
_PAIR = re.compile(r"([\w.$-]{1,128})=([^;\s,\"]{6,4096})")
_ATTRIBUTES = frozenset({"path", "domain", "expires", "max-age", "samesite"})
_SECRET_OBJECT = re.compile(r"(?m)^[ \t]{0,12}\"?kind\"?:[ \t]{0,4}\"?Secret\"?[ \t]{0,4},?$")
_DATA = re.compile(r"(?m)^([ \t]{0,12})(?:stringData|data):[ \t]{0,4}\n((?:\1[ \t]{1,8}[^\n]{0,65536}(?:\n|\Z)){1,200})")
_FIELD = re.compile(r"(?m)^[ \t]{1,20}[\w.-]{1,253}:[ \t]{1,4}[\"']?([^\s\"'|>][^\n\"']{0,65535})")


def spans(text: str) -> Iterator[Span]:
    """Yield secrets; spans may overlap."""
    if _LONG.search(text):
        for match in FORMS.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind="SECRET")
    yield from key_values.spans(text)
    for literal, pattern in _PLACES:
        if literal in text or literal == "\n":
            for match in pattern.finditer(text):
                yield _last(match)
    if "ookie" in text.lower():
        yield from _cookies(text)
    if "Secret" in text and _SECRET_OBJECT.search(text):
        yield from _secret_data(text)


def _last(match: re.Match[str]) -> Span:
    group = match.lastindex or 0
    return Span(start=match.start(group), end=match.end(group), kind="SECRET")


def _cookies(text: str) -> Iterator[Span]:
    for header in _COOKIE.finditer(text):
        for pair in _PAIR.finditer(text, header.start(2), header.end(2)):
            if not (header[1] and pair[1].lower() in _ATTRIBUTES):
                yield Span(start=pair.start(2), end=pair.end(2), kind="SECRET")


def _secret_data(text: str) -> Iterator[Span]:
    """Yield every value of a Kubernetes Secret."""
    for block in _DATA.finditer(text):
        for field in _FIELD.finditer(text, block.start(2), block.end(2)):
            yield _last(field)
