"""`kubectl get`, `top` and `events`: one object per row, a finding where a row is not in order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Match

from domain.evidence import telling
from domain.evidence.commands.kubernetes import events as kubectl_events
from domain.evidence.commands.kubernetes.rows import JUDGES
from domain.evidence.reading import Reading
from domain.evidence.structure import tables
from domain.evidence.structure.tables import Row

KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("event", frozenset({"REASON", "OBJECT"})),
    ("pod", frozenset({"READY", "STATUS", "RESTARTS"})),
    ("daemonset", frozenset({"DESIRED", "CURRENT", "NODE SELECTOR"})),
    ("deployment", frozenset({"READY", "UP-TO-DATE"})),
    ("replicaset", frozenset({"DESIRED", "CURRENT"})),
    ("job", frozenset({"COMPLETIONS"})),
    ("cronjob", frozenset({"SCHEDULE", "SUSPEND"})),
    ("hpa", frozenset({"REFERENCE", "TARGETS"})),
    ("service", frozenset({"CLUSTER-IP"})),
    ("endpoints", frozenset({"ENDPOINTS"})),
    ("node", frozenset({"STATUS", "ROLES"})),
    ("pv", frozenset({"CLAIM", "RECLAIM POLICY"})),
    ("pvc", frozenset({"STATUS", "VOLUME", "STORAGECLASS"})),
    ("storageclass", frozenset({"PROVISIONER"})),
    ("ingress", frozenset({"HOSTS", "ADDRESS"})),
    ("networkpolicy", frozenset({"POD-SELECTOR"})),
    ("quota", frozenset({"REQUEST", "LIMIT"})),
    ("usage", frozenset({"CPU(cores)", "MEMORY(bytes)"})),
    ("secret", frozenset({"TYPE", "DATA"})),
    ("configmap", frozenset({"DATA", "AGE"})),
    ("poddisruptionbudget", frozenset({"MIN AVAILABLE", "ALLOWED DISRUPTIONS"})),
    ("certificate", frozenset({"READY", "SECRET"})),
    ("statefulset", frozenset({"READY", "AGE", "CONTAINERS"})),
    ("statefulset", frozenset({"READY", "AGE"})),
    ("serviceaccount", frozenset({"SECRETS", "AGE"})),
    ("namespace", frozenset({"STATUS"})),
)
"""Kind → columns that only its table has; the first that fits wins."""
POD = re.compile(
    r"^(?:(?P<ns>[\w-]+)\s+)?(?P<name>[\w.-]+)\s+(?P<ready>\d+/\d+)\s+(?P<status>[A-Z][\w:/]+)\s+(?P<restarts>\d+)(?:\s\([^)]*\))?\s+(?P<age>\w+)\s*(?P<rest>.*)$"
)
"""A row of pods without its header."""
EVENT = re.compile(
    r"^(?:[a-z][\w-]*\s+)?(?P<age>\d+[smhdy]\w*(?:\s\([^)]*\))?)\s+(?P<type>Normal|Warning)\s+(?P<reason>[A-Z]\w+)\s+(?P<object>\w+/\S+)\s+(?P<message>.*)$"
)
"""A row of events without its header."""
FIELDS: Mapping[str, str] = {
    "NAMESPACE": "namespace", "READY": "ready", "STATUS": "status", "RESTARTS": "restarts", "AGE": "age", "IP": "ip", "NODE": "node",
    "LABELS": "labels", "SELECTOR": "selector", "TYPE": "type", "CLUSTER-IP": "ip", "PORT(S)": "ports", "ENDPOINTS": "endpoints", "ROLES": "roles",
    "VERSION": "version", "VOLUME": "volume", "CAPACITY": "capacity", "ACCESS MODES": "modes", "STORAGECLASS": "class", "CLAIM": "claim",
    "DESIRED": "desired", "CURRENT": "current", "UP-TO-DATE": "updated", "AVAILABLE": "available", "IMAGES": "images", "CONTAINERS": "containers",
    "COMPLETIONS": "completions", "PROVISIONER": "provisioner", "CPU(cores)": "cpu", "MEMORY(bytes)": "memory", "CPU%": "cpu_percent", "CPU(%)": "cpu_percent",
    "MEMORY%": "memory_percent", "MEMORY(%)": "memory_percent", "POD-SELECTOR": "selector", "HOSTS": "hosts", "TARGETS": "targets", "SCHEDULE": "schedule", "SUSPEND": "suspend",
    "REFERENCE": "reference", "MINPODS": "min", "MAXPODS": "max", "REPLICAS": "replicas", "EXTERNAL-IP": "external_ip", "CLASS": "class", "ADDRESS": "address",
}  # fmt: skip
"""Column → field of the object."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read every table between two lines; return how many lines were understood."""
    understood = 0
    number = first
    while number <= last:
        line = reading.head(number)
        heads = {name for name, _ in tables.columns(line)}
        kind = next((kind for kind, marks in KINDS if marks <= heads), "") if heads & {"NAME", "OBJECT", "POD"} else ""
        if kind:
            rows = tables.under(reading.lines, number, last)
            table(reading, kind, rows)
            understood += len(rows) + 1
            number += len(rows)
        elif found := POD.match(line):
            _headless(reading, number, found)
            understood += 1
        elif found := EVENT.match(line):
            kubectl_events.record(reading, _seen(number, found))
            understood += 1
        number += 1
    return understood


def _seen(number: int, found: Match[str]) -> kubectl_events.Seen:
    said = found.groupdict()
    return kubectl_events.Seen(
        line=number,
        type=said["type"],
        reason=said["reason"],
        message=said["message"],
        object=kubectl_events.named(said["object"]),
        age=said["age"],
    )


def table(reading: Reading, kind: str, rows: list[Row]) -> None:
    """Read the rows of one table."""
    if kind == "event":
        kubectl_events.listed(reading, rows)
        return
    for row in rows:
        _row(reading, kind, row)


def _headless(reading: Reading, number: int, found: Match[str]) -> None:
    rest = found["rest"].split()
    cells = {"NAMESPACE": found["ns"] or "", "NAME": found["name"], "READY": found["ready"], "STATUS": found["status"]}
    cells |= {
        "RESTARTS": found["restarts"],
        "AGE": found["age"],
        "IP": rest[0] if rest else "",
        "NODE": rest[1] if len(rest) > 1 else "",
    }
    _row(reading, "pod", Row(line=number, cells=cells))


def _row(reading: Reading, kind: str, row: Row) -> None:
    """Keep one row as an object; ask the rule of its kind whether it is in order."""
    name = row.get("POD", "NAME").lstrip("│├└─ ")
    if "/" in name:  # `get all` and trees print kind/name
        kind, _, name = kubectl_events.named(name).partition("/")
    if kind == "usage":
        kind = "node" if row.get("CPU%", "CPU(%)") else "pod"
    cells = {
        field: row.cells.get(column, "")
        for column, field in FIELDS.items()
        if row.cells.get(column, "<none>") not in {"<none>", "<unset>"}
    }
    subject = reading.observe(kind, name, row.line, cells)
    if node := cells.get("node"):
        reading.relate(subject, "runs on", f"node/{node}", row.line)
    if kind in {"service", "networkpolicy"} and cells.get("selector"):
        reading.relate(subject, "selects", f"label/{cells['selector']}", row.line)
    if kind in JUDGES:
        JUDGES[kind](reading, row, subject)
    elif severity := telling.status(row.get("STATUS")):
        reading.find(
            "unhealthy_object",
            subject,
            row.line,
            min(severity, 3.0),
            f"{subject} is {row.get('STATUS')}",
            reason=row.get("STATUS"),
        )
