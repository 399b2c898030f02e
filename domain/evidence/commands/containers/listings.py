"""Containers of one host: docker, podman, compose and crictl; who runs, who ended and how, who is near its limits."""

from __future__ import annotations

import re
from datetime import datetime

from domain.evidence import ages
from domain.evidence.commands.listings import Listing, unhealthy
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

STATE = re.compile(r"^([A-Za-z]+)(?: \((-?\d{1,6})\)| (\d{1,6})$)?")
"""`Exited (137) 5 minutes ago`, `Up 3 hours (unhealthy)`, `Exit 1`."""
NEAR = 90.0
"""Percent of a memory limit from which on a container may be killed at any time."""
RECLAIM = 10e9
"""Bytes that a clean-up would give back, from which on it is worth saying."""


def _container(reading: Reading, row: Row, subject: str) -> None:
    """Judge a container by its status."""
    status = row.get("STATUS", "State", "STATE", "Status")
    found = STATE.match(status)
    if not found:
        return
    word, code = found[1].lower(), found[2] or found[3] or ""
    facts: dict[str, Fact] = {"status": status, "image": row.get("IMAGE")}
    if (time := _since(reading, status)) and word != "up":
        facts["time"] = time
    if word in {"exited", "exit"} and code not in {"0", ""}:
        severity = 4.0 if code in {"137", "139"} else 3.5
        statement = f"{subject} ended with exit code {code}: {status}"
        reading.find("exit", subject, row.line, severity, statement, reason="exited", exit_code=float(code), **facts)
    elif word == "restarting":
        exit_code: dict[str, Fact] = {"exit_code": float(code)} if code else {}
        unhealthy(reading, row, subject, 3.5, "restarting", **exit_code, **facts)
    elif word in {"dead", "paused"} or "(Paused)" in status:
        unhealthy(reading, row, subject, 3.0, word if word != "up" else "paused", **facts)
    elif "(unhealthy)" in status:
        unhealthy(reading, row, subject, 3.5, "unhealthy", **facts)


def _since(reading: Reading, status: str) -> datetime | None:
    span = ages.spoken(status)
    return reading.document.observed_at - span if reading.document.observed_at and span is not None else None


def _usage(reading: Reading, row: Row, subject: str) -> None:
    """Judge a container by its share of the memory it may use."""
    used = amount(row.get("MEM %"))
    if used is not None and used >= NEAR:
        facts: dict[str, Fact] = {"resource": "memory", "used": used, "limit": 100.0, "usage": row.get("MEM USAGE / LIMIT")}
        statement = f"{subject} uses {used:g} % of its memory limit, {facts['usage']}"
        reading.find("resource", subject, row.line, 4.0 if used >= 98 else 3.5, statement, **facts)


def _store(reading: Reading, row: Row, subject: str) -> None:
    """Judge what docker keeps on disk by what it could give back."""
    size = amount(row.get("RECLAIMABLE").split(" ")[0])
    if size is not None and size >= RECLAIM:
        statement = f"{subject}: {row.get('RECLAIMABLE')} of {row.get('SIZE')} could be given back"
        reading.find("capacity", subject, row.line, 1.5, statement, resource="disk", reclaimable=size)


def _replicas(reading: Reading, row: Row, subject: str) -> None:
    now, _, wanted = row.get("REPLICAS").partition("/")
    ready, desired = amount(now), amount(wanted)
    if ready is not None and desired is not None and ready < desired:
        unhealthy(reading, row, subject, 3.0, "replicas missing", ready=ready, desired=desired)


def _runtime(reading: Reading, row: Row, subject: str) -> None:
    """Judge what a container runtime lists: it prints no exit code."""
    state, attempts = row.get("STATE"), amount(row.get("ATTEMPT")) or 0.0
    if state in {"Exited", "Unknown", "NotReady", "CONTAINER_UNKNOWN"}:
        severity = 3.0 if attempts >= 3 or "nknown" in state else 2.0
        unhealthy(reading, row, subject, severity, state, status=state, restarts=attempts)
    elif attempts >= 3:
        unhealthy(reading, row, subject, 1.5, f"restarted {attempts:g} times", status=state, restarts=attempts)


EVENT = re.compile(r"^(\S{20,40}) (\w{1,20}) (\w{1,30})(?:: (.{1,200}?))? (\S{1,200})(?: \((.{0,2000})\))?$")
"""`2026-05-04T11:58:02.000000000Z container die 0f3a9c1d2e4b (exitCode=137, image=web:1.4, name=web)`."""
FACT = re.compile(r"\b(exitCode|image|name|signal|execDuration)=([^,)]{1,300})")
MADE = frozenset({"create", "update", "pull", "load"})
"""Actions of somebody who deploys."""


def happened(reading: Reading, first: int, last: int) -> int:
    """Read `docker events`: what containers did, and when."""
    understood = 0
    for number in range(first, last + 1):
        if found := EVENT.match(reading.head(number)):
            understood += 1
            _event(reading, number, found)
    return understood


def _event(reading: Reading, number: int, found: re.Match[str]) -> None:
    clock, kind, action, told, actor, rest = found.groups()
    facts = dict(FACT.findall(rest or ""))
    subject = reading.observe(
        kind, facts.get("name") or actor[:64], number, {"last_action": action, "image": facts.get("image", "")}
    )
    time = ages.date(clock[:26] + "+00:00" if clock.endswith("Z") and len(clock) > 27 else clock)
    code = facts.get("exitCode", "")
    severity = 5.0 if action == "oom" else 3.5 if code not in {"", "0"} or told == "unhealthy" else 0.0
    what = f"{subject} {action} {told or code}".strip()
    (reading.changed if action in MADE else reading.happened)(number, what, subject, time, severity)
    said: dict[str, Fact] = {"status": action, "image": facts.get("image", ""), **({"time": time} if time else {})}
    if action == "oom":
        reading.find("exit", subject, number, severity, f"{subject} ran out of memory", reason="OOMKilled", **said)
    elif code not in {"", "0"}:
        reading.find(
            "exit",
            subject,
            number,
            severity,
            f"{subject} ended with exit code {code}",
            reason="exited",
            exit_code=amount(code) or 0.0,
            **said,
        )
    elif told == "unhealthy":
        reading.find("unhealthy_object", subject, number, severity, f"{subject} is unhealthy", reason="unhealthy", **said)


LISTINGS: tuple[Listing, ...] = (
    Listing(kind="container", marks=frozenset({"CONTAINER ID", "IMAGE", "NAMES"}), names=("NAMES",), judge=_container),
    Listing(
        kind="container",
        marks=frozenset({"NAME", "IMAGE", "SERVICE", "STATUS"}),
        names=("NAME",),
        judge=_container,
        edges={"SERVICE": ("part of", "service")},
    ),
    Listing(kind="container", marks=frozenset({"Name", "Command", "State", "Ports"}), names=("Name",), judge=_container),
    Listing(kind="container", marks=frozenset({"NAME", "CPU %", "MEM %", "PIDS"}), names=("NAME",), judge=_usage),
    Listing(kind="store", marks=frozenset({"TYPE", "TOTAL", "ACTIVE", "RECLAIMABLE"}), names=("TYPE",), judge=_store),
    Listing(kind="service", marks=frozenset({"ID", "NAME", "MODE", "REPLICAS"}), names=("NAME",), judge=_replicas),
    Listing(
        kind="container",
        marks=frozenset({"CONTAINER", "STATE", "ATTEMPT", "POD ID"}),
        names=("NAME", "CONTAINER"),
        judge=_runtime,
        edges={"POD": ("part of", "pod")},
    ),
    Listing(
        kind="sandbox", marks=frozenset({"POD ID", "STATE", "NAMESPACE", "ATTEMPT"}), names=("NAME", "POD ID"), judge=_runtime
    ),
    Listing(kind="container", marks=frozenset({"CONTAINER", "CPU %", "MEM", "INODES"}), names=("NAME", "CONTAINER")),
    Listing(kind="image", marks=frozenset({"REPOSITORY", "TAG", "IMAGE ID"}), names=("REPOSITORY", "TAG", "IMAGE ID")),
)
