"""Monitored servers that swap, stop, or refuse what they took before; jobs and containers whose state alone tells the end."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

from tests.quality.incidents import pod_name, word
from tests.quality.monitored import CALM_LOAD, QUIET, TINY, Monitored
from tests.quality.monitors import (
    GB,
    POINTS,
    alert,
    at,
    deployment,
    journal,
    load,
    metrics,
    nodes,
    pod,
    pods,
    ramp,
    warnings,
    watchers,
)


def _database(dice: random.Random, moved: dict[str, list[float]], *news: tuple[float, str]) -> tuple[str, dict[str, str]]:
    name, table = f"{word(dice)}-db", word(dice)
    files = {
        "metrics.json": metrics(dice, name, moved),
        "load.json": load(name, [(TINY.format(t=table), 1.0, "CPU")], CALM_LOAD),
        "events.json": journal(name, *news),
        "alert.json": alert("Unhealthy", f"Callers of {name} complain.", db_instance=name),
    }
    return name, files


def swapping(dice: random.Random) -> Monitored:
    moved = {
        "FreeableMemory": ramp(9 * GB, 0.2 * GB),
        "SwapUsage": ramp(0.1 * GB, 5 * GB, 4, 11),
        "ReadLatency": ramp(0.9, 31.0, 5, 12),
    }
    name, files = _database(dice, moved)
    return Monitored(family="memory_short", label="resource_exhaustion", files=files, says=(name, "FreeableMemory", "SwapUsage"))


def cached_to_the_brim(dice: random.Random) -> Monitored:
    _, files = _database(dice, {"FreeableMemory": ramp(9 * GB, 0.4 * GB)})
    return Monitored(family="", label="healthy", files=files, says=("within",))


def _ended(level: float, minute: int = 6) -> list[float]:
    return [level if n < minute else 0.0 for n in range(POINTS)]


STOPPED = {"DatabaseConnections": _ended(130), "CPUUtilization": _ended(24), "ReadIOPS": _ended(900), "WriteIOPS": _ended(700)}


def stopped(dice: random.Random) -> Monitored:
    name, files = _database(dice, STOPPED)
    return Monitored(family="db_down", label="infrastructure", files=files, says=(name, "DatabaseConnections", "serves nobody"))


def locked_away(dice: random.Random) -> Monitored:
    name, files = _database(dice, STOPPED, (5, "The customer managed key that encrypts the storage is pending deletion."))
    return Monitored(family="encryption_key", label="configuration_error", files=files, says=(name, "pending deletion"))


def cut_limit(dice: random.Random) -> Monitored:
    moved = {"DatabaseConnections": [240.0] * 6 + [60.0] * 10, "CPUUtilization": [24.0] * 6 + [8.0] * 10}
    name, files = _database(dice, moved, (5, "Parameter max_connections was modified by terraform from 800 to 60."))
    return Monitored(
        family="limit_lowered", label="configuration_error", files=files, says=(name, "max_connections", "800", "60")
    )


def to_be_recovered(dice: random.Random) -> Monitored:
    news = (
        (6, "The physical host under the instance is impaired."),
        (7, "Recovery has started; its time depends on the amount of data to be recovered."),
    )
    name, files = _database(dice, STOPPED, *news)
    return Monitored(family="host_failed", label="infrastructure", files=files, says=(name, "host"))


def refusing_commands(dice: random.Random) -> Monitored:
    line = "ERROR: database is not accepting commands to avoid wraparound data loss"
    _, files = _database(dice, {}, (9, line))
    return Monitored(
        family="ids_exhausted", label="resource_exhaustion", files=files, says=("not accepting commands", "wraparound", "vacuum")
    )


def _pods(dice: random.Random, app: str, bad: dict[str, object], ready: int) -> dict[str, str]:
    one = f"{word(dice)}-1"
    return {
        "nodes.json": nodes((one, {})),
        "deployments.json": deployment(app, ready, 2),
        "monitors.json": watchers(*QUIET),
        "pods.json": pods(bad, pod(pod_name(dice, app), one)),
        "alert.json": alert("PodRestarts", f"{app} restarts.", kube_deployment=app),
    }


def killed_between_two_lives(dice: random.Random) -> Monitored:
    app = word(dice)
    name = pod_name(dice, app)
    bad = pod(name, "n1", restarts=9, last={"terminated": True, "reason": "Error", "exit_code": 143})
    told = warnings(
        ("Unhealthy", f"Pod/{name}", 'Liveness probe failed: Get "http://10.1.2.3:80/up": context deadline exceeded'),
        ("Killing", f"Pod/{name}", "Container main failed liveness probe, will be restarted"),
    )
    files = {**_pods(dice, app, bad, 2), "events.json": told}
    return Monitored(family="probe_failing", label="configuration_error", files=files, says=(name, "liveness"))


def one_line_of_last_words(dice: random.Random) -> Monitored:
    app = word(dice)
    name = pod_name(dice, app)
    waiting = {"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off 5m0s"}
    bad = pod(name, "n1", ready=False, restarts=9, state=waiting, last={"terminated": True, "reason": "Error", "exit_code": 127})
    kept = json.dumps({"pod_name": name, "logs": "/bin/sh: 1: pythn3: not found\n"}, indent=1)
    back = ("BackOff", f"Pod/{name}", "Back-off restarting failed container main")
    files = {**_pods(dice, app, bad, 1), "events.json": warnings(back), "pod_logs.json": kept}
    return Monitored(family="command_wrong", label="configuration_error", files=files, says=(name, "pythn3"))


def only_an_exit_code(dice: random.Random) -> Monitored:
    app = word(dice)
    name = pod_name(dice, app)
    waiting = {"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off 5m0s"}
    bad = pod(name, "n1", ready=False, restarts=9, state=waiting, last={"terminated": True, "reason": "Error", "exit_code": 126})
    files = {**_pods(dice, app, bad, 1), "events.json": warnings()}
    return Monitored(family="command_wrong", label="configuration_error", files=files, says=(name, "126"))


def missing_brokers(dice: random.Random) -> Monitored:
    app = word(dice)
    line = "WARN Connection to node 3 (bus-3.stream.svc/10.9.1.4:9092) could not be established. Broker may not be available."
    rows = {"pod_name": pod_name(dice, app), "logs": "".join(f"{at(3 + n)} {line}\n" for n in range(5))}
    watched = watchers(("error rate exceeded its bound", "Alert"), ("latency", "OK"))
    files = {
        "monitors.json": watched.replace("It is above its threshold.", "error rate exceeded 3%."),
        "logs.json": json.dumps(rows, indent=1),
        "alert.json": alert("Errors", f"{app} fails.", service=app),
    }
    return Monitored(family="dependency_down", label="dependency_failure", files=files, says=("Broker may not be available",))


KINDS: tuple[Callable[[random.Random], Monitored], ...] = (
    swapping,
    cached_to_the_brim,
    stopped,
    locked_away,
    cut_limit,
    to_be_recovered,
    refusing_commands,
    killed_between_two_lives,
    one_line_of_last_words,
    only_an_exit_code,
    missing_brokers,
)


def servers(seed: int) -> Iterator[tuple[str, Monitored]]:
    """Yield every kind with its name."""
    for kind in KINDS:
        yield kind.__name__.replace("_", " "), kind(random.Random(f"{seed}-{kind.__name__}"))
