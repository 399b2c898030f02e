"""Routes of a gateway against the names of the services they should lead to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import chain

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.resemblance import Names
from domain.diagnosis.integrity.telling import finding
from domain.diagnosis.subjects import owner
from domain.evidence.values import Finding, ObservedObject

SIBLINGS = 3
"""Other routes that must follow the naming before one that does not is suspicious."""
STEM = 4
"""Letters that two words must begin with to mean one thing, and the least that such a word has."""
SLIP = 2
"""Letters by which a name may miss another one and still be a slip of the pen."""
GENERIC = frozenset({"service", "svc", "server", "api", "app"})
NAMED = "is the service of that name"
READS = "alone reads settings of that name"

Known = Mapping[str, Mapping[str, int]]
"""Word → the services it stands for, each with how many parts of its name the word leaves out."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield routes whose path is named after one service and that lead to another."""
    gateways = [(item, routes) for item in graph.objects.values() if (routes := _routes_of(item))]
    if not gateways:
        return
    namings = (
        (_known((_tails(name), name) for name in _services(graph)), NAMED),
        (_known((_runs(setting), name) for setting, name in _settings(graph)), READS),
    )
    for item, routes in gateways:
        among = namings if len(routes) > SIBLINGS else ()
        told = next((told for known, why in among if (told := _judged(item, routes, known, why)) is not None), ())
        yield from told or tuple(_misspelt(graph, item, routes)) or _unrouted(graph, item, routes)


def _misspelt(graph: Graph, item: ObservedObject, routes: Mapping[str, str]) -> Iterator[Finding]:
    """Yield routes to what is no service and is spelt like the one service to which no route leads, where other routes lead to services."""
    services = frozenset(_services(graph))
    missed = Names(services - frozenset(routes.values()))
    if sum(host in services for host in routes.values()) < SIBLINGS:
        return
    for path, host in routes.items():
        near = missed.nearest(host, 2) if host not in services else []
        if near and _letters(host, near[0]) <= SLIP:
            told = f"{item.id} routes {path} to {host}, which is no service, and no route leads to {near[0]}"
            yield finding("route", item, told, subject=f"service/{near[0]}", severity=3.5, value=host, path=path, host=near[0])


def _letters(one: str, two: str) -> int:
    """Return how many letters two names do not share in order."""
    shared = sum(block.size for block in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks())
    return max(len(one), len(two)) - shared


def _unrouted(graph: Graph, item: ObservedObject, routes: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the one route to a service that has a route already, where exactly one callee of the gateway has none and its path begins like it."""
    led = Counter(routes.values())
    twice = [path for path, host in routes.items() if led[host] > 1 and not _begins_alike(path, host)]
    if not twice:
        return
    homes = [source for source, edges in graph.edges_from.items() if any(edge.target == item.id for edge in edges)]
    callees = frozenset[str]().union(*(graph.callees.get(owner(home), frozenset()) for home in homes))
    left = [name for name in callees if name not in led and f"service/{name}" in graph.objects]
    alike = [(path, name) for name in left for path in twice if _begins_alike(path, name)]
    if len(left) == len(alike) == 1:
        path, right = alike[0]
        told = f"{item.id} routes {path} to {routes[path]}, which has a route of its own, and no route leads to {right}"
        yield finding("route", item, told, subject=f"service/{right}", severity=3.5, value=routes[path], path=path, host=right)


def _begins_alike(path: str, name: str) -> bool:
    """Tell whether a segment of a path and a word of a name begin with the same letters, as `reports` and `report-runner` do."""
    stems = ({one[:STEM] for one in _parts(text) if len(one) >= STEM} for text in (path, name))
    return bool(frozenset.intersection(*map(frozenset, stems)))


def _routes_of(item: ObservedObject) -> dict[str, str]:
    """Return path → host."""
    return {name.removeprefix("route."): host for name, host in item.fields.items() if name.startswith("route.")}


def _services(graph: Graph) -> Iterator[str]:
    return (item.id.partition("/")[2] for item in graph.of("service"))


def _settings(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield (secret or config map, service) where only the workload of that service reads it: what it is called when its name says nothing."""
    readers: dict[str, set[str]] = {}
    for edge in graph.edges:
        if edge.relation == "reads":
            readers.setdefault(edge.target, set()).add(owner(graph.home(edge.source)))
    homes = {owner(graph.home(f"service/{name}")): name for name in sorted(_services(graph), reverse=True)}
    for setting, names in readers.items():
        if len(names) == 1 and (home := next(iter(names))) in homes:
            yield setting.partition("/")[2], homes[home]


def _judged(item: ObservedObject, routes: Mapping[str, str], known: Known, why: str) -> tuple[Finding, ...] | None:
    """Return the routes that break a naming which most routes of the same gateway keep; None where there is no such naming."""
    wanted = {path: _named(path, known) for path in routes}
    kept = sum(routes[path] in found for path, found in wanted.items())
    broken = [path for path, found in wanted.items() if found and routes[path] not in found]
    if kept < max(SIBLINGS, 3 * len(broken)):
        return None
    return tuple(
        _broken(item, path, (routes[path], wanted[path][0]), f"{why}; {kept} other routes follow the name") for path in broken
    )


def _broken(item: ObservedObject, path: str, hosts: tuple[str, str], why: str) -> Finding:
    """Return that a path leads to one host though it is named after another one."""
    host, right = hosts
    told = f"{item.id} routes {path} to {host}, and {right} {why}"
    return finding("route", item, told, subject=f"service/{right}", severity=3.5, value=host, path=path, host=right)


def _named(path: str, known: Known) -> list[str]:
    """Return the services that the segments of a path are named after, those first of whose name least is left out."""
    left_out: dict[str, int] = {}
    for word in chain.from_iterable(_tails(part) for part in path.split("/")):
        for name, missing in known.get(word, {}).items():
            left_out[name] = min(missing, left_out.get(name, missing))
    return sorted(left_out, key=lambda name: (left_out[name], name))


def _known(named: Iterable[tuple[Mapping[str, int], str]]) -> Known:
    known: dict[str, dict[str, int]] = {}
    for words, name in named:
        for word, missing in words.items():
            known.setdefault(word, {})[name] = min(missing, known.get(word, {}).get(name, missing))
    return known


def _tails(name: str) -> dict[str, int]:
    """Return the ways to write a name without separators and without its first parts, each with how many parts it leaves out."""
    parts = _parts(name)
    return _words((parts[n:], n) for n in range(len(parts)))


def _runs(name: str) -> dict[str, int]:
    """Return the ways to write any parts of a name that follow each other: settings end with what they hold."""
    parts = _parts(name)
    runs = ((first, last) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    return _words((parts[first:last], len(parts) - last + first) for first, last in runs)


def _words(runs: Iterable[tuple[list[str], int]]) -> dict[str, int]:
    """Return written words, also without what every service is called."""
    found: dict[str, int] = {}
    for parts, missing in runs:
        whole = "".join(parts)
        for word in {whole, whole.removesuffix("service")}:
            if len(word) > 3 and word not in GENERIC:
                found[word] = min(missing, found.get(word, missing))
    return found


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[^a-z0-9]+", name.lower()) if part]
