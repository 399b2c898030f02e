"""The spellings in which a placeholder is recognised: exact, changed letter case, HTML or JSON escapes."""

from __future__ import annotations

import re

from domain.privacy.placeholders import Placeholder

KINDS = frozenset({
    "SECRET",
    "EMAIL",
    "IP",
    "CARD",
    "IBAN",
    "SSN",
    "PHONE",
    "MAC",
    "USER",
    "HOST",
    "NAME",
    "PATH",
    "URL",
    "ID",
    "LITERAL",
})
"""The closed list of kinds that stand in placeholders."""

DROPPED = frozenset({"SECRET"})
"""Kinds whose value is forgotten: they can be compared, never shown."""

OPENINGS = ("<", "&lt;", "\\u003c")
HELD_BACK = 64
"""Characters that a stream holds back at most; the longest form has 42."""

FORM = re.compile(
    rf"(?i)(?:<|&lt;|\\u003c)({'|'.join(sorted(KINDS))})_([1-9][0-9]{{0,8}})(?:@([a-z]{{2,4}}[0-9]{{0,4}}))?(?:>|&gt;|\\u003e)"
)
_BEGUN = re.compile(
    r"(?i)[a-z]{0,10}|[a-z]{2,10}_[0-9]{0,9}(?:(?<=[0-9])@[a-z]{0,4}[0-9]{0,4})?(?:(?<=[a-z0-9])(?:&g?t?|\\u?0{0,2}3?))?"
)


def placeholder(form: re.Match[str]) -> Placeholder:
    """Return what a match of `FORM` names."""
    kind, number, group = form.groups()
    return Placeholder(kind=kind.upper(), number=int(number), group=(group or "").lower())


def split(text: str) -> tuple[str, str]:
    """Return the part that may be restored now and the longest tail that may begin a placeholder, at most 64 characters."""
    for start in range(max(0, len(text) - HELD_BACK), len(text)):
        if text[start] in "<&\\" and _may_begin(text[start:]):
            return text[:start], text[start:]
    return text, ""


def _may_begin(tail: str) -> bool:
    folded = tail.lower()
    if any(opening.startswith(folded) for opening in OPENINGS):
        return True
    return any(folded.startswith(opening) and _BEGUN.fullmatch(folded, len(opening)) for opening in OPENINGS)
