"""How long the leading fault has shown no sign where it would: what may show that a fix held (rules E3, E7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.case.findings import Quiet
from domain.case.solutions import LOOKED
from domain.diagnosis.signals import Observation
from domain.diagnosis.values import Candidate
from domain.evidence.values import Analysis, Finding, KeyStat

SEVERE = 3.0
"""A line of this severity ends a silence, whatever it says: absence is claimed of a calm log only."""
HEAD, WORDS, HOLE = 2, 2, "<*>"
"""First words of a template that may be level and logger, the least words of its own that tell it, and what stands for the others."""
SAME_SOURCE = 0.5
"""Share of a file's lines that must follow templates of the file with the fault, where the names differ."""


def quiet(found: Sequence[Candidate], analyses: Sequence[Analysis], seen: Sequence[Observation]) -> Quiet | None:
    """Return the longest stretch of a log of the same source, read whole, without a sign of the leader and without a severe line.

    None where the leader showed itself less than twice: nobody knows how long it would have to be silent.
    """
    signs = _signs(found[0], seen) if found else ()
    gap = max((_gap(one) for one in signs), default=0.0)
    ends = [end for one in signs if (end := one.last_time or one.time)]
    homes = tuple(one for one in analyses if one.evidence in {sign.citations[0].evidence for sign in signs})
    if not gap or not ends:
        return None
    logs = [one for one in analyses if one.keys and one.coverage.share_read >= 1 and _is_of(one, homes)]
    calm = [told for one in logs if (told := _calm(one, max(ends), gap))]
    return max(calm, key=lambda told: told.until - told.since, default=None)


def _signs(leader: Candidate, seen: Sequence[Observation]) -> tuple[Finding, ...]:
    """Return the leader's dated decisive findings."""
    cited = {(one.evidence, one.finding) for one in leader.signals if one.decisive and not one.untrusted}
    findings = (item.finding for item in seen if item.finding.time)
    return tuple(one for one in findings if (one.citations[0].evidence, one.id) in cited)


def _gap(sign: Finding) -> float:
    """Return the seconds between two lines of a sign on average, 0 for one line."""
    count = sign.numbers.get("count", 1.0)
    if sign.time is None or sign.last_time is None or count < 2:
        return 0.0
    return (sign.last_time - sign.time).total_seconds() / (count - 1)


def _is_of(one: Analysis, homes: Sequence[Analysis]) -> bool:
    """Tell whether a log is of the same source as one that shows the fault."""
    if any(home.evidence == one.evidence or home.name == one.name for home in homes):
        return True
    known = {tail for home in homes for key in home.keys for tail in _tails(key.template)}
    alike = sum(key.count for key in one.keys if not known.isdisjoint(_tails(key.template)))
    return alike >= SAME_SOURCE * sum(key.count for key in one.keys)


def _tails(template: str) -> set[str]:
    """Return a template without its first words, too: a level that all lines share is a word of it, and one that differs is none."""
    words = template.split()
    rests = (words[start:] for start in range(HEAD + 1))
    return {" ".join(rest) for rest in rests if sum(HOLE not in word for word in rest) >= WORDS}


def _calm(one: Analysis, last: datetime, gap: float) -> Quiet | None:
    """Return the end of a log from its last severe line and from the last sign of the fault on; None where that is soon."""
    begin, until = one.coverage.first_time, one.coverage.last_time
    severe = [key for key in one.keys if key.severity >= SEVERE]
    if begin is None or until is None or not all(key.last_time for key in severe):
        return None
    since, first = max(last, begin, *_ends(severe)), max((key.last for key in severe), default=0) + 1
    if until - since < LOOKED or first > one.coverage.lines:
        return None
    return Quiet(
        file_id=one.evidence,
        first=first,
        last=one.coverage.lines,
        since=since,
        until=until,
        gap_s=gap,
        certain=one.coverage.times_certain == "exact",
    )


def _ends(keys: Sequence[KeyStat]) -> tuple[datetime, ...]:
    return tuple(key.last_time for key in keys if key.last_time)
