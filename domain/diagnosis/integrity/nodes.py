"""Services of nodes and of the control plane against what they should do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding, ObservedObject

PARTS = (
    ("kubelet", re.compile(r"^kubelet\b")),
    ("runtime", re.compile(r"^(?:containerd|docker|dockerd|crio|cri-o)\b")),
    ("proxy", re.compile(r"^kube-proxy\b")),
    ("scheduler", re.compile(r"^kube-scheduler\b")),
)
DEAD = frozenset({"inactive", "failed", "deactivating"})


STATIC = re.compile(r"^kube-(?:controller-manager|scheduler)-(?P<node>.+)$")
"""Pods that a node of the control plane runs from its manifests, named after it (Kubernetes, "Create static Pods")."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield services of nodes that are not active, and a scheduler that is gone."""
    units = tuple(graph.of("unit"))
    for unit in units:
        yield from _unit(unit)
    waiting = [pod.id for pod in graph.of("pod") if pod.fields.get("status") == "Pending" and not pod.fields.get("node")]
    if waiting and not any(unit.id.startswith("unit/kube-scheduler") for unit in units):
        yield from _scheduler(graph, waiting[0])


def _scheduler(graph: Graph, waiting: str) -> Iterator[Finding]:
    """Yield the control plane whose controllers run and whose scheduler does not, while a pod waits for a node."""
    static = [pod for pod in graph.of("pod") if STATIC.match(pod.id.partition("/")[2])]
    if any("scheduler" in pod.id and ready_now(pod) is not False for pod in static):
        return
    for pod in static:
        found = STATIC.match(pod.id.partition("/")[2])
        if found and "scheduler" not in pod.id:
            told = f"no kube-scheduler is ready beside {pod.id}, and {waiting} waits for a node"
            yield finding("scheduler", pod, told, subject=f"node/{found['node']}", severity=4.0, value="absent")
            return


def _unit(unit: ObservedObject) -> Iterator[Finding]:
    name, _, host = unit.id.partition("/")[2].partition("@")
    part = next((part for part, pattern in PARTS if pattern.match(name)), "")
    if part and host and unit.fields.get("active") in DEAD:
        told = f"{name} on {host} is {unit.fields['active']} ({unit.fields.get('detail', '')})"
        yield finding(part, unit, told, subject=f"node/{host}", severity=4.0, value=unit.fields["active"])
