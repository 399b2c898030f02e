"""Units of systemd: `systemctl status`, `list-units`, `--failed` and `show`."""

from __future__ import annotations

import re

from domain.evidence import ages, telling
from domain.evidence.reading import Fact, Reading
from domain.evidence.severity import level_of
from domain.evidence.structure.quantities import amount

TYPES = r"service|socket|timer|mount|target|slice|path|device|scope|swap|automount"
UNIT = re.compile(rf"(?:[●○×*↻] |^)([\w@.\-\\:]{{1,200}})\.({TYPES})\b(?: - (.*))?")
LISTED = re.compile(
    rf"^(?P<mark>[●○×*↻]? {{0,3}})(?P<name>[\w@.\-\\:]{{1,200}})\.(?P<type>{TYPES})\s+(?P<load>loaded|not-found|bad-setting|error|masked|merged|stub)"
    r"\s+(?P<active>[a-z\-]{4,20})\s+(?P<sub>[a-z\-]{2,30})(?:\s+(?P<what>.*))?$"
)
"""A row of `systemctl list-units`."""
ACTIVE = re.compile(r"^\s+Active: (\w{1,40}) \(([^)]{0,200})\)(?: \(Result: [\w-]{1,40}\))?(?: since ([^;]{0,200}))?(?:;.*)?$")
LOADED = re.compile(r"^\s+Loaded: (not-found|bad-setting|error|masked)\b")
PROCESS = re.compile(r"^\s+(?:Main PID|Process): .{0,2000}\(code=(\w+), (?:status|signal)=([^\s)]+)\)")
USED = re.compile(r"^\s+(?P<what>Tasks|Memory): (?P<used>[\d.]{1,20}[KMGT]?) \((?:limit|max): (?P<limit>[\d.]{1,20}[KMGT]?)\)")
AGAIN = re.compile(r"restart counter is at (\d{1,9})")
STOPPED = re.compile(r"(?i)start request repeated too quickly|start-limit-hit|failed with result '([\w-]{1,40})'")
NODE = re.compile(r"^(?:Node|Host|Hostname|On):\s+(\S{1,253})")
JOURNAL = re.compile(r"^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d|-- )")
PROPERTY = re.compile(r"^([A-Z][A-Za-z]{1,60})=(.*)$")
SHOWN = ("ActiveState", "SubState", "LoadState", "UnitFileState", "Result", "NRestarts", "ExecMainStatus", "ExecMainCode", "MemoryCurrent", "MemoryMax", "TasksCurrent", "TasksMax", "LimitNOFILE")  # fmt: skip
"""Properties of `systemctl show` that are kept."""
SIGNALS = {"1": "exited", "2": "killed", "3": "dumped"}
"""ExecMainCode as the kernel's siginfo counts it."""
RESTARTS = 3
"""Restarts of a unit from which on it does not stay up."""
LOUD = 4.0
"""Level of an entry that is an error by its own word."""
NEAR = 0.95
"""Share of a unit's own limit from which on it is near."""


def status(reading: Reading, first: int, last: int) -> int:
    """Read the state of units; the log lines below a unit are read for faults."""
    subject, host = "", ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := NODE.match(line):
            host = found.group(1)
        if LISTED.match(line):
            _listed(reading, number, host)
        elif (named := UNIT.search(line)) and any(mark in line[:40] for mark in "●○×*↻"):
            name = _name(named.group(1), named.group(2), host)
            subject = reading.observe("unit", name, number, {"node": host, "what": named.group(3) or ""})
        else:
            _detail(reading, number, (subject, host))
    return last - first + 1


def _name(name: str, kind: str, host: str) -> str:
    """Return a unit's name: a service by itself, others with their kind, both with the host where it is known."""
    return name + ("" if kind == "service" else f".{kind}") + (f"@{host}" if host else "")


def _detail(reading: Reading, number: int, owner: tuple[str, str]) -> None:
    """Read a line below the head of a unit."""
    line, (subject, host) = reading.head(number), owner
    if state := ACTIVE.match(line):
        _unit(reading, number, owner, state.groups())
    elif loaded := LOADED.match(line):
        text = f"{subject} is not loaded: {loaded.group(1)}"
        reading.find(
            "unhealthy_object", subject, number, 2.0 if loaded.group(1) == "masked" else 3.5, text, reason=loaded.group(1)
        )
    elif ended := PROCESS.match(line):
        _ended(reading, number, subject, ended.groups())
    elif used := USED.match(line):
        _used(reading, number, subject, (used["what"].lower(), used["used"], used["limit"]))
    elif JOURNAL.match(line):
        _entry(reading, number, subject, host)


def _entry(reading: Reading, number: int, subject: str, host: str) -> None:
    """Read an entry of the journal: restarts that are counted, and words of a fault."""
    line = reading.head(number)
    if again := AGAIN.search(line):
        count = float(again.group(1))
        text = f"{subject or 'a unit'} was restarted {count:g} times"
        reading.find("restart", subject, number, 3.0 if count >= RESTARTS else 2.0, text, restarts=count, message=line.strip())
    elif stopped := STOPPED.search(line):
        facts: dict[str, Fact] = {"message": line.strip(), "reason": stopped.group(1) or "start-limit-hit", "node": host}
        reading.find("row", subject, number, 3.0, line, **facts)
    elif severity := telling.words(line):
        loud = (level_of(line) or 0.0) >= LOUD
        reading.find(
            "row", subject, number, severity if loud else severity - 1.0, line, message=line.strip(), unit=subject, node=host
        )


def _unit(reading: Reading, number: int, owner: tuple[str, str], state: tuple[str | None, ...]) -> None:
    subject, host = owner
    active, detail, since = (part or "" for part in state)
    kind, _, name = subject.partition("/")
    reading.observe(kind or "unit", name, number, {"active": active, "detail": detail, "since": since})
    if active == "active" and detail != "auto-restart":
        return
    severity = 4.0 if active in {"failed", "inactive", "activating", "deactivating"} else 3.5
    facts: dict[str, Fact] = {"status": active, "reason": detail, "node": host, "unit": name, "detail": f"{active} ({detail})"}
    if time := ages.date(re.sub(r"^[A-Z][a-z]{2} ", "", since).replace(" UTC", "+00:00")):
        facts["time"] = time
    reading.find("unhealthy_object", subject, number, severity, f"{subject} is {active} ({detail})", **facts)


def _ended(reading: Reading, number: int, subject: str, end: tuple[str | None, ...]) -> None:
    how, status = (part or "" for part in end)
    code = status.partition("/")[0]
    if code in {"0", ""}:
        return
    facts: dict[str, Fact] = {"reason": status, "code": how}
    if code.isdecimal():
        facts["exit_code"] = float(code)
    reading.find("exit", subject, number, 3.5, f"{subject} ended, {how}, status {status}", **facts)


def _used(reading: Reading, number: int, subject: str, said: tuple[str, str, str]) -> None:
    """Find a unit that is near the limit it was given."""
    what, (used, limit) = said[0], (amount(part) or 0.0 for part in said[1:])
    if limit and used >= NEAR * limit:
        text = f"{subject} uses {said[1]} of {said[2]} {what}"
        reading.find("resource", subject, number, 3.5, text, resource=what, used=used, limit=limit)


def _listed(reading: Reading, number: int, host: str) -> None:
    """Keep a row of a list; a unit that failed or is restarted again and again is told."""
    found = LISTED.match(reading.head(number))
    if not found:
        return
    fields = {"load": found["load"], "active": found["active"], "detail": found["sub"], "what": found["what"] or "", "node": host}
    subject = reading.observe("unit", _name(found["name"], found["type"], host), number, fields)
    detail = f"{found['active']} ({found['sub']})"
    facts: dict[str, Fact] = {
        "status": found["active"],
        "reason": found["sub"],
        "unit": found["name"],
        "detail": detail,
        "node": host,
    }
    if found["active"] == "failed" or found["sub"] == "auto-restart":
        reading.find(
            "unhealthy_object", subject, number, 4.0 if found["active"] == "failed" else 3.5, f"{subject} is {detail}", **facts
        )
    elif found["load"] in {"bad-setting", "error"}:
        reading.find("unhealthy_object", subject, number, 3.0, f"{subject} is not loaded: {found['load']}", **facts)
    elif found["load"] == "not-found":
        reading.find("reference", subject, number, 1.0, f"{subject} is wanted and not there", **facts)


def listed(reading: Reading, first: int, last: int) -> int:
    """Read the rows of `systemctl list-units` and of `--failed`."""
    rows = [n for n in range(first, last + 1) if LISTED.match(reading.head(n))]
    for number in rows:
        _listed(reading, number, "")
    ends = ("UNIT ", "LOAD ", "ACTIVE ", "SUB ", "To show all", "  UNIT ", "Legend:")
    told = [n for n in range(first, last + 1) if reading.head(n).startswith(ends) or "loaded units listed" in reading.head(n)]
    return len(rows) + len(told)


def show(reading: Reading, first: int, last: int) -> int:
    """Read the properties of units, blocks parted by blank lines."""
    block: dict[str, tuple[str, int]] = {}
    seen = 0
    for number in range(first, last + 2):
        found = PROPERTY.match(reading.head(number)) if number <= last else None
        if found:
            block[found.group(1)] = (found.group(2).strip(), number)
            seen += 1
        elif block and (number > last or not reading.head(number).strip()):
            _properties(reading, block)
            block = {}
    return seen


def _properties(reading: Reading, block: dict[str, tuple[str, int]]) -> None:
    """Judge the properties of one unit."""
    values = {name: value for name, (value, _) in block.items()}
    name = (values.get("Id") or values.get("Names", "").split(" ")[0]).removesuffix(".service")
    first = block["Id"][1] if "Id" in block else min(line for _, line in block.values())
    subject = reading.observe("unit", name, first, {key: values[key] for key in SHOWN if values.get(key)})
    active, detail = values.get("ActiveState", ""), values.get("SubState", "")
    if active == "failed" or detail == "auto-restart":
        facts: dict[str, Fact] = {"status": active, "reason": values.get("Result", detail), "unit": name}
        line = block.get("ActiveState", ("", first))[1]
        reading.find("unhealthy_object", subject, line, 4.0, f"{subject} is {active} ({detail})", **facts)
    if values.get("ExecMainStatus", "0") not in {"0", ""}:
        how = SIGNALS.get(values.get("ExecMainCode", ""), values.get("ExecMainCode", ""))
        _ended(reading, block["ExecMainStatus"][1], subject, (how, values["ExecMainStatus"]))
    count = values.get("NRestarts", "0")
    if count.isascii() and count.isdecimal() and int(count[:9]) >= RESTARTS:
        reading.find(
            "restart", subject, block["NRestarts"][1], 3.0, f"{subject} was restarted {count} times", restarts=float(count[:9])
        )
    for what, used, limit in (("memory", "MemoryCurrent", "MemoryMax"), ("tasks", "TasksCurrent", "TasksMax")):
        if values.get(used, "").isdecimal() and values.get(limit, "").isdecimal():
            _used(reading, block[used][1], subject, (what, values[used][:18], values[limit][:18]))
