"""Faults that nothing logs: what the observed objects say about each other."""

from __future__ import annotations

from domain.diagnosis.graph import Graph
from domain.evidence.values import Finding, ObservedObject


def integrity(graph: Graph) -> tuple[Finding, ...]:
    """Return what does not fit in the graph; each finding cites the object that it was read from."""
    return (*_selectors(graph), *_references(graph))


def field_of(item: ObservedObject, *names: str) -> str:
    """Return the first of the fields that is set, whatever its case and separators."""
    plain = {name.lower().replace("-", "").replace("_", "").replace(" ", ""): value for name, value in item.fields.items()}
    return next((plain[name] for name in names if plain.get(name) and plain[name] not in {"<none>", "<unset>"}), "")


def _selectors(graph: Graph) -> tuple[Finding, ...]:
    """Return pods whose node selector names a label that no observed node carries."""
    nodes = graph.of("node")
    labels = {label for node in nodes for label in field_of(node, "labels").split(",")}
    found = []
    for pod in graph.of("pod"):
        wanted = field_of(pod, "nodeselectors", "nodeselector")
        missing = [one for one in wanted.replace("\n", ",").split(",") if one.strip() and one.strip() not in labels]
        if labels and any(labels) and missing:
            found.append(_finding("reference", pod, f"node selector {missing[0].strip()} matches no observed node", wanted))
    return tuple(found)


def _references(graph: Graph) -> tuple[Finding, ...]:
    """Return claims whose class is not among the observed classes; silent when no class was observed."""
    classes = {item.id.partition("/")[2] for item in graph.of("storageclass")}
    found = []
    for claim in (*graph.of("pvc"), *graph.of("persistentvolumeclaim")):
        wanted = field_of(claim, "storageclass", "class")
        if classes and wanted and wanted not in classes:
            found.append(_finding("reference", claim, f'storageclass "{wanted}" not found among the observed classes', wanted))
    return tuple(found)


def _finding(kind: str, item: ObservedObject, statement: str, value: str) -> Finding:
    """Return a finding that cites the object."""
    return Finding(
        id=f"integrity:{kind}:{item.id}",
        kind=kind,
        subject=item.id,
        statement=statement[:300],
        severity=3.0,
        citations=(item.citation,),
        text=statement,
        attributes={"from": item.id, "to": value, "value": value},
    )
