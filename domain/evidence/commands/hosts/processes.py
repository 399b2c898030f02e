"""Processes: `ps` in every layout, `top` of Linux and macOS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from domain.evidence.commands.ceilings import Ceiling, Sample, peaks
from domain.evidence.commands.hosts import load
from domain.evidence.commands.rows import apart
from domain.evidence.reading import Reading
from domain.evidence.structure import columns
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

LAST = ("COMMAND", "CMD", "ARGS")
"""Columns that end a table and hold blanks."""
COMMANDS = (*LAST, "COMM", "UCMD", "EXE")
DAYS = frozenset({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})
STATES = ("STAT", "S", "STATE")
STATE = re.compile(r"^[DRSTtWXZIPUN][<NLsl+W]{0,5}$")
TASKS = re.compile(r"^(?:Tasks|Threads): *(\d{1,9}) total.{0,200}?(\d{1,9}) zombie")
SHARE = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)[% ]\s?(us|sy|id|wa|st|si|user|sys|idle)\b")
MEMORY = re.compile(
    r"^(?:[KMGT]iB )?(Mem|Swap)\s?:\s*([\d.,]{1,20}?)[km+]? (?:\+?)total,\s*([\d.,]{1,20}?)[km+]? (?:\+?)(free|used)"
)
AVAILABLE = re.compile(r"([\d.,]{1,20})[km+]? (?:\+?)avail Mem")
PHYSICAL = re.compile(r"^PhysMem: ([\d.]{1,12}[KMGT]) used.{0,200}?, ([\d.]{1,12}[KMGT]) unused")
"""`top` of macOS."""
SHORT = 0.05
"""Share of free memory below which a host is short of it."""
CEILINGS = (
    Ceiling(columns=("%CPU", "CPU", "C"), high=80, top=1e9, resource="cpu", says="{name} takes {value:g} % cpu"),
    Ceiling(columns=("%MEM", "MEM%"), high=80, top=1e9, resource="memory", says="{name} takes {value:g} % memory"),
)
"""A process may take more than 100 % on several processors: worth a look, whatever its size."""


def read(reading: Reading, first: int, last: int) -> int:
    """Read load, memory and processor time above the processes, and the processes."""
    processors = load.cores(reading)
    above = sum(_summary(reading, number, processors) for number in range(first, last + 1))
    rows = list(_rows(reading, first, last))
    samples = [Sample(_process(reading, row, first), _command(row), row) for row, _ in rows]
    peaks(reading, samples, CEILINGS)
    return above + len(rows) + len({table for _, table in rows})


def _summary(reading: Reading, number: int, processors: int) -> bool:
    """Read a line above the processes."""
    line = reading.head(number)
    if found := load.LOAD.search(line):
        load.loaded(reading, number, tuple(part.replace(",", ".") for part in found.groups()), processors)
    elif found := TASKS.match(line):
        _tasks(reading, number, found.groups())
    elif line.startswith(("%Cpu", "Cpu(s)", "CPU usage")):
        _time(reading, number, line)
    elif found := MEMORY.match(line):
        _memory(reading, number, found.groups())
    elif found := PHYSICAL.match(line):
        _pressed(reading, number, *(amount(part) or 0.0 for part in found.groups()))
    else:
        return False
    return True


def _tasks(reading: Reading, number: int, said: tuple[str, ...]) -> None:
    total, zombies = said
    reading.observe("tasks", "all", number, {"total": total, "zombies": zombies})
    if int(zombies[:9]):
        text = f"{zombies} zombies wait for their parents"
        reading.find("row", "", number, 1.5 if int(zombies[:9]) < 50 else 2.5, text, resource="zombies", used=float(zombies))


def _time(reading: Reading, number: int, line: str) -> None:
    """Judge the shares of a processor's time as those of `vmstat`."""
    names = {"user": "us", "sys": "sy", "idle": "id"}
    shares = {names.get(name, name): share.replace(",", ".") for share, name in SHARE.findall(line)}
    who = line.split(":", maxsplit=1)[0].split(maxsplit=1)[0].strip("%").lower()
    shown = "the processor" if who in {"cpu(s)", "cpu"} else f"processor {who.removeprefix('cpu')}"
    subject = reading.observe("cpu", "all" if shown == "the processor" else who.removeprefix("cpu"), number, shares)
    row = Row(line=number, cells=shares)
    peaks(reading, [Sample("" if shown == "the processor" else subject, shown, row)], load.SHARES)


def _memory(reading: Reading, number: int, said: tuple[str, ...]) -> None:
    """Read a line of memory or swap; older tops count caches as used, which the next line tells."""
    kind, total, first, word = said
    whole, part = (
        float(text.replace(",", ".")) if text.count(".") + text.count(",") == 1 or text.isdecimal() else 0.0
        for text in (total, first)
    )
    free = part if word == "free" else whole - part
    reading.observe("memory", kind, number, {"total": total, "free": f"{free:g}"})
    available = AVAILABLE.search(reading.head(number + 1))
    left = float(available.group(1).replace(",", ".")) if available and available.group(1).count(".") <= 1 else free
    if kind == "Mem":
        _pressed(reading, number, whole - left, left)


def _pressed(reading: Reading, number: int, used: float, left: float) -> None:
    if used + left > 0 and left / (used + left) < SHORT:
        text = f"{left:g} of {used + left:g} memory is free"
        reading.find("resource", "", number, 2.5, text, resource="memory", used=used, limit=used + left)


def _rows(reading: Reading, first: int, last: int) -> Iterator[tuple[Row, int]]:
    """Yield the rows of every table with its number."""
    names: list[str] = []
    table = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        words = line.split()
        if "PID" in words and any(word in COMMANDS for word in words):
            names, table = words, table + 1
        elif names and len(words) >= 2 and (cells := _cells(line, names)):
            yield Row(line=number, cells=cells), table
        elif not words:
            names = []


def _cells(line: str, names: list[str]) -> Mapping[str, str]:
    """Return the cells of a process; a long start time has five words, an old one of `ps` two."""
    if "STARTED" in names and len(words := line.split()) > (at := names.index("STARTED")) and words[at] in DAYS:
        joined = [*words[:at], "_".join(words[at : at + 5]), *words[at + 5 :]]
        line = " ".join(joined)
    return columns.cells(line, names, least=len(names) - 1) if _numbered(line, names) else {}


def _numbered(line: str, names: list[str]) -> bool:
    words, at = line.split(), names.index("PID")
    return len(words) > at and words[at].isdecimal()


def _command(row: Row) -> str:
    """Return the command line without the branches of a forest."""
    return row.get(*COMMANDS).lstrip("\\_|` -")


def _process(reading: Reading, row: Row, first: int) -> str:
    """Keep one process; one that is dead or waits for a device is told."""
    command, state = _command(row), next((row.cells[c] for c in STATES if STATE.match(row.cells.get(c, ""))), "")
    word = command.split(" ")[0]
    name = word.rpartition("/")[2] if word.startswith(("/", "./")) else word.strip("[]").rstrip(":")
    fields = {"command": command[:300], "state": state, "user": row.get("USER", "UID"), "parent": row.get("PPID")}
    fields |= {
        "cpu_percent": row.get("%CPU"),
        "memory_percent": row.get("%MEM"),
        "resident": row.get("RSS", "RES"),
        "waits_in": row.get("WCHAN"),
    }
    name = apart(reading, "process", f"{name[:80]}[{row.get('PID')}]", (first, row.line))
    subject = reading.observe("process", name, row.line, fields)
    dead = state.startswith("Z") or (not state and "<defunct>" in command)
    if dead or state.startswith(("D", "U")):
        what = "a zombie" if dead else "in uninterruptible wait"
        reading.find("row", subject, row.line, 2.0, f"{command} is {what}", state=state, command=command)
    return subject
