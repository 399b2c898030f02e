"""A workload that is in trouble and differs from nearly all its siblings in one setting only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now
from domain.diagnosis.integrity.telling import finding, settings_of
from domain.evidence.values import Finding, ObservedObject

FIELDS = ("dns_policy", "nameservers", "node_selector", "tolerations", "node_affinity", "pod_anti_affinity", "host_network")
"""What a template may ask for besides its containers."""
FEWEST = 4
"""Siblings that must say something about a setting before one that differs is odd."""
AGREE = 0.8
"""Share of them that must say the same."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield the one setting in which a workload that is not ready differs; weightier the more siblings agree."""
    said = {name: _said(item) for name, item in graph.workloads.items()}
    usual = _usual(said)
    for name, item in graph.workloads.items():
        odd = [key for key, (value, _) in usual.items() if said[name].get(key, value) != value]
        if len(odd) == 1 and _troubled(graph, name):
            yield _odd(item, odd[0], said[name][odd[0]], usual[odd[0]])


def _odd(item: ObservedObject, key: str, value: str, usual: tuple[str, int]) -> Finding:
    """Return what differs; the values of variables may be secrets and are not told."""
    near, count = usual
    told = f"{item.id} has {key} {value[:80] or 'unset'}, and {count} siblings have {near[:80] or 'none'}"
    if key not in FIELDS:
        told, near = f"{item.id} has a {key} of its own, and {count} siblings have one value", ""
    return finding("sibling", item, told, severity=1.0 + min(1.0, count / 10), value=key, near=near)


def _said(item: ObservedObject) -> Mapping[str, str]:
    """Return every setting that siblings may share: fields of the template that always have a value, and variables."""
    own = {name: item.fields[name] for name in FIELDS if name in item.fields}
    return own | {f"variable {name}": value for _, name, value in settings_of(item)}


def _usual(said: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, int]]:
    """Return setting → the value that nearly all have, and how many."""
    values: dict[str, Counter[str]] = {}
    for settings in said.values():
        for key, value in settings.items():
            values.setdefault(key, Counter())[value] += 1
    found = {key: counter.most_common(1)[0] for key, counter in values.items() if counter.total() > FEWEST}
    return {key: one for key, one in found.items() if AGREE * values[key].total() <= one[1] < values[key].total()}


def _troubled(graph: Graph, name: str) -> bool:
    pods = graph.pods.get(name, ())
    return any(ready_now(pod) is False for pod in pods) or ready_now(graph.workloads[name]) is False
