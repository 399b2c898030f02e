"""A diagnosis costs what its evidence measures, and no more than 300 ms (diagnosis.md 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.diagnosis.causes import diagnose
from domain.evidence.values import Analysis, Citation, Edge, Finding, ObservedObject
from tests.pace import quickest
from tests.unit.domain.diagnosis.values import a_finding, an_analysis

pytestmark = pytest.mark.unmeasured

NODES = 40
"""Apps of one node."""
FAILING = 10
"""Of so many apps one fails to start, another asks for a node that is not there, waits for a claim and is told a wrong address."""


def cluster(apps: int) -> Analysis:
    """One list of ten objects for each app: what every check compares grows with it."""
    objects = tuple(
        ObservedObject(id=name, fields=fields, citation=Citation(evidence="all", first=place, last=place))
        for place, (name, fields) in enumerate(_objects(apps), start=1)
    )
    ways = [("calls", f"service/app{(app + 1) % apps}", app) for app in range(apps)]
    ways += [("mounts", f"pvc/app{app}", app) for app in range(apps)]
    edges = (
        Edge(source=f"deployment/app{app}", relation=how, target=end, citation=objects[0].citation) for how, end, app in ways
    )
    failing = [item for item in objects if item.fields.get("status") == "CrashLoopBackOff"]
    return replace(an_analysis(*map(_crash, failing), name="all"), objects=objects, edges=tuple(edges))


def _objects(apps: int) -> Iterator[tuple[str, dict[str, str]]]:
    for node in range(max(2, apps // NODES)):
        yield f"node/n{node}", {"status": "Ready", "labels": f"disk=fast,zone=z{node % 3}", "allocatable.cpu": "8"}
    for app in range(apps):
        yield from _app(f"app{app}", bad=app % FAILING == 0, node=f"n{app // NODES}")


def _app(name: str, *, bad: bool, node: str) -> Iterator[tuple[str, dict[str, str]]]:
    carried = f"app={name},part-of=all"
    yield (
        f"deployment/{name}",
        {
            "ready": "0/3" if bad else "3/3",
            "pod_labels": carried,
            "node_selector": "disk=none" if bad else "",
            "container.main.ports": "8080/TCP",
            "container.main.requests.cpu": "100m",
            "container.main.env.NEXT_ADDR": f"{name}-x:8080" if bad else f"{name}:8080",
        },
    )
    yield f"service/{name}", {"ports": "8080/TCP", "target_ports": "8080", "selector": f"app={name}{'-x' if bad else ''}"}
    yield f"endpoints/{name}", {"endpoints": "<none>" if bad else "10.1.0.9:8080"}
    yield f"configmap/{name}", {"data.URL": f"http://{name}:8080"}
    yield f"pv/{name}", {"capacity": "1Gi", "storageclass": "fast", "modes": "RWO", "claim": f"all/{name}"}
    yield f"pvc/{name}", {"status": "Pending" if bad else "Bound", "storageclass": "fast", "request": "1Gi", "modes": "RWO"}
    for pod, status in enumerate(("CrashLoopBackOff", "Pending", "CrashLoopBackOff", "CrashLoopBackOff")):
        state = {"status": status, "ready": "0/1", "restarts": "4 (20s ago)"} if bad else {"status": "Running", "ready": "1/1"}
        place = {} if state["status"] == "Pending" else {"node": node}
        yield f"pod/{name}-6b7d9f8c5d-{'bcdf'[pod]}x2z4", {**state, **place, "labels": carried}


def _crash(pod: ObservedObject) -> Finding:
    text = f"{pod.id} back-off restarting failed container: connection refused"
    found = a_finding(text, line=pod.citation.first, kind="unhealthy_object", subject=pod.id)
    return replace(found, attributes={"status": "CrashLoopBackOff"})


def test_four_times_the_objects_cost_less_than_eight_times_as_much() -> None:
    few, many = [cluster(100)], [cluster(400)]
    assert quickest(lambda: diagnose(many), 2) < 8 * quickest(lambda: diagnose(few), 2)
