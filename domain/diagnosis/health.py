"""Whether an observed object is well now, read from its fields; unknown where they do not say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.diagnosis.catalogue import images, probes, scheduling
from domain.diagnosis.graph import Graph, workload
from domain.diagnosis.subjects import owner
from domain.diagnosis.values import Family
from domain.evidence.structure.quantities import amount
from domain.evidence.values import ObservedObject

AGO = re.compile(r"\((\d{1,6})([smhdy])")
"""`4 (79s ago)`: the largest unit of an age."""
QUIET_MIN = 5.0
"""Minutes between two restarts, the longest back-off of the kubelet: a pod that is ready longer is over it."""
CONTAINERS = ("containers.", "container.")
"""Begins the fields of a pod's containers: in JSON by number, in descriptions by name."""
ENDED_WELL = frozenset({"completed", "succeeded"})
ENDED_BADLY = frozenset({"failed", "error"})
"""States of a pod that does not run again: its job makes another one."""
RESTARTS = frozenset({"restarts", "restart_count", "restartCount"})
"""Names of the count of restarts: in tables, and in JSON of tools and of the Kubernetes API."""
WELL = frozenset({"running", "ready", "bound", "active", "available", "completed", "succeeded", "healthy", "true", "ok"})
STARTING = frozenset(
    value.id for group in (scheduling, images) for value in vars(group).values() if isinstance(value, Family)
) | {"secret_missing", "config_missing", "config_invalid", "claim_pending", "unready", "init_failed"}
"""Faults that keep a pod from running at all: a pod that runs and is ready has none of them now."""
PROBED = frozenset(value.id for value in vars(probes).values() if isinstance(value, Family)) | {"crash_loop"}
"""Faults that show in restarts: a pod that is ready and was never restarted has none of them now."""
KINDS = ("pod/", "deployment/", "statefulset/", "node/", "pvc/", "service/", "daemonset/")


def ready_now(item: ObservedObject) -> bool | None:
    """Return whether the object is well: `n/n` ready, all containers ready, desired equals ready, or a good status."""
    fields = {name.lower(): value.lower() for name, value in item.fields.items()}
    have, slash, wanted = fields.get("ready", "").partition("/")
    status = fields.get("status") or fields.get("phase", "")
    if slash and wanted not in {"", "0"}:
        return (have == wanted and status in WELL | {""}) or status == "completed"
    containers = [value for name, value in fields.items() if name.startswith(CONTAINERS) and name.endswith(".ready")]
    if containers and status not in ENDED_WELL:
        return all(value == "true" for value in containers) and status in WELL | {""}
    if "desired" in fields and "ready" in fields:
        return fields["desired"] == fields["ready"] != "0"
    said = status or fields.get("ready", "")
    return said in WELL if said else None


def leaving(item: ObservedObject) -> bool:
    """Tell whether the object is being taken away."""
    return bool(item.fields.get("deletion_timestamp")) or item.fields.get("status", "").lower() == "terminating"


def replaced(subject: str, graph: Graph) -> bool:
    """Tell whether the very subject is being taken away, is gone, or was tried again, while others of its set are well: its faults are nobody's."""
    item = graph.objects.get(subject)
    app = subject.rpartition("-")[0].rpartition("-")[0]
    if item is None:
        return subject.startswith("pod/") and _whole(workload(subject, graph.workloads), graph)
    if _state(item) in ENDED_BADLY:
        return any(
            name.rpartition("-")[0] == subject.rpartition("-")[0] and _state(other) in ENDED_WELL
            for name, other in graph.objects.items()
        )
    if not leaving(item) or not app:
        return False
    return any(name.startswith(f"{app}-") and not leaving(other) and ready_now(other) for name, other in graph.objects.items())


def made_again(item: ObservedObject, objects: Mapping[str, ObservedObject]) -> bool:
    """Tell whether a pod of a job failed and another one of the same job ended well."""
    if not item.id.startswith("pod/") or _state(item) not in ENDED_BADLY:
        return False
    job = item.id.rpartition("-")[0]
    return any(name.rpartition("-")[0] == job and _state(other) in ENDED_WELL for name, other in objects.items())


def _state(item: ObservedObject) -> str:
    return (item.fields.get("status") or item.fields.get("phase", "")).lower()


def _whole(name: str, graph: Graph) -> bool:
    """Tell whether a workload has all the pods that it wants, each of them ready."""
    pods = graph.pods.get(name, ())
    return bool(name and pods) and ready_now(graph.workloads[name]) is True and all(ready_now(pod) for pod in pods)


def observed(objects: Mapping[str, ObservedObject]) -> tuple[ObservedObject, ...]:
    """Return the objects that can be well or not, without those that are leaving or were made again."""
    return tuple(
        item
        for name, item in sorted(objects.items())
        if name.startswith(KINDS) and not leaving(item) and not made_again(item, objects)
    )


def settled(objects: Mapping[str, ObservedObject]) -> frozenset[str]:
    """Return the names of objects about which nothing severe is true any more: ready now, leaving, or made again."""
    return frozenset(
        name.partition("/")[2]
        for name, item in objects.items()
        if name.startswith(KINDS) and (leaving(item) or ready_now(item) or made_again(item, objects))
    )


def contradicts(family: str, subject: str, graph: Graph) -> bool:
    """Tell whether the present state of the very subject, or of all its pods, excludes a fault of starting or of being probed."""
    if family not in STARTING | PROBED:
        return False
    item = graph.objects.get(subject)
    pods = graph.pods.get(owner(subject), ())
    if family in PROBED:
        return bool(pods) and all(ready_now(pod) is True and not restarted_lately(pod) for pod in pods)
    if pods and owner(subject) in graph.workloads:
        return all(ready_now(pod) is True for pod in pods) and not _short(owner(subject), graph)
    return item is not None and ready_now(item) is True


def _short(name: str, graph: Graph) -> bool:
    """Tell whether the workload itself lacks replicas: pods that could not be created are not among its pods."""
    found = (graph.objects.get(f"{kind}/{name}") for kind in ("deployment", "statefulset", "daemonset"))
    return any(item is not None and ready_now(item) is False for item in found)


def restarted_lately(pod: ObservedObject) -> bool:
    """Tell whether a pod was restarted, and not longer ago than a wrong probe leaves it alone."""
    if not restarts(pod):
        return False
    ago = AGO.search(pod.fields.get("restarts", ""))
    return ago is None or (ago[2] == "s") or (ago[2] == "m" and float(ago[1]) < QUIET_MIN)


def restarts(pod: ObservedObject) -> int:
    """Return how often the container of a pod that was restarted most was restarted."""
    counts = (amount(value) or 0.0 for name, value in pod.fields.items() if name.rpartition(".")[2] in RESTARTS)
    return int(max(counts, default=0.0))


def sources(items: Sequence[ObservedObject]) -> int:
    """Return in how many files objects were read as ready."""
    return len({item.citation.evidence for item in items if ready_now(item)})
