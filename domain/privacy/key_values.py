"""Secrets that are known by the key beside them: `password: x`, `DB_PASS=x`, `"api_key": "x"`, `--token x`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.privacy import vocabulary
from domain.privacy.placeholders import Span

_WORDS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "credential",
    "key",
    "auth",
    "pin",
    "otp",
    "sas",
    "psk",
    "salt",
    "connection",
    "bindpw",
    "rootpw",
)
"""What every secret's key holds; found by plain search before anything else is tried."""
_STEM = re.compile(
    r"pass(?:word|wd|phrase|code)|(?:(?<![a-z])|db|user|root|admin|my|pg|sql|smtp|ftp|redis|auth|login|key|store)pass(?![a-z])|pwd|secret|token|credential|"
    r"(?:api|access|private|account|auth|encrypt(?:ion)?|sign(?:ing)?|shared|master|session|license|"
    r"storage|hmac|aes|crypto?|ssh|deploy|webhook|integration|instrumentation)[-_. ]?key"
    r"|\bpin\b|\botp\b|\b_?auth\b|connection[-_]?string|\bsas\b|\bpsk\b|passkey|salt\b|bindpw|rootpw"
)
_AFTER = re.compile(
    r"([\w-]{0,40}(?:\.[\w-]{1,40}){0,3})(?:\\{0,3}[\"']?\]?)[ \t]{0,8}(:=|=>|->|={1,2}|:|\bis\b)[ \t]{0,8}"
    r"(?:(?P<esc>\\{1,3}[\"'])(?P<v1>[^\n]{1,4096}?)(?P=esc)|(?P<q>[\"'`])(?P<v2>(?:\\.|(?!(?P=q))[^\n\\]){1,4096})(?P=q)"
    r"|(?P<v3>[^\s\"'`,;&<>()\[\]{}|\\]{1,4096}))"
)
_OPTION = re.compile(
    r"(?i)(?<!\S)--?(?:[a-z][\w-]{0,40}?)?(?:password|passwd|passphrase|secret|token|api-?key|access-?key)[ \t]{1,4}(?P<v>[^\s-][^\s]{0,1024})"
)
_ELEMENT = re.compile(r"(?i)<([\w:.-]{0,40}(?:password|passwd|secret|token|apikey|api-key)[\w.-]{0,20})>([^<>\s]{1,1024})</")
_LEFT = re.compile(r"(?:\b(?:[Aa][Pp][Ii]|[Aa]ccess|[Pp]rivate|[Aa]uth) )?[\w.-]{0,60}\Z")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


_NO_VALUE = re.compile(
    r"(?i)(?:null|true|false|none|nil|undefined|yes|no|ok|on|off|n/?a|unset|empty|unknown|default|required|optional|missing|invalid|expired|failed|denied|"
    r"incorrect|wrong|not|no|bearer|basic|digest|string|str|int|integer|bytes?|bool|boolean|object|any|hidden|redacted|masked|removed|filtered|secret|"
    r"authentication|expires?|must|should|has|was|is|are|will|cannot|can't|for|from|file|env|vault|prompt|error|reset|changed|set|too|and|or|the|a|an|"
    r"str\b.*|self\.\S*|this\.\S*|os\.\S*|process\.env\S*|env\.\S*|config\.\S*|settings\.\S*|vars?\.\S*|local\.\S*|data\.\S*|module\.\S*|\W*|x{3,}|"
    r"\*{2,}.*|\.{3,}|[$%]\{?\w.*|\{\{.*|<[^>]*>?|\[[A-Z_]+\]?|(?-i:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)|%[sdv]|\$\(.*|REDACTED.*|changeit\?)"
)
_PROSE_NEXT = re.compile(r"[ \t]+(?:[a-z]{2,}\b(?![=:]))")
_SIZE = re.compile(r"[ \t]+bytes\b")


def spans(text: str) -> Iterator[Span]:
    """Yield the values of secret-like keys; keys that only speak about secrets, prose and stand-ins are refused."""
    end = 0
    for start, stop in _mentions(text):
        after = _AFTER.match(text, stop) if start >= end else None
        if after and (span := _value(text, start, after)):
            end = span.end
            yield span
    for pattern in (_OPTION, _ELEMENT):
        for match in pattern.finditer(text):
            if not _NO_VALUE.fullmatch(match[match.lastindex or 1].strip("\"'")):
                yield _inside(text, match.start(match.lastindex or 1), match.end(match.lastindex or 1))


def _mentions(text: str) -> list[tuple[int, int]]:
    """Return where one of the words stands, in order."""
    folded = text.lower()
    if len(folded) != len(text):
        folded = text.translate(_FOLD)
    found = []
    for word in _WORDS:
        at = folded.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return sorted(found)


_FOLD = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _inside(text: str, start: int, end: int) -> Span:
    quoted = end - start > 2 and text[start] in "\"'" and text[end - 1] == text[start]
    return Span(start=start + quoted, end=end - quoted, kind="SECRET")


def _value(text: str, start: int, after: re.Match[str]) -> Span | None:
    name = next(group for group in ("v1", "v2", "v3") if after[group] is not None)
    left = _LEFT.search(text, max(0, start - 70), start)
    key = (left[0] if left else "") + text[start : after.end(1)]
    parts = [part.lower() for part in _PART.findall(key)]
    value = after[name]
    if not _STEM.search(key.lower()) or parts[-1] in vocabulary.ABOUT_SECRETS or _NO_VALUE.fullmatch(value):
        return None
    if name == "v3" and _is_prose(text, after, value):
        return None
    if not _believable(parts, value, after[2] == "is"):
        return None
    return Span(start=after.start(name), end=after.start(name) + len(value.rstrip(".") if name == "v3" else value), kind="SECRET")


def _is_prose(text: str, after: re.Match[str], value: str) -> bool:
    """Whether an unquoted value is the next word of a sentence, a call or a size."""
    if text[after.end() : after.end() + 1] in {"(", "["} or _SIZE.match(text, after.end()):
        return True
    plain = value.isalpha() and value == value.lower()
    return plain and after[2] in {":", "is"} and bool(_PROSE_NEXT.match(text, after.end()))


def _believable(parts: list[str], value: str, said: bool) -> bool:
    """Whether the value may be a secret: any value behind a password key, otherwise one that is no plain word or number."""
    mixed = not value.isalpha() or value != value.lower()
    if said:
        return mixed and len(value) >= 6 and not value.replace(".", "").isdecimal()
    if vocabulary.PASSWORD_WORDS & set(parts) or "word" in parts or "phrase" in parts:
        return True
    name_like = re.fullmatch(r"[a-z]+(?:[-_.][a-z]+)*", value) is not None
    return len(value) >= 8 and mixed and not name_like and not value.replace(".", "").isdecimal()
