"""The whole way from analyses to a Diagnosis; each step is a function of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.diagnosis import account, hunches, tallies
from domain.diagnosis.account import Account
from domain.diagnosis.asks import actions, asks
from domain.diagnosis.calm import all_well, ongoing, recovered
from domain.diagnosis.candidates import WORDS, candidates, chained
from domain.diagnosis.edits import edits
from domain.diagnosis.facts import changes, chronicle, claims, onset, scope, symptoms, told_of
from domain.diagnosis.graph import Graph, graph, named
from domain.diagnosis.integrity import revisions
from domain.diagnosis.integrity.checks import integrity
from domain.diagnosis.integrity.freshness import outdated
from domain.diagnosis.last_words import beside, unexplained, with_last_words
from domain.diagnosis.matching import Matched, at_servers, matched
from domain.diagnosis.monitoring.picture import calm, disproved, observed, picture
from domain.diagnosis.monitoring.recordings import undecided
from domain.diagnosis.monitoring.rivals import taken_down
from domain.diagnosis.monitoring.shortages import faults as gauge_faults
from domain.diagnosis.monitoring.suspicion import Ranking, ranking, suspected
from domain.diagnosis.monitoring.values import Picture, Vital
from domain.diagnosis.monitoring.voices import speaker
from domain.diagnosis.quiet import quiet
from domain.diagnosis.ranking import TOPOLOGY, ranked
from domain.diagnosis.reasons import RESTRAINT, asked, with_reasons
from domain.diagnosis.signals import LOG_KINDS, Observation, observations
from domain.diagnosis.topology import share, shares, troubled
from domain.diagnosis.triggers import changed_before
from domain.diagnosis.values import Candidate, Diagnosis
from domain.evidence.values import Analysis, Event, Finding

WARNING = 2.0
"""Severity from which on a line is at least a warning."""
NOTHING_FOUND = "nothing in the evidence speaks for a fault, and nothing shows that all is well"
ONLY_SYMPTOM = "the evidence shows the symptom, and no line of it names a cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What all steps read."""

    analyses: tuple[Analysis, ...]
    observations: tuple[Observation, ...]
    question: str
    graph: Graph
    picture: Picture
    vitals: tuple[Vital, ...]
    changes: tuple[Event, ...]
    risen: Ranking
    """Services by how far they rose, where several recordings are held against each other."""

    @property
    def current(self) -> tuple[Analysis, ...]:
        """What was recorded of the fault: without the recordings that it is compared with."""
        return tuple(one for one in self.analyses if one.evidence not in self.risen.calm)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules found."""
        return tuple(one.finding for one in self.observations)

    @property
    def commands(self) -> tuple[str, ...]:
        """What printed the evidence, where that is known or can be seen."""
        return tuple(one.command or one.classification.format for one in self.analyses)

    @property
    def in_cluster(self) -> bool:
        """Whether pods were observed, or what keeps them."""
        return bool(self.graph.of("pod") or self.graph.workloads)

    @property
    def told(self) -> Account:
        """What an account of the ranking is made of."""
        names = {one.evidence: one.name for one in self.analyses}
        return Account(graph=self.graph, picture=self.picture, vitals=self.vitals, names=names)


def diagnose(analyses: Sequence[Analysis], question: str = "") -> Diagnosis:
    """Return ranked candidates and what follows from them; the order of the analyses changes nothing.

    `question` is the user's own words: subjects that it names come first among equals.
    """
    seen = looked_at(analyses, question)
    signs = tuple(one for one in seen.observations if one.finding.kind != RESTRAINT)
    found = decided(seen, matched(signs))
    return replace(found, suspected=hunches.meant(question), tally=tallies.told(question, analyses))


def looked_at(analyses: Sequence[Analysis], question: str) -> Seen:
    """Return what all analyses show together, before any family is asked."""
    ordered = tuple(sorted(analyses, key=lambda one: one.evidence))
    whole = graph(ordered)
    found = integrity(whole)
    risen = ranking(ordered)
    compared = (*found, *suspected(risen))
    checked = tuple(Observation(finding=item, subject=item.subject, text=item.text, name="") for item in compared)
    files = {one.name: named(whole, one.name) for one in ordered}
    old = outdated(found)
    present = (_said_by(item, risen.services) for item in observations(ordered) if not _is_outdated(item, old))
    read = tuple(_at_home(item, whole, files) for item in (*present, *checked))
    measured = [one.coverage.first_time for one in ordered if one.coverage.first_time and one.curves]
    shown = picture(whole, read, min(measured, default=None))
    faults = gauge_faults(shown)
    return Seen(
        question=question,
        analyses=ordered,
        observations=(*read, *map(observed, faults)),
        graph=whole,
        picture=shown,
        vitals=faults,
        changes=(*edits(read), *changes(ordered), *revisions.events(found)),
        risen=risen,
    )


def _is_outdated(item: Observation, old: frozenset[tuple[str, str]]) -> bool:
    """Tell whether newer evidence contradicts a state; what was said at some time stays true."""
    finding = item.finding
    return finding.kind not in WORDS and (finding.citations[0].evidence, finding.subject) in old


def _said_by(item: Observation, services: Collection[str]) -> Observation:
    """Return a line of a log about the service that it names before what it says."""
    if item.subject or item.finding.kind not in LOG_KINDS or not services:
        return item
    service = speaker(item.finding.text, services)
    return replace(item, subject=f"service/{service}") if service else item


def _at_home(item: Observation, whole: Graph, files: Mapping[str, str]) -> Observation:
    """Return the observation about the workload that its subject, or else its file, belongs to."""
    home = whole.home(item.subject or files.get(item.name, ""))
    return item if home == item.subject else replace(item, subject=home)


def decided(seen: Seen, families: Iterable[Matched]) -> Diagnosis:
    """Return healthy, the ranked candidates of the families that match, or what speaks against a decision."""
    found = at_servers(families, seen.graph)
    kept, excluded = candidates(found, seen.graph, seen.question)
    against = {(one.family, one.subject): why for one in kept if (why := disproved(one, seen.picture, seen.vitals))}
    kept = tuple(one for one in kept if (one.family, one.subject) not in against)
    over = recovered(kept)
    well = "" if kept else taken_down(seen.graph) or calm(seen.picture, seen.vitals)
    well = well or ("" if _loud(kept, seen.observations) else all_well(seen.graph, seen.observations))
    if over or well:
        return _healthy((over,) if over else (), over.statement if over else well, seen, excluded)
    faults = [one for one in kept if one.family != "recovered"]
    best = with_last_words(_ranked(faults, seen), seen.observations, seen.question)
    if not any(one.depth > 0 for one in best):
        best = beside((*_ranked(_changed(seen), seen), *best), seen.observations, seen.question)
    best = best or unexplained(seen.observations, seen.question)
    whole = _concluded(with_reasons(best, seen.observations, asked(seen.question, seen.observations)), seen, excluded)
    return replace(whole, unchecked=(*whole.unchecked, *account.beyond(faults, seen.told)))


def _loud(found: Sequence[Candidate], seen: Sequence[Observation]) -> bool:
    """Tell whether a candidate rests on more than calm words, which whoever wrote them did not call a fault."""
    bad = {(one.finding.citations[0].evidence, one.finding.id) for one in seen if one.finding.severity >= WARNING}
    return any((sign.evidence, sign.finding) in bad for one in found for sign in one.signals if sign.decisive)


def _ranked(faults: Sequence[Candidate], seen: Seen) -> tuple[Candidate, ...]:
    """Return candidates as chains, best first."""
    return ranked(_placed(chained(faults, seen.graph), seen), seen.changes)


def _changed(seen: Seen) -> tuple[Candidate, ...]:
    """Return the change just before the first sign as a candidate, where there is one that belongs to it."""
    found = changed_before(seen.observations, seen.changes)
    told = matched((*seen.observations, *found)) if found else ()
    ids = {one.finding.attributes["change"] for one in found}
    return candidates((one for one in told if one.family.id in ids), seen.graph, seen.question)[0]


def _placed(found: tuple[Candidate, ...], seen: Seen) -> tuple[Candidate, ...]:
    """Return the candidates with the share of the present trouble that each explains counted."""
    known = shares(seen.graph, troubled(seen.graph, seen.observations))
    return tuple(replace(one, score=one.score + TOPOLOGY * share(one.subject, known)) for one in found)


def _healthy(over: tuple[Candidate, ...], reason: str, seen: Seen, excluded: tuple[tuple[str, str], ...]) -> Diagnosis:
    """Return that nothing is wrong now, with the line that says so where a fault has ended."""
    told = chronicle(seen.analyses, None)
    return Diagnosis(
        story=account.course(seen.told),
        ruled_out=account.ruled_out((), excluded, seen.told),
        missing=account.missing(seen.told),
        unchecked=account.unchecked(seen.findings, seen.told),
        status="healthy",
        claims=claims(over),
        timeline=told.events,
        corrections=told.corrections,
        changes=seen.changes,
        checks=asks(over),
        reason=reason,
        ongoing="historical" if over else "unknown",
    )


def _concluded(found: tuple[Candidate, ...], seen: Seen, excluded: tuple[tuple[str, str], ...]) -> Diagnosis:
    """Return the ranking with its claims, questions and steps."""
    causes = any(one.depth > 0 for one in found)
    began = onset(found, seen.observations, seen.current)
    told = chronicle(seen.current, began, told_of(found, seen.observations))
    return Diagnosis(
        status="candidates" if causes else "inconclusive",
        candidates=found,
        claims=claims(found),
        onset=began,
        timeline=told.events,
        corrections=told.corrections,
        changes=seen.changes,
        scope=scope(found, seen.observations, seen.question),
        checks=asks(found, seen.commands, cluster=seen.in_cluster),
        actions=actions(found),
        symptoms=symptoms(seen.observations),
        quiet=quiet(found, seen.analyses, seen.observations),
        story=account.story(found, seen.told),
        ruled_out=account.ruled_out(found, excluded, seen.told)[:10],
        missing=(*_unnamed(seen), *account.missing(seen.told)),
        unchecked=account.unchecked(seen.findings, seen.told),
        reason="" if causes else _reason(found, seen),
        ongoing=ongoing(found, seen.analyses, seen.observations),
    )


def _unnamed(seen: Seen) -> tuple[str, ...]:
    """Return that two recordings of one system lie side by side, and nothing says which is of the calm time."""
    names = undecided(seen.analyses)
    return (f"which of {' and '.join(names)} was recorded while all was well",) if names else ()


def _reason(found: Sequence[Candidate], seen: Seen) -> str:
    """Return why there is no cause (diagnosis.md 8.2)."""
    if found:
        return ONLY_SYMPTOM
    if any(item.finding.severity >= 3.0 for item in seen.observations):
        return ONLY_SYMPTOM
    low = [one.name for one in seen.analyses if one.coverage.share_read < 0.5]
    return f"too little of {low[0]} could be read" if low else NOTHING_FOUND
