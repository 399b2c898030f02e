"""Parts of which a text must hold some, or an expression finds nothing in it: so that few texts are searched for each."""

from __future__ import annotations

import re
from functools import lru_cache

LIKE_ASCII = {0x130: "i", 0x131: "i", 0x17F: "s"}
"""Letters that an expression takes for another one whatever the case, and that do not become it in small letters."""
OTHER = "\0"
"""Stands for what may be one of many characters, or none."""
SIGNS, LITERALS = 0xE000, 0xF000
"""Private characters: the first stands for the first group, the second plus a mark for that escaped mark."""
ESCAPE = re.compile(r"\\(?P<mark>[^A-Za-z0-9])|\\(?:x..|u.{4}|U.{8}|.)|\[\^?\]?(?:\\.|[^\]\\]){0,200}+\]", re.DOTALL)
"""A mark as it is, or a class of characters."""
GROUP = re.compile(r"\((?P<kind>\?(?:<?[=!]|P<\w{1,30}>|[a-z-]{0,9}:))?(?P<inside>[^()]*)\)")
"""A group without groups inside."""
OPTIONAL = re.compile(r".(?:[?*]|\{0?(?:,\d*)?\})[?+]?", re.DOTALL)
REPEATED = re.compile(r"(?:\+|\{\d[\d,]*\})[?+]?")
PART = re.compile(rf"[^{OTHER}.^$\ue000-\uefff]+|[\ue000-\uefff]")
"""Characters side by side, or the sign of a group."""

Clause = frozenset[str]
"""Parts in small letters, of which one is needed."""


@lru_cache(maxsize=2048)
def needed(expression: str) -> tuple[tuple[Clause, ...], ...]:
    """Return what the expression needs: every clause of one of these alternatives; an empty one asks for nothing."""
    groups: list[Clause] = []

    def signed(group: re.Match[str]) -> str:
        """Return the sign of a group; a look-around may ask for the contrary."""
        if group["kind"] and group["kind"].endswith(("=", "!")):
            return OTHER
        alternatives = [max(clauses, key=_worth, default=frozenset()) for clauses in _alternatives(group["inside"], groups)]
        groups.append(frozenset().union(*alternatives) if all(alternatives) else frozenset())
        return chr(SIGNS + len(groups) - 1)

    left, count = ESCAPE.sub(_unescaped, expression), 1
    while count:
        left, count = GROUP.subn(signed, left)
    return tuple(_alternatives(left, groups))


def holds(expression: str, text: str) -> bool:
    """Tell whether a text, told by `small`, holds what the expression needs."""
    plain = expression.removeprefix("(?i)")
    return any(all(any(part in text for part in clause) for clause in clauses) for clauses in needed(plain))


def small(text: str) -> str:
    """Return a text in small letters, also those that an expression takes for letters of ASCII."""
    return text.translate(LIKE_ASCII).lower()


def _unescaped(found: re.Match[str]) -> str:
    return chr(LITERALS + ord(found["mark"])) if found["mark"] else OTHER


def _alternatives(text: str, groups: list[Clause]) -> list[tuple[Clause, ...]]:
    """Return the clauses of each alternative of a text in which groups are signs."""
    plain = REPEATED.sub(OTHER, OPTIONAL.sub(OTHER, text)).lower()
    return [tuple(clause for part in PART.findall(one) if (clause := _clause(part, groups))) for one in plain.split("|")]


def _clause(part: str, groups: list[Clause]) -> Clause:
    """Return what one part needs: what its group needs, or itself."""
    if SIGNS <= ord(part[0]) < LITERALS:
        return groups[ord(part[0]) - SIGNS]
    return frozenset({"".join(chr(ord(one) - LITERALS) if ord(one) >= LITERALS else one for one in part)})


def _worth(clause: Clause) -> tuple[int, int]:
    """Return how far a clause narrows the choice: long parts first, then few."""
    return (min(map(len, clause)), -len(clause))
