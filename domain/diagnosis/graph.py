"""Objects and relations of all evidence as one graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.diagnosis.subjects import owner, split
from domain.evidence.values import Analysis, Edge, ObservedObject

PLACES = frozenset({"node", "namespace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """What was observed: objects by id, and how they relate; later files win field by field."""

    objects: Mapping[str, ObservedObject] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Owner → owners that an edge joins to it, in either direction."""
    places: frozenset[str] = frozenset()
    """Owners that many unrelated things share: nodes and namespaces."""

    def of(self, kind: str) -> tuple[ObservedObject, ...]:
        """Return the objects of a kind, by name."""
        return tuple(item for name, item in sorted(self.objects.items()) if name.startswith(f"{kind}/"))

    def joined(self, left: str, right: str) -> bool:
        """Tell whether at most three relations lead from one owner to the other; two things in one place are not joined by it."""
        reach = {left}
        for _ in range(3):
            if right in reach:
                return True
            passed = reach - (self.places - {left})
            reach |= {other for name in passed for other in self.near.get(name, frozenset())}
        return right in reach


def graph(analyses: Sequence[Analysis]) -> Graph:
    """Join the objects and edges of all files; fields of a later file win."""
    objects: dict[str, ObservedObject] = {}
    for analysis in analyses:
        for item in analysis.objects:
            known = objects.get(item.id)
            fields = {**known.fields, **item.fields} if known else item.fields
            objects[item.id] = ObservedObject(id=item.id, fields=fields, citation=item.citation)
    edges = tuple(edge for analysis in analyses for edge in analysis.edges)
    places = frozenset(owner(end) for edge in edges for end in (edge.source, edge.target) if split(end)[0] in PLACES)
    return Graph(objects=objects, edges=edges, near=_near(edges), places=places)


def _near(edges: Iterable[Edge]) -> dict[str, frozenset[str]]:
    """Return who is joined to whom, by owner."""
    near: dict[str, set[str]] = {}
    for edge in edges:
        source, target = owner(edge.source), owner(edge.target)
        if source and target and source != target:
            near.setdefault(source, set()).add(target)
            near.setdefault(target, set()).add(source)
    return {name: frozenset(others) for name, others in near.items()}
