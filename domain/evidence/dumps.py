"""Lines that only show what a register or flag holds: parts of a dump, which say nothing without the line above it (evidence.md 9)."""

from __future__ import annotations

import re

FAR = 400
_HEX = r"(?:0[xX][0-9a-fA-F]{1,16}|[0-9a-fA-F]{8,16})"
_LEADER = re.compile(r"^(?=[A-Za-z])[^\n]{2,120}?\.{2,80}(?:0[xX])?[0-9a-fA-F]{1,16}(?: ?\([^)]{0,80}\))?$")
"""`wait state enable.......0`: a name, dots up to a column, a flag or number."""
_NAMED = re.compile(rf"^[A-Za-z][\w/()-]{{0,30}}(?: [\w/()-]{{1,30}}){{0,3}}\s?[:=]\s{{0,4}}{_HEX}$")
_PAIRS = re.compile(rf"^(?:[A-Za-z]\w{{0,15}}\s?[:=]\s?{_HEX}(?:\s{{1,4}}{_HEX}){{0,7}}(?:[\s,;]{{1,4}}|$)){{1,12}}$")
_TELLS = re.compile(
    r"error|fail|status|code|result|reason|exit|unable|cannot|lost|panic|abort|kill|crash|fault|bug", re.IGNORECASE
)
"""Names whose value is news all the same."""


def is_reading(text: str) -> bool:
    """Tell whether a message is nothing but names and the values they hold."""
    text = text[:FAR].strip()
    return bool(_LEADER.match(text) or _PAIRS.match(text) or (_NAMED.match(text) and not _TELLS.search(text)))
