"""Graphs of a few objects, written in a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.diagnosis.graph import Graph
from domain.evidence.values import Citation, Edge, Finding, ObservedObject

Check = Callable[[Graph], Iterator[Finding]]


def thing(name: str, evidence: str = "file", **fields: str) -> ObservedObject:
    """Return an object; `__` in a field's name is a dot."""
    spelled = {key.replace("__", "."): value for key, value in fields.items()}
    return ObservedObject(id=name, fields=spelled, citation=Citation(evidence=evidence, first=1, last=1))


def calls(source: str, target: str) -> Edge:
    return Edge(source=source, relation="calls", target=target, citation=Citation(evidence="file", first=1, last=1))


def told(check: Check, *things: ObservedObject, edges: tuple[Edge, ...] = ()) -> list[tuple[str, str]]:
    """Return (check, subject) of every finding."""
    found = check(Graph(objects={one.id: one for one in things}, edges=edges))
    return [(one.attributes["check"], one.subject) for one in found]
