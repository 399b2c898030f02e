"""Spans as people see them: tables with a row per span, trees drawn with lines, lists of traces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from domain.evidence.metrics.series import moment
from domain.evidence.structure.delimited import cells
from domain.evidence.structure.trees import numeric
from domain.evidence.traces.spans import Span, failed

TREE = re.compile(
    r"^(?P<lead>[\s│|]*)[├└]─+ (?P<name>.{1,200}?) \((?P<service>[^()]{1,120})\) - (?P<duration>[\d.]+) ?(?P<unit>ms|s|µs|us|ns)\b(?:.*span_id=(?P<id>\w+))?"
)
ATTRIBUTE = re.compile(r"^[\s│|]+(?P<key>[\w.\-]{2,80}): (?P<value>.+)$")
LISTED = re.compile(r"trace_?[iI][dD]=(?P<id>[0-9a-f]+).*durationMs=(?P<duration>\d+)")
MILLISECONDS = {"ms": 1.0, "s": 1e3, "µs": 1e-3, "us": 1e-3, "ns": 1e-6}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("spanid", "id"),
    "parent": ("parentid", "parentspanid"),
    "trace": ("traceid",),
    "service": ("servicename", "service", "podname", "resource"),
    "operation": ("operationname", "operation", "name", "spanname"),
    "start": ("starttimeunixnano", "starttime", "start", "timestamp"),
    "end": ("endtimeunixnano", "endtime", "end"),
    "duration": ("durationms", "durationnano", "duration"),
    "status": ("status", "statuscode", "error", "haserror", "httpstatuscode"),
}
"""Meaning → names of columns, without case, blanks and underscores."""
FAILED = frozenset({"error", "2", "true", "statuscodeerror"})


def table(lines: tuple[str, ...]) -> Iterator[Span]:
    """Yield the rows of a table of spans; a duration without a unit in its name is taken in microseconds."""
    mark = max(",\t;", key=lines[0].count)
    head = [re.sub(r"[_\s.]", "", cell.strip().lower()) for cell in cells(lines[0], mark)]
    for number, line in enumerate(lines[1:], start=2):
        row = dict(zip(head, (cell.strip() for cell in cells(line, mark)), strict=False))
        said = {meaning: next((row[name] for name in names if row.get(name)), "") for meaning, names in COLUMNS.items()}
        if not said["id"]:
            continue
        start, end = moment(said["start"]) or 0.0, moment(said["end"]) or 0.0
        duration = round((end - start) * 1e3, 3) if end > start else _duration(row)
        status = said["status"].lower()
        yield Span(
            line=number, id=said["id"], parent=said["parent"], service=said["service"], operation=said["operation"],
            start_ms=start * 1e3, duration_ms=duration, trace=said["trace"],
            error=status.replace("_", "") in FAILED or (status.isdecimal() and 500 <= int(status[:9]) < 600),
        )  # fmt: skip


def _duration(row: Mapping[str, str]) -> float:
    for name, factor in (("durationms", 1.0), ("durationnano", 1e-6), ("duration", 1e-3)):
        if (value := numeric(row.get(name, ""))) is not None:
            return value * factor
    return 0.0


def tree(lines: tuple[str, ...]) -> Iterator[Span]:
    """Yield the spans of a printed tree, whose indent is its parenthood, and of lists of traces."""
    stack: list[tuple[int, Span]] = []
    current: Span | None = None
    for number, raw in enumerate(lines, start=1):
        line = raw[:4096]
        if found := TREE.match(line):
            if current:
                yield _told(current)
            current = _branch(stack, number, found.groupdict())
        elif current and (attribute := ATTRIBUTE.match(line)):
            current.attributes[attribute["key"]] = (attribute["value"], number)
        elif listed := LISTED.search(line):
            yield Span(number, listed["id"], "", "", _below(lines, number), 0.0, float(listed["duration"]), trace=listed["id"])
    if current:
        yield _told(current)


def _told(span: Span) -> Span:
    """Return a span whose attributes are complete, marked as failed where they say so."""
    span.error = failed(span.attributes)
    return span


def _below(lines: tuple[str, ...], number: int) -> str:
    """Return the name of a listed trace, which stands on its own or the next line."""
    found = re.search(r"rootTraceName=(\S+)", " ".join(lines[number - 1 : number + 1])[:4096])
    return found.group(1) if found else ""


def _branch(stack: list[tuple[int, Span]], number: int, said_: Mapping[str, str | None]) -> Span:
    depth = len(said_["lead"] or "")
    while stack and stack[-1][0] >= depth:
        stack.pop()
    duration = float(numeric(said_["duration"]) or 0.0) * MILLISECONDS[said_["unit"] or "ms"]
    parent = stack[-1][1].id if stack else ""
    span = Span(number, said_["id"] or str(number), parent, said_["service"] or "", said_["name"] or "", 0.0, duration)
    stack.append((depth, span))
    return span
