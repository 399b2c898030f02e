"""What the status of a cluster object says: conditions, replicas, phases, containers, limits."""

from __future__ import annotations

from collections.abc import Mapping

from domain.evidence import ages, telling
from domain.evidence.commands.kubernetes import cluster as kubectl_cluster
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.trees import Node, said

CALM = frozenset({"ContainerCreating", "PodInitializing", "Completed", ""})
INIT: Mapping[str, Fact] = {"init": "yes"}
"""What is told of the containers that run before the others."""
GOOD_WHEN_FALSE = ("Pressure", "Unavailable", "Failure", "Failed", "Suspended", "Disrupt", "Limited")


def read(reading: Reading, subject: str, one: Node) -> None:
    """Find everything that the status of an object says is not in order."""
    _conditions(reading, subject, one)
    _replicas(reading, subject, one)
    _phase(reading, subject, one)
    for status in ("initContainerStatuses", "containerStatuses"):
        for container in items(one.get("status", status)):
            _state(reading, subject, container, INIT if status.startswith("init") else {})
    kind = subject.partition("/")[0]
    if kind in KINDS:
        KINDS[kind](reading, subject, one)


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list, none where there is no list."""
    return node.items if node else ()


def _phase(reading: Reading, subject: str, one: Node) -> None:
    phase = one.get("status", "phase")
    severity = telling.status(said(phase.value)) if phase and phase.shape == "scalar" else 0.0
    if phase and severity:
        status, message = said(phase.value), one.text("status", "message")
        facts: dict[str, Fact] = {"message": message, "status": status, "reason": one.text("status", "reason") or status}
        told = f"{subject} is {status} {one.text('status', 'reason')} {message}"
        reading.find("unhealthy_object", subject, phase.line, min(severity, 3.0), told, **facts)


def _conditions(reading: Reading, subject: str, one: Node) -> None:
    kind, _, name = subject.partition("/")
    for condition in items(one.get("status", "conditions")):
        what, status = condition.text("type"), condition.text("status").title()
        if not what:
            continue
        reading.observe(kind, name, condition.line, {f"condition.{what}": status})
        if status == ("False" if any(part in what for part in GOOD_WHEN_FALSE) else "True"):
            continue
        message, reason = condition.text("message"), condition.text("reason")
        line = (condition.get("message") or condition).line
        facts: dict[str, Fact] = {"message": message, "reason": reason, "type": what, "status": status}
        if time := ages.date(condition.text("lastTransitionTime")):
            facts["time"] = time
        severity = 1.0 if reason == "TooFewReplicas" else 3.5 if reason or what.endswith("Error") else 2.0
        reading.find("condition", subject, line, severity, f"{subject}: {what} is {status} {reason} {message}", **facts)


def _replicas(reading: Reading, subject: str, one: Node) -> None:
    wanted, status = one.get("spec", "replicas"), one.get("status")
    desired = one.number("spec", "replicas")
    if wanted is None or desired is None:
        return
    if desired == 0:
        reading.find("setting", subject, wanted.line, 3.0, f"{subject} is scaled to zero", field="replicas", value="0")
    elif status and (one.number("status", "readyReplicas") or 0.0) < desired:
        line = (one.get("status", "unavailableReplicas") or one.get("status", "replicas") or status).line
        ready = one.number("status", "readyReplicas") or 0.0
        statement = f"{subject}: {ready:g} of {desired:g} replicas are ready"
        reading.find("unhealthy_object", subject, line, 3.0, statement, reason="replicas missing", ready=ready, desired=desired)


def _state(reading: Reading, subject: str, one: Node, group: Mapping[str, Fact]) -> None:
    """Keep a container that waits or ended with a failure."""
    waiting, restarts = one.get("state", "waiting"), one.number("restartCount") or 0.0
    if waiting and waiting.text("reason") not in CALM:
        facts: dict[str, Fact] = {
            "message": waiting.text("message"),
            "reason": waiting.text("reason"),
            "container": one.text("name"),
            **group,
        }
        line = (waiting.get("message") or waiting.get("reason") or waiting).line
        statement = f"{subject}: container {one.text('name')} waits, {facts['reason']} {facts['message']}"
        reading.find("unhealthy_object", subject, line, 3.5, statement, restarts=restarts, image=one.text("image"), **facts)
    for where in ("state", "lastState"):
        if (ended := one.get(where, "terminated")) and ended.text("exitCode") not in {"0", ""}:
            _ended(reading, subject, one, (ended, group if where == "state" or waiting else {}))


def _ended(reading: Reading, subject: str, one: Node, how: tuple[Node, Mapping[str, Fact]]) -> None:
    ended, group = how
    reason, message = ended.text("reason"), ended.text("message")
    facts: dict[str, Fact] = {
        "message": message,
        "reason": reason,
        "exit_code": ended.number("exitCode") or 0.0,
        "container": one.text("name"),
        **group,
    }
    if time := ages.date(ended.text("finishedAt")):
        facts["time"] = time
    line = (ended.get("message") or ended.get("reason") or ended).line
    severity = 5.0 if reason == "OOMKilled" else 4.0
    statement = f"{subject}: container {one.text('name')} ended, {reason}, exit code {ended.text('exitCode')} {message}"
    reading.find("exit", subject, line, severity, statement, **facts)


def _autoscaler(reading: Reading, subject: str, one: Node) -> None:
    now, most = one.number("status", "currentReplicas"), one.number("spec", "maxReplicas")
    line = one.get("status", "currentReplicas")
    if line and now and most and now >= most:
        told = f"{subject} is at its maximum of {most:g} replicas"
        reading.find("limit", subject, line.line, 2.5, told, reason="at its maximum", used=now, limit=most)


def _quota(reading: Reading, subject: str, one: Node) -> None:
    used = one.get("status", "used")
    for resource, node in used.fields if used else ():
        kubectl_cluster.limited(reading, node.line, subject, (resource, said(node.value), one.text("status", "hard", resource)))


def _node(reading: Reading, subject: str, one: Node) -> None:
    closed = one.get("spec", "unschedulable")
    if closed and closed.value is True:
        told = f"{subject} takes no new pods"
        reading.find("unhealthy_object", subject, closed.line, 3.5, told, reason="Unschedulable", status="cordoned")


def _job(reading: Reading, subject: str, one: Node) -> None:
    failed = one.number("status", "failed") or 0.0
    line = one.get("status", "failed")
    if failed and line:
        reading.find(
            "unhealthy_object", subject, line.line, 3.0, f"{subject}: {failed:g} pods failed", reason="pods failed", failed=failed
        )


def _schedule(reading: Reading, subject: str, one: Node) -> None:
    suspended = one.get("spec", "suspend")
    if suspended and suspended.value is True:
        reading.find("setting", subject, suspended.line, 2.0, f"{subject} is suspended", field="suspend", value="true")


def _endpoints(reading: Reading, subject: str, one: Node) -> None:
    """Find endpoints without an address; those that are not ready count as none."""
    ready = [a for s in items(one.get("subsets")) for a in items(s.get("addresses"))]
    if not ready:
        line = (one.get("subsets") or one.get("metadata", "name") or one).line
        name = subject.partition("/")[2]
        reading.find("unhealthy_object", f"service/{name}", line, 3.0, f"{subject} has no address", reason="no endpoints")


KINDS = {
    "hpa": _autoscaler,
    "quota": _quota,
    "node": _node,
    "job": _job,
    "cronjob": _schedule,
    "endpoints": _endpoints,
}
