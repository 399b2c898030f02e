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
