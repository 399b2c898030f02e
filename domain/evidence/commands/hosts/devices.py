"""Block devices: how busy they are (`iostat`, `vmstat -d`), what they hold (`lsblk`), where they are mounted (`mount`, `findmnt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence.commands.ceilings import Ceiling, Sample, peaks
from domain.evidence.commands.hosts.load import SHARES
from domain.evidence.commands.rows import apart
from domain.evidence.reading import Reading
from domain.evidence.structure import columns
from domain.evidence.structure.tables import Row

CEILINGS = (
    Ceiling(columns=("%util",), high=90, top=98, resource="device", says="{name} is busy {value:g} % of the time"),
    Ceiling(columns=("await", "r_await"), high=50, top=200, resource="device latency", says="a read of {name} takes {value:g} ms"),
    Ceiling(columns=("w_await",), high=50, top=200, resource="device latency", says="a write of {name} takes {value:g} ms"),
    Ceiling(columns=("aqu-sz", "avgqu-sz"), high=16, top=64, resource="device queue", says="{value:g} requests wait for {name}", severities=(2.0, 2.5)),
)  # fmt: skip
"""A spinning disk answers in some 10 ms; tens of milliseconds mean that requests wait."""
MOUNT = re.compile(r"^(?P<device>\S+) on (?P<mount>/[^()]{0,1000}?) (?:type (?P<type>\S+) )?\((?P<options>[^()]{0,2000})\)$")
PROC = re.compile(r"^(?P<device>\S+) (?P<mount>/\S*) (?P<type>\S+) (?P<options>r[ow]\S*) \d \d$")
"""`mount`, and `/proc/mounts`."""
WRITABLE = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "nfs", "nfs4", "cifs", "vfat"})
"""File systems that people write to; others are often read-only by design."""
COLUMNS = ["TARGET", "SOURCE", "FSTYPE", "OPTIONS"]
"""Of `findmnt`."""
TREE = "├└│─ `|-"


def iostat(reading: Reading, first: int, last: int) -> int:
    """Read the reports of `iostat`; the first one is the mean since the start."""
    rows = list(_reports(reading, first, last))
    peaks(reading, (one for one in rows if one.subject), CEILINGS)
    peaks(reading, (one for one in rows if not one.subject), SHARES)
    heads = sum(reading.head(n).startswith(("Device", "avg-cpu", "Linux ")) for n in range(first, last + 1))
    return len(rows) + heads


def _reports(reading: Reading, first: int, last: int) -> Iterator[Sample]:
    names: list[str] = []
    reports = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if line.startswith(("Device", "avg-cpu:")):
            names = columns.heads(line.replace("avg-cpu:", "avg-cpu: "))
            reports += line.startswith("Device")
        elif cells := columns.cells("- " + line if names[:1] == ["avg-cpu:"] else line, names):
            row = Row(line=number, cells=cells)
            yield _processor(reading, row, reports + 1) if "avg-cpu:" in cells else _device(reading, row, max(1, reports))
        if not line.strip():
            names = []


def _processor(reading: Reading, row: Row, report: int) -> Sample:
    reading.observe("sample", f"avg-cpu#{report}", row.line, {k: v for k, v in row.cells.items() if k != "avg-cpu:"})
    return Sample("", "the processor", row)


def _device(reading: Reading, row: Row, report: int) -> Sample:
    name = next(iter(row.cells.values())).rstrip(":")
    reading.observe("device", name + (f"#{report}" if report > 1 else ""), row.line, dict(row.cells))
    return Sample(f"device/{name}".lower(), name, row)


def counts(reading: Reading, first: int, last: int) -> int:
    """Read `vmstat -d`: what every device has done since the start."""
    seen = 0
    for number in range(first, last + 1):
        words = reading.head(number).split()
        if len(words) == 11 and all(word.isdigit() for word in words[1:]):
            fields = {"reads": words[1], "read_ms": words[4], "writes": words[5], "write_ms": words[8], "pending": words[9]}
            reading.observe("device", words[0], number, fields)
            seen += 1
    return seen + 2 if seen else 0


def lsblk(reading: Reading, first: int, last: int) -> int:
    """Read the tree of devices; a read-only disk that is mounted is told."""
    header = next((n for n in range(first, last + 1) if reading.head(n).lstrip().startswith("NAME ")), 0)
    names = reading.head(header).split() if header else []
    seen = 0
    for number in range(header + 1, last + 1) if header else ():
        words = reading.head(number).lstrip(TREE).split()
        if not words:
            continue
        seen += 1
        row = Row(line=number, cells=dict(zip(names, words, strict=False)))
        subject = reading.observe("device", row.get("NAME"), number, dict(row.cells))
        if row.get("RO") == "1" and row.get("TYPE") in {"disk", "part", "lvm"}:
            reading.find("row", subject, number, 2.0, f"{row.get('NAME')} is read-only", resource="device", value="ro")
    return seen + 1 if header else 0


def mounts(reading: Reading, first: int, last: int) -> int:
    """Read what is mounted where; what the kernel made read-only is told."""
    seen = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := MOUNT.match(line) or PROC.match(line):
            seen += 1
            _mounted(reading, (first, number), (found["device"], found["mount"], found["type"] or "", found["options"]))
    return seen


def findmnt(reading: Reading, first: int, last: int) -> int:
    """Read the tree or list of mounts."""
    header = next((n for n in range(first, last + 1) if reading.head(n).split() == COLUMNS), 0)
    seen = 0
    for number in range(header + 1, last + 1) if header else ():
        words = reading.head(number).lstrip(TREE).split()
        if len(words) >= len(COLUMNS):
            seen += 1
            _mounted(reading, (first, number), (words[-3], " ".join(words[:-3]), words[-2], words[-1]))
    return seen + 1 if header else 0


def _mounted(reading: Reading, rows: tuple[int, int], said: tuple[str, str, str, str]) -> None:
    number, (device, mount, kind, options) = rows[1], said
    subject = reading.observe(
        "filesystem", apart(reading, "filesystem", mount, rows), number, {"device": device, "type": kind, "options": options}
    )
    flags = options.replace(" ", "").split(",")
    if kind not in WRITABLE or not {"ro", "read-only", "emergency_ro"} & set(flags):
        return
    forced = "emergency_ro" in flags or "errors=remount-ro" in flags
    text = f"{mount} is mounted read-only" + (", as it is after disk errors" if forced else "")
    reading.find("row", subject, number, 3.5 if forced else 2.0, text, resource="filesystem", value="ro", device=device)
