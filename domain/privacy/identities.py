"""What names a person: mail, login, telephone, cards and numbers of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.privacy import vocabulary
from domain.privacy.placeholders import Span

_EMAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9._%+-](?:[A-Za-z0-9._%+'-]{0,63})@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
_CARD = re.compile(
    r"(?<![\w.-])[1-6](?:[0-9]{11,18}|[0-9]{3}(?:[ -][0-9]{4}){3}|[0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5})(?![\w-]|\.[0-9])"
)
_IBAN_SAID = re.compile(r"(?i)\biban\b[^0-9\n]{0,20}?([a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?)(?![a-z0-9])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_SSN = re.compile(
    r"(?<![\w.-])(?!000|666|9[0-9]{2})[0-9]{3}(?:-(?!00)[0-9]{2}-| (?!00)[0-9]{2} )(?!0000)[0-9]{4}(?![\w-]|\.[0-9])"
)
_SSN_SAID = re.compile(r"(?i)\b(?:ssn|social security)\b[^0-9\n]{0,40}([0-9]{9})(?![0-9])")
_PHONE_PLUS = re.compile(r"(?<![\w.+])\+[1-9](?:[ .()/-]{0,2}[0-9]){7,14}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![\w])")
_PHONE_US = re.compile(
    r"(?<![\w.+-])(?:(?:1|001)[ .-])?(?:\([2-9][0-9]{2}\)[ .-]?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![\w]|[.-][0-9])"
)
_PHONE_SAID = re.compile(
    r"(?i)\b(?:phone|telephone|tel|mobile|cell|fax|call(?:ing|s)?|dial|answering|text|contact|reach|messages?|whatsapp|sms)\b"
    r"(?:[ :.]{1,2}(?:me|us|him|her|them|someone|back|on|at|to|from|is|was|number|no)\b){0,4}[ :.#=\"']{1,4}"
    r"(\(?\+?[0-9](?:[ .()/-]{0,2}[0-9]){6,14}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?)(?![\w])"
)
_CALLING = (
    "phone",
    "tel",
    "mobile",
    "cell",
    "fax",
    "call",
    "dial",
    "answering",
    "text",
    "contact",
    "reach",
    "message",
    "whatsapp",
    "sms",
)
_LOGGING_IN = (
    "user",
    "login",
    "logname",
    "owner",
    "uid",
    "uname",
    "usr",
    "run",
    "principal",
    "account",
    "password",
    "failures",
    "logged",
    "su",
    "role",
    "behalf",
)
_USER_FIELD = re.compile(
    r"(?i)(?:(?<![\w-])(?:uid|owner|uname)|(?<![a-z0-9])(?:r|remote)?(?:user_?name|user|login|logname|usr|login_?name|run_?as|principal|account_?name))"
    r"\\{0,2}[\"']?[ ]?(?:=|:)[ ]?\\{0,2}[\"']?([A-Za-z][\w.@\\+-]{0,63})"
)
_USER_SAID = re.compile(
    r"(?i)\b(?:(?:invalid|illegal|unknown|failed|no such) user|(?:password|publickey|none|hostbased) for(?: invalid user| illegal user)?|failures for|"
    r"session (?:opened|closed) for user|authentication failed for(?: user)?|denied for user|login (?:failed|succeeded|successful) for(?: user)?|logged (?:in|out) (?:as|user)|"
    r"connection authorized: user=|su(?:do)?: |role|on behalf of|check pass; user|(?:for|by|as) user(?= [\"'`]))[ ]{1,2}[\"'`]?([A-Za-z][\w.@\\+-]{0,63})"
)
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})([A-Za-z][\w.-]{0,63})(?=[/\\\s:\"',)]|\Z)")


def spans(text: str) -> Iterator[Span]:
    """Yield personal data; spans may overlap."""
    folded = text.lower()
    if "@" in text:
        yield from (span for span in _found("EMAIL", _EMAIL, text) if not text.endswith(_INTERNAL, span.start, span.end))
    yield from (span for span in _found("CARD", _CARD, text) if _is_card(text[span.start : span.end]))
    yield from _ibans(text, folded)
    yield from _found("SSN", _SSN, text)
    if "ssn" in folded or "social security" in folded:
        yield from _found("SSN", _SSN_SAID, text)
    if "+" in text:
        yield from _found("PHONE", _PHONE_PLUS, text)
    yield from _found("PHONE", _PHONE_US, text)
    if any(word in folded for word in _CALLING):
        yield from _found("PHONE", _PHONE_SAID, text)
    if any(word in folded for word in _LOGGING_IN) or "ome/" in text or "Users" in text:
        yield from accounts(text, vocabulary.SYSTEM_ACCOUNTS)


_INTERNAL = (".local", ".internal", ".localdomain", ".lan")
"""Ends of names inside a cluster or a network: such an address names a process."""


def _found(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """Yield the pattern's group, or the whole match where it has none."""
    for match in pattern.finditer(text):
        group = pattern.groups
        yield Span(start=match.start(group), end=match.end(group), kind=kind)


def _is_card(text: str) -> bool:
    """Whether the digits follow an issuer's prefix and length (ISO/IEC 7812) and pass the Luhn test."""
    digits = [int(letter) for letter in text if letter.isdecimal()]
    if not _CARD_PREFIX.fullmatch("".join(map(str, digits))):
        return False
    doubled = (digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


_CARD_PREFIX = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}|3[47][0-9]{13}|(?:1800|2131)[0-9]{11}|"
    r"3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}|35[0-9]{14}|(?:50|5[6-9]|6[0-9])[0-9]{10,17}"
)


def _ibans(text: str, folded: str) -> Iterator[Span]:
    """Yield account numbers that pass the mod-97 test of ISO 13616; a word that follows is given back."""
    said = _found("IBAN", _IBAN_SAID, text) if "iban" in folded else ()
    for span in (*said, *_found("IBAN", _IBAN, text)):
        end = span.end
        while end - span.start >= 15 and not _is_iban(text[span.start : end]):
            end = text.rfind(" ", span.start, end)
        if end - span.start >= 15:
            yield Span(start=span.start, end=end, kind="IBAN")


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def accounts(text: str, kept: frozenset[str]) -> Iterator[Span]:
    """Yield logins in login fields, in sentences of sign-in logs and as home folders; the accounts to keep are in lower case."""
    for pattern in (_USER_FIELD, _USER_SAID, _HOME):
        for match in pattern.finditer(text):
            name = match[1].rstrip(".-@\\")
            followed = text[match.start(1) + len(name) : match.end(1) + 1]
            called = followed.endswith(("(", "=")) and not text.startswith("(uid=", match.start(1) + len(name))
            if is_login(name, kept) and not called:
                yield Span(start=match.start(1), end=match.start(1) + len(name), kind="USER")


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


def is_login(name: str, kept: frozenset[str]) -> bool:
    """Whether a word in a login's place is an account to hide: none that is kept, no id and no word of a sentence."""
    folded = name.lower()
    return (
        len(name) > 1
        and not _UUID.match(folded)
        and folded not in kept
        and folded not in vocabulary.NO_LOGINS
        and not (kept and folded.startswith("system"))
    )
