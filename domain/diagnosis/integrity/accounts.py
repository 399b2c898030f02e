"""Service accounts that workloads name, against those that were listed."""

from __future__ import annotations

from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.quotas import unmade
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding

ALWAYS = "default"
"""The account that every namespace has: where it was listed, all were (Kubernetes, "Service Accounts")."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield workloads without any pod whose account is not in the list."""
    listed = {item.id.partition("/")[2] for item in graph.of("serviceaccount") if "age" in item.fields}
    for item in graph.workloads.values() if ALWAYS in listed else ():
        name = item.fields.get("service_account", "")
        if name and name not in listed and unmade(graph, item):
            told = (
                f"{item.id} names the service account {name}, which is not among the {len(listed)} that exist, and it has no pod"
            )
            yield finding("account", item, told, severity=3.5, value=name, account=name)
