"""Limits that do not fit: pools of all clients against what their server allows, memory and CPU against needs and peers."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping
from itertools import product

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import ready_now, restarted_lately
from domain.diagnosis.integrity.telling import containers_of, finding, settings_of
from domain.diagnosis.subjects import owner
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

ALLOWED = re.compile(r"(?i)(?:^|[._-])max[._-]?(?:user[._-]?)?connections$")
"""How database servers call their limit (MySQL, MariaDB, PostgreSQL)."""
POOL = re.compile(
    r"(?i)(?:pool[._-]?(?:max(?:imum)?[._-]?)?size|max(?:imum)?[._-]?pool[._-]?size|max[._-]?open[._-]?conn(?:ection)?s?|pool[._-]?max)$"
)
"""How clients call theirs (HikariCP, SQLAlchemy, Go's database/sql, node-postgres)."""
HEAP = re.compile(r"-Xm[xs](\d{1,12})([kmg]?)\b|--max[-_]old[-_]space[-_]size[= ](\d{1,9})\b", re.IGNORECASE)
"""How a process is told its heap: Java (`java`, -Xms and -Xmx in bytes, k, m or g), Node (`node --v8-options`, in MiB)."""
UNITS = {"": 1.0, "k": 1024.0, "m": 1024.0**2, "g": 1024.0**3}
RESOURCES = ("memory", "cpu")
NEAR = 0.95
"""Share of a limit at which it is used up, as of gauges."""
FEWEST = 4
"""Other workloads that must be limited before one that is limited lower is odd."""
BELOW = 4.0
"""How many times less than the median of the others is odd."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield what does not fit; limits of a container only where its pod is in trouble."""
    yield from _pools(graph)
    yield from (one for pod in graph.of("pod") for one in _used_up(pod))
    troubled = {owner(pod.id): pod for pod in graph.of("pod") if ready_now(pod) is False or restarted_lately(pod)}
    limited = _limited(graph) if troubled else {}
    for name, pod in troubled.items():
        yield from _heaps(pod)
        yield from (one for resource, limits in limited.items() for one in _low(pod, name, resource, limits))


def _used_up(pod: ObservedObject) -> Iterator[Finding]:
    """Yield a pod whose containers use what they may use at most."""
    for resource in RESOURCES:
        limits = [amount(container.get(f"limits.{resource}", "")) or float("inf") for container in containers_of(pod).values()]
        used = amount(pod.fields.get(resource, ""))
        if used and limits and used >= NEAR * sum(limits):
            own, most = (_said(each, resource) for each in (used, sum(limits)))
            told = f"{pod.id} uses {own} of {resource}, and its limit is {most}"
            yield finding("at_limit", pod, told, severity=3.5, value=resource, limit=most, used=own)


def _heaps(pod: ObservedObject) -> Iterator[Finding]:
    """Yield containers whose process may take, or takes at its start, a heap that their limit does not hold."""
    for name, container in containers_of(pod).items():
        limit = container.get("limits.memory", "")
        wanted = [(_heap(found), found[0]) for text in container.values() for found in HEAP.finditer(text[:4_000])]
        size, said = max(wanted, default=(0.0, ""))
        if size >= (amount(limit) or float("inf")):
            statement = f"the memory limit of {name} in {pod.id} is {limit}, and its process is told to take {said}"
            yield finding("heap", pod, statement, severity=3.0, value=said, limit=limit, container=name)


def _heap(found: re.Match[str]) -> float:
    """Return the bytes of a heap."""
    size, unit, mebibytes = found.groups()
    return float(mebibytes) * UNITS["m"] if mebibytes else float(size) * UNITS[unit.lower()]


def _low(pod: ObservedObject, name: str, resource: str, limits: Mapping[str, float]) -> Iterator[Finding]:
    """Yield a limit far below those of the other workloads."""
    others = [limit for other, limit in limits.items() if other != name]
    usual = statistics.median(others) if len(others) >= FEWEST else 0.0
    if 0.0 < limits.get(name, 0.0) * BELOW <= usual:
        own, near = (_said(each, resource) for each in (limits[name], usual))
        statement = f"the {resource} limit of {pod.id} is {own}, and that of {len(others)} other workloads {near} in the middle"
        yield finding("limit_low", pod, statement, severity=2.0, value=resource, limit=own, near=near)


def _said(size: float, resource: str) -> str:
    """Return an amount as Kubernetes writes it."""
    return f"{size / UNITS['m']:.0f}Mi" if resource == "memory" else f"{size * 1_000:.0f}m"


def _limited(graph: Graph) -> Mapping[str, Mapping[str, float]]:
    """Return resource → workload → the limit of its largest container."""
    found: dict[str, dict[str, float]] = {resource: {} for resource in RESOURCES}
    items = (*graph.workloads.values(), *graph.of("pod"))
    pairs = ((owner(item.id), container) for item in items for container in containers_of(item).values())
    for (name, container), (resource, limits) in product(pairs, found.items()):
        if limit := amount(container.get(f"limits.{resource}", "")):
            limits[name] = max(limit, limits.get(name, 0.0))
    return found


def _pools(graph: Graph) -> Iterator[Finding]:
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
