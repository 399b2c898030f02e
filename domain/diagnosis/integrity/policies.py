"""Network policies that let nobody in to a workload that others call, or that open other ports than those it serves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.services import PORT
from domain.diagnosis.integrity.telling import finding
from domain.evidence.values import Finding, ObservedObject

PORT_NUMBER = re.compile(r"\b(\d{1,5})/")
"""`8080/TCP`, as `kubectl describe networkpolicy` prints it."""
ENDPOINT = re.compile(r":(\d{1,5})\b")


def check(graph: Graph) -> Iterator[Finding]:
    """Yield called workloads that one policy isolates and no other opens again."""
    over: dict[str, list[ObservedObject]] = {}
    for policy in graph.of("networkpolicy"):
        for name in graph.behind(policy):
            over.setdefault(name, []).append(policy)
    called = frozenset[str]().union(*graph.callees.values())
    for name, policies in over.items():
        closed = all("ingress" in one.fields.get("isolated", "") for one in policies)
        if closed and name in called and not _reached(graph, name):
            told = f"{policies[0].id} lets nobody in to {graph.workloads[name].id}, and others call it"
            yield finding("isolated", policies[0], told, subject=graph.workloads[name].id, severity=3.5, value=policies[0].id)
    for service in graph.of("service"):
        yield from _closed(graph, service)


def _reached(graph: Graph, name: str) -> bool:
    """Tell whether a test from inside reached a workload: what lets somebody in, whatever a policy says, is not what isolates it."""
    return any(one.fields.get("state") == "open" and name in graph.behind(one) for one in graph.of("service"))


def _closed(graph: Graph, service: ObservedObject) -> Iterator[Finding]:
    """Yield a service behind policies that open ports, none of which its pods serve it on; policies add up."""
    name = service.id.partition("/")[2]
    over = [one for one in graph.of("networkpolicy") if _is_over(one, service, name)]
    opened = [one.fields.get("ingress_ports", "") for one in over]
    served = _served(graph, service, name)
    if not over or not all(opened) or not served or served & {port for told in opened for port in PORT_NUMBER.findall(told)}:
        return
    ports = ", ".join(sorted(served))
    told = f"{over[0].id} opens port {', '.join(opened)} alone to what {service.id} leads to, which serves port {ports}"
    yield finding("isolated", over[0], told, subject=service.id, severity=3.5, value=over[0].id, port=ports)


def _is_over(policy: ObservedObject, service: ObservedObject, name: str) -> bool:
    """Tell whether a policy selects the pods of a service: by the same labels, or by one of its name where its selector is not known."""
    wanted = {one.strip() for one in policy.fields.get("selector", "").split(",") if "=" in one}
    chosen = {one.strip() for one in service.fields.get("selector", "").split(",") if "=" in one}
    return bool(wanted) and (wanted <= chosen if chosen else {one.partition("=")[2] for one in wanted} == {name})


def _served(graph: Graph, service: ObservedObject, name: str) -> set[str]:
    """Return the ports of the pods behind a service: of its endpoints, else those that it names itself."""
    ends = graph.objects.get(f"endpoints/{name}")
    told = ENDPOINT.findall(ends.fields.get("endpoints", "")) if ends else []
    return set(told) or {port for port, _ in PORT.findall(service.fields.get("ports", ""))}
