"""Described nodes, services, claims, quotas and policies."""

from __future__ import annotations

import re

from domain.evidence import telling
from domain.evidence.reading import Reading
from domain.evidence.structure.describe import Description
from domain.evidence.structure.quantities import amount


def node(reading: Reading, one: Description, subject: str) -> None:
    """Read a node: room, taints, whether it takes pods."""
    name = subject.partition("/")[2]
    fields = {"roles": one.text("Roles"), "taints": one.text("Taints"), "unschedulable": one.text("Unschedulable").lower()}
    for section in ("Capacity", "Allocatable"):
        fields |= {f"{section.lower()}.{key}": one.text(section, key) for key in one.names(section)}
    for row in one.tables.get("Allocated resources", ()):
        fields[f"requested.{row.get('Resource')}"] = row.get("Requests").split(" ")[0]
    reading.observe("node", name, one.first, fields)
    if fields["unschedulable"] == "true":
        reading.find(
            "unhealthy_object", subject, one.line("Unschedulable"), 3.5, f"{subject} takes no new pods", reason="Unschedulable", status="cordoned"
        )  # fmt: skip
    if fields["taints"]:
        reading.find(
            "setting",
            subject,
            one.line("Taints"),
            1.5,
            f"{subject} has taints {fields['taints']}",
            value=fields["taints"],
            field="taints",
        )
    for row in one.tables.get("Non-terminated Pods", ()):
        if pod := row.get("Name"):
            reading.relate(f"pod/{pod}", "runs on", subject, row.line)


def service(reading: Reading, one: Description, subject: str) -> None:
    """Read a service: what it selects, its ports, whether anything stands behind it."""
    name = subject.partition("/")[2]
    selector = one.text("Selector").replace(" ", ",")
    fields = {
        "selector": selector, "type": one.text("Type"), "ip": one.text("IP"), "ports": one.text("Port"), "target_ports": one.text("TargetPort"),
        "endpoints": one.text("Endpoints"), "port_names": said[0] if len(said := one.text("Port").split()) > 1 else "",
    }  # fmt: skip
    reading.observe("service", name, one.first, fields)
    if selector:
        reading.relate(subject, "selects", f"label/{selector}", one.line("Selector"))
    if not fields["endpoints"] and any(f.path == ("Endpoints",) for f in one.fields) and selector:
        reading.find(
            "unhealthy_object",
            subject,
            one.line("Endpoints"),
            3.5,
            f"{subject} has no endpoints",
            reason="no endpoints",
            selector=selector,
        )


def claim(reading: Reading, one: Description, subject: str) -> None:
    """Read a claim or a volume: class, size, modes, whether it is bound."""
    kind, _, name = subject.partition("/")
    fields = {
        "class": one.text("StorageClass"), "volume": one.text("Volume"), "capacity": one.text("Capacity"), "modes": one.text("Access Modes"),
        "claim": one.text("Claim"), "used_by": one.text("Used By"),
    }  # fmt: skip
    reading.observe(kind, name, one.first, fields)
    status = one.text("Status")
    if used := fields["used_by"]:
        reading.relate(f"pod/{used.split(' ', maxsplit=1)[0]}", "mounts", subject, one.line("Used By"))
    if fields["class"]:
        reading.relate(subject, "uses", f"storageclass/{fields['class']}", one.line("StorageClass"))
    for other, of in (("Volume", "pv"), ("Claim", "pvc")):
        if one.text(other):
            reading.relate(subject, "bound to", f"{of}/{one.text(other).rpartition('/')[2]}", one.line(other))
    if telling.status(status):
        reading.find(
            "unhealthy_object", subject, one.line("Status"), 3.0, f"{subject} is {status}", reason=status, status=status, **fields
        )
        if fields["class"]:
            reading.also(one.line("StorageClass"))


def quota(reading: Reading, one: Description, subject: str) -> None:
    """Read the use of every limited resource."""
    kind, _, name = subject.partition("/")
    for row in (row for rows in one.tables.values() for row in rows):
        resource, used, hard = row.get("Resource"), row.get("Used"), row.get("Hard")
        limited(reading, row.line, subject, (resource, used, hard))
        reading.observe(kind, name, one.first, {f"used.{resource}": used, f"hard.{resource}": hard})


def limited(reading: Reading, line: int, subject: str, use: tuple[str, str, str]) -> None:
    """Keep how much of a quota is used; (resource, used, hard)."""
    resource, used, hard = use
    now, most = amount(used), amount(hard)
    if now is None or most is None:
        return
    severity = 3.5 if now >= most else 3.0 if now >= 0.9 * most else 1.0
    reading.find(
        "quota", subject, line, severity, f"{subject}: {resource} used {used} of {hard}", resource=resource, used=now, limit=most, hard=hard
    )  # fmt: skip


def policy(reading: Reading, one: Description, subject: str) -> None:
    """Read whom a network policy isolates."""
    selector = one.text("Spec", "PodSelector")
    reading.observe("networkpolicy", subject.partition("/")[2], one.first, {"selector": selector})
    reading.relate(subject, "selects", f"label/{selector}", one.line("Spec", "PodSelector"))
    opened = [f for f in one.fields if f.path[-1] == "To Port" and any("ingress" in part for part in f.path)]
    if opened:
        told = {"ingress_ports": ",".join(f.value for f in opened)}
        reading.observe("networkpolicy", subject.partition("/")[2], opened[0].line, told)
        what = f"{subject} opens port {told['ingress_ports']} alone to {selector}"
        reading.find("setting", subject, opened[0].line, 1.5, what, value=told["ingress_ports"], field="ingress ports")
    for f in one.fields:
        if "isolated for" in f.value:
            reading.observe("networkpolicy", subject.partition("/")[2], f.line, {"isolated": f.value})
            reading.find(
                "setting",
                subject,
                f.line,
                3.0,
                f"{subject} blocks all of {selector}: {f.value}",
                value=f.value,
                field="policy",
                selector=selector,
            )


PODS = re.compile(r"^(\d{1,9}) current / (\d{1,9}) desired")
METRIC = re.compile(r"\(as a percentage of request\):?\s+(<unknown>|\d{1,9}%)(?: \([^)]{0,40}\))? / (\d{1,9}%)")
BACKEND = re.compile(r"([a-z0-9][\w.-]{0,252}):([\w-]{1,63}) \((.{0,500}?)\)")
"""`web:80 (10.2.0.1:8080,10.2.0.2:8080)` of a described ingress."""


def autoscaler(reading: Reading, one: Description, subject: str) -> None:
    """Read an autoscaler: what it scales, between which bounds, and where it stands."""
    pods = PODS.match(one.text("Deployment pods") or one.text("StatefulSet pods") or one.text("ReplicaSet pods"))
    most = amount(one.text("Max replicas"))
    reference = one.text("Reference").lower()
    fields = {
        "min": one.text("Min replicas"),
        "max": one.text("Max replicas"),
        "reference": reference,
        "metrics": one.text("Metrics"),
    }
    reading.observe("hpa", subject.partition("/")[2], one.first, fields)
    if reference:
        reading.relate(subject, "scales", reference, one.line("Reference"))
    if pods and most and float(pods[1]) >= most:
        over = [
            f"{now} / {goal}" for now, goal in METRIC.findall(one.text("Metrics")) if (amount(now) or 0.0) > (amount(goal) or 0.0)
        ]
        told = f"{subject} is at its maximum of {most:g} replicas" + (
            f" and still above its target: {', '.join(over)}" if over else ""
        )
        reading.find(
            "limit",
            subject,
            one.line("Max replicas"),
            3.5 if over else 2.5,
            told,
            reason="at its maximum",
            used=float(pods[1]),
            limit=most,
        )


def ingress(reading: Reading, one: Description, subject: str) -> None:
    """Read an ingress: where it routes, and backends that are not there."""
    fields = {"address": one.text("Address"), "class": one.text("Ingress Class"), "default_backend": one.text("Default backend")}
    reading.observe("ingress", subject.partition("/")[2], one.first, fields)
    for number in range(one.line("Rules"), one.last + 1):
        for name, port, addresses in BACKEND.findall(reading.head(number)):
            reading.relate(subject, "routes to", f"service/{name}", number)
            if not addresses or "error" in addresses:
                told = f"{subject} routes to service {name}, port {port}, which has no endpoints: {addresses}"
                reading.find("reference", subject, number, 3.5, told, reason="no endpoints", value=name, message=addresses)


def namespace(reading: Reading, one: Description, subject: str) -> None:
    """Read a namespace: whether it is on its way out, and its quotas."""
    if telling.status(one.text("Status")):
        reading.find(
            "unhealthy_object", subject, one.line("Status"), 3.0, f"{subject} is {one.text('Status')}", reason=one.text("Status")
        )
    for row in (row for rows in one.tables.values() for row in rows if row.get("Hard")):
        limited(reading, row.line, subject, (row.get("Resource"), row.get("Used"), row.get("Hard")))


def schedule(reading: Reading, one: Description, subject: str) -> None:
    """Read a scheduled job: when it runs, and whether it was suspended."""
    fields = {
        "schedule": one.text("Schedule"),
        "suspend": one.text("Suspend"),
        "last": one.text("Last Schedule Time"),
        "active": one.text("Active Jobs"),
    }
    reading.observe("cronjob", subject.partition("/")[2], one.first, fields)
    if fields["suspend"].lower() == "true":
        reading.find("setting", subject, one.line("Suspend"), 2.0, f"{subject} is suspended", field="suspend", value="True")
