"""Lines at the margin of YAML that are none: something else printed them into the document, which goes on below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.evidence.reading import beginning

OWNER = re.compile(
    r"""(?:#|---(?:\s|$)|\.\.\.|- |-$|(?:"[^"]{0,500}"|'[^']{0,500}'|[^\s#&*!|>'"%@`{}\[\],][^:#]{0,500}?):(?:\s*$|\s+["'|>&!{\[#]))"""
)
"""What may own deeper lines: a comment owns none and harms none."""
ENTRY = re.compile(r"""^\s*+(?:- )?(?:"[^"]{0,500}"|'[^']{0,500}'|[^\s#&*!|>'"%@`{}\[\],][^#\n]{0,500}?)\s*:(?:\s|$)""")
"""`key:`, perhaps behind the dash of a list."""
CLOSING = ("}", "]", "'", '"', "%", "?")
"""Begins the end of a flow form or quote, a directive, or a key of its own."""


FEW, SHARE = 12, 0.25
"""Strays of a document, and their share of its lines, beyond which it is not YAML at all."""


def strays(lines: Sequence[str], first: int, last: int) -> tuple[int, ...]:
    """Return the numbers of lines of one document that fit nowhere in its map or list, ascending.

    A plain value owns no keys below it, and text at the margin that is neither key nor item is no YAML.
    """
    rows = [(n, beginning(lines[n - 1])) for n in range(first, last + 1) if lines[n - 1].strip()]
    head = next((row for _, row in rows if not row.startswith(("#", "---", "%"))), "")
    if not (head.startswith("- ") or (head[:1] not in {"", " "} and ENTRY.match(head))):
        return ()
    found: list[int] = []
    keys_below = False
    for place in range(len(rows) - 1, -1, -1):
        number, row = rows[place]
        if row[0] in " \t" and ENTRY.match(row):
            keys_below = True
        elif row[0] not in " \t" and _is_stray(row, rows[max(place - 1, 0)][1], keys_below=keys_below):
            found.append(number)
        elif row[0] not in " \t#":
            keys_below = False
    return tuple(reversed(found)) if len(found) <= min(FEW, SHARE * len(rows)) else ()


def _is_stray(row: str, above: str, *, keys_below: bool) -> bool:
    """Tell whether a line at the margin is no part of the document."""
    if OWNER.match(row) or row.startswith(CLOSING):
        return False
    return not ENTRY.match(row) or (keys_below and above[:1] in {" ", "\t", "-"})
