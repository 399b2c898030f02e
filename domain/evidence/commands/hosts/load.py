"""How busy processors are: `uptime`, `w`, `/proc/loadavg`, `vmstat`, `mpstat`, `sar`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence.commands.ceilings import Ceiling, Sample, peaks
from domain.evidence.reading import Reading
from domain.evidence.structure import columns
from domain.evidence.structure.tables import Row

LOAD = re.compile(r"(?:load averages?|Load Avg): +([\d.,]{1,12}?),? +([\d.,]{1,12}?),? +([\d.,]{1,12})")
LOADAVG = re.compile(r"^(\d{1,9}\.\d\d) (\d{1,9}\.\d\d) (\d{1,9}\.\d\d) (\d{1,9})/(\d{1,9}) \d{1,12}$")
CORES = re.compile(r"^(?:CPU\(s\):\s+(\d{1,5})$|.{0,200}\((\d{1,5}) CPU\)\s*$)")
"""`lscpu`, and the banner of the sysstat tools."""
BANNER_LINES = 2_000
"""Lines in which the number of processors is looked for."""
BUSY, VERY_BUSY = 8.0, 32.0
"""Load from which on a machine of unknown size is worth a look."""
QUEUED, FLOODED = 2.0, 4.0
"""The same per processor."""
SHARES = (
    Ceiling(columns=("wa", "%iowait"), high=20, top=50, resource="iowait", says="{name} waits {value:g} % of its time for devices"),
    Ceiling(columns=("st", "%steal"), high=10, top=30, resource="steal", says="{value:g} % of the time of {name} is given to other guests"),
    Ceiling(columns=("id", "%idle"), high=5, top=1, resource="cpu", says="{name} is idle {value:g} % of the time", severities=(2.0, 2.5), below=True),
    Ceiling(columns=("%soft",), high=25, top=50, resource="softirq", says="{name} handles interrupts {value:g} % of the time"),
)  # fmt: skip
"""Of a processor's time: design values, a tenth to a half of it lost to something else than work."""
SWAPPING = (
    Ceiling(columns=("si", "pswpin/s"), high=100, top=1_000, resource="swap", says="{value:g} a second are swapped in"),
    Ceiling(columns=("so", "pswpout/s"), high=100, top=1_000, resource="swap", says="{value:g} a second are swapped out"),
    Ceiling(columns=("b", "blocked"), high=4, top=16, resource="blocked processes", says="{value:g} processes wait for devices"),
)
"""KiB per second in `vmstat`, pages in `sar -W`; steady hundreds mean that memory is too small."""
OTHERS = (
    Ceiling(columns=("%util",), high=90, top=98, resource="device", says="{name} is busy {value:g} % of the time", severities=(2.5, 3.0)),
    Ceiling(columns=("%ifutil",), high=80, top=95, resource="link", says="the link {name} is used to {value:g} %"),
    Ceiling(columns=("rxdrop/s", "txdrop/s"), high=1, top=100, resource="packets", says="{name} drops {value:g} packets a second"),
    Ceiling(columns=("rxerr/s", "txerr/s"), high=0.1, top=10, resource="packets", says="{name} has {value:g} broken packets a second"),
    Ceiling(columns=("%memused",), high=97, top=99.5, resource="memory", says="{value:g} % of memory is used", severities=(2.0, 2.5)),
    Ceiling(columns=("%swpused",), high=80, top=95, resource="swap", says="{value:g} % of swap is used", severities=(2.0, 2.5)),
    Ceiling(columns=("majflt/s",), high=100, top=1_000, resource="page faults", says="{value:g} pages a second are read back from disks"),
)  # fmt: skip
COUNTER = re.compile(r"^\s{1,12}(?P<count>\d{1,20}) (?:(?P<unit>[KMG]) )?(?P<what>[a-zA-Z][\w \-]{3,60})$")
"""A line of `vmstat -s`."""
FACT = re.compile(r"^(?P<name>[A-Za-z][\w ()\-/]{0,60}?)\s{0,40}:(?:\s+(?P<value>.{0,4000}))?$")
CLOCK = re.compile(r"^(\d\d:\d\d:\d\d(?: [AP]M)?|Average:)\s+(\S.*)$")
HEADS = frozenset({"CPU", "DEV", "IFACE", "kbmemfree", "kbmemused", "kbswpfree", "runq-sz", "tps", "pswpin/s", "pgpgin/s", "proc/s", "cswch/s", "UID", "PID", "totsck", "TTY", "dentunusd", "INTR", "BUS", "hugepages", "kbhugfree", "call/s"})  # fmt: skip
"""First column of a report of `sar`, `mpstat` or `pidstat` behind its clock."""
NAMED = ("CPU", "DEV", "IFACE", "Command")


def cores(reading: Reading) -> int:
    """Return how many processors the document says there are, 0 where it does not say."""
    for line in reading.lines[:BANNER_LINES]:
        if found := CORES.match(line[:400]):
            return int(found.group(1) or found.group(2))
    return 0


def uptime(reading: Reading, first: int, last: int) -> int:
    """Read the load, and who is signed in (`w`)."""
    seen, heads, processors = 0, False, cores(reading)
    for number in range(first, last + 1):
        line = reading.head(number)
        if (found := LOAD.search(line)) or (found := LOADAVG.match(line)):
            loaded(reading, number, tuple(part.replace(",", ".") for part in found.groups()[:3]), processors)
            seen += 1
        elif line.startswith("USER ") and "IDLE" in line:
            heads, seen = True, seen + 1
        elif heads and len(words := line.split(None, 3)) > 3:
            reading.observe(
                "session", f"{words[0]}@{words[1]}", number, {"user": words[0], "terminal": words[1], "from": words[2]}
            )
            seen += 1
    return seen


def loaded(reading: Reading, number: int, said: tuple[str, ...], processors: int) -> None:
    """Judge the load by the number of processors; 0 where that is not known."""
    averages = [float(part) for part in said if part.count(".") <= 1 and part.strip(".")]
    if not averages:
        return
    load = averages[0]
    reading.observe("load", "average", number, dict(zip(("1m", "5m", "15m"), said, strict=False)))
    high, top = (QUEUED * processors, FLOODED * processors) if processors else (BUSY, VERY_BUSY)
    severity = 0.5 if load < high else 2.5 if load < top else 3.0
    text = f"load average {load:g}" + (f" on {processors} processors" if processors else "")
    reading.find("resource", "", number, severity, text, resource="load", used=load)


def counters(reading: Reading, first: int, last: int) -> int:
    """Read `vmstat -s`: one object per counter."""
    seen = 0
    for number in range(first, last + 1):
        if found := COUNTER.match(reading.head(number)):
            reading.observe("counter", found["what"].strip(), number, {"count": found["count"], "unit": found["unit"] or ""})
            seen += 1
    return seen


def processors(reading: Reading, first: int, last: int) -> int:
    """Read `lscpu` and `/proc/cpuinfo`: facts of all processors, or of each."""
    seen, processor = 0, ""
    for number in range(first, last + 1):
        if found := FACT.match(reading.head(number)):
            name, value = found["name"].strip(), (found["value"] or "").strip()
            processor = value if name == "processor" else processor
            reading.observe("cpu", f"{processor}:{name}".lstrip(":"), number, {"value": value[:300]})
            seen += 1
    return seen


def vmstat(reading: Reading, first: int, last: int) -> int:
    """Read run queue, swapping and processor time, sample by sample; the first sample is the mean since the start."""
    rows = list(columns.rows(reading.lines, (first, last), frozenset({"r", "b", "swpd"})))
    samples = [
        Sample(reading.observe("sample", f"vmstat#{n}", row.line, dict(row.cells)), "the processor", row)
        for n, row in enumerate(rows, 1)
    ]
    whole = [sample._replace(subject="") for sample in samples]
    limit = cores(reading) or BUSY / QUEUED
    queue = Ceiling(columns=("r",), high=QUEUED * limit, top=FLOODED * limit, resource="run queue", says="{value:g} processes wait for a processor", severities=(2.0, 3.0))  # fmt: skip
    peaks(reading, whole, (*SHARES[:3], *SWAPPING, queue))
    return len(rows) + len([n for n in range(first, last + 1) if reading.head(n).startswith(("procs", " r  b"))])


def activity(reading: Reading, first: int, last: int) -> int:
    """Read the reports of `sar`, `mpstat` and `pidstat`: every row is a sample of a processor, device or link."""
    samples = list(_clocked(reading, first, last))
    peaks(reading, samples, (*SHARES, *SWAPPING, *OTHERS))
    heads = sum(
        bool((found := CLOCK.match(reading.head(n))) and found.group(2).split()[0] in HEADS) for n in range(first, last + 1)
    )
    return len(samples) + heads + sum(reading.head(n).startswith("Linux ") for n in range(first, last + 1))


def _clocked(reading: Reading, first: int, last: int) -> Iterator[Sample]:
    """Yield the rows behind a clock, under the head behind one."""
    names: list[str] = []
    for number in range(first, last + 1):
        found = CLOCK.match(reading.head(number))
        words = found.group(2).split() if found else []
        if not found or words[0] in HEADS:
            names = words or names
        elif len(words) >= len(names) > 0:
            row = Row(line=number, cells=dict(zip(names, words, strict=False)))
            yield _sample(reading, row, found.group(1))


def _sample(reading: Reading, row: Row, clock: str) -> Sample:
    """Keep one sample, known by its first number, what it is about and when."""
    column = next((one for one in NAMED if one in row.cells), "")
    name = row.get(column) if column else "the host"
    number = next((one for one in row.cells if one not in NAMED), "")
    reading.observe("sample", f"{number}:{row.get(column)}@{clock.rstrip(':')}", row.line, dict(row.cells))
    kind = {"CPU": "cpu", "DEV": "device", "IFACE": "link", "Command": "process"}.get(column, "")
    shown = "the processor" if name == "all" else f"processor {name}" if column == "CPU" else name
    return Sample(f"{kind}/{name}" if kind and name != "all" else "", shown, row)
