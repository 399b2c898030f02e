"""Hosts: services, disks, memory, processes and the kernel's messages."""

from __future__ import annotations

import re

from domain.evidence import ages, telling
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

UNIT = re.compile(r"(?:[●○×*↻] |^)([\w@.\-\\:]+)\.(service|socket|timer|mount|target|slice|path)\b(?: - (.*))?")
ACTIVE = re.compile(r"^\s+Active: (\w+) \(([^)]*)\)(?: since (.*?))?(?:;.*)?$")
PROCESS = re.compile(r"^\s+(?:Main PID|Process): .*\(code=(\w+), (?:status|signal)=(\S+?)\)")
NODE = re.compile(r"^(?:Node|Host|Hostname|On):\s+(\S+)")
FULL, TIGHT = 95.0, 90.0
"""Percent of a disk at which it is full, and nearly so."""
KERNEL = re.compile(
    r"(?i)out of memory|oom-kill|killed process|i/o error|remount(?:ing|ed).*read-only|segfault|hung task|blocked for more than|link is down|nf_conntrack: table full|soft lockup|mce:|ext4-fs error"
)


def systemctl(reading: Reading, first: int, last: int) -> int:
    """Read the state of units; the log lines below a unit are read for faults."""
    subject, host = "", ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := NODE.match(line):
            host = found.group(1)
        if (named := UNIT.search(line)) and any(mark in line[:40] for mark in "●○×*↻"):
            subject = reading.observe(
                "unit", named.group(1) + (f"@{host}" if host else ""), number, {"node": host, "what": named.group(3) or ""}
            )
        elif state := ACTIVE.match(line):
            _unit(reading, number, (subject, host), state.groups())
        elif ended := PROCESS.match(line):
            _ended(reading, number, subject, ended.groups())
        elif ages_line(line) and (severity := telling.words(line)):
            reading.find("row", subject, number, severity - 1.0, line, message=line.strip(), unit=subject, node=host)
    return last - first + 1


def ages_line(line: str) -> bool:
    """Return whether a line is an entry of the journal."""
    return bool(re.match(r"^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d|-- )", line))


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
    if code.isdigit():
        facts["exit_code"] = float(code)
    reading.find("exit", subject, number, 3.5, f"{subject} ended, {how}, status {status}", **facts)


def df(reading: Reading, first: int, last: int) -> int:
    """Read how full the file systems are, by bytes or by inodes."""
    seen = 0
    what = "inodes" if any("IUse%" in reading.line(n) for n in range(first, last + 1)) else "disk"
    for number in range(first, last + 1):
        found = re.match(r"^(\S.*?)\s+\S+\s+\S+\s+\S+\s+(\d+)%\s+(/\S*)", reading.head(number))
        if not found:
            continue
        device, used, mount = found.group(1), float(found.group(2)), found.group(3)
        seen += 1
        subject = reading.observe("filesystem", mount, number, {"device": device, "used_percent": found.group(2)})
        if used >= TIGHT:
            severity = 4.0 if used >= FULL else 3.0
            facts: dict[str, Fact] = {"resource": what, "used": used, "limit": 100.0, "mount": mount}
            reading.find("resource", subject, number, severity, f"{mount} is {used:g} % full of {what}", **facts)
    return seen + 1


def free(reading: Reading, first: int, last: int) -> int:
    """Read how much memory and swap are left."""
    heads: list[str] = []
    for number in range(first, last + 1):
        cells = reading.head(number).split()
        if cells[:1] == ["total"]:
            heads = cells
        elif heads and cells and cells[0] in {"Mem:", "Swap:"}:
            row = dict(zip(heads, cells[1:], strict=False))
            total, left = amount(row.get("total", "")) or 0.0, amount(row.get("available", row.get("free", ""))) or 0.0
            if total > 0 and left / total < 0.1:
                what = "memory" if cells[0] == "Mem:" else "swap"
                severity = 3.5 if what == "memory" else 2.0
                text = f"{left / total:.0%} of {what} is left"
                reading.find("resource", "", number, severity, text, resource=what, used=total - left, limit=total)
    return last - first + 1


def processes(reading: Reading, first: int, last: int) -> int:
    """Read `ps` and `top`: load, and processes that take most, wait or are dead."""
    header = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if re.search(r"\bPID\b.*\b(?:COMMAND|CMD)\b", line):
            header = number
        elif found := re.search(r"load average: ([\d.]+)", line):
            load = float(found.group(1))
            reading.find("resource", "", number, 2.5 if load >= 8 else 0.5, f"load average {load:g}", resource="load", used=load)
        elif found := re.match(r"^(?:[KMG]iB )?Mem\s*:\s*([\d.]+)[km]? total,\s*([\d.]+)[km]? free", line):
            _memory(reading, number, (float(found.group(1)), float(found.group(2))))
    heads = reading.line(header).split()
    for number in range(header + 1, last + 1) if header else ():
        cells = reading.head(number).split(None, len(heads) - 1)
        if len(cells) == len(heads):
            _process(reading, Row(line=number, cells=dict(zip(heads, cells, strict=True))))
    return last - first + 1


def _memory(reading: Reading, number: int, memory: tuple[float, float]) -> None:
    total, left = memory
    if total and left / total < 0.05:
        text = f"{left:g} of {total:g} memory is free"
        reading.find("resource", "", number, 2.5, text, resource="memory", used=total - left, limit=total)


def _process(reading: Reading, row: Row) -> None:
    """Find processes that are dead, wait for a device, or take most of the machine."""
    command, state = row.get("COMMAND", "CMD"), row.get("STAT", "S")
    subject = f"process/{command[:80]}"
    if state[:1] in {"Z", "D"}:
        what = "a zombie" if state.startswith("Z") else "in uninterruptible wait"
        reading.find("row", subject, row.line, 2.0, f"{command} is {what}", state=state, command=command)
    for column in ("%CPU", "%MEM"):
        used = amount(row.get(column)) or 0.0
        if used >= 80:
            what = "cpu" if column == "%CPU" else "memory"
            reading.find(
                "resource",
                subject,
                row.line,
                2.5,
                f"{command} takes {used:g} % {what}",
                resource=what,
                used=used,
                command=command,
            )


def kernel(reading: Reading, first: int, last: int) -> int:
    """Read kernel messages that name broken hardware, memory or network."""
    for number in range(first, last + 1):
        line = reading.head(number)
        if KERNEL.search(line) and len(reading.findings) < 100:
            severity = 5.0 if re.search(r"(?i)out of memory|killed process|i/o error|read-only", line) else 4.0
            reading.find("row", "", number, severity, line, message=line.strip(), source="kernel")
    return last - first + 1
