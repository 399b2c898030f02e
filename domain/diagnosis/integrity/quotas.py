"""Quotas that are used up, against what could not be made for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.telling import MOST_WAITING, containers_of, finding, omitted
from domain.evidence.structure.quantities import amount
from domain.evidence.values import Finding, ObservedObject

PODS = frozenset({"cpu", "memory", "pods"})
CLAIMS = frozenset({"storage", "persistentvolumeclaims"})
SERVICES = frozenset({"services"})
MOST = 0.7
"""Share of workloads with a service from which on one without is an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """What is wanted and was not made."""

    workloads: tuple[ObservedObject, ...]
    """Those without any pod."""
    claims: tuple[tuple[str, float], ...]
    """With the size that they ask for."""
    service: str


def check(graph: Graph) -> Iterator[Finding]:
    """Yield resources of a quota that leave no room for what is missing."""
    quotas = (*graph.of("quota"), *graph.of("resourcequota"))
    if not quotas:
        return
    unfilled = [item for item in graph.workloads.values() if unmade(graph, item)]
    absent = Absent(
        workloads=tuple(unfilled[:MOST_WAITING]),
        claims=tuple(_unclaimed(graph)),
        service=_unserved(graph),
    )
    yield from omitted("workloads without a pod", unfilled)
    for quota in quotas:
        for name, hard in quota.fields.items():
            resource = name.removeprefix("hard.")
            used = quota.fields.get(f"used.{resource}", "")
            if name.startswith("hard.") and (missing := _missing(absent, resource, used, hard)):
                told = f"{quota.id}: {resource} used {used} of {hard}, and {missing} is missing"
                yield finding(
                    "quota",
                    quota,
                    told,
                    severity=3.5,
                    resource=_counted(resource),
                    value=f"{used} of {hard}",
                    quota=quota.id.partition("/")[2],
                )


def _missing(absent: Absent, resource: str, used: str, hard: str) -> str:
    """Return what there is no room for, empty where there is room or nothing is missing."""
    now, most = amount(used), amount(hard)
    if now is None or most is None:
        return ""
    short = _counted(resource)
    if short in PODS:
        return next((item.id for item in absent.workloads if now + _request(item, resource) > most), "")
    if short in CLAIMS:
        return next((one for one, request in absent.claims if now + (request if short == "storage" else 1.0) > most), "")
    return absent.service if short in SERVICES and now >= most else ""


def _counted(resource: str) -> str:
    """Return what a quota counts: `cpu` of `limits.cpu`, `pods` of `count/pods`, `storage` of a class's `…/requests.storage`."""
    return resource.rpartition("/")[2].removeprefix("requests.").removeprefix("limits.")


def unmade(graph: Graph, item: ObservedObject) -> bool:
    """Tell whether a workload wants pods and has none at all."""
    wanted = amount(item.fields.get("desired", "")) or amount(item.fields.get("ready", "").partition("/")[2]) or 0.0
    return wanted > 0 and bool(graph.pods) and not graph.pods.get(item.id.partition("/")[2])


def _request(item: ObservedObject, resource: str) -> float:
    """Return what one more pod asks for."""
    if resource.endswith("pods"):
        return 1.0
    kind = "limits" if resource.startswith("limits.") else "requests"
    asked = (amount(one.get(f"{kind}.{_counted(resource)}", "")) or 0.0 for one in containers_of(item).values())
    return max(sum(asked), 1e-9)


def _unclaimed(graph: Graph) -> Iterator[tuple[str, float]]:
    """Yield claims that a workload mounts and that do not exist, with the size that they ask for, else the smallest."""
    for edges in graph.edges_from.values():
        for edge in edges:
            claim = graph.objects.get(edge.target)
            if edge.relation == "mounts" and edge.target.startswith("pvc/") and not (claim and claim.fields.get("status")):
                yield edge.target, (amount(claim.fields.get("request", "")) if claim else None) or 1e-9


def _unserved(graph: Graph) -> str:
    """Return the one workload with a port and without a service, where most have one."""
    with_ports = [item for item in graph.workloads.values() if any(one.get("ports") for one in containers_of(item).values())]
    every = tuple(graph.of("service"))
    made = [service for service in every if {"ip", "age"} & service.fields.keys()] or every  # a manifest alone is a wish
    served = {name for service in made for name in graph.behind(service)}
    absent = [item.id for item in with_ports if item.id.partition("/")[2] not in served]
    return absent[0] if absent and len(absent) <= (1 - MOST) * len(with_ports) else ""
