"""The score of a candidate and the order of candidates (diagnosis.md 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.diagnosis.signals import LOG_KINDS, trusted
from domain.diagnosis.subjects import owner
from domain.diagnosis.values import Candidate
from domain.evidence.values import Event

PER_EVIDENCE = 3.0
IN_ALL = 6.0
SECOND_WITNESS = 0.5
PER_DEPTH = 0.6
SPECIFIC = 0.5
GENERIC = -0.5
FOCUS = 2.0
TRIGGER = 1.0
TOPOLOGY = 2.0
EARLIER, LATER = 1.0, -2.0
SAME_TIME = timedelta(minutes=2)
TRIGGER_WINDOW = timedelta(minutes=60)
SHOWN = 5


def scored(candidate: Candidate, *, specific: bool) -> Candidate:
    """Return the candidate with evidence, depth and specificity counted."""
    generic = GENERIC if candidate.depth <= 1 and not specific else 0.0
    return replace(candidate, score=_evidence(candidate) + PER_DEPTH * candidate.depth + (SPECIFIC if specific else generic))


def _evidence(candidate: Candidate) -> float:
    """Return the weight of independent trusted signals: at most 3 per file and 6 in all."""
    per_file: dict[str, dict[str, float]] = defaultdict(dict)
    for one in trusted(candidate.signals):
        rows = per_file[one.evidence]
        rows[one.witness] = max(rows.get(one.witness, 0.0), one.weight)
    files = [min(PER_EVIDENCE, sum(rows.values())) for rows in per_file.values()]
    witnesses = {(name, file) for file, rows in per_file.items() for name in rows}
    return min(IN_ALL, sum(sorted(files, reverse=True)[:2])) + (SECOND_WITNESS if len(witnesses) > 1 else 0.0)


def ranked(found: Sequence[Candidate], changes: Sequence[Event]) -> tuple[Candidate, ...]:
    """Return the best five, best first: by score, then deeper, then earlier, then by subject."""
    symptoms = [one.onset for one in found if one.onset and one.depth <= 1]
    first = min(symptoms, default=None)
    whole = [_placed(one, first, changes) for one in found]
    whole.sort(
        key=lambda one: (
            -round(one.score, 6),
            -one.depth,
            one.onset is None,
            one.onset.timestamp() if one.onset else 0.0,
            one.subject,
            one.family,
        )
    )
    return tuple(replace(one, rank=place) for place, one in enumerate(whole[:SHOWN], start=1))


def _placed(candidate: Candidate, first_symptom: datetime | None, changes: Sequence[Event]) -> Candidate:
    """Return the candidate with focus, time and trigger counted."""
    change = trigger(candidate, changes)
    score = (
        candidate.score
        + (FOCUS if candidate.focus else 0.0)
        + (TRIGGER if change and change.time else 0.0)
        + _time(candidate, first_symptom)
    )
    return replace(candidate, score=score, trigger=change)


def _time(candidate: Candidate, first_symptom: datetime | None) -> float:
    """Return the bonus of a cause that begins before the first symptom; state that was read later proves no order."""
    told = [one.time for one in candidate.signals if one.decisive and one.time and one.kind in LOG_KINDS]
    if candidate.depth <= 1 or not told or first_symptom is None:
        return 0.0
    gap = min(told).timestamp() - first_symptom.timestamp()
    if gap < -SAME_TIME.total_seconds():
        return EARLIER
    return LATER if gap > SAME_TIME.total_seconds() else 0.0


def trigger(candidate: Candidate, changes: Sequence[Event]) -> Event | None:
    """Return the nearest change within an hour before the candidate's first signal, else a change of its own thing at no known time."""
    onset = candidate.onset
    dated = [event for event in changes if onset and event.time and timedelta(0) <= onset - event.time <= TRIGGER_WINDOW]
    own = (event for event in changes if not event.time and event.subject and owner(event.subject) == owner(candidate.subject))
    return max(dated, key=lambda event: event.time.timestamp() if event.time else 0.0, default=next(own, None))
