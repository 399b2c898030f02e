"""Heaps of a JVM: spaces and how full they are (`jcmd GC.heap_info`, the end of a thread dump), classes (`jmap -histo`)."""

from __future__ import annotations

import re

from domain.evidence.reading import Fact, Reading

SPACE = re.compile(
    r"^\s{0,8}(?P<name>[A-Za-z][A-Za-z\- ]{1,40}?)\s+(?:total (?:reserved \d{1,15}K, committed )?(?P<total>\d{1,15})K, used|used) (?P<used>\d{1,15})K"
    r"(?:, (?:capacity (?P<capacity>\d{1,15})K, )?committed (?P<committed>\d{1,15})K, reserved \d{1,15}K)?"
)
PART = re.compile(r"^\s+(?P<name>[a-z][a-z ]{2,20}?)\s+space (?P<size>\d{1,15})K,\s+(?P<used>\d{1,3})% used")
CLASS = re.compile(r"^\s*(?P<rank>\d{1,7}):\s+(?P<count>\d{1,15})\s+(?P<bytes>\d{1,18})\s+(?P<name>\S.{0,400})$")
TOTAL = re.compile(r"^Total\s+\d{1,15}\s+(?P<bytes>\d{1,18})\s*$")
FULL = 95.0
"""Percent of a generation of old objects from which on collections free too little."""
TOP = 5
"""Classes that are told."""
MOST = 0.3
"""Share of all bytes in one class that is worth a look."""


def info(reading: Reading, first: int, last: int) -> int:
    """Read the spaces of a heap."""
    seen, inside = 0, ""
    for number in range(first, last + 1):
        line = reading.head(number)
        if part := PART.match(line):
            seen += 1
            name = f"{inside}: {part['name']}" if inside else part["name"]
            subject = reading.observe("space", name, number, {"kilobytes": part["size"], "used_percent": part["used"]})
            _full(reading, number, (subject, name), float(part["used"]))
        elif (space := SPACE.match(line)) and (limit := space["total"] or space["capacity"] or space["committed"]):
            seen += 1
            inside = space["name"].strip()
            subject = reading.observe("space", inside, number, {"kilobytes": limit, "used": space["used"]})
            if "meta" not in inside.lower() and "class" not in inside.lower() and float(limit):
                _full(reading, number, (subject, inside), 100 * float(space["used"]) / float(limit))
    return seen


def _full(reading: Reading, number: int, owner: tuple[str, str], used: float) -> None:
    """Find a full space; young ones fill up and are emptied all the time."""
    subject, name = owner
    if used >= FULL and not re.search(r"(?i)eden|from|to$|young|new|survivor", name):
        facts: dict[str, Fact] = {"resource": "heap memory", "used": used, "limit": 100.0}
        reading.find("resource", subject, number, 3.5, f"{name} is {used:.0f} % full", **facts)


def classes(reading: Reading, first: int, last: int) -> int:
    """Read a histogram of classes: those with most bytes are told."""
    found: list[tuple[float, int, str]] = []
    total = 0.0
    for number in range(first, last + 1):
        line = reading.head(number)
        if row := CLASS.match(line):
            reading.observe("class", row["name"].strip(), number, {"instances": row["count"], "bytes": row["bytes"]})
            found.append((float(row["bytes"]), number, row["name"].strip()))
        elif end := TOTAL.match(line):
            total = float(end["bytes"])
    whole = total or sum(size for size, _, _ in found)
    for size, number, name in sorted(found, key=lambda one: (-one[0], one[1]))[:TOP] if whole else ():
        facts: dict[str, Fact] = {"resource": "heap memory", "used": size, "limit": whole, "class": name}
        reading.find(
            "resource",
            f"class/{name}".lower(),
            number,
            2.0 if size >= MOST * whole else 1.0,
            f"{name} takes {size / whole:.0%} of the heap",
            **facts,
        )
    return len(found) + (2 if found else 0)
