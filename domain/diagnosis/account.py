"""The account of a ranking: how the leader makes the symptom, what was ruled out by which value, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from domain.diagnosis.candidates import CHAINED, strongest
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.freshness import undecided
from domain.diagnosis.monitoring.rivals import NAMES, Rival, of_databases, of_workloads
from domain.diagnosis.monitoring.vitals import Picture, Vital
from domain.diagnosis.statements import fill
from domain.diagnosis.subjects import spoken
from domain.diagnosis.values import Candidate
from domain.diagnosis.wording import quoted
from domain.evidence.values import Citation, Finding

RIVALS = 5
FOLLOWED, SAID, FAULT = 2, 120, 2
"""Faults that follow from the leader and are told, characters of the line that shows each, and the depth of a fault."""
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
    """Return the leader's chain: of its gauges, else its family's mechanism; a second fault of its own is added."""
    if not found:
        return ()
    leader = found[0]
    shown = [one for one in told.vitals if _is_of(leader, one)]
    family = BY_ID.get(leader.family)
    plain = (fill(family.mechanism, leader.attributes),) if family and family.mechanism else ()
    others = [two for one in found[1:] for two in told.vitals if shown and _is_of(one, two)]
    before = (_before(leader, told),) if leader.trigger and not leader.family.startswith("change_") else ()
    if not others:
        return (*before, *(shown[0].chain if shown else (*plain, *_followed(leader, told))))
    second = others[0]
    return (
        f"Two faults at the same time: {NAMES[shown[0].id]} and {NAMES[second.id]}",
        *shown[0].chain,
        f"The second: {second.statement}",
    )


def _followed(leader: Candidate, told: Account) -> Iterator[str]:
    """Yield the deepest faults that the leader explains, each in the words of its clearest line."""
    known = {one.citation for one in leader.signals}
    for family, sign in list(zip(leader.chain, leader.shown_in, strict=False))[:FOLLOWED]:
        if BY_ID[family].depth >= FAULT and sign.citation not in known and not sign.untrusted:
            name = BY_ID[family].called or family.replace("_", " ")
            yield f"What follows from it is {name}: {quoted(sign.text[:SAID])} ({told.place(sign.citation)})"


def _before(leader: Candidate, told: Account) -> str:
    """Return what was changed last before the first sign: a lead, no cause by its time alone (diagnosis.md 6.3)."""
    change = leader.trigger
    if not change:
        return ""
    which = f"The last change before it at {change.time:%H:%M}" if change.time else "A change of it at a time that is not told"
    return f"{which}: {change.what} ({told.place(change.citation)})"


def course(told: Account) -> tuple[str, ...]:
    """Return what happened to the thing that an alert names, oldest first: the past of what is well now."""
    names = {alert.fields.get("about", "").partition("/")[2] for alert in told.graph.of("alert")} - {""}
    dated = [
        one
        for one in told.picture.notes
        if one.time and not one.alert and any(name in one.text.lower() or name in one.subject for name in names)
    ]
    return tuple(f"{one.time:%H:%M} {quoted(one.said)} ({told.place(one.citation)})" for one in dated[-COURSE:] if one.time)


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
