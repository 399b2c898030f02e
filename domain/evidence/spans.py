"""Spans of any tracing format, each with its line: OTLP, Jaeger, Zipkin, span tables and printed trees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import Node, said, walk

SPANS = 200_000
"""Spans kept of one file (evidence.md 14)."""
TREE = re.compile(
    r"^(?P<lead>[\s│|]*)[├└]─+ (?P<name>.{1,200}?) \((?P<service>[^()]{1,120})\) - (?P<duration>[\d.]+) ?(?P<unit>ms|s|µs|us|ns)\b(?:.*span_id=(?P<id>\w+))?"
)
ATTRIBUTE = re.compile(r"^[\s│|]+(?P<key>[\w.\-]{2,80}): (?P<value>.+)$")
START = re.compile(r"start=(\S+)")
LISTED = re.compile(r"trace_?[iI][dD]=(?P<id>[0-9a-f]+).*durationMs=(?P<duration>\d+)")
MILLISECONDS = {"ms": 1.0, "s": 1e3, "µs": 1e-3, "us": 1e-3, "ns": 1e-6}


@dataclass(slots=True)
class Span:
    """One timed step of a request."""

    line: int
    id: str
    parent: str
    service: str
    operation: str
    start_ms: float
    """Since the epoch; 0 when unknown."""
    duration_ms: float
    error: bool = False
    attributes: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Name → (value, line)."""


def read(lines: tuple[str, ...]) -> tuple[list[Span], list[str]]:
    """Return the spans in the order of the file, and notes on what could not be read."""
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip()[:1] in {"{", "["}:
        tree = jsontree.read("\n".join(lines))
        note = [f"line {tree.broke}: {tree.reason}; the part above it was read"] if tree.broke else []
        return _bounded(span for root in tree.roots for span in _json(root)), note
    if "," in first and "span" in first.lower():
        return _bounded(_table(lines)), []
    return _bounded(_printed(lines)), []


def _bounded(found: Iterator[Span]) -> list[Span]:
    return [span for span, _ in zip(found, range(SPANS), strict=False)]


def _json(root: Node) -> Iterator[Span]:
    """Yield the spans of every map that looks like one."""
    services = _processes(root)
    owner = ""
    for _, node in walk(root):
        if resource := node.get("resource", "attributes"):
            owner = _attributes(resource).get("service.name", ("", 0))[0] or owner
        if node.shape == "map" and (node.get("spanId") or node.get("spanID") or node.get("span_id") or _is_zipkin(node)):
            span = _span(node, services)
            span.service = span.service or owner
            yield span


def _is_zipkin(node: Node) -> bool:
    return bool(node.get("traceId") and node.get("id") and node.get("localEndpoint"))


def _processes(root: Node) -> Mapping[str, str]:
    """Return Jaeger's process ids and the services behind them."""
    found: dict[str, str] = {}
    for path, node in walk(root):
        if path and path[-1] == "processes":
            found |= {key: child.text("serviceName") for key, child in node.fields}
    return found


def _attributes(node: Node | None) -> dict[str, tuple[str, int]]:
    """Return attributes written as a map or as a list of key and value."""
    if node is None:
        return {}
    if node.shape == "map":
        return {key: (said(child.value), child.line) for key, child in node.fields if child.shape == "scalar"}
    found: dict[str, tuple[str, int]] = {}
    for item in node.items:
        value = item.get("value")
        inner = value.fields[0][1] if value and value.fields else value
        if item.text("key") and inner:
            found[item.text("key")] = (said(inner.value), inner.line)
    return found


def _parent(node: Node) -> str:
    for reference in (node.get("references") or node).items:
        return reference.text("spanID")
    return node.text("parentSpanId") or node.text("parentSpanID") or node.text("parentId") or node.text("parent_id")


def _span(node: Node, services: Mapping[str, str]) -> Span:
    attributes = _attributes(node.get("attributes") or node.get("tags"))
    start, duration = _times(node)
    code = node.text("status", "code")
    error = (
        code in {"2", "STATUS_CODE_ERROR", "ERROR"}
        or attributes.get("error", ("", 0))[0] in {"true", "True"}
        or bool(node.text("error"))
    )
    service = services.get(node.text("processID"), "") or node.text("localEndpoint", "serviceName") or node.text("serviceName")
    name = node.get("name") or node.get("operationName") or node
    for event in (node.get("events") or node.get("logs") or node).items:
        attributes |= {
            f"event.{k}": v
            for k, v in _attributes(event.get("attributes") or event.get("fields")).items()
            if "exception" in k or "message" in k
        }
    if message := node.get("status", "message"):
        attributes["status.message"] = (said(message.value), message.line)
    return Span(
        line=name.line, id=node.text("spanId") or node.text("spanID") or node.text("span_id") or node.text("id"), parent=_parent(node),
        service=service or attributes.get("service.name", ("", 0))[0], operation=said(name.value), start_ms=start, duration_ms=duration,
        error=error, attributes=attributes,
    )  # fmt: skip


def _times(node: Node) -> tuple[float, float]:
    """Return start and duration in milliseconds: OTLP counts nanoseconds, Jaeger and Zipkin microseconds."""
    start, end = node.number("startTimeUnixNano"), node.number("endTimeUnixNano")
    if start is not None and end is not None:
        return start / 1e6, round((end - start) / 1e6, 3)
    begun = node.number("startTime") or node.number("timestamp") or 0.0
    if (exact := node.number("duration_ms") or node.number("durationMs")) is not None:
        return begun, exact
    return begun / 1e3, (node.number("duration") or 0.0) / 1e3


def _table(lines: tuple[str, ...]) -> Iterator[Span]:
    """Yield the rows of a table of spans; a duration without a unit is taken in microseconds."""
    head = [cell.strip().lower().replace("_", "") for cell in lines[0].split(",")]
    for number, line in enumerate(lines[1:], start=2):
        row = dict(zip(head, (cell.strip() for cell in line.split(",")), strict=False))
        if not row.get("spanid"):
            continue
        start, end = _float(row.get("starttimeunixnano", "")), _float(row.get("endtimeunixnano", ""))
        duration = round((end - start) / 1e6, 3) if end > start else _float(row.get("duration", "")) / 1e3
        service = row.get("servicename") or row.get("service") or row.get("podname", "")
        status = row.get("status", row.get("statuscode", row.get("error", ""))).lower()
        yield Span(
            line=number, id=row["spanid"], parent=row.get("parentid", row.get("parentspanid", "")), service=service,
            operation=row.get("operationname", row.get("name", "")), start_ms=start / 1e6, duration_ms=duration,
            error=status in {"error", "2", "true", "500", "503"},
        )  # fmt: skip


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _printed(lines: tuple[str, ...]) -> Iterator[Span]:
    """Yield the spans of a printed tree, whose indent is its parenthood, and of lists of traces."""
    stack: list[tuple[int, Span]] = []
    current: Span | None = None
    for number, raw in enumerate(lines, start=1):
        line = raw[:4096]
        if found := TREE.match(line):
            if current:
                yield current
            current = _branch(stack, number, found.groupdict())
        elif current and (attribute := ATTRIBUTE.match(line)):
            current.attributes[attribute["key"]] = (attribute["value"], number)
        elif listed := LISTED.search(line):
            yield Span(number, listed["id"], "", "", _below(lines, number), 0.0, float(listed["duration"]))
    if current:
        yield current


def _below(lines: tuple[str, ...], number: int) -> str:
    """Return the name of a listed trace, which stands on its own or the next line."""
    found = re.search(r"rootTraceName=(\S+)", " ".join(lines[number - 1 : number + 1])[:4096])
    return found.group(1) if found else ""


def _branch(stack: list[tuple[int, Span]], number: int, said_: Mapping[str, str | None]) -> Span:
    depth = len(said_["lead"] or "")
    while stack and stack[-1][0] >= depth:
        stack.pop()
    duration = float(said_["duration"] or 0) * MILLISECONDS[said_["unit"] or "ms"]
    parent = stack[-1][1].id if stack else ""
    span = Span(number, said_["id"] or str(number), parent, said_["service"] or "", said_["name"] or "", 0.0, duration)
    stack.append((depth, span))
    return span
