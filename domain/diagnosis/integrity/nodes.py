"""Services of nodes and of the control plane against what they should do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding, ObservedObject

PARTS = (
    ("kubelet", re.compile(r"^kubelet\b")),
    ("runtime", re.compile(r"^(?:containerd|docker|dockerd|crio|cri-o)\b")),
    ("proxy", re.compile(r"^kube-proxy\b")),
    ("scheduler", re.compile(r"^kube-scheduler\b")),
)
DEAD = frozenset({"inactive", "failed", "deactivating"})


def check(graph: Graph) -> Iterator[Finding]:
    """Yield services of nodes that are not active."""
    for unit in graph.of("unit"):
        yield from _unit(unit)


def _unit(unit: ObservedObject) -> Iterator[Finding]:
    name, _, host = unit.id.partition("/")[2].partition("@")
    part = next((part for part, pattern in PARTS if pattern.match(name)), "")
    if part and host and unit.fields.get("active") in DEAD:
        told = f"{name} on {host} is {unit.fields['active']} ({unit.fields.get('detail', '')})"
        yield finding(part, unit, told, subject=f"node/{host}", severity=4.0, value=unit.fields["active"])
