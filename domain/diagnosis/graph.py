"""Objects and relations of all evidence as one graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.diagnosis.labels import Carriers, carriers, labels
from domain.diagnosis.subjects import owner, split
from domain.diagnosis.versions import Version, by_age, versions
from domain.evidence.values import Analysis, Curve, Edge, ObservedObject

WORKLOADS = ("deployment", "statefulset", "daemonset")
REACH = 8
"""Calls followed from a symptom towards its causes."""

PLACES = frozenset({"node", "namespace"})


OF_NODE = re.compile(r"pod/kube-(?:proxy|scheduler|apiserver|controller-manager)-")
"""Pods that are parts of a node, whether it runs them as pods or as services (Kubernetes, "Components")."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """What was observed: objects by id, and how they relate; later files win field by field."""

    objects: Mapping[str, ObservedObject] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    curves: tuple[Curve, ...] = ()
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Owner → owners that an edge joins to it, in either direction."""
    places: frozenset[str] = frozenset()
    """Owners that many unrelated things share: nodes and namespaces."""
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    """Id → what several files say of one object, the older first."""

    def of(self, kind: str) -> tuple[ObservedObject, ...]:
        """Return the objects of a kind, by name."""
        return self._kinds.get(kind, ())

    @cached_property
    def _kinds(self) -> Mapping[str, tuple[ObservedObject, ...]]:
        """Kind → its objects, by name."""
        found: dict[str, list[ObservedObject]] = {}
        for name, item in sorted(self.objects.items()):
            found.setdefault(name.partition("/")[0], []).append(item)
        return {kind: tuple(items) for kind, items in found.items()}

    @cached_property
    def workloads(self) -> Mapping[str, ObservedObject]:
        """Name → deployment, stateful set or daemon set."""
        return {item.id.partition("/")[2]: item for kind in WORKLOADS for item in self.of(kind)}

    @cached_property
    def edges_from(self) -> Mapping[str, tuple[Edge, ...]]:
        """Id → the edges that begin there, each target once."""
        found: dict[str, dict[tuple[str, str], Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.source, {}).setdefault((edge.relation, edge.target), edge)
        return {name: tuple(edges.values()) for name, edges in found.items()}

    @cached_property
    def pods(self) -> Mapping[str, tuple[ObservedObject, ...]]:
        """Name of a workload → its pods."""
        found: dict[str, list[ObservedObject]] = {}
        for pod in self.of("pod"):
            found.setdefault(owner(self.home(pod.id)), []).append(pod)
        return {name: tuple(items) for name, items in found.items()}

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """Id → the workload that it belongs to, where names alone do not say so: ordinals, claims, services of other names."""
        found: dict[str, str] = {}
        for pod in self.of("pod"):
            head, _, number = pod.id.partition("/")[2].rpartition("-")
            if (name := workload(pod.id, self.workloads)) and name != owner(pod.id):
                found[pod.id] = self.workloads[name].id
            if number.isdecimal() and head in self.workloads and self.workloads[head].id.startswith("statefulset/"):
                found[pod.id] = self.workloads[head].id
        for relation in ("owns", "mounts"):
            for edge in self.edges:
                self._keep(found, edge, relation)
        for service in self.of("service"):
            pods = {owner(found.get(pod.id, pod.id)) for pod in self.selected(service)}
            behind = self.behind(service) or tuple(pods & self.workloads.keys())
            if len(behind) == 1 and owner(service.id) not in self.workloads:
                found.setdefault(service.id, self.workloads[behind[0]].id)
        return found

    def _keep(self, found: dict[str, str], edge: Edge, relation: str) -> None:
        """Keep the workload of a pod or claim that an edge names; a claim that several mount has none."""
        source, target = (edge.source, edge.target) if edge.relation == relation else ("", "")
        name = owner(found.get(source, source)) if source else ""
        if not name or name not in self.workloads or split(target)[0] not in {"pod", "pvc"} or owner(target) == name:
            return
        if found.setdefault(target, self.workloads[name].id) != self.workloads[name].id and relation == "mounts":
            found[target] = target

    def home(self, subject: str) -> str:
        """Return the workload of a pod, claim or service whose own name does not tell it, else the subject."""
        if subject not in self._found:
            self._found[subject] = self._home(subject)
        return self._found[subject]

    @cached_property
    def _found(self) -> dict[str, str]:
        """Subject → its home, of those that were asked for: many checks ask for the same."""
        return {}

    def _home(self, subject: str) -> str:
        if subject.startswith("unit/") and "@" in subject:
            return f"node/{subject.partition('@')[2]}"
        if (pod := self.objects.get(subject)) and (node := pod.fields.get("node")) and OF_NODE.match(subject):
            return f"node/{node}"
        return self._homes.get(subject, subject)

    def behind(self, service: ObservedObject) -> tuple[str, ...]:
        """Return the workloads whose pods a service selects, by their templates."""
        return self._templates.of(labels(service.fields.get("selector", "")))

    def selected(self, service: ObservedObject) -> tuple[ObservedObject, ...]:
        """Return the observed pods that a service selects."""
        return tuple(self.objects[name] for name in self._labelled.of(labels(service.fields.get("selector", ""))))

    @cached_property
    def _templates(self) -> Carriers:
        return carriers((name, item.fields.get("pod_labels", "")) for name, item in self.workloads.items())

    @cached_property
    def _labelled(self) -> Carriers:
        return carriers((pod.id, pod.fields.get("labels", "")) for pod in self.of("pod"))

    @cached_property
    def callees(self) -> Mapping[str, frozenset[str]]:
        """Caller → those that it calls or depends on, by name."""
        found: dict[str, set[str]] = {}
        for edge in self.edges:
            if edge.relation in {"calls", "depends on"}:
                source, target = owner(self.home(edge.source)), owner(self.home(edge.target))
                if source and target and source != target:
                    found.setdefault(source, set()).add(target)
        return {name: frozenset(others) for name, others in found.items()}

    def reached(self, name: str) -> frozenset[str]:
        """Return everything that a caller reaches along calls, itself included."""
        reach, waiting = {name}, [name]
        for _ in range(REACH):
            waiting = [other for one in waiting for other in self.callees.get(one, ()) if other not in reach]
            reach.update(waiting)
        return frozenset(reach)

    def around(self, name: str) -> frozenset[str]:
        """Return the owners to which at most three relations lead; two things in one place are not joined by it."""
        reach, edge = {name}, {name}
        for _ in range(3):
            edge = {other for one in edge - (self.places - {name}) for other in self.near.get(one, ())} - reach
            reach |= edge
        return frozenset(reach)


def workload(pod: str, known: Mapping[str, ObservedObject]) -> str:
    """Return the workload whose name a pod's name continues with what a controller adds, a piece with a digit in it."""
    name = pod.partition("/")[2]
    if owner(pod) in known:
        return owner(pod)
    cuts = [at for at, letter in enumerate(name) if letter == "-"][::-1][:2]
    heads = (name[:at] for at in cuts if any(map(str.isdigit, name[at + 1 :].partition("-")[0])))
    return next((head for head in heads if head in known), "")


def named(whole: Graph, file: str) -> str:
    """Return the workload whose name stands in a file's name, the longest one; empty where none does."""
    words = re.findall(r"[a-z0-9][a-z0-9-]*", file.lower())
    return next((whole.workloads[word].id for word in sorted(words, key=len, reverse=True) if word in whole.workloads), "")


def graph(analyses: Sequence[Analysis]) -> Graph:
    """Join the objects and edges of all files; fields of a newer observation win, of a later file among equals."""
    several = versions(analyses)
    objects = {item.id: item for analysis in by_age(analyses) for item in analysis.objects}
    objects |= {name: _joined(found) for name, found in several.items()}
    edges = tuple(edge for analysis in analyses for edge in analysis.edges)
    places = frozenset(owner(end) for edge in edges for end in (edge.source, edge.target) if split(end)[0] in PLACES)
    curves = tuple(curve for analysis in analyses for curve in analysis.curves)
    return Graph(objects=objects, edges=edges, curves=curves, near=_near(edges), places=places, versions=several)


def _joined(found: Sequence[Version]) -> ObservedObject:
    """Return one object of all that was observed of it."""
    newest = found[-1].item
    fields = {name: value for one in found for name, value in one.item.fields.items()}
    return ObservedObject(id=newest.id, fields=fields, citation=newest.citation)


def _near(edges: Iterable[Edge]) -> dict[str, frozenset[str]]:
    """Return who is joined to whom, by owner."""
    near: dict[str, set[str]] = {}
    for edge in edges:
        source, target = owner(edge.source), owner(edge.target)
        if source and target and source != target:
            near.setdefault(source, set()).add(target)
            near.setdefault(target, set()).add(source)
    return {name: frozenset(others) for name, others in near.items()}
