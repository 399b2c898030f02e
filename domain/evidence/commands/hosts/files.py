"""What processes hold open and how much they may: `lsof`, `ulimit -a`, `/proc/<pid>/limits`."""

from __future__ import annotations

import re

from domain.evidence.commands.rows import apart
from domain.evidence.reading import Fact, Reading

ULIMIT = re.compile(
    r"^(?P<name>[a-zA-Z][a-zA-Z ()\-]{2,60}?)\s{0,40}\((?:(?P<unit>[\w\- ]{1,40}), )?-(?P<flag>[a-zA-Z])\)\s+(?P<value>\d{1,19}|unlimited)$"
)
LIMIT = re.compile(
    r"^(?P<name>Max [a-z ]{3,30}?)\s{2,}(?P<soft>\d{1,19}|unlimited)\s+(?P<hard>\d{1,19}|unlimited)(?:\s+(?P<unit>\w{1,20}))?\s*$"
)
NEAR = 0.9
"""Share of a limit from which on it is near."""
MANY = 1_000
"""Open files of one process that are worth a look: the usual soft limit is 1,024."""
HELD = float(1 << 30)
"""Bytes of deleted files from which on they explain a full disk."""
LEFT_OPEN = 10
"""Half-closed sockets of one process that are no coincidence."""


def limits(reading: Reading, first: int, last: int) -> int:
    """Read the limits of a shell or of a process."""
    seen = 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := ULIMIT.match(line):
            reading.observe("limit", found["name"].strip(), number, {"soft": found["value"], "unit": found["unit"] or ""})
        elif found := LIMIT.match(line):
            fields = {"soft": found["soft"], "hard": found["hard"], "unit": found["unit"] or ""}
            reading.observe("limit", found["name"].removeprefix("Max ").strip(), number, fields)
        elif not line.startswith("Limit "):
            continue
        seen += 1
    return seen


def lsof(reading: Reading, first: int, last: int) -> int:
    """Read open files: how many each process holds, deleted ones, half-closed sockets."""
    held: dict[str, list[int]] = {}
    deleted: dict[str, list[tuple[int, float]]] = {}
    closing: dict[str, list[int]] = {}
    seen = 0
    for number, name, row in _rows(reading, first, last):
        seen += 1
        owner = f"{row['COMMAND']}[{row['PID']}]"
        key = apart(reading, "open", f"{row['PID']}:{row['FD']}:{name or number}"[:300], (first, number))
        reading.observe(
            "open",
            key,
            number,
            {"command": row["COMMAND"], "type": row["TYPE"], "name": name[:300]},
        )
        if row["FD"][:1].isdecimal():
            held.setdefault(owner, []).append(number)
        if name.endswith("(deleted)") and row["TYPE"] == "REG":
            deleted.setdefault(owner, []).append((number, float(row.get("SIZE", "0"))))
        if name.endswith("(CLOSE_WAIT)"):
            closing.setdefault(owner, []).append(number)
    _held(reading, held)
    _left(reading, deleted, closing)
    return seen + 1 if seen else 0


def _rows(reading: Reading, first: int, last: int) -> list[tuple[int, str, dict[str, str]]]:
    """Return (line, name, cells) of each open file; a kind without a size has one column less."""
    names: list[str] = []
    found: list[tuple[int, str, dict[str, str]]] = []
    for number in range(first, last + 1):
        line = reading.head(number)
        if line.startswith("COMMAND ") and "FD" in line.split():
            names = line.split()
        elif names and (cells := _cells(line, names)):
            found.append((number, cells.pop("NAME"), cells))
    return found


def _cells(line: str, names: list[str]) -> dict[str, str]:
    """Return the cells of one open file; between user and descriptor nothing is missing, behind the device something may be."""
    words = line.split()
    at = names.index("FD") - ("TID" in names) - ("TASKCMD" in names)
    threads = len(words) > 3 and words[2].isdecimal() and "TID" in names
    at += 2 * threads if "TASKCMD" in names else threads
    if len(words) < at + 3 or not words[1].isdecimal():
        return {}
    rest = words[at + 2 :]
    size = next((word for word in rest[1:3] if word.isdecimal()), "0")
    name = " ".join(rest[3:] if len(rest) > 3 else rest[-1:])
    return {"COMMAND": words[0], "PID": words[1], "FD": words[at], "TYPE": words[at + 1], "SIZE": size[:18], "NAME": name}


def _held(reading: Reading, held: dict[str, list[int]]) -> None:
    """Find processes that hold many files, or nearly as many as the document says they may."""
    said = reading.objects.get("limit/open files")
    limit = float(said.fields["soft"]) if said and said.fields.get("soft", "").isdecimal() else 0.0
    for owner, lines in held.items():
        near = limit and len(lines) >= NEAR * limit
        if near or len(lines) >= MANY:
            text = f"{owner} holds {len(lines)} files open" + (f" of {limit:g} that it may" if limit else "")
            facts: dict[str, Fact] = {"resource": "open files", "used": float(len(lines)), "limit": limit}
            reading.find("resource", f"process/{owner}", lines[0], 3.5 if near else 2.0, text, **facts)


def _left(reading: Reading, deleted: dict[str, list[tuple[int, float]]], closing: dict[str, list[int]]) -> None:
    for owner, files in deleted.items():
        size = sum(one for _, one in files)
        line = max(files, key=lambda one: (one[1], -one[0]))[0]
        text = f"{owner} holds {len(files)} deleted files of {size:g} bytes"
        reading.find("resource", f"process/{owner}", line, 2.5 if size >= HELD else 0.5, text, resource="disk", held=size)
    for owner, lines in closing.items():
        text = f"{owner} leaves {len(lines)} sockets half closed"
        reading.find(
            "connection", f"process/{owner}", lines[0], 3.0 if len(lines) >= LEFT_OPEN else 1.5, text, count=float(len(lines))
        )
