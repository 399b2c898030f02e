"""The whole way from analyses to a Diagnosis; each step is a function of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.diagnosis.asks import actions, asks
from domain.diagnosis.calm import all_well, ongoing, recovered
from domain.diagnosis.candidates import candidates, chained, matched
from domain.diagnosis.facts import changes, chronicle, claims, onset, scope, symptoms
from domain.diagnosis.graph import graph
from domain.diagnosis.integrity import integrity
from domain.diagnosis.last_words import unexplained, with_last_words
from domain.diagnosis.ranking import ranked
from domain.diagnosis.signals import Observation, observations
from domain.diagnosis.values import Candidate, Diagnosis
from domain.evidence.values import Analysis

NOTHING_FOUND = "nothing in the evidence speaks for a fault, and nothing shows that all is well"
ONLY_SYMPTOM = "the evidence shows the symptom, and no line of it names a cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What all steps read."""

    analyses: tuple[Analysis, ...]
    observations: tuple[Observation, ...]
    question: str


def diagnose(analyses: Sequence[Analysis], question: str = "") -> Diagnosis:
    """Return ranked candidates and what follows from them; the order of the analyses changes nothing.

    `question` is the user's own words: subjects that it names come first among equals.
    """
    ordered = tuple(sorted(analyses, key=lambda one: one.evidence))
    whole = graph(ordered)
    found = integrity(whole)
    checked = tuple(Observation(finding=item, subject=item.subject, text=item.text, name="") for item in found)
    seen = Seen(question=question, analyses=ordered, observations=(*observations(ordered), *checked))
    kept, excluded = candidates(matched(seen.observations), whole, question)
    over = recovered(kept)
    well = "" if kept else all_well(whole, seen.observations)
    if over or well:
        return _healthy((over,) if over else (), over.statement if over else well, seen)
    faults = [one for one in kept if one.family != "recovered"]
    best = with_last_words(ranked(chained(faults, whole), changes(ordered)), seen.observations)
    return _concluded(best or unexplained(seen.observations, question), seen, excluded)


def _healthy(over: tuple[Candidate, ...], reason: str, seen: Seen) -> Diagnosis:
    """Return that nothing is wrong now, with the line that says so where a fault has ended."""
    told = chronicle(seen.analyses, None)
    return Diagnosis(
        status="healthy",
        claims=claims(over),
        timeline=told.events,
        corrections=told.corrections,
        changes=changes(seen.analyses),
        checks=asks(over),
        reason=reason,
        ongoing="historical" if over else "unknown",
    )


def _concluded(found: tuple[Candidate, ...], seen: Seen, excluded: tuple[tuple[str, str], ...]) -> Diagnosis:
    """Return the ranking with its claims, questions and steps."""
    causes = any(one.depth > 0 for one in found)
    began = onset(found, seen.observations, seen.analyses)
    told = chronicle(seen.analyses, began)
    return Diagnosis(
        status="candidates" if causes else "inconclusive",
        candidates=found,
        claims=claims(found),
        onset=began,
        timeline=told.events,
        corrections=told.corrections,
        changes=changes(seen.analyses),
        scope=scope(found, seen.observations, seen.question),
        checks=asks(found),
        actions=actions(found),
        symptoms=symptoms(seen.observations),
        ruled_out=excluded[:10],
        reason="" if causes else _reason(found, seen),
        ongoing=ongoing(found, seen.analyses, seen.observations),
    )


def _reason(found: Sequence[Candidate], seen: Seen) -> str:
    """Return why there is no cause (diagnosis.md 8.2)."""
    if found:
        return ONLY_SYMPTOM
    if any(item.finding.severity >= 3.0 for item in seen.observations):
        return ONLY_SYMPTOM
    low = [one.name for one in seen.analyses if one.coverage.share_read < 0.5]
    return f"too little of {low[0]} could be read" if low else NOTHING_FOUND
