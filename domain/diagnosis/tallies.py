"""How many lines speak of what a question counts: from the counts of the kinds of line that were kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.case.texts import words
from domain.evidence.logs.analyser import MOST_KEYS
from domain.evidence.values import Analysis, KeyStat

COUNTS = re.compile(r"\bhow (?:many|often)\b(?P<what>[^?.\n]{2,120})", re.IGNORECASE)
WORD = re.compile(r"[a-z]{3,}")
ENDING = re.compile(r"(?:ions?|ings?|ed|es|s|e|ures?)$")
COMMON = words(
    "the and for that with from what which has have had been are was were did does there these those this times time often many lines line log logs "
    "file files since until before after today now get got see seen show shown happen happened happening occur occurred occurs our your its any all "
    "they them far per each day hour hours minute minutes out"
)
"""Words of questions that name nothing that a line would."""
ERRORS = frozenset({"error", "fail", "except", "problem"})
"""Stems that ask for lines of that severity, whatever their words."""
SEVERE = 3.0
REQUESTS = frozenset({"request", "call", "respons"})
STATUS = re.compile(r"\b([45])(\d\d|xx)s?\b")
HTTP = "HTTP/"
"""In the words before a status in the log of a server."""


def told(question: str, analyses: Sequence[Analysis]) -> str:
    """Return in a clause how many lines speak of what is counted, with the first and the last; empty where none does or none is asked."""
    asked = " ".join(found["what"].lower() for found in COUNTS.finditer(question[:4_000]))
    wanted = {ENDING.sub("", word) for word in WORD.findall(asked) if word not in COMMON} - {""}
    return _answered(asked, wanted, analyses) or _spoken_of(wanted, analyses)


def _answered(asked: str, wanted: set[str], analyses: Sequence[Analysis]) -> str:
    """Return how many requests of all were answered with the statuses that are asked for, those of failures where requests shall have failed."""
    status = STATUS.search(asked)
    if not status and (not wanted <= ERRORS | REQUESTS or not wanted & ERRORS or not wanted & REQUESTS):
        return ""
    first, named = (status[1], status[2].replace("x", "")) if status else ("5", "")
    slots = {(one.name, slot.literal): slot for one in analyses for key in one.keys for slot in key.slots if HTTP in slot.literal}
    counts = {
        place: sum(lines for value, lines in slot.values if len(value) == 3 and value.startswith(first + named))
        for place, slot in slots.items()
    }
    if not (found := sum(counts.values())):
        return ""
    whole = sum(slot.count for slot in slots.values())
    files = ", ".join(sorted({name for (name, _), lines in counts.items() if lines}))
    return f"{found:,} of {whole:,} requests were answered with {first}{named or 'xx'}: {files}"


def _spoken_of(wanted: set[str], analyses: Sequence[Analysis]) -> str:
    """Return how many lines hold all the words, or are as severe as they ask for."""
    kinds = [(one, key) for one in analyses for key in one.keys if wanted and all(_speaks(key, word) for word in wanted)]
    if not kinds:
        return ""
    lines = sum(key.count for _, key in kinds)
    span = " to ".join(dict.fromkeys(_ends(kinds)))
    files = len({one.evidence for one, _ in kinds})
    where = f" in {files} files" if files > 1 else ""
    least = "At least " if any(len(one.keys) >= MOST_KEYS for one in analyses) else ""
    return f"{least}{lines:,} line{'s speak' if lines > 1 else ' speaks'} of it{where}: {span}"


def _speaks(key: KeyStat, stem: str) -> bool:
    """Tell whether lines of a kind hold a word of this stem, or are as severe as it asks for."""
    return (stem in ERRORS and key.severity >= SEVERE) or re.search(rf"(?:\b|_){stem}", key.template, re.IGNORECASE) is not None


def _ends(kinds: Sequence[tuple[Analysis, KeyStat]]) -> Iterator[str]:
    """Yield the places of the first and of the last line, by their times where they have them."""
    first = min(kinds, key=lambda kind: (_moment(kind[1].first_time), kind[1].first))
    last = max(kinds, key=lambda kind: (_moment(kind[1].last_time), kind[1].last))
    yield f"{first[0].name}:{first[1].first}"
    yield f"{last[0].name}:{last[1].last}"


def _moment(time: datetime | None) -> float:
    return time.timestamp() if time else 0.0
