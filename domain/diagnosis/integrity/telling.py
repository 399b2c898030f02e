"""How a check speaks: one finding that cites the object it was read from; and how it reads fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.diagnosis.graph import Graph
from domain.diagnosis.subjects import owner
from domain.evidence.values import Finding, ObservedObject

MOST_WAITING = 20
"""Things that wait of which one check compares each with everything else: many wait for few reasons."""
OF_CONTAINER = "container."
UNSET = frozenset({"", "<none>", "<unset>"})


def finding(
    check: str, item: ObservedObject, statement: str, /, *, subject: str = "", severity: float = 3.0, **facts: str
) -> Finding:
    """Return a finding of an integrity check."""
    return Finding(
        id=f"integrity:{check}:{subject or item.id}:{facts.get('value', '')}"[:200],
        kind="integrity",
        subject=subject or item.id,
        statement=statement[:300],
        severity=severity,
        citations=(item.citation,),
        text=statement[:1_000],
        attributes={"check": check, "from": item.id, **{name: value for name, value in facts.items() if value}},
    )


def omitted(what: str, items: Sequence[ObservedObject], most: int = MOST_WAITING) -> Iterator[Finding]:
    """Yield that a check looked into the first things only, at the first one that it left out."""
    if len(items) > most:
        told = f"of {len(items)} {what} only the first {most} were compared with everything else"
        yield finding("unchecked", items[most], told, severity=0.0, value=what)


def field_of(item: ObservedObject, *names: str) -> str:
    """Return the first of the fields that is set, whatever its case and separators."""
    plain = {name.lower().replace("-", "").replace("_", "").replace(" ", ""): value for name, value in item.fields.items()}
    return next((plain[name] for name in names if plain.get(name, "") not in UNSET), "")


def containers_of(item: ObservedObject) -> Mapping[str, Mapping[str, str]]:
    """Return container → its fields, of a pod or of a workload's template."""
    found: dict[str, dict[str, str]] = {}
    for name, value in item.fields.items():
        if name.startswith(OF_CONTAINER):
            container, dot, key = name[len(OF_CONTAINER) :].partition(".")
            if dot:
                found.setdefault(container, {})[key] = value
    return found


def spec_of(graph: Graph, pod: ObservedObject) -> ObservedObject:
    """Return the workload whose template a pod was made from, else the pod."""
    home = graph.home(pod.id)
    name = owner(home) if home == pod.id else home.partition("/")[2]
    return graph.workloads.get(name, pod)


def together(graph: Graph, items: Iterable[ObservedObject], *needed: str) -> int:
    """Return how many of these, each with one of the fields, the document shows that shows most: a list of them, or single views."""
    counts = Counter(
        one.citation.evidence
        for item in items
        for one in {seen.item.citation.evidence: seen.item for seen in graph.versions.get(item.id, ())}.values() or (item,)
        if any(one.fields.get(name) for name in needed)
    )
    return max(counts.values(), default=0)


def called(graph: Graph) -> frozenset[str]:
    """Return everything that somebody calls or depends on, by name."""
    return frozenset().union(*graph.callees.values())


def settings_of(item: ObservedObject) -> Iterator[tuple[str, str, str]]:
    """Yield (container, setting, value) of every setting written down in the object."""
    for container, fields in containers_of(item).items():
        for name, value in fields.items():
            if name.startswith("env."):
                yield container, name.removeprefix("env."), value
