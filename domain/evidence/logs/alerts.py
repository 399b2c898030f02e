"""Which kinds of line of a log are worth waking someone for, without training: severity, two witnesses, bursts, rarity (evidence.md 9, 18)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.evidence.severity import level_of, severity, status_of, word_severity

ALERT = 4.5
"""Score from which a line is an alert; a design value between an error level alone (4) and one that words confirm."""
BOTH = 0.5
"""Added where level and words both tell of trouble: two witnesses."""
BURST = 1.5
"""Added to trouble that comes in a burst: a storm of failures is an alert at any level."""
RARITY = 0.45
"""Added at most, to what occurs once: never enough to lift an error level alone over `ALERT`."""
TROUBLE = 3.0
HARMLESS = 1.0
"""Levels up to NOTICE."""
MISTAKE = 3.5
"""At most, where the words blame what a caller asked for and not the system."""
_MISTAKE = re.compile(
    r"no such file or directory|permission denied|operation not permitted|exec format error|bad file descriptor|block device required"
    r"|not a directory|is a directory|file exists|argument list too long|file name too long|invalid argument|command not found"
    r"|no such device or address|syntax error|unknown option|usage: |bad request|malformed|not authorized|unauthori[sz]ed",
    re.IGNORECASE,
)
"""Error numbers of POSIX.1-2017 <errno.h> that follow from the arguments of a call, by their usual texts, and parsers' complaints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How suspicious what a line says is by itself, and how suspicious it is where it comes in a storm."""

    calm: float = 0.0
    storm: float = 0.0


QUIET = Tone()


def tone(text: str, fields: Mapping[str, str]) -> Tone:
    """Return the tone of a message; in a storm a mere level, or what its level calls harmless, is no worse."""
    grade, level = severity(text, fields), level_of(text, fields)
    if _mistaken(text):
        return Tone(calm=min(MISTAKE, grade), storm=min(MISTAKE, grade))
    worded = grade >= TROUBLE and word_severity(text) >= TROUBLE
    confirmed = level is not None and level >= TROUBLE
    harmless = level is not None and level <= HARMLESS
    calm = grade + BOTH * (worded and confirmed)
    return Tone(calm=calm, storm=calm + BURST * (worded and not harmless))


def score(said: Tone, share: float, lines: int, *, stormy: bool) -> float:
    """Return how suspicious a kind of line is that makes up this share of a log's lines: an alert from `ALERT` on."""
    alone = said.storm if stormy else said.calm
    return alone + (RARITY * -math.log2(share) / math.log2(1 + lines) if alone > 0 else 0.0)


def _mistaken(text: str) -> bool:
    status = status_of(text)
    return bool(_MISTAKE.search(text[:4096])) or (status is not None and 400 <= status < 500)
