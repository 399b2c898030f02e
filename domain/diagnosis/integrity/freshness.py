"""Observations that contradict each other: the older may not confirm anything, and without times neither is sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now
from domain.diagnosis.integrity.telling import finding
from domain.diagnosis.subjects import spoken
from domain.diagnosis.versions import Version
from domain.evidence.values import Citation, Finding

WELL = {True: "well", False: "not well"}


def check(graph: Graph) -> Iterator[Finding]:
    """Yield each observation whose object is otherwise in newer evidence; the newer line is cited first."""
    for older, newer in contradictions(graph):
        if older.stale and not newer.stale:
            told = f"{spoken(newer.item.id)} is {_state(newer)} now, and was {_state(older)}{_when(older)}: the older proves nothing now"
            found = finding("freshness", newer.item, told, severity=1.0)
            yield replace(found, citations=(newer.item.citation, older.item.citation))


def outdated(found: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """Return (evidence, subject) of every observation that newer evidence contradicts."""
    return frozenset((one.citations[1].evidence, one.subject) for one in found if one.attributes["check"] == "freshness")


def undecided(graph: Graph) -> Iterator[tuple[str, Citation, Citation]]:
    """Yield (what contradicts, line, line) where nothing says which of two observations is newer."""
    for older, newer in contradictions(graph):
        if older.stale == newer.stale:
            told = f"{spoken(newer.item.id)} is {_state(older)} in one file and {_state(newer)} in another, and nothing says which is newer"
            yield told, older.item.citation, newer.item.citation


def contradictions(graph: Graph) -> Iterator[tuple[Version, Version]]:
    """Yield (older, newest) of every two observations of which one says that the object is well, and the other that it is not."""
    for seen in graph.versions.values():
        known = [one for one in seen if _well(one) is not None]
        yield from ((one, known[-1]) for one in known[:-1] if _well(one) != _well(known[-1]))


def _well(one: Version) -> bool | None:
    """Return whether the object is well; the phase of a pod that runs says nothing of its containers."""
    ready = [value for name, value in one.item.fields.items() if name.startswith("container.") and name.endswith(".ready")]
    if ready:
        return all(value == "true" for value in ready)
    plain = one.item.id.startswith("pod/") and not one.item.fields.get("ready")
    return None if plain and ready_now(one.item) else ready_now(one.item)


def _state(one: Version) -> str:
    fields = one.item.fields
    said = fields.get("status") or fields.get("phase", "")
    if said == "Running" and _well(one) is False:
        return "Running and not ready"
    return said or (f"{fields['ready']} ready" if fields.get("ready") else WELL[_well(one) is True])


def _when(one: Version) -> str:
    return f" at {one.observed_at:%H:%M}" if one.observed_at else ""
