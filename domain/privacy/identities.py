"""What names a person: mail, login, telephone, cards and numbers of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.privacy import vocabulary
from domain.privacy.placeholders import Span

_EMAIL = re.compile(
    r"(?<![\w.+%-])[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
_CARD = re.compile(
    r"(?<![\w.-])[2-6](?:[0-9]{11,18}|[0-9]{3}(?:[ -][0-9]{4}){3}|[0-9]{3}[ -][0-9]{6}[ -][0-9]{4,5})(?![\w-]|\.[0-9])"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_SSN = re.compile(r"(?<![\w.-])(?!000|666|9[0-9]{2})[0-9]{3}([- ])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![\w-]|\.[0-9])")
_SSN_BARE = re.compile(r"(?i)\b(?:ssn|social security)\b[^0-9\n]{0,40}([0-9]{9})(?![0-9])")
_PHONE_PLUS = re.compile(r"(?<![\w.+])(?:\+|00)[1-9](?:[ .()/-]{0,2}[0-9]){7,14}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![\w])")
_PHONE_US = re.compile(
    r"(?<![\w.+-])(?:(?:1|001)[ .-])?(?:\([2-9][0-9]{2}\)[ .-]?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?(?![\w]|[.-][0-9])"
)
_PHONE_SAID = re.compile(
    r"(?i)\b(?:phone|telephone|tel|mobile|cell|fax|call(?:ing|s)?|text(?: me)?|contact|reach|number|messages? to|calls? (?:to|from)|whatsapp|sms)\b[^0-9+\n]{0,40}"
    r"(\(?\+?[0-9](?:[ .()/-]{0,2}[0-9]){6,14}(?:[ ]?(?:x|ext\.?)[ ]?[0-9]{1,6})?)(?![\w])"
)
_USER_FIELD = re.compile(
    r"(?i)(?<![\w-])(?:[a-z]{0,12}[_.-])?(?:user_?name|user|login|logname|r?user|remote_?user|usr|login_?name|run_?as|owner|uid|uname|principal|account_?name)"
    r"\\{0,2}[\"']?[ ]?(?:=|:)[ ]?\\{0,2}[\"']?([A-Za-z][\w.@\\+-]{0,63})"
)
_USER_SAID = re.compile(
    r"(?i)\b(?:(?:invalid|illegal|unknown|failed|no such) user|(?:password|publickey|none|hostbased) for(?: invalid user| illegal user)?|failures for|"
    r"session (?:opened|closed) for user|authentication failed for(?: user)?|denied for user|login (?:failed|succeeded|successful) for(?: user)?|logged (?:in|out) (?:as|user)|"
    r"connection authorized: user=|su(?:do)?: |role|on behalf of|check pass; user)[ ]{1,2}[\"'`]?([A-Za-z][\w.@\\+-]{0,63})"
)
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2})([A-Za-z][\w.-]{0,63})(?=[/\\\s:\"',)]|\Z)")


def spans(text: str) -> Iterator[Span]:
    """Yield personal data; spans may overlap."""
    if "@" in text:
        yield from _whole("EMAIL", _EMAIL, text)
    yield from (span for span in _whole("CARD", _CARD, text) if _is_card(text[span.start : span.end]))
    yield from _ibans(text)
    for pattern in (_SSN, _SSN_BARE):
        for match in pattern.finditer(text):
            group = 1 if pattern is _SSN_BARE else 0
            yield Span(start=match.start(group), end=match.end(group), kind="SSN")
    yield from _phones(text)
    yield from _users(text)


def _whole(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        yield Span(start=match.start(), end=match.end(), kind=kind)


def _is_card(text: str) -> bool:
    """Whether the digits follow an issuer's prefix and length (ISO/IEC 7812) and pass the Luhn test."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    if not _CARD_PREFIX.fullmatch("".join(map(str, digits))):
        return False
    doubled = (digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4) for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


_CARD_PREFIX = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}|3[47][0-9]{13}|"
    r"3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}|35(?:2[89]|[3-8][0-9])[0-9]{12}|(?:50|5[6-9]|6[0-9])[0-9]{10,17}"
)


def _ibans(text: str) -> Iterator[Span]:
    """Yield account numbers that pass the mod-97 test of ISO 13616; a word that follows is given back."""
    for match in _IBAN.finditer(text):
        end = match.end()
        while end - match.start() >= 15:
            if _is_iban(text[match.start() : end]):
                yield Span(start=match.start(), end=end, kind="IBAN")
                break
            end = text.rfind(" ", match.start(), end)


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _phones(text: str) -> Iterator[Span]:
    yield from _whole("PHONE", _PHONE_PLUS, text)
    yield from _whole("PHONE", _PHONE_US, text)
    for match in _PHONE_SAID.finditer(text):
        yield Span(start=match.start(1), end=match.end(1), kind="PHONE")


def _users(text: str) -> Iterator[Span]:
    """Yield logins in login fields, in sentences of sign-in logs and as home folders; system accounts stay."""
    for pattern in (_USER_FIELD, _USER_SAID, _HOME):
        for match in pattern.finditer(text):
            name = match[1].rstrip(".-@\\")
            followed = text[match.start(1) + len(name) : match.end(1) + 1]
            if is_login(name) and not followed.endswith(("(", "=")):
                yield Span(start=match.start(1), end=match.start(1) + len(name), kind="USER")


def is_login(name: str) -> bool:
    """Whether a word in a login's place is a person's: no account of a system and no word of a sentence."""
    folded = name.lower()
    return (
        len(name) > 1
        and folded not in vocabulary.SYSTEM_ACCOUNTS
        and folded not in vocabulary.NO_LOGINS
        and not folded.startswith("system")
    )
