"""Block devices: how busy they are (`iostat`, `vmstat -d`), what they hold (`lsblk`), where they are mounted (`mount`, `findmnt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from domain.evidence.commands.ceilings import Ceiling, Sample, peaks
from domain.evidence.commands.hosts import disks
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
WORD = re.compile(r"\S+")


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
        if len(words) == 11 and all(word.isdecimal() for word in words[1:]):
            fields = {"reads": words[1], "read_ms": words[4], "writes": words[5], "write_ms": words[8], "pending": words[9]}
            reading.observe("device", words[0], number, fields)
            seen += 1
    return seen + 2 if seen else 0


def lsblk(reading: Reading, first: int, last: int) -> int:
    """Read the tree of devices; a read-only disk and a full file system are told."""
    header = next((n for n in range(first, last + 1) if reading.head(n).lstrip().startswith("NAME ")), 0)
    heads = [(name.group(), name.start()) for name in WORD.finditer(reading.head(header))] if header else []
    seen = 0
    for number in range(header + 1, last + 1) if header else ():
        row = Row(line=number, cells=_below(reading.head(number), heads))
        name = row.get("NAME").lstrip(TREE)
        seen += bool(row.cells)
        if name:
            _block(reading, row, name)
    return seen + 1 if header else 0


def _below(line: str, heads: list[tuple[str, int]]) -> Mapping[str, str]:
    """Return the cells of a row of which some may be empty: a word stands below the beginning or the end of its column's name.

    One that stands below neither was pushed aside by what is wide and belongs to the next column.
    """
    found: dict[str, str] = {}
    indent = len(line) - len(line.lstrip(TREE))
    rest = heads
    for word in WORD.finditer(line, indent):
        edges = (n for n, (name, at) in enumerate(rest) if at == word.start() or at + len(name) == word.end())
        place = next(edges, 0)
        if rest:
            found[rest[place][0]] = word.group()
        rest = rest[place + 1 :]
    return found


def _block(reading: Reading, row: Row, name: str) -> None:
    """Keep a block device."""
    subject = reading.observe("device", name, row.line, {**row.cells, "NAME": name})
    if row.get("RO") == "1" and row.get("TYPE") in {"disk", "part", "lvm"}:
        reading.find("row", subject, row.line, 2.0, f"{name} is read-only", resource="device", value="ro")
    share = row.get("FSUSE%")
    if disks.PERCENT.match(share) and row.get("FSTYPE") in WRITABLE:
        disks.full(reading, (subject, row.line), row.get("MOUNTPOINTS", "MOUNTPOINT") or name, float(share[:-1]))


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
