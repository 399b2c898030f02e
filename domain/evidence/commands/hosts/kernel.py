"""What the kernel says: its messages (`dmesg`) and its settings with what is used of them (`sysctl`)."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

FAULT = re.compile(
    r"(?i)out of memory|oom-kill|killed process|i/o error|remount(?:ing|ed)[^|]{0,80}read-only|segfault|general protection|hung task"
    r"|blocked for more than|link is (?:not ready|down)|nf_conntrack: (?:nf_conntrack: )?table full|(?:soft|hard) lockup|mce:|machine check|hardware error"
    r"|(?:ext[234]|xfs|btrfs)[^:]{0,40}(?:error|corrupt)|medium error|uncorrectable|edac |aer: |call trace|kernel panic|kernel bug|oops:"
    r"|possible syn flooding|neighbou?r table overflow|temperature above threshold|rcu[^:]{0,20}: .{0,60}stall|page allocation failure"
    r"|nvme[^:]{0,20}: .{0,60}(?:timeout|reset)|ata\d.{0,40}(?:exception|failed)|not responding|memory cgroup out of"
)
GRAVE = re.compile(
    r"(?i)out of memory|killed process|oom-kill|i/o error|read-only|medium error|uncorrectable|hardware error|kernel panic|corrupt|machine check"
)
NOTED = re.compile(r"(?i)link is not ready|call trace|mce: cpu\d+: thermal|registered|enabled|initiali[sz]ed|supported|decoding")
"""Words of a fault in what is said at every start."""
KILLED = re.compile(r"(?i)killed process (?P<pid>\d{1,9})[ ,]+\(?(?P<name>[^),]{1,80})")
DEVICE = re.compile(
    r"\b(?:dev|device|disk) (?P<device>[a-z]{2,6}\d{0,3}[a-z]?\d{0,3}|nvme\w{1,12}|dm-\d{1,3})\b|\((?P<named>[a-z]{2,5}\d{0,4}|dm-\d{1,3})\)"
)
MOST = 100
"""Lines of the kernel that are kept."""
SETTING = re.compile(r"^(?P<key>[a-z]\w{0,40}[./][\w\-.@:/]{1,300})\s?=\s?(?P<value>.*)$")
USES: tuple[tuple[str, str, str], ...] = (
    ("net.netfilter.nf_conntrack_count", "net.netfilter.nf_conntrack_max", "tracked connections"),
    ("fs.aio-nr", "fs.aio-max-nr", "asynchronous requests"),
)
"""What is used, what may be, and its name."""
NEAR = 0.9
"""Share of a limit from which on it is near."""


def messages(reading: Reading, first: int, last: int) -> int:
    """Read kernel messages that name broken hardware, memory or network."""
    kept = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if FAULT.search(line) and not NOTED.search(line) and kept < MOST:
            kept += 1
            _fault(reading, number, line)
    return last - first + 1


def _fault(reading: Reading, number: int, line: str) -> None:
    facts: dict[str, Fact] = {"message": line.strip(), "source": "kernel"}
    subject = ""
    if killed := KILLED.search(line):
        subject = f"process/{killed['name'].strip()}[{killed['pid']}]".lower()
        facts |= {"process": killed["name"].strip(), "reason": "out of memory"}
    elif device := DEVICE.search(line):
        facts["device"] = device["device"] or device["named"]
    reading.find("row", subject, number, 5.0 if GRAVE.search(line) else 4.0, line, **facts)


def settings(reading: Reading, first: int, last: int) -> int:
    """Read settings: one object each; counters that are near their limit are told."""
    found: dict[str, tuple[str, int]] = {}
    for number in range(first, last + 1):
        if said := SETTING.match(reading.head(number)):
            key = said["key"].replace("/", ".")
            found.setdefault(key, (said["value"].strip(), number))
            reading.observe("setting", key, number, {"value": said["value"].strip()[:300]})
    for used, limit, what in USES:
        if used in found and limit in found:
            _near(reading, found[used][1], what, (found[used][0], found[limit][0]))
    if "fs.file-nr" in found and len(parts := found["fs.file-nr"][0].split()) == 3:
        _near(reading, found["fs.file-nr"][1], "open files", (parts[0], parts[2]))
    return len(found)


def _near(reading: Reading, number: int, what: str, said: tuple[str, str]) -> None:
    if not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in said):
        return
    used, limit = map(float, said)
    if limit and used >= NEAR * limit:
        text = f"{used:g} of {limit:g} {what} are used"
        reading.find("resource", "", number, 4.0 if used >= limit else 3.5, text, resource=what, used=used, limit=limit)
