"""What a series measures and on what, by its name, its labels and its unit."""

from __future__ import annotations

import re

from domain.evidence.metrics.series import Series

PERCENT = re.compile(r"(?i)(?:percent|pct|util|%|usage$|busy)")
FREE = re.compile(r"(?i)(?:free|available|remaining|headroom)")
RESOURCES = (
    ("inodes", re.compile(r"(?i)inode|filesfree")),
    ("disk", re.compile(r"(?i)storage|disk|filesystem|volume|^fs_")),
    ("memory", re.compile(r"(?i)mem|heap|rss|swap")),
    ("cpu", re.compile(r"(?i)cpu|load")),
    ("connections", re.compile(r"(?i)connection|session|sockets?|pool")),
)
"""Word → names of series that measure it."""
METRIC = re.compile(
    r"(?i)[_.\-](?:cpu|mem|memory|load|lod|lat|latency|rps|qps|err|error|errors|disk|net|network|io|success|p\d\d|count|rate|usage|requests|"
    r"restarts?|time|duration|bytes|receive|transmit|cfs|throttl\w*|workload|socket|diskio).*$"
)
"""The part of a column's name that says what was measured; the part before it names what was measured on."""
OWNERS = (
    "service", "pod", "container", "job", "app", "instance", "node", "host", "deployment", "DBInstanceIdentifier", "device",
    "service_name", "service.name", "pod_name", "container_name", "hostname", "server", "InstanceId", "topic", "queue",
    "dbinstanceidentifier", "database_id", "CacheClusterId", "cacheclusterid", "FunctionName", "functionname", "QueueName", "queuename",
)  # fmt: skip
KINDS = {
    "service_name": "service",
    "service.name": "service",
    "pod_name": "pod",
    "container_name": "container",
    "hostname": "host",
    "dbinstanceidentifier": "database",
    "database_id": "database",
    "cacheclusterid": "cache",
    "functionname": "function",
    "queuename": "queue",
}
"""Labels that name the same thing in another word."""
PORT = re.compile(r":\d{2,5}$|^[^:]{1,60}:(?=[a-z])")
"""The port of an exporter, or the project before an instance of Google Cloud: neither is part of the name."""
UNITS = (
    ("bytes", re.compile(r"(?i)bytes|(?:^|[_.\s])(?:mem|memory|heap|rss)(?:$|[_.\s])")),
    ("ms", re.compile(r"(?i)(?:[_.\s](?:ms|millis|milliseconds))$|[_.]ms[_.]")),
    ("s", re.compile(r"(?i)(?:[_.](?:seconds|secs?))(?:$|[_.])")),
    ("%", re.compile(r"(?i)percent|pct|[_.]util|%")),
    ("per second", re.compile(r"(?i)(?:^|[_.\s])(?:rps|qps|tps|per_sec\w*)(?:$|[_.\s])")),
)
"""Unit → names that tell it (Prometheus' naming conventions and the usual abbreviations)."""


def resource(one: Series) -> str:
    """Return what a series measures in the word that diagnoses use, else its name."""
    return next((word for word, pattern in RESOURCES if pattern.search(one.name)), one.name)


def owner(one: Series) -> str:
    """Return what a series was measured on, as an object id, empty when nothing names it."""
    for name in OWNERS:
        if one.labels.get(name):
            low = name.lower()
            kind = KINDS.get(low, low if name.islower() else "instance")
            return f"{kind}/{PORT.sub('', one.labels[name])}".lower()
    before = METRIC.sub("", one.name)
    return f"service/{before}".lower() if before and before != one.name else ""


def unit(one: Series) -> str:
    """Return the unit a series says it has, else the one its name tells, empty without either."""
    told = one.unit or next((word for word, pattern in UNITS if pattern.search(one.name)), "")
    return (f"{told}/s" if told else "per second") if one.rated else told
