"""Spans in JSON: OTLP and Tempo's batches, Jaeger, Zipkin, lists of found traces, spans an SDK prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.evidence import ages
from domain.evidence.structure.trees import Node, branches, said
from domain.evidence.traces.spans import Span, failed

IDS = ("spanId", "spanID", "span_id")
PARENTS = ("parentSpanId", "parentSpanID", "parentId", "parent_id")
TRACES = ("traceId", "traceID", "trace_id")
STEPS = ("name", "operationName", "duration", "startTimeUnixNano", "duration_ms", "durationMs")
"""What a span has and a mere reference to one has not."""
OWN = frozenset({"attributes", "tags", "status", "references", "links", "logs", "events", "annotations", "context", "kind"})
"""Parts of a span that hold no spans."""
NEAR = 4
"""How deep in a document Jaeger's processes stand at most."""
WORDS = ("exception", "message", "error")
"""Pieces of the names of event fields that are kept."""


def read(root: Node) -> Iterator[Span]:
    """Yield the spans of every map that looks like one."""
    services = _processes(root)
    owner = ""
    for node, is_span in _maps(root):
        if resource := node.get("resource", "attributes"):
            owner = _attributes(resource).get("service.name", ("", 0))[0] or owner
        if is_span:
            span = _span(node, services)
            span.service = span.service or owner
            yield span
        elif node.text("rootTraceName") or node.text("rootServiceName"):
            yield _listed(node)


def _maps(root: Node) -> Iterator[tuple[Node, bool]]:
    """Yield every map and whether it is a span, parents first; what belongs to a span is left out."""
    open_ = [root]
    while open_:
        node = open_.pop()
        is_span = node.shape == "map" and _is_span(node)
        if node.shape == "map":
            yield node, is_span
        open_ += reversed([child for name, child in node.branches() if not is_span or name not in OWN])


def _is_span(node: Node) -> bool:
    names = node.names()
    if any(name in names for name in IDS):
        return any(name in names for name in STEPS)
    printed = node.get("context", "span_id") or node.get("context", "trace_id")
    return bool(printed and node.get("name")) or bool(node.get("traceId") and node.get("id") and node.get("localEndpoint"))


def _first(node: Node, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := node.text(name))), "")


def _processes(root: Node) -> Mapping[str, str]:
    """Return Jaeger's process ids and the services behind them."""
    found: dict[str, str] = {}
    for path, node in branches(root, NEAR):
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
    references = [item for item in (node.get("references") or node).items if item.text("refType") != "FOLLOWS_FROM"]
    return next((item.text("spanID") for item in references), "") or _first(node, PARENTS)


def _span(node: Node, services: Mapping[str, str]) -> Span:
    attributes = _attributes(node.get("attributes") or node.get("tags"))
    start, duration = _times(node)
    service = services.get(node.text("processID"), "") or node.text("localEndpoint", "serviceName") or node.text("serviceName")
    name = node.get("name") or node.get("operationName") or node
    tagged = bool(node.get("localEndpoint")) and attributes.get("error", ("false", 0))[0] != "false"
    code = node.text("status", "code") or node.text("status", "status_code")
    error = code in {"2", "STATUS_CODE_ERROR", "ERROR"} or bool(node.text("error")) or tagged or failed(attributes)
    for told in (node.get("status", "message"), node.get("status", "description")):
        if told and said(told.value):
            attributes["status.message"] = (said(told.value), told.line)
    attributes |= _events(node)
    return Span(
        line=name.line,
        id=_first(node, IDS) or node.text("context", "span_id") or node.text("id"),
        parent=_parent(node),
        service=service or attributes.get("service.name", ("", 0))[0] or node.text("resource", "attributes", "service.name"),
        operation=said(name.value),
        start_ms=start,
        duration_ms=duration,
        error=error,
        attributes=attributes,
        trace=_first(node, TRACES) or node.text("context", "trace_id"),
    )


def _events(node: Node) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for event in (node.get("events") or node.get("logs") or node).items:
        fields = _attributes(event.get("attributes") or event.get("fields"))
        found |= {f"event.{key}": value for key, value in fields.items() if any(word in key for word in WORDS)}
    return found


def _listed(node: Node) -> Span:
    """Return a found trace (Tempo's search) as one span without a service to blame."""
    name = node.get("rootTraceName") or node.get("traceID") or node
    start, trace = (node.number("startTimeUnixNano") or 0.0) / 1e6, _first(node, TRACES)
    return Span(name.line, trace, "", "", said(name.value), start, node.number("durationMs") or 0.0, trace=trace)


def _times(node: Node) -> tuple[float, float]:
    """Return start and duration in milliseconds: OTLP counts nanoseconds, Jaeger and Zipkin microseconds, SDKs print dates."""
    start, end = node.number("startTimeUnixNano"), node.number("endTimeUnixNano")
    if start is not None and end is not None:
        return start / 1e6, round((end - start) / 1e6, 3)
    if start is not None and (whole := node.number("durationNanos")) is not None:
        return start / 1e6, round(whole / 1e6, 3)
    first, last = ages.date(node.text("start_time")), ages.date(node.text("end_time"))
    if first and last:
        return first.timestamp() * 1e3, round((last - first).total_seconds() * 1e3, 3)
    begun = node.number("startTime") or node.number("timestamp") or 0.0
    if (exact := node.number("duration_ms") or node.number("durationMs")) is not None:
        return begun, exact
    return begun / 1e3, (node.number("duration") or 0.0) / 1e3
