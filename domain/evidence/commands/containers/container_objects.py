"""`docker inspect` and `crictl inspect`: state, exit, health checks, limits, mounts; values of the environment are not kept."""

from __future__ import annotations

from collections.abc import Iterator

from domain.evidence import ages
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.trees import Node, said

NEVER = "0001-01-01T00:00:00Z"
"""What docker prints for a time that has not come."""
CHECKS = 3
"""Outputs of a health check that are cited, newest last."""


def inspected(root: Node) -> Iterator[Node]:
    """Yield every inspected container of a document."""
    for one in root.items if root.shape == "list" else (root,):
        docker = one.get("State") and (one.get("Config") or one.get("Image"))
        if docker or (one.text("status", "id") and one.get("status", "state")):
            yield one


def read(reading: Reading, roots: tuple[Node, ...]) -> int:
    """Read every inspected container; return how many there were."""
    found = [one for root in roots for one in inspected(root)]
    for one in found:
        if one.get("State"):
            _docker(reading, one)
        else:
            _runtime(reading, one)
    return len(found)


def _docker(reading: Reading, one: Node) -> None:
    name = one.text("Name").strip("/") or one.text("Id")[:12]
    names = sorted({said(item.value).split("=")[0] for item in _items(one.get("Config", "Env"))})
    fields = {
        "status": one.text("State", "Status"),
        "image": one.text("Config", "Image"),
        "restarts": one.text("RestartCount"),
        "exit_code": one.text("State", "ExitCode"),
        "oom_killed": one.text("State", "OOMKilled"),
        "health": one.text("State", "Health", "Status"),
        "memory_limit": one.text("HostConfig", "Memory"),
        "restart_policy": one.text("HostConfig", "RestartPolicy", "Name"),
        "env_names": ",".join(names),
    }
    subject = reading.observe("container", name, (one.get("Name") or one).line, fields)
    for mount in _items(one.get("Mounts")):
        source = mount.text("Name") or mount.text("Source")
        if source:
            reading.relate(subject, "mounts", f"volume/{source}", (mount.get("Source") or mount).line)
    networks = one.get("NetworkSettings", "Networks")
    for network, node in networks.fields if networks else ():
        reading.relate(subject, "joins", f"network/{network}", node.line)
    _state(reading, subject, one)
    _health(reading, subject, one)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if node else ()


def _state(reading: Reading, subject: str, one: Node) -> None:
    """Find how a container ended, and that it was restarted."""
    state = one.get("State")
    if state is None:
        return
    status, code = state.text("Status"), state.number("ExitCode") or 0.0
    oom, message = state.text("OOMKilled") == "true", state.text("Error")
    facts: dict[str, Fact] = {"status": status, "message": message, "exit_code": code, "image": one.text("Config", "Image")}
    if state.text("FinishedAt") != NEVER and (time := ages.date(state.text("FinishedAt")[:26].rstrip("Z") + "+00:00")):
        facts["time"] = time
    line = (state.get("OOMKilled" if oom else "Error" if message else "ExitCode") or state).line
    if oom or (code and status in {"exited", "dead", "restarting", ""}):
        severity = 5.0 if oom else 4.0
        told = f"{subject} ended with exit code {code:g} {'out of memory' if oom else message}"
        reading.find("exit", subject, line, severity, told, reason="OOMKilled" if oom else "exited", **facts)
    elif message or status in {"dead", "restarting", "paused"}:
        line = (state.get("Error" if message else "Status") or state).line
        reading.find("unhealthy_object", subject, line, 3.5, f"{subject} is {status} {message}", reason=status, **facts)
    restarts = one.get("RestartCount")
    if restarts and (one.number("RestartCount") or 0.0) >= 3:
        told = f"{subject} was restarted {said(restarts.value)} times"
        reading.find(
            "unhealthy_object", subject, restarts.line, 2.5, told, reason="restarts", restarts=one.number("RestartCount") or 0.0
        )


def _health(reading: Reading, subject: str, one: Node) -> None:
    status = one.get("State", "Health", "Status")
    if status is None or said(status.value) != "unhealthy":
        return
    failed = [entry for entry in _items(one.get("State", "Health", "Log")) if entry.number("ExitCode")]
    output = failed[-1].text("Output").strip() if failed else ""
    told = f"{subject} is unhealthy: {output}"
    reading.find("unhealthy_object", subject, status.line, 3.5, told, reason="unhealthy", status="unhealthy", message=output)
    for entry in failed[-CHECKS:]:
        reading.also((entry.get("Output") or entry).line)


def _runtime(reading: Reading, one: Node) -> None:
    """Read `crictl inspect`."""
    status = one.get("status") or one
    name = status.text("metadata", "name") or status.text("id")[:12]
    labels = status.get("labels")
    pod = next((said(node.value) for key, node in (labels.fields if labels else ()) if key == "io.kubernetes.pod.name"), "")
    fields = {
        "status": status.text("state"),
        "image": status.text("image", "image"),
        "exit_code": status.text("exitCode"),
        "reason": status.text("reason"),
    }
    subject = reading.observe("container", name, (status.get("metadata", "name") or status).line, fields)
    if pod:
        reading.relate(f"pod/{pod}", "owns", subject, status.line)
    code, reason = status.number("exitCode") or 0.0, status.text("reason")
    if code or reason == "OOMKilled":
        line = (status.get("reason") or status.get("exitCode") or status).line
        facts: dict[str, Fact] = {"reason": reason or "exited", "exit_code": code, "message": status.text("message")}
        reading.find(
            "exit",
            subject,
            line,
            5.0 if reason == "OOMKilled" else 4.0,
            f"{subject} ended with exit code {code:g} {reason}",
            **facts,
        )
