"""Rows of the tables that profilers print, each with its line and its shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from domain.evidence.reading import beginning
from domain.evidence.structure.delimited import number

ROWS = 5_000
"""Rows kept of one document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One function or class of one profile."""

    line: int
    name: str
    share: float
    """Percent of the whole that it took itself."""
    total: float = 0.0
    """Percent with everything it called; 0 when unknown."""
    amount: float = 0.0
    """What it took itself in the profile's unit: seconds, samples, bytes."""
    calls: float = 0.0
    """Calls, samples or instances."""
    module: str = ""
    sort: str = "function"
    table: int = 0
    """Which table of the document, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one profiler prints: its header, and what a row says by name of group."""

    header: re.Pattern[str]
    row: re.Pattern[str]
    sort: str = "function"


LAYOUTS: Mapping[str, Layout] = {
    "pprof": Layout(
        header=re.compile(r"^\s*flat\s+flat%\s+sum%\s+cum\s+cum%"),
        row=re.compile(
            r"^\s*(?P<amount>[\d.]{1,20}\w{0,8})\s+(?P<share>[\d.]+)%\s+[\d.]+%\s+[\d.]{1,20}\w{0,8}\s+(?P<total>[\d.]+)%\s+(?P<name>\S.{0,300}?)(?: \(inline\))?$"
        ),
    ),
    "pstats": Layout(
        header=re.compile(r"^\s*ncalls\s+tottime\s+percall\s+cumtime"),
        row=re.compile(
            r"^\s*(?P<calls>\d+)(?:/\d+)?\s+(?P<amount>[\d.]+)\s+[\d.]+\s+(?P<whole>[\d.]+)\s+[\d.]+\s+(?P<name>\S.{0,300})$"
        ),
    ),
    "perf": Layout(
        header=re.compile(r"^#\s+(?:Overhead|Children)\s"),
        row=re.compile(
            r"^\s*(?:(?P<total>[\d.]+)%\s+(?=[\d.]+%))?(?P<share>[\d.]+)%\s+(?:\d+\s+)?\S+\s+(?P<module>\S+)\s+\[[.kugH]\]\s+(?P<name>\S.{0,300}?)\s*(?:\s-\s+-\s*)?$"
        ),
    ),
    "gprof": Layout(
        header=re.compile(r"^\s*time\s+seconds\s+seconds\s+calls"),
        row=re.compile(
            r"^\s*(?P<share>[\d.]+)\s+[\d.]+\s+(?P<amount>[\d.]+)(?:\s+(?P<calls>\d+)(?:\s+[\d.]+\s+[\d.]+)?)?\s+(?P<name>[A-Za-z_~<].{0,300})$"
        ),
    ),
    "own and total": Layout(
        header=re.compile(r"^\s*%Own\s+%Total\s"),
        row=re.compile(r"^\s*(?P<share>[\d.]+)%\s+(?P<total>[\d.]+)%\s+(?P<amount>[\d.]+)s\s+[\d.]+s\s+(?P<name>\S.{0,300})$"),
    ),
    "flat samples": Layout(
        header=re.compile(r"^\s*(?:ns|bytes|total)\s+percent\s+samples\s+top"),
        row=re.compile(r"^\s*(?P<amount>\d+)\s+(?P<share>[\d.]+)%\s+(?P<calls>\d+)\s+(?P<name>\S.{0,300})$"),
    ),
    "classes": Layout(
        header=re.compile(r"^\s*num\s+#instances\s+#bytes\s"),
        row=re.compile(r"^\s*\d+:\s+(?P<calls>\d+)\s+(?P<amount>\d+)\s+(?P<name>\S{1,300})(?: \([^)]{1,100}\))?$"),
        sort="class",
    ),
    "ticks": Layout(
        header=re.compile(r"^\s*ticks\s+total\s+nonlib\s"),
        row=re.compile(r"^\s*(?P<amount>\d+)\s+(?P<share>[\d.]+)%(?:\s+[\d.]+%)?\s+(?P<name>\S.{0,300})$"),
    ),
    "samples and frames": Layout(
        header=re.compile(r"^\s*TOTAL\s+\(pct\)\s+SAMPLES\s+\(pct\)"),
        row=re.compile(r"^\s*\d+\s+\((?P<total>[\d.]+)%\)\s+(?P<amount>\d+)\s+\((?P<share>[\d.]+)%\)\s+(?P<name>\S.{0,300})$"),
    ),
}
"""Printed by: Go's pprof, Python's pstats, Linux perf, gprof, py-spy top, async-profiler, JVM class histograms, V8's --prof, stackprof."""
SUMMARY = re.compile(r"^\s*\[(?:Summary|Bottom up|C\+\+ entry)[^\]]*\]")
"""Parts of V8's output whose rows are no functions."""
ENDS = re.compile(r"^\s*$|^\s*ticks\s+parent\s|^(?:Total|Showing|---)\b")
SIZED = re.compile(
    r"^\s*(?:#\d+: )?(?P<name>\S{1,300}:\d+): (?:size=)?(?P<size>[\d.]+) (?P<unit>[KMG]?i?B)(?: \([^)]{1,40}\))?(?:, count=(?P<calls>\d+))?"
)
"""Python's tracemalloc: `file.py:12: size=4855 KiB, count=21, average=…` or `#1: file.py:12: 4855.0 KiB`."""
FOLDED = re.compile(r"^([^\s;][^;]*(?:;[^;]+)+) (\d+)$")
PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?%")
NAME = re.compile(r"(?<!\S)([A-Za-z_$][\w$./:*()<>\[\]\-]{0,300}|\w{1,20}\[\])(?:\s|$)")
HEADINGS = re.compile(r"^\s*(?:Total|Duration|Showing|GC_|flat)")


def read(lines: tuple[str, ...]) -> list[Entry]:
    """Return the rows of all tables of a document; without a known one, the lines that carry a share."""
    for found in (_folded(lines), list(_tables(lines)), list(_sized(lines))):
        if found:
            return _shared(found)
    return list(_shares(lines))[:ROWS]


def _tables(lines: tuple[str, ...]) -> Iterator[Entry]:
    layout: Layout | None = None
    table, count, skipped = -1, 0, False
    for number_, raw in enumerate(lines, start=1):
        line = beginning(raw).rstrip()
        if SUMMARY.match(line):
            skipped = True
        elif line.lstrip().startswith("["):
            skipped = False
        if opened := next((one for one in LAYOUTS.values() if one.header.match(line)), None):
            table += layout is not opened or table < 0 or count > 0
            layout, count = opened, 0
        elif layout and not skipped and (row := layout.row.match(line)) and count < ROWS:
            count += 1
            yield _entry(number_, row, layout, table)
        elif not layout and "%" in line:
            yield from _share(lines, number_)


def _entry(line: int, row: re.Match[str], layout: Layout, table: int) -> Entry:
    said = {key: value for key, value in row.groupdict().items() if value}
    amount = re.match(r"[\d.]+", said.get("amount", ""))
    return Entry(
        line=line, name=said["name"].strip(), share=min(100.0, _number(said.get("share", ""))), total=_number(said.get("total", said.get("whole", ""))),
        amount=_number(amount[0] if amount else ""), calls=_number(said.get("calls", "")), module=said.get("module", ""),
        sort=layout.sort, table=table,
    )  # fmt: skip


def _number(text: str) -> float:
    return number(text) or 0.0


def _sized(lines: tuple[str, ...]) -> Iterator[Entry]:
    """Yield the places that hold memory, as tracemalloc prints them; a heading begins another snapshot."""
    table, count = 0, 0
    for line, raw in enumerate(lines, start=1):
        found = SIZED.match(beginning(raw))
        if found and count < ROWS:
            count += 1
            size = number(f"{found['size']} {found['unit']}") or 0.0
            yield Entry(
                line=line,
                name=found["name"],
                share=0.0,
                amount=size,
                calls=_number(found["calls"] or ""),
                sort="place",
                table=table,
            )
        elif not found and raw.strip() and not raw.startswith(" ") and count:
            table, count = table + 1, 0


def _shared(found: list[Entry]) -> list[Entry]:
    """Return the rows with the shares that their tables leave to the reader: of the sum of what all rows took themselves."""
    whole: dict[int, float] = {}
    for one in found:
        whole[one.table] = whole.get(one.table, 0.0) + one.amount
    if any(one.share for one in found) or not any(whole.values()):
        return found
    return [
        replace(
            one, share=100 * one.amount / (whole[one.table] or 1.0), total=min(100.0, 100 * one.total / (whole[one.table] or 1.0))
        )
        for one in found
    ]


def _folded(lines: tuple[str, ...]) -> list[Entry]:
    """Return the functions of folded stacks: samples as leaf, and samples anywhere in a stack; the line is that of its largest stack."""
    own: dict[str, int] = {}
    total: dict[str, int] = {}
    best: dict[str, tuple[int, int]] = {}
    whole = 0
    for line, raw in enumerate(lines, start=1):
        found = FOLDED.match(beginning(raw))
        if not found:
            continue
        frames, count = found[1].split(";"), int(found[2][:15])
        whole += count
        own[frames[-1]] = own.get(frames[-1], 0) + count
        best[frames[-1]] = max(best.get(frames[-1], (-1, 0)), (count, -line))
        for frame in set(frames):
            total[frame] = total.get(frame, 0) + count
    return [
        Entry(
            line=-best[name][1],
            name=name,
            share=100 * count / max(whole, 1),
            total=100 * total[name] / max(whole, 1),
            amount=count,
        )
        for name, count in own.items()
    ][:ROWS]


def _shares(lines: tuple[str, ...]) -> Iterator[Entry]:
    for line in range(1, len(lines) + 1):
        yield from _share(lines, line)


def _share(lines: tuple[str, ...], number_: int) -> Iterator[Entry]:
    """Yield a line with a share; the first percentage of a line is its own share."""
    line = beginning(lines[number_ - 1])
    share = PERCENT.search(line)
    if not share or HEADINGS.match(line):
        return
    name = NAME.search(line[share.end() :])
    below = beginning(lines[number_]).strip() if number_ < len(lines) and line.startswith("---") else ""
    if name or below:
        said = below.rpartition("] ")[2] or (name.group(1) if name else "")
        yield Entry(line=number_, name=said, share=min(100.0, float(share.group(1))))
