"""Claims, scope, onset and time-line of a diagnosis: what is said besides the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.diagnosis.signals import Observation, signal, trusted
from domain.diagnosis.subjects import named_in, owner, split, spoken
from domain.diagnosis.values import Candidate, Claim, Rule, Scope, Signal
from domain.evidence import timeline as order
from domain.evidence.checks import QuoteCheck
from domain.evidence.chronicle.events import Timeline, timeline
from domain.evidence.values import Analysis, Certainty, Event, Finding, Onset

SYMPTOMS = 12
SEVERE = 3.0
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
    return tuple(event for event in chronicle(analyses, None).events if event.change)


def chronicle(analyses: Sequence[Analysis], began: Onset | None, more: Sequence[Event] = ()) -> Timeline:
    """Return dated events of all files on one clock, and what is told beside them, oldest first."""
    told = timeline(analyses, began.time if began else None)
    events = [event for event in (*more, *told.events) if event.time]
    events.sort(key=lambda event: event.time.timestamp() if event.time else 0.0)
    return replace(told, events=tuple(events))


def told_of(found: Sequence[Candidate], seen: Sequence[Observation]) -> tuple[Event, ...]:
    """Return when what the leader is suspected for began: no file tells it alone."""
    first = _suspicion(found, seen)
    if first is None:
        return ()
    return (
        Event(
            time=first.time,
            certainty="exact",
            what=first.statement,
            subject=first.subject,
            citation=first.citations[0],
            severity=first.severity,
        ),
    )


def _suspicion(found: Sequence[Candidate], seen: Sequence[Observation]) -> Finding | None:
    """Return the finding of a leader that stands out between recordings."""
    ids = {sign.finding for one in found[:1] for sign in one.signals[:1] if sign.kind == "suspect"}
    between = (
        item.finding for item in seen if item.finding.id in ids and item.finding.time and "place" in item.finding.attributes
    )
    return next(between, None)


def onset(found: Sequence[Candidate], seen: Sequence[Observation], analyses: Sequence[Analysis]) -> Onset | None:
    """Return when it began: two signals that agree, else the earliest dated sign of the leader; None without a candidate."""
    if not found:
        return None
    certain = {one.evidence: one.coverage.times_certain for one in analyses}
    if first := _suspicion(found, seen):
        zone = certain.get(first.citations[0].evidence, "exact")
        return Onset(time=first.time, certainty=zone, text=first.text[:300], citation=first.citations[0])
    agreed = order.onset(order.onset_signals(analyses))
    if agreed and agreed.certainty != "weak":
        return agreed
    return _first_sign(found[0], seen, certain) or agreed


def _first_sign(leader: Candidate, seen: Sequence[Observation], certain: Mapping[str, Certainty]) -> Onset | None:
    """Return the leader's earliest dated sign; `weak` when it is the only one."""
    cited = {(one.evidence, one.citation.first) for one in leader.signals if one.decisive}
    dated = [item.finding for item in seen if item.finding.time and _place(item) in cited]
    dated.sort(key=lambda one: one.time.timestamp() if one.time else 0.0)
    if not dated:
        return None
    first = dated[0]
    zone = certain.get(first.citations[0].evidence, "exact")
    certainty: Certainty = zone if len(dated) > 1 or zone == "zone assumed" else "weak"
    return Onset(time=first.time, certainty=certainty, text=first.text[:300], citation=first.citations[0])


def _place(item: Observation) -> tuple[str, int]:
    """Return where an observation stands."""
    return (item.finding.citations[0].evidence, item.finding.citations[0].first)


def scope(found: Sequence[Candidate], seen: Sequence[Observation], question: str) -> Scope:
    """Return the services and places that evidence names for the leader, and those that the question names too."""
    leading = [(one.subject, sign.citation) for one in found[:1] if one.subject for sign in trusted(one.signals)[:1]]
    severe = [item for item in seen if item.finding.severity >= SEVERE and item.subject and not item.untrusted]
    leader = {owner(one.subject) for one in found[:1]}
    meant = {one for one in {item.subject for item in severe} if named_in(one, question) or owner(one) in leader}
    related = [(item.subject, item.finding.citations[0]) for item in severe if item.subject in meant]
    cited = dict(reversed((*leading, *related)))
    services = [one for one in dict.fromkeys(one for one, _ in (*leading, *related)) if split(one)[0] not in {"", "node"}]
    places = [one for one in dict.fromkeys(one for one, _ in (*leading, *related)) if split(one)[0] == "node"]
    return Scope(
        services=tuple(dict.fromkeys(map(spoken, services)))[:10],
        places=tuple(dict.fromkeys(map(spoken, places)))[:10],
        citation=next((cited[one] for one in (*services, *places)), None),
    )
