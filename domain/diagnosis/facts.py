"""Claims, scope, onset and time-line of a diagnosis: what is said besides the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from domain.diagnosis.signals import Observation, signal, trusted
from domain.diagnosis.subjects import named_in, owner, split, spoken
from domain.diagnosis.values import Candidate, Claim, Rule, Scope, Signal
from domain.evidence.values import Analysis, Event, Onset, QuoteCheck

SYMPTOMS = 12
SEVERE = 3.0
TIMELINE = 200
SYMPTOM = Rule(meaning="something is wrong")


def claims(found: Sequence[Candidate]) -> tuple[Claim, ...]:
    """Return the fault claim of every candidate: its decisive line says so."""
    return tuple(
        Claim(
            text=one.statement,
            citations=(first.citation, *first.more),
            check=QuoteCheck(text=first.text),
            strength="observed",
            verdict="confirmed",
        )
        for one in found
        for first in trusted(one.signals)[:1]
    )


def symptoms(seen: Sequence[Observation]) -> tuple[Signal, ...]:
    """Return the most severe trusted findings, whatever their cause: what the case may hold as symptoms."""
    rows = [item for item in seen if item.finding.severity >= SEVERE and not item.untrusted]
    rows.sort(key=lambda item: (-item.finding.severity, item.finding.citations[0].evidence, item.finding.citations[0].first))
    unique = {(item.finding.citations[0].evidence, item.finding.citations[0].first): item for item in rows}
    return tuple(signal(SYMPTOM, item, decisive=False) for item in list(unique.values())[:SYMPTOMS])


def changes(analyses: Sequence[Analysis]) -> tuple[Event, ...]:
    """Return deployments, scaling and settings that changed, oldest first."""
    return tuple(event for event in timeline(analyses) if event.change)


def timeline(analyses: Sequence[Analysis]) -> tuple[Event, ...]:
    """Return dated events of all files, oldest first; the most severe 200 when there are more."""
    events = [event for analysis in analyses for event in analysis.events if event.time]
    kept = sorted(events, key=lambda event: (-event.severity, not event.change, _key(event)))[:TIMELINE]
    return tuple(sorted(kept, key=_key))


def _key(event: Event) -> tuple[float, str, int]:
    """Return what orders events."""
    return (event.time.timestamp() if event.time else 0.0, event.citation.evidence, event.citation.first)


def onset(found: Sequence[Candidate], seen: Sequence[Observation]) -> Onset | None:
    """Return the earliest sign of the leader and of the symptoms that it explains; `weak` when only one sign is dated."""
    if not found:
        return None
    cited = {(one.evidence, one.citation.first) for one in found[0].signals if one.decisive}
    dated = [
        item
        for item in seen
        if item.finding.time and (item.finding.citations[0].evidence, item.finding.citations[0].first) in cited
    ]
    dated.sort(key=lambda item: item.finding.time or datetime.max.replace(tzinfo=UTC))
    if not dated:
        return None
    first = dated[0].finding
    return Onset(
        time=first.time, certainty="exact" if len(dated) > 1 else "weak", text=first.text[:300], citation=first.citations[0]
    )


def scope(found: Sequence[Candidate], seen: Sequence[Observation], question: str) -> Scope:
    """Return the services and places that evidence names for the leader, and those that the question names too."""
    subjects = [one.subject for one in found[:1] if one.subject]
    severe = [item.subject for item in seen if item.finding.severity >= SEVERE and item.subject and not item.untrusted]
    subjects += [one for one in severe if named_in(one, question) or (found and owner(one) == owner(found[0].subject))]
    services = [spoken(one) for one in subjects if split(one)[0] not in {"", "node"}]
    places = [spoken(one) for one in subjects if split(one)[0] == "node"]
    return Scope(services=tuple(dict.fromkeys(services))[:10], places=tuple(dict.fromkeys(places))[:10])
