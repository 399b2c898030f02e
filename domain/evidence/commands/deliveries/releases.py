"""Releases: what helm and argocd have installed, from which revision, and whether it took."""

from __future__ import annotations

import re
from datetime import datetime

from domain.evidence import ages, telling
from domain.evidence.commands.listings import Listing, unhealthy
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure import tables
from domain.evidence.structure.tables import Row

BAD = re.compile(r"^(?:failed|pending-(?:install|upgrade|rollback)|uninstalling|unknown)$")
"""Helm's states of a release that is neither deployed nor superseded (helm.sh/docs, `helm status`)."""
PAIR = re.compile(r"^([A-Z][A-Za-z ]{1,30}):\s+(\S.{0,1000})$")
UNSYNCED = frozenset({"OutOfSync", "Unknown"})
ILL = frozenset({"Degraded", "Missing", "Unknown", "Suspended"})
"""Argo CD's health states that are not Healthy or Progressing (argo-cd.readthedocs.io, resource health)."""


def _release(reading: Reading, row: Row, subject: str) -> None:
    """Judge one revision of a release; each is a change at its time."""
    status, chart, told = row.get("STATUS"), row.get("CHART"), row.get("DESCRIPTION")
    time = updated(row.get("UPDATED"))
    revision = row.get("REVISION")
    what = f"revision {revision} of {row.get('NAME') or 'the release'}, {chart}: {status} {told}"
    reading.changed(row.line, what, subject, time)
    if BAD.match(status):
        facts: dict[str, Fact] = {"status": status, "message": told, "revision": revision, "chart": chart}
        if time:
            facts["time"] = time
        unhealthy(reading, row, subject, 3.5, f"{status} {told}".strip(), **facts)


def updated(text: str) -> datetime | None:
    """Return the time that helm prints: `2026-05-04 11:02:00.123456 +0200 CEST` or `Mon May  4 11:02:00 2026`."""
    words = text.split()
    if len(words) >= 3 and words[0][:1].isdecimal():
        return ages.date(f"{words[0]} {words[1][:15]}{words[2]}")
    if len(words) == 5:
        return ages.date(f"{words[2]} {words[1]} {words[4]} {words[3]}")
    return None


def status(reading: Reading, first: int, last: int) -> int:
    """Read `helm status`, which is also what install and upgrade print; notes below are the chart's own words."""
    found = {m[1]: (m[2].strip(), n) for n in range(first, last + 1) if (m := PAIR.match(reading.head(n)))}
    name, line = found.get("NAME", ("", 0))
    state, at = found.get("STATUS", ("", first))
    revision = found.get("REVISION", ("", 0))[0]
    time = updated(found.get("LAST DEPLOYED", ("", 0))[0])
    fields = {"status": state, "revision": revision, "namespace": found.get("NAMESPACE", ("", 0))[0]}
    subject = reading.observe("release", name or "release", line or first, fields)
    reading.changed(found.get("LAST DEPLOYED", ("", at))[1], f"revision {revision} of {name}: {state}", subject, time)
    if BAD.match(state):
        told = found.get("DESCRIPTION", ("", 0))[0]
        reading.find(
            "unhealthy_object", subject, at, 3.5, f"{subject} is {state} {told}", reason=state, status=state, message=told
        )
    return last - first + 1


def application(reading: Reading, first: int, last: int) -> int:
    """Read `argocd app get`: state of the application, then a table of its resources."""
    name = ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := PAIR.match(line):
            key, value = found[1], found[2].strip()
            name = value.rpartition("/")[2] if key == "Name" else name
            reading.observe("application", name or "application", number, {key.lower().replace(" ", "_"): value})
            _stated(reading, number, f"application/{name}", (key, value))
        elif line.startswith("CONDITION ") and "MESSAGE" in line:
            for row in tables.under(reading.lines, number, last):
                _condition(reading, row, f"application/{name}".lower())
        elif line.startswith("GROUP ") and "HEALTH" in line:
            for row in tables.under(reading.lines, number, last):
                _resource(reading, row, f"application/{name}".lower())
    return last - first + 1


def _stated(reading: Reading, number: int, subject: str, pair: tuple[str, str]) -> None:
    key, value = pair
    word = value.split(" ", maxsplit=1)[0]
    if (key == "Sync Status" and word in UNSYNCED) or (key == "Health Status" and word in ILL):
        severity = 3.5 if key == "Health Status" else 3.0
        facts: dict[str, Fact] = {"reason": word, "status": value, "field": key}
        reading.find("unhealthy_object", subject.lower(), number, severity, f"{subject}: {key} is {value}", **facts)
    elif key == "Message" or (key == "Phase" and word in {"Failed", "Error"}):
        severity = telling.words(value) or (3.0 if key == "Phase" else 0.0)
        if severity:
            reading.find("field", subject.lower(), number, severity, f"{subject}: {value}", message=value, field=key)


def _condition(reading: Reading, row: Row, subject: str) -> None:
    """Find a condition that says why the application is not as it should be; the operator sets none when all is well."""
    kind, message = row.get("CONDITION"), row.get("MESSAGE")
    severity = 3.5 if kind.endswith("Error") else telling.words(message) or 2.0
    reading.find("condition", subject, row.line, severity, f"{subject}: {kind} {message}", reason=kind, message=message)


def _resource(reading: Reading, row: Row, owner: str) -> None:
    health, synced, message = row.get("HEALTH"), row.get("STATUS"), row.get("MESSAGE")
    fields = {"health": health, "sync": synced, "namespace": row.get("NAMESPACE"), "message": message}
    subject = reading.observe(row.get("KIND") or "object", row.get("NAME"), row.line, fields)
    reading.relate(owner, "owns", subject, row.line)
    if health in ILL:
        unhealthy(reading, row, subject, 3.5, health, message=message, status=health)
    elif synced in UNSYNCED | {"SyncFailed"}:
        unhealthy(reading, row, subject, 3.0 if telling.words(message) else 2.5, synced, message=message, status=synced)


def _application_row(reading: Reading, row: Row, subject: str) -> None:
    for column in ("HEALTH", "STATUS"):
        state = row.get(column)
        if state in (ILL if column == "HEALTH" else UNSYNCED):
            unhealthy(reading, row, subject, 3.5 if column == "HEALTH" else 3.0, state, status=state, field=column)


def _proxy(reading: Reading, row: Row, subject: str) -> None:
    """Judge a proxy of a mesh by whether it took its configuration."""
    late = [column for column, cell in row.cells.items() if cell.startswith("STALE")]
    if late:
        facts: dict[str, Fact] = {"status": "STALE", "field": ", ".join(late)}
        unhealthy(reading, row, subject, 3.0, f"STALE in {', '.join(late)}", **facts)


LISTINGS: tuple[Listing, ...] = (
    Listing(kind="release", marks=frozenset({"NAME", "REVISION", "UPDATED", "STATUS", "CHART"}), names=("NAME",), judge=_release),
    Listing(kind="revision", marks=frozenset({"REVISION", "UPDATED", "STATUS", "CHART"}), names=("REVISION",), judge=_release),
    Listing(
        kind="application",
        marks=frozenset({"NAME", "PROJECT", "STATUS", "HEALTH"}),
        names=("NAME",),
        judge=_application_row,
        edges={"CLUSTER": ("runs on", "cluster")},
    ),
    Listing(
        kind="proxy",
        marks=frozenset({"NAME", "CDS", "LDS", "EDS", "RDS"}),
        names=("NAME",),
        judge=_proxy,
        edges={"ISTIOD": ("configured by", "pod")},
    ),
)
