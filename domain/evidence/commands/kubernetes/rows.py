"""Which rows of `kubectl get` are not in order, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.evidence import ages, telling
from domain.evidence.commands.kubernetes import cluster as kubectl_cluster
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

AGO = re.compile(r"\((\w{1,20}) ago\)")
"""`7 (79s ago)` of restarts."""


def pod(reading: Reading, row: Row, subject: str) -> None:
    """Find a pod that is not running, not ready, or was restarted."""
    status, ready, restarts = row.get("STATUS"), row.get("READY"), row.get("RESTARTS")
    now, _, wanted = ready.partition("/")
    count = amount(restarts) or 0.0
    severity = telling.status(status)
    if not severity and status == "Running" and now != wanted:
        severity = 3.0
    if not severity and count >= 3 and "ago" in restarts:
        severity = 1.5
    if severity:
        facts: dict[str, Fact] = {
            "reason": status,
            "status": status,
            "ready": ready,
            "restarts": count,
            "node": row.get("NODE").replace("<none>", ""),
        }
        ago = AGO.search(restarts)
        if ago and (time := ages.before(reading.document.observed_at, ago[1])):
            facts["last_time"] = time
        statement = f"{subject} is {status}, {ready} ready, {count:g} restarts"
        reading.find("unhealthy_object", subject, row.line, min(severity, 3.5), statement, **facts)


def scaled(reading: Reading, row: Row, subject: str) -> None:
    """Find a workload with fewer replicas than it should have."""
    ready, _, wanted = row.get("READY").partition("/")
    desired = amount(wanted or row.get("DESIRED", "COMPLETIONS"))
    now = amount(ready if wanted else row.get("READY", "AVAILABLE"))
    if desired is None or now is None:
        return
    if desired == 0 and not subject.startswith("replicaset/"):
        reading.find("setting", subject, row.line, 3.0, f"{subject} is scaled to zero", field="replicas", value="0")
    elif now < desired:
        statement = f"{subject}: {now:g} of {desired:g} ready"
        reading.find("unhealthy_object", subject, row.line, 3.0, statement, reason="replicas missing", ready=now, desired=desired)
    elif (updated := amount(row.get("UP-TO-DATE"))) is not None and updated < desired:
        statement = f"{subject}: {updated:g} of {desired:g} are of the new version"
        reading.find(
            "unhealthy_object", subject, row.line, 2.0, statement, reason="rollout not complete", ready=updated, desired=desired
        )


def job(reading: Reading, row: Row, subject: str) -> None:
    """Find a job that failed."""
    done, _, wanted = row.get("COMPLETIONS").partition("/")
    status = row.get("STATUS")
    if telling.status(status) >= 3:
        statement = f"{subject} is {status}, {done} of {wanted} completed"
        reading.find("unhealthy_object", subject, row.line, 3.5, statement, reason=status, status=status)


def node(reading: Reading, row: Row, subject: str) -> None:
    """Find a node that is not ready, takes no pods, or has no room."""
    status = row.get("STATUS")
    if "NotReady" in status or "Unknown" in status or "SchedulingDisabled" in status:
        severity = 4.0 if "SchedulingDisabled" not in status else 3.5
        reading.find("unhealthy_object", subject, row.line, severity, f"{subject} is {status}", reason=status, status=status)
    for column in ("CPU%", "CPU(%)", "MEMORY%", "MEMORY(%)"):
        used = amount(row.get(column))
        if used is not None and used >= 90:
            what = column.partition("%")[0].partition("(")[0].lower()
            reading.find(
                "resource",
                subject,
                row.line,
                3.5,
                f"{subject} uses {used:g} % of its {what}",
                resource=what,
                used=used,
                limit=100.0,
            )


def endpoints(reading: Reading, row: Row, subject: str) -> None:
    """Find a service with nothing behind it."""
    if row.cells.get("ENDPOINTS", "") in {"<none>", ""}:
        reading.find(
            "unhealthy_object", f"service/{row.get('NAME')}", row.line, 3.0, f"{subject} has no address", reason="no endpoints"
        )


def quota(reading: Reading, row: Row, subject: str) -> None:
    """Keep how much of each limited resource is used."""
    for column in ("REQUEST", "LIMIT"):
        for part in row.get(column).split(","):
            resource, _, use = part.partition(":")
            used, _, hard = use.strip().partition("/")
            kubectl_cluster.limited(reading, row.line, subject, (resource.strip(), used, hard))


TARGET = re.compile(r"(?:(\w{1,60}): )?(<unknown>|[\d.]{1,18}\w{0,2}%?)/([\d.]{1,18}\w{0,2}%?)")
"""`cpu: 97%/80%`, `<unknown>/80%`."""


def autoscaler(reading: Reading, row: Row, subject: str) -> None:
    """Find an autoscaler that may not go further, or does not know what it measures."""
    reference = row.get("REFERENCE").lower()
    if "/" in reference:
        reading.relate(subject, "scales", reference, row.line)
    replicas, most = amount(row.get("REPLICAS")), amount(row.get("MAXPODS"))
    targets = TARGET.findall(row.get("TARGETS"))
    over = [f"{name} {now}/{goal}" for name, now, goal in targets if (amount(now) or 0.0) > (amount(goal) or 0.0)]
    if replicas and most and replicas >= most:
        facts: dict[str, Fact] = {"reason": "at its maximum", "used": replicas, "limit": most, "value": ", ".join(over).strip()}
        told = f"{subject} is at its maximum of {most:g} replicas" + (
            f" and still above its target: {facts['value']}" if over else ""
        )
        reading.find("limit", subject, row.line, 3.5 if over else 2.5, told, **facts)
    if any(now == "<unknown>" for _, now, _ in targets):
        told = f"{subject} does not know its metrics: {row.get('TARGETS')}"
        reading.find("unhealthy_object", subject, row.line, 3.0, told, reason="metrics unknown", value=row.get("TARGETS"))


def schedule(reading: Reading, row: Row, subject: str) -> None:
    """Find a schedule that somebody suspended."""
    if row.get("SUSPEND") == "True":
        reading.find("setting", subject, row.line, 2.0, f"{subject} is suspended", field="suspend", value="True")


def service(reading: Reading, row: Row, subject: str) -> None:
    """Find a service that waits for its address."""
    if row.get("EXTERNAL-IP") == "<pending>":
        told = f"{subject} waits for an external address"
        reading.find("unhealthy_object", subject, row.line, 3.0, told, reason="no external address", status="<pending>")


def ingress(reading: Reading, row: Row, subject: str) -> None:
    """Find an ingress that no controller has taken."""
    if not row.get("ADDRESS"):
        reading.find("unhealthy_object", subject, row.line, 2.0, f"{subject} has no address", reason="no address")


def claim(reading: Reading, row: Row, subject: str) -> None:
    """Relate a claim or a volume to its other side; find one that is not bound."""
    volume, taken = row.get("VOLUME"), row.get("CLAIM")
    if volume not in {"", "<none>"}:
        reading.relate(subject, "bound to", f"pv/{volume}", row.line)
    if taken not in {"", "<none>"}:
        reading.relate(subject, "bound to", f"pvc/{taken.rpartition('/')[2]}", row.line)
    if row.get("STORAGECLASS") not in {"", "<none>", "<unset>"}:
        reading.relate(subject, "uses", f"storageclass/{row.get('STORAGECLASS')}", row.line)
    status = row.get("STATUS")
    if severity := telling.status(status):
        facts: dict[str, Fact] = {"reason": status, "status": status, "class": row.get("STORAGECLASS")}
        reading.find("unhealthy_object", subject, row.line, min(severity, 3.5), f"{subject} is {status}", **facts)


def budget(reading: Reading, row: Row, subject: str) -> None:
    """Find a disruption budget that forbids every drain."""
    if row.get("ALLOWED DISRUPTIONS") == "0":
        reading.find("setting", subject, row.line, 2.0, f"{subject} allows no disruption", field="allowed disruptions", value="0")


def certificate(reading: Reading, row: Row, subject: str) -> None:
    """Find a certificate that was not issued."""
    if row.get("READY") == "False":
        reading.find("unhealthy_object", subject, row.line, 3.5, f"{subject} is not ready", reason="NotReady", status="False")


JUDGES: Mapping[str, Callable[[Reading, Row, str], None]] = {
    "pod": pod,
    "deployment": scaled,
    "statefulset": scaled,
    "daemonset": scaled,
    "replicaset": scaled,
    "job": job,
    "node": node,
    "endpoints": endpoints,
    "quota": quota,
    "hpa": autoscaler,
    "cronjob": schedule,
    "service": service,
    "ingress": ingress,
    "pvc": claim,
    "pv": claim,
    "poddisruptionbudget": budget,
    "certificate": certificate,
}
"""Kind → what finds its rows that are not in order."""
