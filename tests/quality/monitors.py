"""What monitors answer, as JSON with invented names: metrics, load reports, journals, pods, nodes, events, logs and alerts."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

START = datetime(2031, 5, 6, 7, 0, tzinfo=UTC)
POINTS = 16
GB = float(1 << 30)
Values = Sequence[float]


def at(minute: float) -> str:
    """Return a time so many minutes after the start."""
    return (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def ramp(first: float, last: float, start: int = 3, end: int = 10) -> list[float]:
    """Return a series that moves from one level to another."""
    return [first + (last - first) * min(1.0, max(0.0, (n - start) / (end - start))) for n in range(POINTS)]


def hump(base: float, top: float) -> list[float]:
    """Return a series that rises and comes back."""
    return [top if 4 <= n <= 8 else base for n in range(POINTS)]


USUAL: dict[str, tuple[str, float]] = {
    "CPUUtilization": ("Percent", 24.0),
    "DatabaseConnections": ("Count", 130.0),
    "FreeStorageSpace": ("Bytes", 180 * GB),
    "FreeableMemory": ("Bytes", 9 * GB),
    "ReadIOPS": ("Count/Second", 900.0),
    "WriteIOPS": ("Count/Second", 700.0),
    "WriteLatency": ("Milliseconds", 1.3),
    "ReadLatency": ("Milliseconds", 0.9),
    "TransactionLogsGeneration": ("Bytes/Second", 6e6),
    "NetworkTransmitThroughput": ("Bytes/Second", 2e7),
    "SwapUsage": ("Bytes", 0.1 * GB),
    "ReplicaLag": ("Seconds", 1.2),
}


def metrics(dice: random.Random, database: str, moved: dict[str, Values], absent: Sequence[str] = ()) -> str:
    """Return a cloud monitor's answer: usual values with a little noise, except for what moved; absent series have no values."""
    results = []
    for name, (unit, usual) in USUAL.items():
        noise = 0.0 if name == "FreeStorageSpace" else 0.04
        values = [round(v * dice.uniform(1 - noise, 1 + noise), 3) for v in moved.get(name, [usual] * POINTS)]
        if name == "CPUUtilization":
            values = [min(99.0, v) for v in values]
        gone = name in absent
        owner = f"{database}-replica" if name == "ReplicaLag" else database
        results.append({
            "id": f"m_{len(results)}", "label": name, "metric_name": name,
            "dimensions": [{"Name": "DBInstanceIdentifier", "Value": owner}], "stat": "Average", "unit": unit,
            "status_code": "NoData" if gone else "Complete",
            "timestamps": [] if gone else [at(n) for n in range(POINTS)], "values": [] if gone else values,
        })  # fmt: skip
    return json.dumps({"namespace": "AWS/RDS", "period": 60, "metric_data_results": results}, indent=1)


def load(
    database: str, statements: Sequence[tuple[str, float, str]], level: float = 9.0, waits: Sequence[tuple[str, float]] = ()
) -> str:
    """Return a load report: (statement, load, wait), and waits of its own where they are not those of the statements."""
    told = waits or [(wait, cost) for _, cost, wait in statements]
    return json.dumps(
        {
            "db_instance_identifier": database,
            "db_load": {"timestamps": [at(n) for n in range(POINTS)], "values": [level] * POINTS, "unit": "Average Active Sessions"},
            "top_sql": [
                {"statement": text, "db_load_avg": cost, "wait_events": [{"name": wait, "type": wait.split(":")[0], "db_load_avg": cost}], "calls_per_sec": 4.0}
                for text, cost, wait in statements
            ],
            "top_wait_events": [{"name": name, "type": name.split(":")[0], "db_load_avg": cost} for name, cost in told],
            "top_users": [{"name": "app_user", "db_load_avg": sum(cost for _, cost in told)}],
        },
        indent=1,
    )  # fmt: skip


def journal(database: str, *rows: tuple[float, str]) -> str:
    """Return the events of a database service: (minute, message)."""
    events = [
        {
            "date": at(n),
            "message": text,
            "source_identifier": database,
            "source_type": "db-instance",
            "event_categories": ["notification"],
        }
        for n, text in rows
    ]
    return json.dumps({"events": events}, indent=1)


def alert(name: str, summary: str, **labels: str) -> str:
    """Return an alert as a monitor sends it."""
    told = {
        "title": f"{name} on {next(iter(labels.values()), '')}",
        "state": "alerting",
        "commonLabels": {"alertname": name, "severity": "critical"},
    }
    return json.dumps({**told, "commonAnnotations": {"summary": summary, **labels}}, indent=1)


def pod(
    name: str,
    node: str,
    *,
    ready: bool = True,
    phase: str = "Running",
    state: dict[str, object] | None = None,
    restarts: int = 0,
    **more: object,
) -> dict[str, object]:
    """Return a pod with one container."""
    condition = {"type": "Ready", "status": str(ready), "reason": "" if ready else "ContainersNotReady", "message": ""}
    running = {"running": True, "started_at": at(-600)}
    container = {
        "name": "main",
        "ready": ready,
        "restart_count": restarts,
        "state": state or running,
        **({"last_state": more.pop("last")} if "last" in more else {}),
    }
    return {
        "name": name,
        "namespace": "shop",
        "phase": phase,
        "node_name": node,
        "start_time": at(-900),
        "containers": [container],
        "conditions": [condition],
        **more,
    }


def pods(*rows: dict[str, object]) -> str:
    """Return a list of pods."""
    return json.dumps({"pods": list(rows)}, indent=1)


def nodes(*rows: tuple[str, dict[str, str]]) -> str:
    """Return nodes with their conditions."""
    calm = {"ready": "True", "memory_pressure": "False", "disk_pressure": "False", "pid_pressure": "False", "capacity_cpu": "4"}
    return json.dumps({"nodes": [{"name": name, **calm, **state} for name, state in rows]}, indent=1)


def deployment(name: str, ready: int, desired: int = 3) -> str:
    """Return a deployment's replicas."""
    return json.dumps(
        {
            "deployments": [
                {
                    "name": name,
                    "namespace": "shop",
                    "desired": desired,
                    "ready": ready,
                    "available": ready,
                    "unavailable": desired - ready,
                }
            ]
        },
        indent=1,
    )


def warnings(*rows: tuple[str, str, str]) -> str:
    """Return warning events: (reason, object, message)."""
    return json.dumps({"warning_events": [
        {"namespace": "shop", "reason": reason, "message": text, "type": "Warning", "count": 5, "involved_object": thing, "first_time": at(2), "last_time": at(9)}
        for reason, thing, text in rows
    ]}, indent=1)  # fmt: skip


def logs(service: str, *rows: tuple[str, str]) -> str:
    """Return lines of a log store: (level, message)."""
    return json.dumps({"logs": [
        {"timestamp": at(n), "message": text, "status": level, "service": service, "host": "h1", "tags": [f"service:{service}", "env:prod"]}
        for n, (level, text) in enumerate(rows)
    ]}, indent=1)  # fmt: skip


def watchers(*states: tuple[str, str]) -> str:
    """Return monitors with their state."""
    return json.dumps(
        {
            "monitors": [
                {
                    "name": name,
                    "type": "metric alert",
                    "query": "avg(last_5m):x > 1",
                    "message": "It is above its threshold.",
                    "overall_state": state,
                }
                for name, state in states
            ]
        },
        indent=1,
    )
