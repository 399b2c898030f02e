"""Routes of a gateway against the names of the services they should lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding, ObservedObject

SIBLINGS = 3
"""Other routes that must follow the naming before one that does not is suspicious."""
GENERIC = frozenset({"service", "svc", "server", "api", "app"})


def check(graph: Graph) -> Iterator[Finding]:
    """Yield routes whose path is named after one service and that lead to another."""
    names = {item.id.partition("/")[2] for item in graph.of("service")}
    for item in graph.objects.values():
        routes = {name.removeprefix("route."): host for name, host in item.fields.items() if name.startswith("route.")}
        if len(routes) > SIBLINGS:
            yield from _routes(item, routes, names)


def _routes(item: ObservedObject, routes: dict[str, str], names: set[str]) -> Iterator[Finding]:
    """Yield the routes that break a naming which most routes of the same gateway keep."""
    by_word: dict[str, set[str]] = {}
    for name in names:
        for word in _words(name):
            by_word.setdefault(word, set()).add(name)
    wanted = {path: _named(path, by_word) for path in routes}
    kept = sum(routes[path] in found for path, found in wanted.items())
    broken = [path for path, found in wanted.items() if found and routes[path] not in found]
    for path in broken if kept >= max(SIBLINGS, 3 * len(broken)) else ():
        (right, *_) = sorted(wanted[path])
        told = f"{item.id} routes {path} to {routes[path]}, and {right} is the service of that name; {kept} other routes follow the name"
        yield finding("route", item, told, subject=f"service/{right}", severity=3.5, value=routes[path], path=path, host=right)


def _named(path: str, by_word: dict[str, set[str]]) -> set[str]:
    """Return the services that a segment of a path is named after."""
    return {name for part in path.split("/") for word in _words(part) for name in by_word.get(word, ())}


def _words(name: str) -> set[str]:
    """Return the ways to write a name without separators, and without what every service is called."""
    parts = [part for part in re.split(r"[^a-z0-9]+", name.lower()) if part]
    whole = "".join(parts)
    tails = {"".join(parts[n:]) for n in range(len(parts))} if len(parts) > 1 else {whole}
    short = {tail.removesuffix("service") for tail in tails}
    return {word for word in tails | short if len(word) > 3 and word not in GENERIC}
