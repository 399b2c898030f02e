"""Which rule keeps a waiting pod from which node: the rule that takes the last nodes away is the cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import MOST_WAITING, containers_of, field_of, finding, omitted, spec_of
from domain.diagnosis.labels import labels
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

CORDON = "node.kubernetes.io/unschedulable"
CONTROL = "node-role.kubernetes.io/"
"""Taints and labels of the control plane (well-known taints of Kubernetes)."""
OF_STATE = "node.kubernetes.io/"
"""Taints that follow from the state of a node (well-known taints of Kubernetes)."""
TAINT = re.compile(r"([\w./-]{1,316}(?:=[\w.-]{0,63})?):(NoSchedule|NoExecute)")
TOLERATION = re.compile(
    r"(?P<key>[\w./-]{1,253})?(?:=(?P<value>[\w.-]{0,63}))?(?::(?P<effect>NoSchedule|NoExecute|PreferNoSchedule))?"
)
RESOURCES = ("cpu", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A node as the rules read it."""

    name: str
    labels: frozenset[str]
    closed: bool
    taints: tuple[tuple[str, str], ...]
    """With the effect of each, besides those of a closed node."""
    left: Mapping[str, float | None]
    """What no pod has asked for yet, by resource; None where its size was not observed."""

    @property
    def pairs(self) -> Mapping[str, str]:
        """Label → value, its name among them."""
        return {"metadata.name": self.name, **dict(label.split("=", 1) for label in self.labels)}


def check(graph: Graph) -> Iterator[Finding]:
    """Yield for every waiting pod what keeps it from the nodes that were left by the rules before."""
    waiting: dict[str, tuple[ObservedObject, ObservedObject]] = {}
    for pod in graph.of("pod"):
        if pod.fields.get("status", "Pending") == "Pending" and not pod.fields.get("node"):
            spec = spec_of(graph, pod)
            waiting.setdefault(spec.id, (pod, spec))
    nodes = [room for room in map(_room, graph.of("node")) if room.labels] if waiting else []
    apart = any(item.fields.get("pod_anti_affinity") for asked in waiting.values() for item in asked)
    held = _held(graph) if nodes and apart else {}
    for asked in list(waiting.values())[:MOST_WAITING] if nodes else ():
        yield from _pod(asked, nodes, held)
    yield from omitted("workloads whose pods wait for a node", [pod for pod, _ in waiting.values()])


def _held(graph: Graph) -> Mapping[str, list[Mapping[str, str]]]:
    """Return node → the labels of each pod on it."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for pod in graph.of("pod"):
        pairs = dict(label.split("=", 1) for label in labels(pod.fields.get("labels", "")))
        found.setdefault(pod.fields.get("node", ""), []).append(pairs)
    return found


def _pod(
    asked: tuple[ObservedObject, ObservedObject], nodes: Sequence[Room], held: Mapping[str, list[Mapping[str, str]]]
) -> Iterator[Finding]:
    """Yield the rule that leaves no node, the rules taken one after another."""
    pod, spec = asked
    fields = {**pod.fields, **{name: value for name, value in spec.fields.items() if value}}
    left = _offered(nodes, fields)
    for rule, value in _rules(fields):
        kept = [node for node in left if _fits(rule, value, node, fields)]
        if not kept:
            names = ", ".join(node.name for node in left[:4])
            told = f"{spec.id}: {TOLD[rule].format(value=value)}; it takes away the last of {len(nodes)} nodes ({names})"
            yield finding(f"placement_{rule}", pod, told, subject=pod.id, severity=3.5, value=value or names)
            return
        left = kept
    if fields.get("pod_anti_affinity") and all(_apart(fields["pod_anti_affinity"], held.get(node.name, [])) for node in left):
        told = f"{spec.id}: its anti-affinity {fields['pod_anti_affinity']} takes away the last of {len(nodes)} nodes: each holds such a pod"
        yield finding("placement_anti", pod, told, subject=pod.id, severity=3.5, value=fields["pod_anti_affinity"])
        return
    yield from _capacity((pod, spec), left)


def _offered(nodes: Sequence[Room], fields: Mapping[str, str]) -> list[Room]:
    """Return the nodes that are there for pods like this one: the control plane only where it is tolerated, named, or all there is."""
    named = " ".join(value for rule, value in _rules(fields) if value)
    tolerated = fields.get("tolerations", "")
    kept = [
        node
        for node in nodes
        if f"={node.name}" in named
        or CONTROL in named
        or all(_tolerated(taint, effect, tolerated) for taint, effect in node.taints if taint.startswith(CONTROL))
    ]
    return kept or list(nodes)


TOLD = {
    "selector": "no node carries the labels of its node selector {value}",
    "affinity": "no node fits its required node affinity {value}",
    "cordon": "the nodes that fit are closed for scheduling{value}",
    "state": "the nodes that fit are not ready{value}",
    "taint": "the nodes that fit have taints that it does not tolerate{value}",
}


def _rules(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the rules in the order in which they narrow the choice."""
    selector = field_value(fields, "node_selector", "nodeselector", "nodeselectors", "node-selectors")
    if selector:
        yield "selector", selector
    if fields.get("node_affinity"):
        yield "affinity", fields["node_affinity"]
    yield from (("cordon", ""), ("state", ""), ("taint", ""))


def field_value(fields: Mapping[str, str], *names: str) -> str:
    """Return the first set field."""
    return next((fields[name] for name in names if fields.get(name, "") not in {"", "<none>"}), "")


def _fits(rule: str, value: str, room: Room, fields: Mapping[str, str]) -> bool:
    if rule == "selector":
        return labels(value) <= room.labels
    if rule == "affinity":
        return any(all(_said(part, room.pairs) for part in term.split(" and ")) for term in value.split(" or "))
    if rule == "cordon":
        return not room.closed
    if rule == "state":
        return not any(taint.startswith(OF_STATE) for taint, _ in room.taints)
    return all(_tolerated(taint, effect, fields.get("tolerations", "")) for taint, effect in room.taints)


def _room(node: ObservedObject) -> Room:
    one_by_one = {f"{name.removeprefix('labels.')}={value}" for name, value in node.fields.items() if name.startswith("labels.")}
    status, taints = node.fields.get("status", ""), node.fields.get("taints", "")
    said = " ".join(value for name, value in node.fields.items() if name == "taints" or name.startswith("taints."))
    return Room(
        name=node.id.partition("/")[2],
        labels=labels(node.fields.get("labels", "")) | one_by_one,
        closed="SchedulingDisabled" in status or node.fields.get("unschedulable") == "true" or CORDON in taints,
        taints=tuple((taint, effect) for taint, effect in TAINT.findall(said) if not taint.startswith(CORDON)),
        left={resource: _left(node, resource) for resource in RESOURCES},
    )


def _tolerated(taint: str, effect: str, tolerations: str) -> bool:
    key, _, value = taint.partition("=")
    for one in re.split(r"\s(?=[\w./-]{1,253}(?:=|:|\s+op=))", tolerations):
        found = TOLERATION.match(one.strip())
        if found and found[0] and found["key"] in {None, key} and found["effect"] in {None, effect}:
            return "op=Exists" in one or (found["value"] or "") == value
    return False


def _apart(rule: str, pods: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether one of the pods of a node is one that the rule keeps away."""
    terms = [term.rpartition(" per ")[0] or term for term in rule.split(" or ")]
    return any(all(_said(part, pairs) for part in term.split(" and ")) for term in terms for pairs in pods)


def _said(expression: str, pairs: Mapping[str, str]) -> bool:
    """Tell whether labels fit `key Operator a,b`."""
    key, _, rest = expression.partition(" ")
    operator, _, values = rest.partition(" ")
    has, wanted = pairs.get(key), values.split(",")
    if operator in {"In", "NotIn"}:
        return (has in wanted) == (operator == "In")
    if operator in {"Exists", "DoesNotExist"}:
        return (has is not None) == (operator == "Exists")
    number, limit = amount(has or ""), amount(values)
    return number is not None and limit is not None and (number > limit if operator == "Gt" else number < limit)


def _capacity(asked: tuple[ObservedObject, ObservedObject], nodes: Sequence[Room]) -> Iterator[Finding]:
    """Yield the resource of which no remaining node has enough left."""
    pod, spec = asked
    for resource in RESOURCES:
        wanted = sum(amount(one.get(f"requests.{resource}", "")) or 0.0 for one in containers_of(spec).values())
        known = [left for room in nodes if (left := room.left[resource]) is not None]
        if wanted and len(known) == len(nodes) and wanted > max(known):
            said = ", ".join(
                one[f"requests.{resource}"] for one in containers_of(spec).values() if one.get(f"requests.{resource}")
            )
            told = f"{spec.id} asks for {said} of {resource}, more than any of {len(nodes)} nodes has left"
            yield finding(f"capacity_{resource}", pod, told, subject=pod.id, severity=3.5, value=said)
            return


def _left(node: ObservedObject, resource: str) -> float | None:
    """Return what a node has left of a resource, None where its size was not observed."""
    size = amount(field_of(node, f"allocatable.{resource}", f"allocatableresources.{resource}"))
    return None if size is None else size - (amount(node.fields.get(f"requested.{resource}", "")) or 0.0)
