"""What the evidence rules out besides excluded families: each rival in one sentence, with the gauge or field that speaks against it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import leaving, ready_now
from domain.diagnosis.monitoring.gauges import Gauge
from domain.diagnosis.monitoring.values import Picture
from domain.diagnosis.monitoring.vitals import BUSY, NEAR
from domain.diagnosis.subjects import split
from domain.evidence.values import Citation, ObservedObject

Rival = tuple[str, str, Citation]
"""Name, why not, and where that stands."""
NAMES = {
    "cpu": "CPU saturation",
    "storage": "storage exhaustion",
    "connections": "connection exhaustion",
    "lag": "replication lag",
    "upkeep": "I/O saturation",
    "locks": "lock contention",
    "credits": "exhausted burst credits",
    "cache": "cache loss",
    "evicting": "cache memory exhaustion",
    "throttle": "throttling",
    "host": "a failed host",
    "load": "one dominating query",
    "link": "network saturation",
    "memory": "memory exhaustion",
    "limit": "a lowered limit",
    "class": "a smaller instance class",
    "setting": "a changed parameter",
    "disk": "I/O saturation of the disk",
    "backlog": "a backlog",
    "ids": "exhausted transaction ids",
    "down": "a database that is down",
}
"""Faults of gauges as people call them."""
MEMORY = frozenset({"oom_killed", "memory_leak", "node_pressure", "gc_pressure", "store_memory_full"})
NODES = frozenset({"kubelet_down", "node_lost", "runtime_down", "network_plugin", "node_pressure", "node_cordoned"})
PULLS = frozenset({"image_wrong", "registry_unresolved", "pull_denied", "image_pull"})
CAPACITIES = frozenset({"capacity_cpu", "capacity_memory", "capacity_device"})
PULL_STATES = frozenset({"errimagepull", "imagepullbackoff", "invalidimagename"})
PRESSURES = ("memory_pressure", "disk_pressure", "pid_pressure")
STEADY = 1.3
"""Times its lowest value below which a gauge counts as steady."""


def of_databases(seen: Picture, told: frozenset[str]) -> Iterator[Rival]:
    """Yield the faults that gauges exclude; `told` are those that are found."""
    if "cpu" not in told and (cpu := seen.board.one("cpu")):
        busy = cpu.high >= BUSY
        why = "it follows the cause above" if busy and told else f"below {BUSY:.0f} %" if not busy else "only for a while"
        yield NAMES["cpu"], f"{cpu.spoken}, {why}", cpu.citation
    if "connections" not in told and (gauge := seen.board.one("connections")):
        bound = f", below max_connections {seen.limit:.0f}" if seen.limit and gauge.last < NEAR * seen.limit else ""
        yield NAMES["connections"], f"{gauge.spoken}{bound or _steadily(gauge, told)}", gauge.citation
    if "storage" not in told and (gauge := seen.board.one("free_storage")):
        yield NAMES["storage"], f"{gauge.spoken}{_steadily(gauge)}", gauge.citation
    if "lag" not in told and (gauge := seen.board.one("lag")):
        yield NAMES["lag"], f"{gauge.spoken}{_steadily(gauge, told)}", gauge.citation
    if not {"upkeep", "storage"} & told and (gauge := seen.board.one("write_latency") or seen.board.one("read_latency")):
        yield "slow storage", f"{gauge.spoken}{_steadily(gauge, told)}", gauge.citation
    if "lag" not in told and (gauge := seen.board.one("free_memory")) and gauge.last > gauge.first / 2:
        yield "memory pressure", f"{gauge.spoken}{_steadily(gauge)}", gauge.citation


def _steadily(gauge: Gauge, told: frozenset[str] = frozenset()) -> str:
    """Return what its course says: that it is steady, or that it follows what was found."""
    if gauge.high <= STEADY * max(gauge.low, 1e-9):
        return ", steady"
    return ", a consequence of the cause above and no fault of its own" if told and gauge.rose else ""


def of_workloads(whole: Graph, family: str, subject: str) -> Iterator[Rival]:
    """Yield the faults that the states of pods and nodes exclude."""
    pods, nodes = whole.of("pod"), whole.of("node")
    reasons = frozenset[str]().union(*map(_reasons, pods))
    if family in NODES:
        yield from _other_nodes(nodes, pods)
    if pods and family not in MEMORY and "oomkilled" not in reasons:
        yield from _memory(whole, pods, nodes, subject)
    yield from _siblings(whole, subject)
    if nodes and family not in NODES and all(_sound(one) for one in nodes):
        yield "node failure", f"all {len(nodes)} nodes are Ready without pressure", nodes[0].citation
    if pods and family not in PULLS and not reasons & PULL_STATES:
        yield from _pulled(pods)
    yield from _placed(pods, family)
    yield from _watched(whole)


def _pulled(pods: tuple[ObservedObject, ...]) -> Iterator[Rival]:
    """Yield that no image was missed: the containers run, or no pod has come as far as that."""
    waiting = [one for one in pods if one.fields.get("phase", "").lower() == "pending"]
    started = [one for one in pods if "true" in {one.fields.get(name) for name in _running(one)}]
    if waiting:
        yield "image pull failure", "no image pull error is reported", waiting[0].citation
    elif started:
        yield "image pull failure", "no image pull error, the containers have started", started[0].citation


def _placed(pods: tuple[ObservedObject, ...], family: str) -> Iterator[Rival]:
    """Yield that a pod which waits for a node does not wait for room, where the scheduler says what it lacks."""
    if family in CAPACITIES:
        return
    for pod in pods:
        said = " ".join(value for name, value in pod.fields.items() if name.endswith("message")).lower()
        if "nodes are available" in said and "insufficient" not in said:
            yield "insufficient capacity", "the scheduler names no lack of CPU or memory", pod.citation
            return


def _other_nodes(nodes: tuple[ObservedObject, ...], pods: tuple[ObservedObject, ...]) -> Iterator[Rival]:
    """Yield that the workload is well where the node is."""
    sound = [one for one in nodes if _sound(one)]
    for node in sound[:1]:
        name = split(node.id)[1]
        there = [one for one in pods if one.fields.get("node_name", "").lower() == name and ready_now(one)]
        runs = f" and {len(there)} of its pods runs and is Ready" if there else ""
        yield "application fault", f"the workload is not at fault: healthy node {name} is Ready{runs}", node.citation


def _memory(whole: Graph, pods: tuple[ObservedObject, ...], nodes: tuple[ObservedObject, ...], subject: str) -> Iterator[Rival]:
    """Yield that no container was killed for memory, with the exit code where it is known."""
    if all(ready_now(one) and not _ended(one) for one in pods):
        return
    about = whole.objects.get(subject)
    pod = about if about in pods else next((one for one in pods if _ended(one)), pods[0])
    codes = [value for name, value in pod.fields.items() if name.endswith("exit_code")]
    code = f"exit code {codes[0]}, " if codes else ""
    free = (
        "; no node has memory pressure"
        if nodes and all(one.fields.get("memory_pressure", "").lower() == "false" for one in nodes)
        else ""
    )
    yield "OOM", f"{code}no container was OOMKilled{free}", pod.citation


def _siblings(whole: Graph, subject: str) -> Iterator[Rival]:
    """Yield that the other pods of the same set are well."""
    app = subject.rpartition("-")[0].rpartition("-")[0]
    others = [one for one in whole.of("pod") if app.startswith("pod/") and one.id.startswith(f"{app}-") and one.id != subject]
    if others and all(ready_now(one) for one in others):
        yield "the whole workload", f"its sibling pods are Running and Ready ({len(others)} of {len(others)})", others[0].citation


def _ended(pod: ObservedObject) -> bool:
    """Tell whether a container of the pod has ended at least once, and how is known."""
    fields = pod.fields.items()
    return any(name.endswith("exit_code") or (name.endswith("restart_count") and value != "0") for name, value in fields)


def _watched(whole: Graph) -> Iterator[Rival]:
    """Yield that those who watch users' requests see nothing."""
    watched = [one for one in whole.of("monitor") if one.fields.get("overall_state")]
    calm = [one for one in watched if one.fields["overall_state"].lower() == "ok"]
    if calm and len(calm) >= len(watched) / 2:
        names = ", ".join(one.fields.get("name", "") for one in calm[:2])
        yield "user impact", f"monitors {names} are OK", calm[0].citation


def _sound(node: ObservedObject) -> bool:
    return ready_now(node) is True and not any(node.fields.get(name, "").lower() == "true" for name in PRESSURES)


def _reasons(pod: ObservedObject) -> frozenset[str]:
    return frozenset(value.lower() for name, value in pod.fields.items() if name.endswith("reason"))


def _running(pod: ObservedObject) -> tuple[str, ...]:
    return tuple(name for name in pod.fields if name.endswith(".running"))


def taken_down(whole: Graph) -> str:
    """Return why the thing that an alert names is no fault: it is being taken away while its successors are ready."""
    for alert in whole.of("alert"):
        item = whole.objects.get(alert.fields.get("about", ""))
        if item is None or not leaving(item):
            continue
        name = split(item.id)[1]
        old = name.rpartition("-")[0]
        app = old.rpartition("-")[0]
        heirs = [
            one for one in whole.of("pod") if one is not item and split(one.id)[1].startswith(f"{app}-") and not leaving(one)
        ]
        if heirs and all(ready_now(one) for one in heirs):
            new = split(heirs[0].id)[1].rpartition("-")[0]
            when = item.fields.get("deletion_timestamp", "")
            since = f" (deletion_timestamp {when})" if when else ""
            return (
                f"the alerted pod {name} is terminating{since}: it belongs to the old ReplicaSet {old}, which a rollout replaced by"
                f" {new} with {len(heirs)} pods Ready; it is not a current failure"
            )
    return ""
