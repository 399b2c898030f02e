"""Monitored incidents in the words of several clouds: what was granted is used up, what changed just before, errors behind calm gauges."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

from tests.quality.incidents import pod_name, word
from tests.quality.monitored import Monitored
from tests.quality.monitors import GB, POINTS, Values, alert, at, journal, logs, ramp

Gauge = tuple[str, str, str, Values]
"""Name, unit, what it was measured on, values."""


def watched(kind: str, *gauges: Gauge) -> str:
    """Return an answer of CloudWatch; `kind` is the name of the dimension."""
    return json.dumps({
        "metric_data_results": [
            {"id": f"m{n}", "label": name, "metric_name": name, "dimensions": [{"Name": kind, "Value": thing}], "unit": unit,
             "timestamps": [at(k) for k in range(POINTS)], "values": list(values)}
            for n, (name, unit, thing, values) in enumerate(gauges)
        ]
    }, indent=1)  # fmt: skip


def google(database: str, **moved: Values) -> str:
    """Return an answer of Google Cloud Monitoring, newest point first."""
    return json.dumps({
        "timeSeries": [
            {"metric": {"type": f"cloudsql.googleapis.com/database/{name}"}, "metricKind": "GAUGE",
             "resource": {"type": "cloudsql_database", "labels": {"database_id": f"shop:{database}"}},
             "points": [{"interval": {"endTime": at(n)}, "value": {"doubleValue": value}} for n, value in reversed(list(enumerate(values)))]}
            for name, values in ((name.replace("__", "/"), values) for name, values in moved.items())
        ]
    }, indent=1)  # fmt: skip


def azure(server: str, **moved: Values) -> str:
    """Return an answer of Azure Monitor."""
    home = f"/subscriptions/0/resourceGroups/rg/providers/Microsoft.DBforPostgreSQL/flexibleServers/{server}/providers/Microsoft.Insights/metrics"
    return json.dumps({
        "value": [
            {"id": f"{home}/{name}", "name": {"value": name}, "unit": "Percent" if name.endswith("percent") else "Count",
             "timeseries": [{"data": [{"timeStamp": at(n), "average": value} for n, value in enumerate(values)]}]}
            for name, values in moved.items()
        ]
    }, indent=1)  # fmt: skip


def spent_credits(dice: random.Random) -> Monitored:
    name = f"{word(dice)}-db"
    gauges = watched("DBInstanceIdentifier", ("CPUCreditBalance", "Count", name, ramp(90, 0, 0, 9)), ("CPUUtilization", "Percent", name, [61.0] * 10 + [20.0] * 6),
                     ("ReadLatency", "Seconds", name, [0.002] * 10 + [0.09] * 6), ("DatabaseConnections", "Count", name, [40.0] * POINTS))  # fmt: skip
    files = {"metrics.json": gauges, "events.json": journal(name, (1, "Finished DB Instance backup")),
             "alert.json": alert("ReadLatency", f"Read latency of {name} rose to 90 ms.", db_instance=name)}  # fmt: skip
    return Monitored(family="credits_exhausted", label="resource_exhaustion", files=files, says=(name, "credits", "baseline"))


def cold_cache(dice: random.Random) -> Monitored:
    name, cache = f"{word(dice)}-db", f"{word(dice)}-cache"
    kept = watched(
        "CacheClusterId",
        ("CacheHits", "Count", cache, ramp(90_000, 300, 4, 5)),
        ("CacheMisses", "Count", cache, ramp(2_000, 88_000, 4, 5)),
    )
    gauges = watched("DBInstanceIdentifier", ("CPUUtilization", "Percent", name, ramp(22, 95, 5, 6)), ("ReadIOPS", "Count/Second", name, ramp(400, 2_900, 5, 6)),
                     ("DatabaseConnections", "Count", name, ramp(40, 130, 5, 6)))  # fmt: skip
    files = {
        "cache.json": kept,
        "metrics.json": gauges,
        "alert.json": alert("CPUHigh", f"CPUUtilization of {name} above 90 %.", db_instance=name),
    }
    return Monitored(family="cache_loss", label="infrastructure", files=files, says=(cache, "CacheHits", "CPUUtilization"))


def throttled_function(dice: random.Random) -> Monitored:
    name = f"{word(dice)}-fn"
    gauges = watched("FunctionName", ("Throttles", "Count", name, ramp(0, 910, 4, 5)), ("ConcurrentExecutions", "Count", name, ramp(12, 50, 4, 5)),
                     ("Errors", "Count", name, [0.0] * POINTS))  # fmt: skip
    files = {"metrics.json": gauges, "alert.json": alert("Delayed", f"Work of {name} is delayed.", service=name)}
    return Monitored(
        family="capacity_reached", label="resource_exhaustion", files=files, says=(name, "Throttles", "ConcurrentExecutions")
    )


def full_disk_of_google(dice: random.Random) -> Monitored:
    name = f"{word(dice)}-main"
    gauges = google(
        name, disk__utilization=ramp(0.86, 0.998), cpu__utilization=[0.33] * POINTS, postgresql__num_backends=[45.0] * POINTS
    )
    said = {
        "entries": [
            {"timestamp": at(10), "severity": "ERROR", "textPayload": "ERROR: could not extend file: No space left on device"}
        ]
    }
    files = {
        "series.json": gauges,
        "entries.json": json.dumps(said, indent=1),
        "alert.json": alert("Writes", f"Writes of {name} fail.", service=name),
    }
    return Monitored(family="disk_full", label="resource_exhaustion", files=files, says=(name, "disk/utilization", "99.8 %"))


def failover_of_azure(dice: random.Random) -> Monitored:
    name = f"psql-{word(dice)}"
    gauges = azure(
        name,
        active_connections=[110.0] * 5 + [6.0] * 2 + [108.0] * 9,
        cpu_percent=[31.0] * POINTS,
        storage_percent=[48.0] * POINTS,
    )
    told = [{"eventTimestamp": at(5), "level": "Critical", "operationName": {"value": "Microsoft.ResourceHealth/events/Activated"},
             "description": "The primary became unavailable; a failover to the standby in zone 2 was started."}]  # fmt: skip
    said = logs(word(dice), ("info", "ok"), ("error", "server closed the connection unexpectedly"), ("info", "reconnected"))
    files = {"series.json": gauges, "activity.json": json.dumps({"value": told}, indent=1), "logs.json": said,
             "alert.json": alert("Failed", f"Connections to {name} fail.", service=name)}  # fmt: skip
    return Monitored(family="failover", label="infrastructure", files=files, says=("failover", "standby"))


def poisoned_record(dice: random.Random) -> Monitored:
    service = word(dice)
    line = "ERROR org.apache.kafka.common.errors.SerializationException: Error deserializing key/value for partition bills-4 at offset 8650017."
    rows = {"pod_name": pod_name(dice, service), "logs": "".join(f"{at(3 + n)} {line}\n" for n in range(6))}
    files = {"logs.json": json.dumps(rows, indent=1), "alert.json": alert("Lag", f"The lag of {service} grows.", service=service)}
    return Monitored(family="bad_data", label="data_quality", files=files, says=("8650017", "deserializing"))


def switched_flag(dice: random.Random) -> Monitored:
    service, flag = word(dice), f"{word(dice)}-{word(dice)}"
    trail = {"items": [{"date": at(1), "kind": "flag", "name": flag, "titleVerb": "turned on the flag"},
                       {"date": at(-300), "kind": "flag", "name": word(dice), "titleVerb": "turned off the flag"}]}  # fmt: skip
    said = logs(
        service, ("info", "done in 40ms"), ("warn", "slow"), ("warn", "slow"), ("error", f"gave up after 5000ms ({flag}=true)")
    )
    files = {
        "flags.json": json.dumps(trail, indent=1),
        "logs.json": said,
        "alert.json": alert("Slow", f"{service} is slow.", service=service),
    }
    return Monitored(family="change_flag", label="configuration_error", files=files, says=(service, flag))


def errors_behind_calm_gauges(dice: random.Random) -> Monitored:
    name, service = f"{word(dice)}-db", word(dice)
    gauges = watched("DBInstanceIdentifier", ("CPUUtilization", "Percent", name, [20.0] * POINTS), ("DatabaseConnections", "Count", name, ramp(48, 1, 3, 4)),
                     ("FreeStorageSpace", "Bytes", name, [200 * GB] * POINTS))  # fmt: skip
    trail = {
        "Events": [
            {
                "EventTime": at(3),
                "EventName": "RevokeSecurityGroupIngress",
                "Username": "ci",
                "Resources": [{"ResourceName": "sg-0f1"}],
            }
        ]
    }
    said = logs(
        service, ("info", "ok"), *[("error", f"could not connect to server: Connection timed out (host {name}, port 5432)")] * 6
    )
    files = {
        "metrics.json": gauges,
        "trail.json": json.dumps(trail, indent=1),
        "logs.json": said,
        "alert.json": alert("Timeouts", f"{service} times out.", service=service),
    }
    return Monitored(family="policy_block", label="infrastructure", files=files, says=("RevokeSecurityGroupIngress",))


KINDS: tuple[Callable[[random.Random], Monitored], ...] = (
    spent_credits,
    cold_cache,
    throttled_function,
    full_disk_of_google,
    failover_of_azure,
    poisoned_record,
    switched_flag,
    errors_behind_calm_gauges,
)


def clouds(seed: int) -> Iterator[tuple[str, Monitored]]:
    """Yield every kind with its name."""
    for kind in KINDS:
        yield kind.__name__.replace("_", " "), kind(random.Random(f"{seed}-{kind.__name__}"))
