"""Monitored incidents with a change, a limit or a lost part behind them, and past ones that are over."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

from tests.quality.incidents import pod_name, word
from tests.quality.monitored import CALM_LOAD, QUIET, SCAN, TINY, Monitored
from tests.quality.monitors import (
    GB,
    POINTS,
    alert,
    at,
    deployment,
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

Moved = dict[str, list[float]]


def _database(
    dice: random.Random, moved: Moved, *news: tuple[float, str], by: tuple[str, str] = (TINY, "CPU"), level: float = CALM_LOAD
) -> tuple[str, str, dict[str, str]]:
    name, table = f"{word(dice)}-db", f"{word(dice)}_{word(dice)}"
    files = {
        "metrics.json": metrics(dice, name, moved),
        "load.json": load(name, [(by[0].format(t=table), level, by[1])], level),
        "events.json": journal(name, *news),
        "alert.json": alert("Unhealthy", f"Callers of {name} complain.", db_instance=name),
    }
    return name, table, files


def smaller_class(dice: random.Random) -> Monitored:
    moved = {"CPUUtilization": ramp(30, 98, 4, 6), "FreeableMemory": ramp(9 * GB, 1.2 * GB, 4, 6)}
    told = "Finished applying modification to DB instance class from db.m6g.2xlarge to db.m6g.large"
    _, _, files = _database(dice, moved, (4, told))
    return Monitored(
        family="limit_lowered", label="configuration_error", files=files, says=("instance class", "db.m6g.large", "CPU")
    )


def greedy_parameter(dice: random.Random) -> Monitored:
    moved = {"FreeableMemory": ramp(9 * GB, 0.1 * GB, 5, 7), "SwapUsage": ramp(0.1 * GB, 3 * GB, 5, 12)}
    told = "Updated parameter work_mem from 65536 to 2097152 with apply method immediate"
    _, _, files = _database(dice, moved, (4, told))
    return Monitored(family="limit_lowered", label="configuration_error", files=files, says=("work_mem", "2097152", "memory"))


def capped_disk(dice: random.Random) -> Monitored:
    moved = {"ReadIOPS": ramp(900, 3000, 4, 6), "ReadLatency": ramp(0.9, 40, 4, 6)}
    _, table, files = _database(dice, moved, by=(SCAN, "IO:DataFileRead"), level=11)
    return Monitored(
        family="capacity_reached",
        label="resource_exhaustion",
        files=files,
        says=("IOPS", "ReadLatency", table),
        also="slow_query",
    )


def held_replay(dice: random.Random) -> Monitored:
    told = "PostgreSQL log: recovery is waiting: conflict with recovery, a query on the replica blocks WAL replay"
    _, _, files = _database(dice, {"ReplicaLag": ramp(1, 1400)}, (6, told))
    return Monitored(
        family="replication_lag", label="resource_exhaustion", files=files, says=("replica", "long-running query", "replay")
    )


def locked_by_migration(dice: random.Random) -> Monitored:
    name, table, files = _database(dice, {"CPUUtilization": ramp(30, 5)})
    rows = [
        (SCAN.format(t=table), 50.0, "Lock:relation"),
        (f"ALTER TABLE {table} ADD COLUMN score integer", 1.0, "Lock:relation"),
    ]
    files["load.json"] = load(name, rows, 51, [("Lock:relation", 51.0)])
    return Monitored(family="lock_wait", label="resource_exhaustion", files=files, says=("lock", "ALTER TABLE", table))


def spent_ids(dice: random.Random) -> Monitored:
    name, _, files = _database(dice, {})
    told = json.loads(files["metrics.json"])
    row = {**told["metric_data_results"][0], "label": "MaximumUsedTransactionIDs", "metric_name": "MaximumUsedTransactionIDs"}
    told["metric_data_results"].append({**row, "unit": "Count", "values": [2_146_000_000 + n for n in range(POINTS)]})
    files["metrics.json"] = json.dumps(told, indent=1)
    return Monitored(family="ids_exhausted", label="resource_exhaustion", files=files, says=(name, "wraparound", "vacuum"))


def refused_certificate(dice: random.Random) -> Monitored:
    moved = {"DatabaseConnections": [130.0 if n < 5 else 0.0 for n in range(POINTS)]}
    name, _, files = _database(dice, moved)
    files["events.json"] = journal(name, (4, f"The server certificate ca-one of {name} has expired"))
    return Monitored(family="tls_expired", label="configuration_error", files=files, says=("certificate", "expired"))


def killed_for_memory(dice: random.Random) -> Monitored:
    ended = [130.0 if n < 5 or n > 8 else 0.0 for n in range(POINTS)]
    news = ((5, "The database process was killed by the OS because of out of memory"), (6, "DB instance restarted"))
    name, _, files = _database(dice, {"DatabaseConnections": ended}, *news)
    return Monitored(family="memory_short", label="resource_exhaustion", files=files, says=(name, "out of memory", "restarted"))


def piled_up(dice: random.Random) -> Monitored:
    queue = word(dice)
    series = {
        "label": "ApproximateNumberOfMessagesVisible",
        "dimensions": [{"Name": "QueueName", "Value": queue}],
        "unit": "Count",
        "timestamps": [at(n) for n in range(POINTS)],
        "values": ramp(40, 41_000),
    }
    files = {
        "metrics.json": json.dumps({"metric_data_results": [series]}, indent=1),
        "alert.json": alert("Late", f"{queue} is late.", queue=queue),
    }
    return Monitored(family="queue_backlog", label="resource_exhaustion", files=files, says=("backlog", queue))


def _around(
    app: str, *rows: dict[str, object], ready: int, desired: int, watched: tuple[tuple[str, str], ...] = QUIET
) -> dict[str, str]:
    return {
        "nodes.json": nodes(("n1", {}), ("n2", {})),
        "deployments.json": deployment(app, ready, desired),
        "monitors.json": watchers(*watched),
        "pods.json": pods(*rows),
    }


def crashing_resolver(dice: random.Random) -> Monitored:
    app, bad = word(dice), pod_name(dice, "coredns")
    waiting = {"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off 5m0s"}
    one, other = pod(pod_name(dice, app), "n1"), pod(bad, "n2", ready=False, restarts=9, state=waiting)
    files = {
        **_around(app, one, other, ready=1, desired=1, watched=(("error rate", "Alert"), ("latency", "OK"))),
        "events.json": warnings(("BackOff", f"Pod/{bad}", f"Back-off restarting failed container coredns in pod {bad}")),
        "logs.json": logs(app, ("error", "dial tcp: lookup ledger.svc on 10.0.0.10:53: server misbehaving")),
        "alert.json": alert("Errors", f"{app} fails.", kube_deployment=app),
    }
    return Monitored(family="resolver_down", label="infrastructure", files=files, says=("DNS", "coredns", bad))


def rolled_back(dice: random.Random) -> Monitored:
    app = word(dice)
    gone = pod_name(dice, app)
    files = {
        **_around(app, pod(pod_name(dice, app), "n1"), pod(pod_name(dice, app), "n2"), ready=2, desired=2),
        "events.json": warnings(("BackOff", f"Pod/{gone}", f"Back-off restarting failed container main in pod {gone}")),
        "logs.json": logs("rollouts", ("info", f"{app}: canary failed, rolled back to revision 7")),
        "alert.json": alert("CrashLooping", f"{gone} is in CrashLoopBackOff.", kube_pod=gone),
    }
    return Monitored(family="", label="healthy", files=files, says=(gone, "no active failure"))


def planned_load(dice: random.Random) -> Monitored:
    app = word(dice)
    files = {
        **_around(app, *(pod(pod_name(dice, app), "n1") for _ in range(4)), ready=4, desired=4),
        "events.json": warnings(),
        "logs.json": logs("campaigns", ("info", "planned campaign started, expected traffic 3x")),
        "alert.json": alert("Scaled", f"The autoscaler took {app} from 2 to 4 replicas.", kube_deployment=app),
    }
    return Monitored(family="", label="healthy", files=files, says=("autoscaler", "no active failure"))


def two_pods_two_faults(dice: random.Random) -> Monitored:
    app = word(dice)
    full, missed = pod_name(dice, app), pod_name(dice, app)
    back = {"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off 5m0s"}
    pull = {"waiting": True, "reason": "ImagePullBackOff", "message": "Back-off pulling image"}
    one = pod(full, "n1", ready=False, restarts=9, state=back, last={"terminated": True, "reason": "OOMKilled", "exit_code": 137})
    other = pod(missed, "n2", ready=False, phase="Pending", state=pull)
    files = {
        **_around(app, one, other, ready=0, desired=2),
        "events.json": warnings(
            ("BackOff", f"Pod/{full}", "Back-off restarting failed container main (reason: OOMKilled, exit code: 137)"),
            ("Failed", f"Pod/{missed}", 'Failed to pull image "registry.test/a:v9": not found'),
        ),
        "alert.json": alert("Down", f"{app} is down.", kube_deployment=app),
    }
    return Monitored(
        family="oom_killed", label="resource_exhaustion", files=files, says=("OOMKilled", "ImagePullBackOff"), also="image_wrong"
    )


def broken_expectation(dice: random.Random) -> Monitored:
    column = word(dice)
    rows = [
        {
            "expectation_config": {"expectation_type": f"expect_column_values_to_{kind}", "kwargs": {"column": column}},
            "success": kind == "be_unique",
            "result": {"element_count": 9_000, "unexpected_count": 0 if kind == "be_unique" else 3_111},
        }
        for kind in ("be_unique", "not_be_null")
    ]
    files = {"validation.json": json.dumps({"success": False, "results": rows}, indent=1)}
    return Monitored(family="bad_data", label="data_quality", files=files, says=("not_be_null", column, "3111"))


def broken_test(dice: random.Random) -> Monitored:
    name = word(dice)
    rows = [
        {"status": "success", "unique_id": f"model.store.{name}", "message": "SELECT 9000"},
        {"status": "fail", "unique_id": f"test.store.unique_{name}_id.1f", "failures": 77, "message": "Got 77 results"},
    ]
    return Monitored(
        family="bad_data",
        label="data_quality",
        files={"run_results.json": json.dumps({"results": rows}, indent=1)},
        says=("unique", name, "77"),
    )


KINDS: tuple[Callable[[random.Random], Monitored], ...] = (
    smaller_class,
    greedy_parameter,
    capped_disk,
    held_replay,
    locked_by_migration,
    spent_ids,
    refused_certificate,
    killed_for_memory,
    piled_up,
    crashing_resolver,
    rolled_back,
    planned_load,
    two_pods_two_faults,
    broken_expectation,
    broken_test,
)


def changes(seed: int) -> Iterator[tuple[str, Monitored]]:
    """Yield every kind with its name."""
    for kind in KINDS:
        yield kind.__name__.replace("_", " "), kind(random.Random(f"{seed}-{kind.__name__}"))
