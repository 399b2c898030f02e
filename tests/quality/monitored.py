"""Incidents as monitors show them, with invented names: faults of databases and workloads, two at once, and calm behind an alarm."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.quality.incidents import pod_name, word
from tests.quality.monitors import (
    GB,
    alert,
    deployment,
    hump,
    journal,
    load,
    logs,
    metrics,
    nodes,
    pod,
    pods,
    ramp,
    warnings,
    watchers,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """An incident: its first family (empty when healthy), its label, and what an engineer must read in the first 250 words."""

    family: str
    label: str
    files: dict[str, str]
    says: tuple[str, ...]
    also: str = ""
    """A second fault that must be ranked, too."""


SCAN, WRITE, TINY = (
    "SELECT * FROM {t} WHERE state = $1",
    "UPDATE {t} SET state = $1 WHERE batch = $2",
    "SELECT id FROM {t} WHERE id = $1",
)
CALM_LOAD = 1.4


def _database(dice: random.Random) -> tuple[str, str]:
    return f"{word(dice)}-db", word(dice)


def _db(
    dice: random.Random,
    name: str,
    moved: dict[str, list[float]],
    report: str,
    events: str,
    told: str,
    absent: tuple[str, ...] = (),
) -> dict[str, str]:
    return {"metrics.json": metrics(dice, name, moved, absent), "load.json": report, "events.json": events, "alert.json": told}


def leaked_connections(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    waits = (("Client:ClientRead", 7.0), ("CPU", 1.0))
    files = _db(dice, name, {"DatabaseConnections": ramp(130, 492)}, load(name, [(TINY.format(t=t), 1.0, "CPU")], 8.0, waits), journal(name),
                alert("ConnectionsHigh", f"DatabaseConnections on {name} reached 98% of max_connections (500).", db_instance=name))  # fmt: skip
    return Monitored(
        family="db_connections",
        label="resource_exhaustion",
        files=files,
        says=("DatabaseConnections", "max_connections", "idle", "CPUUtilization"),
    )


def refused_connections(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"DatabaseConnections": ramp(60, 200)}, load(name, [(TINY.format(t=t), 1.0, "CPU")], 2.0),
                journal(name, (9, f"DB instance {name} refused connections: FATAL: sorry, too many clients already")),
                alert("AppErrors", f"Clients of {name} cannot connect.", db_instance=name))  # fmt: skip
    return Monitored(family="db_connections", label="resource_exhaustion", files=files, says=("connection exhaustion", "refused"))


def full_storage(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"FreeStorageSpace": ramp(90 * GB, 0.4 * GB, 1, 14), "WriteIOPS": ramp(2000, 40, 10, 14)},
                load(name, [(f"INSERT INTO {t} (a, b) VALUES ($1, $2)", 6.0, "IO:DataFileExtend"), (TINY.format(t=t), 1.0, "CPU")]),
                journal(name, (14, f"DB instance {name} is running out of storage space.")), alert("StorageLow", f"{name} has little free storage.", db_instance=name))  # fmt: skip
    return Monitored(
        family="disk_full", label="resource_exhaustion", files=files, says=("FreeStorageSpace", "storage", "INSERT INTO")
    )


def full_storage_unmeasured(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"WriteLatency": ramp(1.3, 48), "WriteIOPS": ramp(2000, 30)}, load(name, [(f"INSERT INTO {t} VALUES ($1)", 6.0, "IO:DataFileExtend")]),
                journal(name, (12, f"The free storage capacity for DB instance {name} is exhausted: the allocated storage is full.")),
                alert("WritesFail", f"Writes to {name} fail.", db_instance=name), absent=("FreeStorageSpace",))  # fmt: skip
    return Monitored(
        family="disk_full", label="resource_exhaustion", files=files, says=("FreeStorageSpace is not reported", "storage")
    )


def greedy_query(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"CPUUtilization": ramp(25, 95), "ReadIOPS": ramp(900, 15000)}, load(name, [(SCAN.format(t=t), 7.4, "CPU:user"), (TINY.format(t=t), 0.6, "CPU:user")]),
                journal(name), alert("CpuHigh", f"CPU on {name} above 85%.", db_instance=name))  # fmt: skip
    return Monitored(
        family="cpu_saturated",
        label="resource_exhaustion",
        files=files,
        says=("CPUUtilization", "query", f"SELECT * FROM {t}", "ReadIOPS", "DatabaseConnections"),
    )


WRITES = {"TransactionLogsGeneration": ramp(6e6, 2e8, 1, 5), "WriteIOPS": ramp(700, 16000, 1, 5)}


def written_lag(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {**WRITES, "ReplicaLag": ramp(1.2, 1300, 2, 15), "CPUUtilization": ramp(24, 60, 1, 5)}, load(name, [(WRITE.format(t=t), 8.0, "IO:WALWrite")]),
                journal(f"{name}-replica", (10, "Replication lag exceeded 600 seconds.")), alert("LagHigh", "The read replica lags.", db_instance=name))  # fmt: skip
    return Monitored(
        family="replication_lag",
        label="resource_exhaustion",
        files=files,
        says=("replication lag", "write-heavy", "WAL", "CPUUtilization", f"UPDATE {t}"),
    )


def written_lag_beside_a_greedy_query(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    moved = {**WRITES, "ReplicaLag": ramp(1.2, 1300, 2, 15), "CPUUtilization": ramp(30, 91, 6, 9)}
    files = _db(dice, name, moved, load(name, [(SCAN.format(t=t), 5.0, "CPU"), (WRITE.format(t=t), 4.5, "IO:WALWrite")]),
                journal(f"{name}-replica", (10, "Replication lag exceeded 600 seconds.")), alert("LagHigh", "The read replica lags.", db_instance=name))  # fmt: skip
    return Monitored(
        family="replication_lag", label="resource_exhaustion", files=files, says=("replication lag", "WAL", "CPUUtilization")
    )


def written_lag_unmeasured(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, WRITES, load(name, [(WRITE.format(t=t), 8.0, "IO:WALWrite")]), journal(f"{name}-replica", (10, "Read replica is behind its source: stale reads.")),
                alert("StaleReads", "Reads from the replica are stale.", db_instance=name), absent=("ReplicaLag",))  # fmt: skip
    return Monitored(
        family="replication_lag",
        label="resource_exhaustion",
        files=files,
        says=("ReplicaLag is not reported", "WAL", "write-heavy"),
    )


def cut_link(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"ReplicaLag": ramp(1.2, 900, 2, 15), "NetworkTransmitThroughput": ramp(2e7, 9e5, 1, 3)}, load(name, [(TINY.format(t=t), 1.0, "CPU")], CALM_LOAD), journal(name),
                alert("LagHigh", "The read replica lags.", db_instance=name))  # fmt: skip
    return Monitored(
        family="replication_lag",
        label="resource_exhaustion",
        files=files,
        says=("network", "NetworkTransmitThroughput", "ReplicaLag"),
    )


def moved_role(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"DatabaseConnections": [130.0] * 5 + [4.0, 9.0] + [128.0] * 9}, load(name, [(TINY.format(t=t), 1.0, "CPU")], CALM_LOAD),
                journal(name, (5, "Multi-AZ instance failover started."), (6, "DB instance restarted"), (7, "Multi-AZ instance failover completed")),
                alert("ConnectionsDropped", f"Clients lost their connections to {name}.", db_instance=name))  # fmt: skip
    return Monitored(family="failover", label="infrastructure", files=files, says=("failover", "standby", "connections"))


def two_at_once(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"DatabaseConnections": ramp(130, 496, 1, 6), "CPUUtilization": ramp(25, 96, 2, 7)}, load(name, [(SCAN.format(t=t), 9.0, "CPU:user")], 12.0, (("CPU:user", 9.0), ("Client:ClientRead", 5.0))),
                journal(name), alert("DatabaseDegraded", f"{name}: connections near max_connections 500 and CPU above 90%.", db_instance=name))  # fmt: skip
    return Monitored(
        family="",
        label="resource_exhaustion",
        files=files,
        says=("CPUUtilization", "DatabaseConnections", f"SELECT * FROM {t}"),
        also="db_connections cpu_saturated",
    )


def checkpoint_storm(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"WriteLatency": ramp(1.3, 62), "WriteIOPS": ramp(700, 19000), "CPUUtilization": ramp(24, 88, 5, 10)},
                load(name, [("CHECKPOINT", 5.0, "IO:DataFileSync"), (TINY.format(t=t), 1.0, "CPU")], 8.0, (("IO:DataFileSync", 5.0), ("IO:WALSync", 2.0), ("CPU", 1.0))),
                journal(name, (4, "Checkpoints are occurring too frequently.")), alert("LatencyHigh", f"Write latency of {name} is high.", db_instance=name))  # fmt: skip
    return Monitored(
        family="maintenance_storm",
        label="resource_exhaustion",
        files=files,
        says=("checkpoint", "WriteLatency", "CPUUtilization"),
    )


def heavy_backup(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"ReadLatency": ramp(0.9, 31), "ReadIOPS": ramp(900, 14000)}, load(name, [(TINY.format(t=t), 5.0, "IO:DataFileRead")]),
                journal(name, (3, "Backing up DB instance"), (3.5, "Backup in progress on the instance's volume")), alert("LatencyHigh", f"Read latency of {name} is high.", db_instance=name))  # fmt: skip
    return Monitored(family="maintenance_storm", label="resource_exhaustion", files=files, says=("backup", "ReadLatency"))


def busy_and_well(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    files = _db(dice, name, {"DatabaseConnections": hump(150, 360), "CPUUtilization": hump(25, 58)}, load(name, [(TINY.format(t=t), 1.0, "CPU")], CALM_LOAD), journal(name),
                alert("ConnectionsHigh", f"DatabaseConnections on {name} rose towards max_connections 500.", db_instance=name))  # fmt: skip
    return Monitored(family="", label="healthy", files=files, says=("DatabaseConnections", "within"))


def room_again(dice: random.Random) -> Monitored:
    name, t = _database(dice)
    free = [30 * GB, 20 * GB, 12 * GB, 6 * GB, 3 * GB, 2 * GB, *[150 * GB] * 10]
    files = _db(dice, name, {"FreeStorageSpace": free}, load(name, [(TINY.format(t=t), 1.0, "CPU")], CALM_LOAD),
                journal(name, (5, f"DB instance {name} is running out of storage space."), (6, "Finished applying modification: the allocated storage was increased.")),
                alert("StorageLow", f"FreeStorageSpace on {name} below 5 GB.", db_instance=name))  # fmt: skip
    return Monitored(family="", label="healthy", files=files, says=("FreeStorageSpace", "recovered"))


def _app(dice: random.Random) -> tuple[str, str, str, str]:
    app = word(dice)
    return app, pod_name(dice, app), f"{word(dice)}-1", f"{word(dice)}-2"


QUIET = (("error rate", "OK"), ("latency", "OK"))


def memory_kill(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    bad = pod(
        name,
        one,
        ready=False,
        restarts=7,
        state={"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off 5m"},
        last={"terminated": True, "reason": "OOMKilled", "exit_code": 137},
    )
    files = {"pods.json": pods(bad, pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 2),
             "events.json": warnings(("BackOff", f"Pod/{name}", f"Back-off restarting failed container main in pod {name}")),
             "alert.json": alert("PodCrashLooping", f"Pod {name} restarts.", kube_pod=name)}  # fmt: skip
    return Monitored(family="oom_killed", label="resource_exhaustion", files=files, says=("OOMKilled", "memory", name, "limit"))


def evicting_node(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    bad = pod(
        name,
        one,
        ready=False,
        phase="Failed",
        state={"terminated": True, "reason": "Evicted", "message": "The node was low on resource: memory."},
    )
    files = {"pods.json": pods(bad, pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {"memory_pressure": "True"}), (two, {})),
             "events.json": warnings(("Evicted", f"Pod/{name}", "The node was low on resource: memory. Threshold quantity: 100Mi, available: 80Mi."), ("EvictionThresholdMet", f"Node/{one}", "Attempting to reclaim memory")),
             "deployments.json": deployment(app, 2), "alert.json": alert("PodsEvicted", f"Pods of {app} were evicted.", kube_pod=name)}  # fmt: skip
    return Monitored(family="node_pressure", label="resource_exhaustion", files=files, says=("node", "memory", "evict"))


def lost_node(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    files = {"pods.json": pods(pod(name, one, ready=False, phase="Unknown"), pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {"ready": "Unknown"}), (two, {})),
             "events.json": warnings(("NodeNotReady", f"Node/{one}", f"Node {one} status is now: NodeNotReady")), "monitors.json": watchers(*QUIET),
             "alert.json": alert("NodeNotReady", f"Node {one} is not ready.", kube_node=one)}  # fmt: skip
    return Monitored(
        family="kubelet_down",
        label="infrastructure",
        files=files,
        says=("kubelet", one, "Unknown", "healthy node", "not at fault"),
    )


def wrong_tag(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    image = f"registry.test/{app}:v9"
    bad = pod(
        name,
        one,
        ready=False,
        phase="Pending",
        state={"waiting": True, "reason": "ImagePullBackOff", "message": f'Back-off pulling image "{image}"'},
    )
    files = {"pods.json": pods(bad, pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 2),
             "events.json": warnings(("Failed", f"Pod/{name}", f'Failed to pull image "{image}": manifest for {image} not found: manifest unknown')),
             "alert.json": alert("PodNotReady", f"Pod {name} is not ready.", kube_pod=name)}  # fmt: skip
    return Monitored(family="image_wrong", label="configuration_error", files=files, says=("image", image, name))


def no_room_for_pod(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    bad = pod(name, "", ready=False, phase="Pending", state={"waiting": True})
    files = {"pods.json": pods(bad, pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 2),
             "events.json": warnings(("FailedScheduling", f"Pod/{name}", "0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available")),
             "alert.json": alert("PodPending", f"Pod {name} is pending.", kube_pod=name)}  # fmt: skip
    return Monitored(family="capacity_cpu", label="resource_exhaustion", files=files, says=("insufficient cpu", name))


def missing_map(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    bad = pod(
        name,
        one,
        ready=False,
        phase="Pending",
        state={"waiting": True, "reason": "CreateContainerConfigError", "message": f'configmap "{app}-settings" not found'},
    )
    files = {"pods.json": pods(bad, pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 2),
             "events.json": warnings(("Failed", f"Pod/{name}", f'Error: configmap "{app}-settings" not found')), "alert.json": alert("PodNotReady", f"Pod {name} is not ready.", kube_pod=name)}  # fmt: skip
    return Monitored(
        family="config_missing", label="configuration_error", files=files, says=("configmap", f"{app}-settings", "not found")
    )


def refused_login(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    user = word(dice)
    bad = pod(
        name,
        one,
        ready=False,
        restarts=4,
        state={"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off"},
        last={"terminated": True, "reason": "Error", "exit_code": 1},
    )
    files = {"pods.json": pods(bad, pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 2),
             "logs.json": logs(app, ("info", "starting"), ("error", f'FATAL: password authentication failed for user "{user}"'), ("error", "cannot start without a database")),
             "events.json": warnings(("BackOff", f"Pod/{name}", f"Back-off restarting failed container main in pod {name}")),
             "alert.json": alert("PodCrashLooping", f"Pod {name} restarts.", kube_pod=name)}  # fmt: skip
    return Monitored(
        family="db_credentials",
        label="configuration_error",
        files=files,
        says=("password authentication failed", user, "not OOM"),
    )


def away_outside(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    host = f"api.{word(dice)}.test"
    files = {"pods.json": pods(pod(name, one), pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 3),
             "logs.json": logs(app, *[("error", f"POST https://{host}/v1/charge failed: 503 Service Unavailable")] * 3, ("error", f"circuit breaker opened for {host}")),
             "monitors.json": watchers(("error rate", "Alert")), "events.json": warnings(), "alert.json": alert("ErrorRate", f"Error rate of {app} above 5%.", service=app)}  # fmt: skip
    return Monitored(family="external_down", label="dependency_failure", files=files, says=(host, "503"))


def replaced_pod(dice: random.Random) -> Monitored:
    app = word(dice)
    old, one = f"{app}-5b7c9d8e6f-old77", f"{word(dice)}-1"
    leaving = pod(
        old,
        one,
        ready=False,
        restarts=3,
        state={"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off"},
        deletion_timestamp="2031-05-06T06:59:00Z",
    )
    heirs = [pod(f"{app}-6c8d9e7f5b-{tail}", one) for tail in ("x2x4z", "b7k9m", "q4w8t")]
    files = {"pods.json": pods(leaving, *heirs), "nodes.json": nodes((one, {})), "deployments.json": deployment(app, 3), "monitors.json": watchers(*QUIET),
             "events.json": warnings(("BackOff", f"Pod/{old}", f"Back-off restarting failed container main in pod {old}")), "alert.json": alert("PodCrashLooping", f"Pod {old} restarts.", kube_pod=old)}  # fmt: skip
    return Monitored(
        family="", label="healthy", files=files, says=("ReplicaSet", "rollout", "terminating", "not a current failure")
    )


def calm_after_restarts(dice: random.Random) -> Monitored:
    app, name, one, two = _app(dice)
    files = {"pods.json": pods(pod(name, one, restarts=2), pod(pod_name(dice, app), two)), "nodes.json": nodes((one, {}), (two, {})), "deployments.json": deployment(app, 3),
             "monitors.json": watchers(*QUIET), "events.json": warnings(), "logs.json": logs(app, ("info", "GET / 200 4ms"), ("info", "GET / 200 5ms")),
             "alert.json": alert("PodRestarting", f"Pod {name} restarted twice.", kube_pod=name)}  # fmt: skip
    return Monitored(family="", label="healthy", files=files, says=("ready",))


KINDS: tuple[Callable[[random.Random], Monitored], ...] = (
    leaked_connections, refused_connections, full_storage, full_storage_unmeasured, greedy_query, written_lag, written_lag_beside_a_greedy_query, written_lag_unmeasured,
    cut_link, moved_role, two_at_once, checkpoint_storm, heavy_backup, busy_and_well, room_again, memory_kill, evicting_node, lost_node, wrong_tag, no_room_for_pod,
    missing_map, refused_login, away_outside, replaced_pod, calm_after_restarts,
)  # fmt: skip


def monitored(seed: int) -> tuple[tuple[str, Monitored], ...]:
    """Return one incident of every kind by its name, with the names of that seed."""
    return tuple((make.__name__, make(random.Random(f"{seed}:{make.__name__}"))) for make in KINDS)
