"""What a series measures and on what, by its name, its labels and its unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.evidence.metrics.series import Series

PERCENT = re.compile(r"(?i)(?:percent|pct|util|%|usage$|busy)")
FREE = re.compile(r"(?i)(?:free|available|remaining|headroom|balance|credits?(?![a-z])|unused)")
RESOURCES = (
    ("inodes", re.compile(r"(?i)inode|filesfree")),
    ("disk", re.compile(r"(?i)storage|disk|filesystem|volume|^fs_")),
    ("memory", re.compile(r"(?i)mem|heap|rss|swap")),
    ("cpu", re.compile(r"(?i)cpu|load")),
    ("connections", re.compile(r"(?i)connection|session|sockets?|pool")),
)
"""Word → names of series that measure it."""
PARTS, WORDS = re.compile(r"[_.|/:\s]"), re.compile(r"-")
"""What separates the parts of a column's name: a hyphen only where nothing else does, for names of services have hyphens (RFC 1123)."""
MEASURE = re.compile(
    r"cpu\w*|mem(?!cached)\w*|rss|heap\w*|swap\w*|load\d*|lod|workload|lat\d*|latenc\w+|[rqt]ps|err|errors?|fail(?:ures?|ed)|disk\w*|filesystem\w*|fs|"
    r"io(?:ps|wait|util)?|net|network\w*|success\w*|p\d{2,3}|restarts?|duration\w*|requests?|response\w*|receiv\w+|transmit\w*|[rt]x|cfs|"
    r"throttl\w*|throughput|traffic|sockets?|connections?"
)
"""A word that says what was measured."""
AMOUNT = re.compile(r"rate|count|time|bytes|usage")
"""A word that says it only at the end, or behind one that does: a service may be called `rate`."""
LAYER = re.compile(r"container|istio|envoy|http|grpc|tcp|jvm|system")
"""A word that may stand before such a word and names nothing that was measured on."""
REPLICA = re.compile(
    r"-(?:[0-9a-f]{6,10}-[a-z0-9]{5}|\d{1,3}|[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5})$"
)
"""What a deployment or a stateful set adds to its name for a pod's (Kubernetes' safe alphabet of generated names)."""
MEASURES = (
    ("errors", re.compile(r"(?i)err|fail|5xx")),
    ("latency", re.compile(r"(?i)lat(?:enc|[-_.]?\d|\b)|duration|response|(?<![a-z])p\d{2,3}(?!\d)|quantile")),
    ("load", re.compile(r"(?i)workload|(?<![a-z])(?:lod|[rqt]ps)(?![a-z])|request|throughput|traffic")),
    ("disk", re.compile(r"(?i)disk|storage|filesystem|(?<![a-z])(?:fs|io|iops)(?![a-z])")),
    ("connections", re.compile(r"(?i)sockets?|connection|session|pool|open_?(?:fds|files?)|file_?desc")),
    ("network", re.compile(r"(?i)(?<![a-z])net|network|receive|transmit|(?<![a-z])[rt]x(?![a-z])")),
    ("memory", re.compile(r"(?i)mem(?!cached)|heap|rss|swap")),
    ("cpu", re.compile(r"(?i)cpu|(?<![a-z])load(?![a-z])|cfs|throttl")),
)
"""Word → what series that measure it are called behind what they were measured on."""
OWNERS = (
    "service", "destination_workload", "destination_service_name", "destination_app", "pod", "container",
    "workload", "component", "job", "app", "instance", "node", "host", "deployment", "DBInstanceIdentifier", "device",
    "service_name", "service.name", "pod_name", "container_name", "hostname", "server", "InstanceId", "topic", "queue",
    "dbinstanceidentifier", "database_id", "CacheClusterId", "cacheclusterid", "FunctionName", "functionname", "QueueName", "queuename", "TableName", "tablename", "instanceid",
)  # fmt: skip
KINDS = {
    "service_name": "service",
    "service.name": "service",
    "destination_workload": "service",
    "destination_service_name": "service",
    "destination_app": "service",
    "app": "service",
    "workload": "service",
    "component": "service",
    "pod_name": "pod",
    "container_name": "container",
    "hostname": "host",
    "dbinstanceidentifier": "database",
    "database_id": "database",
    "cacheclusterid": "cache",
    "functionname": "function",
    "queuename": "queue",
    "tablename": "table",
    "instanceid": "instance",
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
    before = measured_on(one.name)
    return f"service/{before}".lower() if before else ""


def measured_on(name: str) -> str:
    """Return the part of a column's name that names what was measured on, empty where no word behind it says what was measured."""
    separator = PARTS if PARTS.search(name) else WORDS
    starts = [0, *(found.end() for found in separator.finditer(name))]
    firsts = [WORDS.split(part, maxsplit=1)[0] for part in separator.split(name.lower())]
    last = next((n for n in range(len(firsts) - 1, 0, -1) if MEASURE.fullmatch(firsts[n]) or _amount(firsts, n)), 0)
    while last > 1 and (MEASURE.fullmatch(firsts[last - 1]) or LAYER.fullmatch(firsts[last - 1])):
        last -= 1
    before = name[: starts[last] - 1] if last else ""
    return "" if LAYER.fullmatch(before.lower()) else before


def _amount(words: Sequence[str], place: int) -> bool:
    """Return whether a word is an amount, or a layer that amounts may follow, with nothing that is measured before it."""
    return bool(
        (AMOUNT.fullmatch(words[place]) or LAYER.fullmatch(words[place])) and not any(map(MEASURE.fullmatch, words[1:place]))
    )


def workload(one: Series) -> str:
    """Return the name of what a series was measured on, its pods taken together, empty when nothing names it."""
    kind, _, name = owner(one).partition("/")
    return REPLICA.sub("", name) if kind == "pod" else name


def measure(one: Series) -> str:
    """Return what kind of thing a series measures, empty where no word says it."""
    told = one.name[len(measured_on(one.name)) :] if not one.labels else one.name
    return next((word for word, pattern in MEASURES if pattern.search(told)), "")


def unit(one: Series) -> str:
    """Return the unit a series says it has, else the one its name tells, empty without either."""
    told = one.unit or next((word for word, pattern in UNITS if pattern.search(one.name)), "")
    return (f"{told}/s" if told else "per second") if one.rated else told
