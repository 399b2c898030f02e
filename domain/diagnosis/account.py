"""The account of a ranking: how the leader makes the symptom, what was ruled out by which value, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from domain.diagnosis.candidates import CHAINED, strongest
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.freshness import undecided
from domain.diagnosis.monitoring.rivals import NAMES, Rival, of_databases, of_workloads
from domain.diagnosis.monitoring.values import Note, Picture, Vital
from domain.diagnosis.ranking import TRIGGER_WINDOW
from domain.diagnosis.statements import fill
from domain.diagnosis.subjects import owner, split, spoken
from domain.diagnosis.values import Candidate
from domain.diagnosis.wording import quoted
from domain.evidence.values import Citation, Finding

RIVALS = 5
FOLLOWED, SAID, FAULT = 2, 120, 2
"""Faults that follow from the leader and are told, characters of the line that shows each, and the depth of a fault."""
SECOND = 0.6
"""Share of the leader's score from which on the next candidate may be a second fault."""
CHANGED = re.compile(
    r"(?i)\b(?:deploy(?:ed|ing|ment of|\b)|roll(?:ed|ing) (?:out|back)|rollout|released?|upgrad\w+|downgrad\w+|migrat\w+|sync(?:ed)?|updated|rotated|changed|scaled|restarted|enabled|disabled)\b"
)
"""How people and tools say that something was changed."""
APPLIED = re.compile(
    r"(?i)\b(?:appl(?:ied|ying)|rotated|deployed|rolled out|migrated|upgraded|updated) (?:[\w/.-]+ ){0,2}(?:\w*policy|password|secret|certificate|config\w*|parameters?|image|release|version|v?\d+\.\d)"
)
"""What is changed for many at once, whoever it names."""
BESIDE = 2
"""Lines beside the leader's that are told."""
NAMED = re.compile(r"[A-Za-z][\w.]{0,60}[-_][\w.-]{1,60}\w")
"""A name of parts, such as a user, a table or a pod."""
MACHINE = re.compile(r"\d")
"""A number in a name: of one of several, such as a node that is gone since."""
NUMBERS = re.compile(r"\d+")
REQUEST = re.compile(r"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE) /")
"""A request that was served: no event of the past."""
COURSE = 4
"""Events of the past that are told, the newest ones."""
SILENT = 4
"""Series without values that are named, and contradictions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the account is read from."""

    graph: Graph
    picture: Picture
    vitals: tuple[Vital, ...]
    names: Mapping[str, str]
    """Evidence id → name of the file."""

    def place(self, one: Citation) -> str:
        """Return `file:line`."""
        return f"{self.names.get(one.evidence, one.evidence)}:{one.first}"


def story(found: Sequence[Candidate], told: Account) -> tuple[str, ...]:
    """Return the leader's chain: of its gauges, else its family's mechanism; then a second fault of its own, and what was said beside it."""
    if not found:
        return ()
    leader = found[0]
    shown = [one for one in told.vitals if _is_of(leader, one)]
    others = [two for one in found[1:] for two in told.vitals if shown and _is_of(one, two)]
    own = shown[0].chain if shown else _mechanism(leader, told)
    steps = _both(shown[0], others[0]) if others else (*_before(leader, told), *own, *_besides(leader, found[1:], told))
    return (*steps, *_beside(leader, " ".join(steps), told))


def _besides(leader: Candidate, others: Sequence[Candidate], told: Account) -> Iterator[str]:
    """Yield the next candidate where it is a fault of its own: as sure as the leader nearly, and shown by state or words of its own."""
    cited = {(one.evidence, one.citation.first) for one in leader.signals}
    for one in others[:1]:
        own = [sign for sign in one.signals if sign.decisive and (sign.evidence, sign.citation.first) not in cited]
        if min(one.depth, leader.depth) >= FAULT and own and one.score >= SECOND * leader.score:
            yield f"Perhaps two faults at the same time; the second: {one.statement}"
            yield from _mechanism(one, told)


def _both(first: Vital, second: Vital) -> tuple[str, ...]:
    """Return the chain of the first of two faults, then the second with what drives it."""
    return (
        f"Two faults at the same time: {NAMES[first.id]} and {NAMES[second.id]}",
        *first.chain,
        f"The second: {second.statement}",
        *(second.chain[:1] if second.drivers and second.drivers[0].short not in second.statement else ()),
    )


def _mechanism(leader: Candidate, told: Account) -> tuple[str, ...]:
    family = BY_ID.get(leader.family)
    plain = (fill(family.mechanism, leader.attributes),) if family and family.mechanism else ()
    return (*plain, *_followed(leader, told))


def _beside(leader: Candidate, steps: str, told: Account) -> Iterator[str]:
    """Yield what else was said of the leader's thing, or names what its lines name: the loudest of it, oldest first."""
    cited = {place for one in (*leader.signals, *leader.shown_in) for place in (one.citation, *one.more)}
    name, words = owner(leader.subject), f"{leader.statement} {steps}"
    names = {one for one in NAMED.findall(leader.statement) if not name or name not in one}
    fresh = {
        NUMBERS.sub("#", one.said): one
        for one in told.picture.notes
        if not one.alert and one.citation not in cited and one.said[:SAID] not in words and _speaks_of(one, name, names)
    }
    loudest = sorted(fresh.values(), key=lambda one: -one.severity)[:BESIDE]
    for one in sorted(loudest, key=lambda one: one.time.timestamp() if one.time else 0.0):
        yield f"Also reported: {quoted(one.said[:SAID])} ({told.place(one.citation)})"


def _speaks_of(note: Note, name: str, names: set[str]) -> bool:
    """Tell whether a line is worth telling: a bad word about that thing, or a name that the leader's own lines hold."""
    if not note.severity and REQUEST.search(note.said):
        return False
    own = owner(note.subject) == name
    bad = note.severity > 0 and bool(name) and (own or name in note.text)
    return bool(note.said) and (bad or (own and note.subject.startswith("database/")) or any(one in note.text for one in names))


def _followed(leader: Candidate, told: Account) -> Iterator[str]:
    """Yield the deepest faults that the leader explains, each in the words of its clearest line."""
    known = {one.citation for one in leader.signals}
    for family, sign in list(zip(leader.chain, leader.shown_in, strict=False))[:FOLLOWED]:
        if BY_ID[family].depth >= FAULT and sign.citation not in known and not sign.untrusted:
            name = BY_ID[family].called or family.replace("_", " ")
            yield f"What follows from it is {name}: {quoted(sign.text[:SAID])} ({told.place(sign.citation)})"


def _before(leader: Candidate, told: Account) -> Iterator[str]:
    """Yield what was changed last before the first sign: a lead, no cause by its time alone (diagnosis.md 6.3)."""
    change, began = leader.trigger, leader.onset
    if leader.family.startswith("change_"):
        return
    if not change:
        known = [one for one in told.picture.notes if began and _is_change(one, owner(leader.subject), began)]
        yield from (
            f"Said before it, {one.time:%H:%M}: {quoted(one.said[:SAID])} ({told.place(one.citation)})"
            for one in known[-1:]
            if one.time
        )
        return
    which = f"The last change before it at {change.time:%H:%M}" if change.time else "A change of it at a time that is not told"
    yield f"{which}: {quoted(change.what)} ({told.place(change.citation)})"


def _is_change(note: Note, name: str, began: datetime) -> bool:
    """Tell whether a line says that the thing, or something for all, was changed within an hour before."""
    if note.alert or note.severity or note.time is None or not timedelta(0) <= began - note.time <= TRIGGER_WINDOW:
        return False
    named = bool(name) and name in note.text.lower() and CHANGED.search(note.text) is not None
    return named or APPLIED.search(note.text) is not None


def course(told: Account) -> tuple[str, ...]:
    """Return what happened to the thing that an alert names, oldest first: the past of what is well now."""
    alerts = [" ".join(alert.fields.values()).lower() for alert in told.graph.of("alert")]
    kinds = ("pod", "node", "deployment", "database")
    names = {name for kind in kinds for one in told.graph.of(kind) if any((name := split(one.id)[1]) in text for text in alerts)}
    names |= {alert.fields.get("about", "").partition("/")[2] for alert in told.graph.of("alert")} - {""}
    names |= {name for text in alerts for name in NAMED.findall(text) if MACHINE.search(name)}
    dated = [
        one
        for one in told.picture.notes
        if one.time
        and not one.alert
        and not REQUEST.search(one.said)
        and any(name in one.text.lower() or name in one.subject for name in names)
    ]
    before = (f"{one.time:%H:%M} {quoted(one.said)} ({told.place(one.citation)})" for one in dated[-COURSE:] if one.time)
    return (*_alerted(told), *before)


def _alerted(told: Account) -> Iterator[str]:
    """Yield what the first alert said, which is not so or no fault now."""
    for one in told.picture.notes:
        if one.alert and one.said:
            yield f"The alert said: {quoted(one.said)} ({told.place(one.citation)})"
            return


def _is_of(one: Candidate, vital: Vital) -> bool:
    """Tell whether a candidate rests on this fault of the gauges."""
    return any(sign.finding == vital.finding().id for sign in one.signals)


def ruled_out(found: Sequence[Candidate], excluded: Sequence[tuple[str, str]], told: Account) -> tuple[tuple[str, str], ...]:
    """Return rivals that values exclude, each with its place, then the families that a line excludes."""
    leader = found[0] if found else None
    known = frozenset(one.id for one in told.vitals)
    rivals: Iterator[Rival] = chain(
        of_databases(told.picture, known) if not leader or known or _is_database(leader) else (),
        of_workloads(told.graph, leader.family if leader else "", leader.subject if leader else ""),
    )
    by_value = tuple((name, f"{why} ({told.place(place)})") for name, why, place in islice(rivals, RIVALS))
    worth = [(name, why) for name, why in excluded if not by_value or BY_ID[name].depth > 1]
    return (*by_value, *worth)


def _is_database(leader: Candidate) -> bool:
    return leader.subject.startswith("database/") or leader.category == "database"


def unchecked(found: Sequence[Finding], told: Account) -> tuple[str, ...]:
    """Return what the checks left out, with the line of the first such thing."""
    return tuple(
        f"{one.statement} ({told.place(one.citations[0])})" for one in found if one.attributes.get("check") == "unchecked"
    )


def beyond(faults: Sequence[Candidate], told: Account) -> tuple[str, ...]:
    """Return that only the strongest of many possible causes were held against each other."""
    if len(faults) <= CHAINED:
        return ()
    first = strongest(faults)[CHAINED]
    place = told.place(first.signals[0].citation)
    return (
        f"of {len(faults)} possible causes only the {CHAINED} strongest were held against each other; {first.family} at {spoken(first.subject)} was not ({place})",
    )


def missing(told: Account) -> tuple[str, ...]:
    """Return series without values, empty lists of what happened, and observations that contradict each other."""
    silent = [f"{one.name} is not reported ({told.place(one.citation)})" for one in told.picture.board.silent[:SILENT]]
    empty = [
        f"the list of {item.id.partition('/')[2].replace('_', ' ')} is empty: old events expire, so it proves no calm ({told.place(item.citation)})"
        for item in told.graph.of("list")
    ]
    unclear = [f"{what} ({told.place(one)}, {told.place(other)})" for what, one, other in islice(undecided(told.graph), SILENT)]
    return (*silent, *empty, *unclear)
