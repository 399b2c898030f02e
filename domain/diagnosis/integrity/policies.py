"""Network policies that let nobody in to a workload that others call."""

from __future__ import annotations

from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.diagnosis.labels import labels
from domain.evidence.values import Finding


def check(graph: Graph) -> Iterator[Finding]:
    """Yield called workloads that one policy isolates and no other opens again."""
    policies = tuple(graph.of("networkpolicy"))
    called = {name for names in graph.callees.values() for name in names}
    for name, item in graph.workloads.items():
        carried = labels(item.fields.get("pod_labels", ""))
        over = [one for one in policies if labels(one.fields.get("selector", "")) <= carried]
        closed = [one for one in over if "ingress" in one.fields.get("isolated", "")]
        if name in called and carried and closed and len(closed) == len(over):
            told = f"{closed[0].id} lets nobody in to {item.id}, and others call it"
            yield finding("isolated", closed[0], told, subject=item.id, severity=3.5, value=closed[0].id)
