"""Services against the pods they select: selector, port, protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from posixpath import commonprefix

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import UNSET, called, containers_of, finding, together
from domain.diagnosis.labels import Likenesses, labels, likenesses
from domain.evidence.values import Finding, ObservedObject

PORT = re.compile(r"(\d{1,5})(?::\d{1,5})?/(TCP|UDP|SCTP)")
NAMED = re.compile(r"(?:^|[,\s])([a-z0-9-]{0,14}[a-z][a-z0-9-]{0,14})(?=$|[,\s])")
PROTOCOL = re.compile(r"/(?:TCP|UDP|SCTP)\b")
NUMBER = re.compile(r"\b\d{1,5}\b")
ALIKE = 0.6
"""Share of a label that must begin like another one to be nearly it."""
ADDRESS = re.compile(r"[\d.]{7,15}:(\d{1,5})")
LIST = 2
"""Things of a kind that make a document a list of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one service is held against."""

    worn: Likenesses
    """Labels of pods and templates."""
    expected: AbstractSet[str]
    """Names of workloads, and of what somebody calls."""
    listed: bool
    """Whether a document lists pods or templates with their labels: among single views one may be missing."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield what keeps a service from its pods."""
    pods = (*graph.workloads.values(), *graph.of("pod"))
    known = Known(
        worn=likenesses(labels(item.fields.get("pod_labels") or item.fields.get("labels", "")) for item in pods),
        expected=graph.workloads.keys() | called(graph),
        listed=together(graph, pods, "pod_labels", "labels") >= LIST,
    )
    for service in graph.of("service"):
        if labels(service.fields.get("selector", "")):
            yield from _service(graph, service, known)


def _service(graph: Graph, service: ObservedObject, known: Known) -> Iterator[Finding]:
    """Yield the first thing that is wrong with one service."""
    found = _unselected(graph, service, known)
    behind = [graph.workloads[name] for name in graph.behind(service)] or list(graph.selected(service))
    if found:
        yield found
    elif behind:
        if service.fields.get("state") != "open":
            yield from _ports(graph, service, behind)
        if not _endpoints(graph, service) and "endpoints" in {**service.fields, **_listed(graph, service)}:
            told = f"{service.id} selects {behind[0].id}, so that its selector is right"
            yield finding("unready_behind", service, told, severity=1.0, value=behind[0].id)


def _unselected(graph: Graph, service: ObservedObject, known: Known) -> Finding | None:
    """Find a selector that no observed pod or template fits, though pods with labels were observed and no endpoint is there."""
    if not known.worn.ordered or graph.behind(service) or graph.selected(service) or _endpoints(graph, service):
        return None
    if not known.listed and "endpoints" not in {**service.fields, **_listed(graph, service)}:
        return None
    wanted = service.fields["selector"]
    near = _nearest(labels(wanted), known.worn)
    if not near and service.id.partition("/")[2] not in known.expected:
        return None
    told = f"{service.id} selects no pod: no pod or template carries {wanted}" + (f"; the nearest has {near}" if near else "")
    return finding("selector", service, told, severity=3.5, value=wanted, near=near)


def _nearest(wanted: frozenset[str], worn: Likenesses) -> str:
    """Return the labels of the same keys that begin most alike."""
    length, best = worn.nearest(wanted)
    if length < ALIKE * max(map(len, wanted)):
        return ""
    if not any(_is_like(one, two) for one in wanted for two in best):
        return ""
    keys = {part.partition("=")[0] for part in wanted}
    return ",".join(sorted(part for part in best if part.partition("=")[0] in keys))


def _is_like(one: str, two: str) -> bool:
    """Tell whether two labels have one key and values that begin alike for most of the longer one."""
    (key, _, value), (other, _, said) = one.partition("="), two.partition("=")
    return key == other and len(commonprefix((value, said))) >= ALIKE * max(len(value), len(said))


def _listed(graph: Graph, service: ObservedObject) -> dict[str, str]:
    listed = graph.objects.get(f"endpoints/{service.id.partition('/')[2]}")
    return {"endpoints": listed.fields.get("endpoints", "")} if listed else {}


def _endpoints(graph: Graph, service: ObservedObject) -> tuple[str, ...]:
    """Return the ports of the addresses behind a service."""
    said = _listed(graph, service).get("endpoints", "") or service.fields.get("endpoints", "")
    return tuple(ADDRESS.findall(said)) if said not in UNSET else ()


def _nameless(graph: Graph, service: ObservedObject, behind: Sequence[ObservedObject]) -> str:
    """Return a target port that is a name which no container gives to a port, empty when there is none."""
    wanted = NAMED.findall(PROTOCOL.sub("", service.fields.get("target_ports", "")))
    given = {name for item in behind for one in containers_of(item).values() for name in one.get("port_names", "").split(",")}
    said = _listed(graph, service).get("endpoints", "") or service.fields.get("endpoints", "")
    portless = bool(said) and said not in UNSET and not ADDRESS.search(said)
    return next((one for one in wanted if one not in given and (given - {""} or portless)), "")


def _ports(graph: Graph, service: ObservedObject, behind: Sequence[ObservedObject]) -> Iterator[Finding]:
    """Yield target ports that no container declares, and protocols that differ from the container's."""
    declared = {pair for item in behind for one in containers_of(item).values() for pair in PORT.findall(one.get("ports", ""))}
    if not declared:
        return
    listened = {port for port, _ in declared}
    said = PORT.findall(service.fields.get("ports", ""))
    targets = NUMBER.findall(service.fields.get("target_ports", ""))
    wrong = [one for one in targets if one not in listened]
    meant = targets or sorted(listened)[: len(listened) == 1]  # a name means the only port that there is
    if name := _nameless(graph, service, behind):
        told = f"{service.id} forwards to a port named {name}, and no container of its pods has a port of that name"
        yield finding("port", service, told, severity=3.5, value=name, port=name)
    elif wrong:
        told = f"{service.id} forwards to port {wrong[0]}, and its pods listen on {', '.join(sorted(listened, key=int))}"
        yield finding("port", service, told, severity=3.5, value=wrong[0], port=wrong[0])
    spoken = {protocol for port, protocol in declared if port in meant}
    for port, protocol in said if len(said) == 1 and not wrong else ():
        if spoken and protocol not in spoken:
            told = f"{service.id} declares {protocol} for port {port}, and its pods speak {', '.join(sorted(spoken))} there"
            yield finding("protocol", service, told, severity=3.5, value=protocol, port=port)
