"""Who is in trouble now, and whose trouble a subject explains (diagnosis.md 6.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import leaving, ready_now
from domain.diagnosis.signals import Observation
from domain.diagnosis.subjects import owner, split

UNREACHED = frozenset({"connection"})
"""Kinds of finding that say a subject does not answer."""


def troubled(graph: Graph, seen: Iterable[Observation]) -> frozenset[str]:
    """Return the names of everything that is unready or unreachable now."""
    pods = [pod for pod in graph.of("pod") if not leaving(pod) and ready_now(pod) is False]
    short = [item for item in graph.workloads.values() if _short(item.fields.get("ready", ""))]
    empty = [item for item in graph.of("endpoints") if item.fields.get("endpoints", "") in {"", "<none>"}]
    found = {owner(graph.home(item.id)) for item in (*pods, *short)}
    found |= {owner(graph.home(f"service/{item.id.partition('/')[2]}")) for item in empty}
    found |= {
        owner(graph.home(item.subject))
        for item in seen
        if item.finding.kind in UNREACHED and item.finding.severity >= 3 and split(item.subject)[0]
    }
    return frozenset(found - {""})


def _short(ready: str) -> bool:
    have, slash, wanted = ready.partition("/")
    return bool(slash) and have != wanted


def shares(graph: Graph, troubles: frozenset[str]) -> Mapping[str, float]:
    """Return name, or node → the share of the troubled that it explains: itself, who reaches it along calls, what runs on it."""
    found: Counter[str] = Counter()
    for name in troubles:
        reached = graph.reached(name)
        found.update(reached)
        found.update({f"node/{pod.fields.get('node')}" for other in reached for pod in graph.pods.get(other, ())})
    return {name: count / len(troubles) for name, count in found.items()}


def share(subject: str, known: Mapping[str, float]) -> float:
    """Return the share of the troubled that a subject explains; what limits a whole namespace explains all."""
    kind = split(subject)[0]
    if not known or not owner(subject):
        return 0.0
    if kind in {"quota", "resourcequota", "namespace"}:
        return 1.0
    return known.get(subject if kind == "node" else owner(subject), 0.0)
