"""Which lines of a log are worth waking someone for, without training: severity, two witnesses, bursts, rarity (evidence.md 9, 18)."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.evidence.logs.mask import signature
from domain.evidence.logs.templates import group
from domain.evidence.severity import level_of, severity, status_of, word_severity
from domain.evidence.timeline import bursts

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
STRETCHES, SHORTEST = 240, 16
"""Stretches at most, and lines of one at least: a burst is five lines or more in one."""
_MISTAKE = re.compile(
    r"no such file or directory|permission denied|operation not permitted|exec format error|bad file descriptor|block device required"
    r"|not a directory|is a directory|file exists|argument list too long|file name too long|invalid argument|command not found"
    r"|no such device or address|syntax error|unknown option|usage: |bad request|malformed|not authorized|unauthori[sz]ed",
    re.IGNORECASE,
)
"""Error numbers of POSIX.1-2017 <errno.h> that follow from the arguments of a call, by their usual texts, and parsers' complaints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a log apart: its message and the level that stands in its header, if any."""

    text: str
    level: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """How suspicious one line is."""

    score: float
    alert: bool


def alerts(rows: Sequence[Row]) -> tuple[Alert, ...]:
    """Return score and verdict of every line, in order; a line's neighbours tell whether it is rare or part of a burst."""
    signatures = [signature(row.text) for row in rows]
    templates = group(signatures)
    kinds = [templates[text] for text in signatures]
    common, stormy = _rarity(kinds), _stormy(kinds)
    known = {(row, kind): _score(row, stormy=kind in stormy) for row, kind in zip(rows, kinds, strict=True)}
    found = []
    for row, kind in zip(rows, kinds, strict=True):
        score = known[row, kind] + common[kind] * (known[row, kind] > 0)
        found.append(Alert(score=score, alert=score >= ALERT))
    return tuple(found)


def _score(row: Row, *, stormy: bool) -> float:
    """What the line says by itself, and whether it says so in a storm: one of a mere level, or that its level calls harmless, is none."""
    fields: Mapping[str, str] = {"level": row.level} if row.level else {}
    grade, level = severity(row.text, fields), level_of(row.text, fields)
    if _mistaken(row.text):
        return min(MISTAKE, grade)
    worded = grade >= TROUBLE and word_severity(row.text) >= TROUBLE
    confirmed = level is not None and level >= TROUBLE
    harmless = level is not None and level <= HARMLESS
    return grade + worded * (BOTH * confirmed + BURST * (stormy and not harmless))


def _mistaken(text: str) -> bool:
    status = status_of(text)
    return bool(_MISTAKE.search(text[:4096])) or (status is not None and 400 <= status < 500)


def _rarity(kinds: Sequence[str]) -> Mapping[str, float]:
    """By kind of line: `RARITY` for one that occurs once, falling to 0 for one that fills the log."""
    total = math.log2(1 + len(kinds))
    return {kind: RARITY * math.log2(len(kinds) / count) / total for kind, count in Counter(kinds).items()}


def _stormy(kinds: Sequence[str]) -> frozenset[str]:
    """Return the kinds that come in a burst, in stretches of equal length."""
    length = max(SHORTEST, len(kinds) // STRETCHES)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(kinds) // length + 1))
    for place, kind in enumerate(kinds):
        counts[kind][place // length] += 1
    return frozenset(kind for kind, stretches in counts.items() if bursts(stretches, 60.0))
