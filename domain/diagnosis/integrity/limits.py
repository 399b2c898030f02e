"""Limits that do not fit together: pools of all clients against what their server allows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding, settings_of
from domain.diagnosis.subjects import owner
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

ALLOWED = re.compile(r"(?i)(?:^|[._-])max[._-]?(?:user[._-]?)?connections$")
"""How database servers call their limit (MySQL, MariaDB, PostgreSQL)."""
POOL = re.compile(
    r"(?i)(?:pool[._-]?(?:max(?:imum)?[._-]?)?size|max(?:imum)?[._-]?pool[._-]?size|max[._-]?open[._-]?conn(?:ection)?s?|pool[._-]?max)$"
)
"""How clients call theirs (HikariCP, SQLAlchemy, Go's database/sql, node-postgres)."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield servers whose clients may together open more connections than they allow."""
    for server in graph.workloads.values():
        allowed = _number(graph, server, ALLOWED)
        if allowed is None:
            continue
        wanted = {name: size for name, size in _clients(graph, owner(server.id)) if size}
        total = sum(wanted.values())
        if total > allowed[0]:
            names = ", ".join(sorted(wanted)[:4])
            told = f"{server.id} allows {allowed[0]:g} connections, and the pools of {names} may open {total:g}"
            yield finding("pools", server, told, severity=2.5, value=f"{total:g} of {allowed[0]:g}", setting=allowed[1])


def _clients(graph: Graph, server: str) -> Iterator[tuple[str, float]]:
    """Yield the callers of a server with the connections that all their replicas may open."""
    for name, item in graph.workloads.items():
        if name != server and server in graph.callees.get(name, frozenset()):
            size = _number(graph, item, POOL)
            yield name, (size[0] if size else 0.0) * max(1, len(graph.pods.get(name, ())))


def _number(graph: Graph, item: ObservedObject, wanted: re.Pattern[str]) -> tuple[float, str] | None:
    """Return the first such setting of a workload, of its own or of what it reads and mounts."""
    for name, value in _settings(graph, item):
        number = amount(value) if wanted.search(name) else None
        if number:
            return number, name
    return None


def _settings(graph: Graph, item: ObservedObject) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for _, name, value in settings_of(item))
    for edge in graph.edges_from.get(item.id, ()):
        held = graph.objects.get(edge.target)
        if held and edge.relation in {"reads", "mounts"} and held.id.startswith("configmap/"):
            yield from ((name, value) for name, value in held.fields.items() if name.startswith("data."))
