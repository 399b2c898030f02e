"""How much memory and swap are left: `free`, `/proc/meminfo`."""

from __future__ import annotations

import re

from domain.evidence.reading import Reading
from domain.evidence.structure.quantities import amount

SHORT = 0.1
"""Share of memory or swap below which it is short."""
GONE = 0.03
"""Share of memory below which the kernel is about to kill."""
SEVERITIES = {"memory": 3.5, "swap": 2.0}
METER = re.compile(r"^([A-Z][\w()]{1,40}):\s+(\d{1,18})(?: kB)?\s*$")
"""A line of `/proc/meminfo`."""
ROWS = {"Mem:": "memory", "Swap:": "swap"}
OTHERS = frozenset({"Total:", "Low:", "High:", "Comm:"})
"""Further rows of `free -t`, `-l` and `-v`."""


def free(reading: Reading, first: int, last: int) -> int:
    """Read the rows of `free`; repeated ones are told apart by their number."""
    heads: list[str] = []
    seen = rounds = 0
    for number in range(first, last + 1):
        cells = reading.head(number).split()
        if cells[:1] == ["total"]:
            heads, seen, rounds = cells, seen + 1, rounds + 1
        elif heads and cells and (cells[0] in ROWS or cells[0] in OTHERS):
            seen += 1
            row = dict(zip(heads, cells[1:], strict=False))
            _row(reading, number, cells[0], row, rounds)
        elif cells[:2] == ["-/+", "buffers/cache:"]:
            seen += 1
            reading.observe("memory", "buffers/cache", number, dict(zip(("used", "free"), cells[2:], strict=False)))
    return seen


def _row(reading: Reading, number: int, name: str, row: dict[str, str], rounds: int) -> None:
    plain = name.rstrip(":").lower() + (f"#{rounds}" if rounds > 1 else "")
    reading.observe("memory", plain, number, row)
    total, left = amount(row.get("total", "")) or 0.0, amount(row.get("available", row.get("free", ""))) or 0.0
    if "available" not in row:
        left += (amount(row.get("buffers", "")) or 0.0) + (amount(row.get("cached", row.get("cache", ""))) or 0.0)
    if name in ROWS:
        _short(reading, number, ROWS[name], (total, left))


def _short(reading: Reading, number: int, what: str, amounts: tuple[float, float]) -> None:
    """Find memory or swap that is nearly used up; swap that is not there is no fault."""
    total, left = amounts
    if total > 0 and left / total < SHORT:
        severity = 4.0 if what == "memory" and left / total < GONE else SEVERITIES[what]
        text = f"{left / total:.0%} of {what} is left"
        reading.find("resource", "", number, severity, text, resource=what, used=total - left, limit=total)


def meters(reading: Reading, first: int, last: int) -> int:
    """Read `/proc/meminfo`: one object per meter."""
    found: dict[str, tuple[float, int]] = {}
    for number in range(first, last + 1):
        if (meter := METER.match(reading.head(number))) and meter.group(1) not in found:
            found[meter.group(1)] = (float(meter.group(2)), number)
            reading.observe("memory", meter.group(1), number, {"kilobytes": meter.group(2)})
    for what, total, left in (("memory", "MemTotal", "MemAvailable"), ("swap", "SwapTotal", "SwapFree")):
        if total in found and left in found:
            _short(reading, found[left][1], what, (found[total][0], found[left][0]))
    _promised(reading, found)
    return len(found)


def _promised(reading: Reading, found: dict[str, tuple[float, int]]) -> None:
    """Find more memory promised than the kernel may promise, and pages that are taken for good."""
    promised, limit = found.get("Committed_AS", (0.0, 0)), found.get("CommitLimit", (0.0, 0))
    if limit[0] and promised[0] > limit[0]:
        text = f"{promised[0] / limit[0]:.0%} of the commit limit is promised"
        reading.find(
            "resource", "memory/committed_as", promised[1], 1.5, text, resource="commit limit", used=promised[0], limit=limit[0]
        )
