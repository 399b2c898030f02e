"""Further monitored incidents by the line that tells them: crashes, placement, calls that fail, and databases with old news."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from tests.quality.incidents import pod_name, word
from tests.quality.monitored import CALM_LOAD, QUIET, TINY, WRITE, WRITES, Monitored
from tests.quality.monitors import alert, at, deployment, journal, load, logs, metrics, nodes, pod, pods, ramp, warnings, watchers

ALARM = (("error rate", "Alert"), ("latency", "OK"))
CRASHES = (
    (
        "crash_regression",
        "code_defect",
        "ERROR unhandled\nTraceback (most recent call last):\n  File \"/app/main.py\", line 41, in run\nKeyError: 'currency'",
        "KeyError",
    ),
    (
        "dependency_down",
        "dependency_failure",
        "ERROR could not connect to ledger.data.svc:5432: connection refused",
        "connection refused",
    ),
    (
        "dns_failure",
        "infrastructure",
        "ERROR lookup ledger.data.svc.cluster.local on 10.96.0.10:53: no such host",
        "no such host",
    ),
    ("env_missing", "configuration_error", "ERROR missing required environment variable LEDGER_KEY", "LEDGER_KEY"),
)
"""Family, label, the line of the crashed container's log, and what must be read."""
PLACES = (
    (
        "quota_exceeded",
        "resource_exhaustion",
        "FailedCreate",
        "Error creating: pods is forbidden: exceeded quota: team, requested: limits.cpu=2, used: limits.cpu=8, limited: limits.cpu=8",
        "exceeded quota",
    ),
    (
        "taint_not_tolerated",
        "configuration_error",
        "FailedScheduling",
        "0/2 nodes are available: 2 node(s) had untolerated taint {dedicated: gpu}.",
        "taint",
    ),
    (
        "mount_failed",
        "infrastructure",
        "FailedAttachVolume",
        'Multi-Attach error for volume "pvc-77" Volume is already exclusively attached to one node',
        "Multi-Attach",
    ),
    ("secret_missing", "configuration_error", "Failed", 'Error: secret "ledger-login" not found', "ledger-login"),
    (
        "pull_denied",
        "configuration_error",
        "Failed",
        'Failed to pull image "registry.test/a:v2": pull access denied: authorization failed: no basic auth credentials',
        "image",
    ),
)
CALLS = (
    ("cpu_saturated", "resource_exhaustion", "CPU throttled: 92% of periods, request took 8200 ms", "CPU"),
    ("schema_mismatch", "data_quality", 'ERROR: column "tax_code" of relation "invoices" does not exist', "tax_code"),
    ("tls_expired", "configuration_error", "x509: certificate has expired or is not yet valid: current time 2031-05-06T07:00:00Z is after 2031-05-05T00:00:00Z", "certificate"),
    ("pool_exhausted", "resource_exhaustion", "Connection is not available, request timed out after 30000ms (total=20, active=20, idle=0, waiting=43)", "connection"),
)  # fmt: skip


def further(seed: int) -> Iterator[tuple[str, Monitored]]:
    """Yield one incident of every row by its name, with the names of that seed."""
    for family, label, line, says in CRASHES:
        yield f"crash {family}", _crashed(random.Random(f"{seed}:{family}"), family, label, line, says)
    for family, label, reason, message, says in PLACES:
        yield f"place {family}", _placed(random.Random(f"{seed}:{family}"), (family, label, says), reason, message)
    for family, label, line, says in CALLS:
        yield f"call {family}", _called(random.Random(f"{seed}:{family}"), family, label, line, says)
    yield from _databases(random.Random(f"{seed}:databases"))


def _around(dice: random.Random, watched: tuple[tuple[str, str], ...]) -> tuple[str, str, str, dict[str, str]]:
    """Return an app, its pod, a node, and what is well around them."""
    app, one, two = word(dice), f"{word(dice)}-1", f"{word(dice)}-2"
    well = {
        "nodes.json": nodes((one, {}), (two, {})),
        "deployments.json": deployment(app, 2),
        "monitors.json": watchers(*watched),
    }
    return app, pod_name(dice, app), one, well


def _crashed(dice: random.Random, family: str, label: str, line: str, says: str) -> Monitored:
    app, name, one, well = _around(dice, QUIET)
    waiting = {"waiting": True, "reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}
    bad = pod(name, one, ready=False, restarts=6, state=waiting, last={"terminated": True, "reason": "Error", "exit_code": 1})
    kept = json.dumps(
        {"pod_name": name, "namespace": "shop", "logs": f"{at(0)} INFO starting\n{at(1)} {line}\n{at(2)} INFO exiting\n"},
        indent=1,
    )
    back = ("BackOff", f"Pod/{name}", f"Back-off restarting failed container main in pod {name}")
    files = {**well, "pods.json": pods(bad, pod(pod_name(dice, app), one)), "events.json": warnings(back), "pod_logs.json": kept}
    return Monitored(
        family=family,
        label=label,
        files={**files, "alert.json": alert("PodCrashLooping", f"Pod {name} restarts.", kube_pod=name)},
        says=(says, name),
    )


def _placed(dice: random.Random, about: tuple[str, str, str], reason: str, message: str) -> Monitored:
    app, name, one, well = _around(dice, QUIET)
    family, label, says = about
    thing = f"ReplicaSet/{name.rpartition('-')[0]}" if reason == "FailedCreate" else f"Pod/{name}"
    bad = () if reason == "FailedCreate" else (pod(name, "", ready=False, phase="Pending", state={"waiting": True}),)
    files = {**well, "pods.json": pods(*bad, pod(pod_name(dice, app), one)), "events.json": warnings((reason, thing, message))}
    return Monitored(
        family=family,
        label=label,
        files={**files, "alert.json": alert("ReplicasMissing", f"{app} lacks replicas.", kube_deployment=app)},
        says=(says,),
    )


def _called(dice: random.Random, family: str, label: str, line: str, says: str) -> Monitored:
    app, name, one, well = _around(dice, ALARM)
    files = {
        **well,
        "pods.json": pods(pod(name, one)),
        "deployments.json": deployment(app, 3),
        "events.json": warnings(),
        "logs.json": logs(app, *[("error", line)] * 3),
    }
    return Monitored(
        family=family,
        label=label,
        files={**files, "alert.json": alert("ErrorRate", f"Errors of {app}.", kube_deployment=app)},
        says=(says,),
    )


def _databases(dice: random.Random) -> Iterator[tuple[str, Monitored]]:
    """Yield databases whose journal holds news of hours ago, and one whose sessions wait for a lock."""
    name, t = f"{word(dice)}-db", word(dice)
    news = journal(name, (-400, "Multi-AZ instance failover started."), (-399, "Multi-AZ instance failover completed"))
    told = {"events.json": news, "alert.json": alert("LagHigh", "The read replica lags.", db_instance=name)}
    lag = {
        "metrics.json": metrics(dice, name, {**WRITES, "ReplicaLag": ramp(1.2, 1300, 2, 15)}),
        "load.json": load(name, [(WRITE.format(t=t), 8.0, "IO:WALWrite")]),
    }
    yield (
        "old news beside lag",
        Monitored(family="replication_lag", label="resource_exhaustion", files={**told, **lag}, says=("WAL", "replication lag")),
    )
    calm = {"metrics.json": metrics(dice, name, {}), "load.json": load(name, [(TINY.format(t=t), 1.0, "CPU")], CALM_LOAD)}
    yield "old news and calm", Monitored(family="", label="healthy", files={**told, **calm}, says=("ReplicaLag", "within"))
    moved = {"DatabaseConnections": ramp(130, 420), "CPUUtilization": ramp(24, 9)}
    rows = [(f"UPDATE {t} SET a = $1 WHERE id = $2", 14.0, "Lock:transactionid"), (TINY.format(t=t), 0.5, "CPU")]
    locks = {"metrics.json": metrics(dice, name, moved), "load.json": load(name, rows, 15.0), "events.json": journal(name)}
    yield (
        "locks",
        Monitored(family="lock_wait", label="resource_exhaustion", files=locks, says=("Lock:transactionid", f"UPDATE {t}")),
    )
