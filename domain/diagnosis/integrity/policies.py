"""Network policies that let nobody in to a workload that others call."""

from __future__ import annotations

from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding, ObservedObject


def check(graph: Graph) -> Iterator[Finding]:
    """Yield called workloads that one policy isolates and no other opens again."""
    over: dict[str, list[ObservedObject]] = {}
    for policy in graph.of("networkpolicy"):
        for name in graph.behind(policy):
            over.setdefault(name, []).append(policy)
    called = frozenset[str]().union(*graph.callees.values())
    for name, policies in over.items():
        closed = all("ingress" in one.fields.get("isolated", "") for one in policies)
        if closed and name in called:
            told = f"{policies[0].id} lets nobody in to {graph.workloads[name].id}, and others call it"
            yield finding("isolated", policies[0], told, subject=graph.workloads[name].id, severity=3.5, value=policies[0].id)
