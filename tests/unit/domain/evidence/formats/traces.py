"""Traces: one slow request with a failing database call and a retry, in every format."""

from __future__ import annotations

import json
from collections.abc import Mapping

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

START_MS = 1777888800000
SPANS = (
    ("a1", "", "shop", "GET /order", 0, 2000, ""),
    ("b1", "a1", "shop", "call stock", 10, 300, "timed out"),
    ("b2", "a1", "shop", "call stock", 320, 300, ""),
    ("c1", "a1", "pay", "charge", 700, 1250, "card service failed"),
    ("d1", "c1", "ledger", "INSERT entry", 720, 1200, "deadlock detected"),
)
"""Id, parent, service, operation, start, duration in ms, message of its failure."""
TRACE = "5b8efff798038103d269b633813fc60c"


def at(text: str, piece: str) -> int:
    """The line of a piece."""
    return text[: text.index(piece)].count("\n") + 1


def spans_at(text: str) -> Mapping[str, int]:
    """Span ids with the lines of their names, where each operation's first mention in the document is its span."""
    found, start = {}, 0
    for span_id, _, _, operation, *_ in SPANS:
        start = text.index(f'"{operation}"', start) + 1
        found[f"span/{span_id}"] = text[:start].count("\n") + 1
    return found


def otlp(key: str = "resourceSpans") -> dict[str, object]:
    def one(span: tuple[str, str, str, str, int, int, str]) -> dict[str, object]:
        own, parent, service, name, start, length, failure = span
        begun = (START_MS + start) * 10**6
        status = {"status": {"code": "STATUS_CODE_ERROR", "message": failure}} if failure else {}
        return {
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
            "scopeSpans": [
                {
                    "spans": [
                        {
                            "traceId": TRACE, "spanId": own, "parentSpanId": parent, "name": name, "startTimeUnixNano": str(begun),
                            "endTimeUnixNano": str(begun + length * 10**6), **status,
                        }
                    ]
                }
            ],
        }  # fmt: skip

    return {key: [one(span) for span in SPANS]}


def jaeger() -> dict[str, object]:
    spans = [
        {
            "traceID": TRACE, "spanID": own, "operationName": name,
            "references": [{"refType": "CHILD_OF", "traceID": TRACE, "spanID": parent}] if parent else [],
            "startTime": (START_MS + start) * 1000, "duration": length * 1000, "processID": f"p-{service}",
            "tags": [{"key": "error", "type": "bool", "value": True}] if failure else [],
            "logs": [{"timestamp": 0, "fields": [{"key": "message", "type": "string", "value": failure}]}] if failure else [],
        }
        for own, parent, service, name, start, length, failure in SPANS
    ]  # fmt: skip
    return {"data": [{"traceID": TRACE, "spans": spans, "processes": {f"p-{s[2]}": {"serviceName": s[2]} for s in SPANS}}]}


def zipkin() -> list[dict[str, object]]:
    return [
        {
            "traceId": TRACE, "id": own, **({"parentId": parent} if parent else {}), "name": name, "timestamp": (START_MS + start) * 1000,
            "duration": length * 1000, "localEndpoint": {"serviceName": service}, "tags": {"error": failure} if failure else {},
        }
        for own, parent, service, name, start, length, failure in SPANS
    ]  # fmt: skip


def printed() -> str:
    """What an SDK's console exporter prints: one document after the other."""
    moment = "2026-05-04T10:00:0{0:.6f}Z"
    return "\n".join(
        json.dumps(
            {
                "name": name,
                "context": {"trace_id": f"0x{TRACE}", "span_id": own, "trace_state": "[]"},
                "parent_id": parent or None,
                "start_time": moment.format(start / 1000),
                "end_time": moment.format((start + length) / 1000),
                "status": {"status_code": "ERROR", "description": failure} if failure else {"status_code": "UNSET"},
                "attributes": {},
                "resource": {"attributes": {"service.name": service}},
            },
            indent=4,
        )
        for own, parent, service, name, start, length, failure in SPANS
    )


def table() -> str:
    head = "TraceID,SpanID,ParentID,ServiceName,OperationName,StartTimeUnixNano,EndTimeUnixNano,StatusCode"
    rows = [
        f"{TRACE},{own},{parent},{service},{name},{(START_MS + start) * 10**6},{(START_MS + start + length) * 10**6},{'Error' if failure else 'Ok'}"
        for own, parent, service, name, start, length, failure in SPANS
    ]
    return "\n".join([head, *rows]) + "\n"


TREE = """\
├─ GET /order (shop) - 2000ms (span_id=a1)
  ├─ call stock (shop) - 300ms (span_id=b1)
  │  Attributes:
  │    error.message: timed out
  │    otel.status_code: ERROR
  ├─ call stock (shop) - 300ms (span_id=b2)
  ├─ charge (pay) - 1250ms (span_id=c1)
    ├─ INSERT entry (ledger) - 1200ms (span_id=d1)
    │  Attributes:
    │    error: true
    │    error.message: deadlock detected
    │    db.system: postgresql
"""
LISTED = """\
Trace (traceID=5b8efff798038103) (durationMs=7000)
\tstartTime=2026-05-04T10:00:00Z rootServiceName=shop rootTraceName=/order
Trace (traceID=5b8efff798038104) (durationMs=12)
\tstartTime=2026-05-04T10:00:01Z rootServiceName=shop rootTraceName=/order
"""
SEARCH = {
    "traces": [
        {
            "traceID": f"5b8efff79803810{n}", "rootServiceName": "shop", "rootTraceName": "GET /order",
            "startTimeUnixNano": str((START_MS + n * 1000) * 10**6), "durationMs": 7000 if n == 2 else 40 + n,
        }
        for n in range(6)
    ]
}  # fmt: skip


def several() -> dict[str, object]:
    """Six requests of one sort, of which one waits for its database."""
    spans = []
    for n in range(6):
        slow = 900 if n == 4 else 0
        for own, parent, name, length in (("r", "", "GET /order", 100 + slow), ("q", "r", "SELECT stock", 40 + slow)):
            begun = (START_MS + n * 5000) * 10**6
            spans.append({
                "traceId": f"{n:032x}", "spanId": f"{own}{n}", "parentSpanId": f"{parent}{n}" if parent else "", "name": name,
                "startTimeUnixNano": str(begun), "endTimeUnixNano": str(begun + length * 10**6),
            })  # fmt: skip
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}


def skewed() -> dict[str, object]:
    """A callee whose clock is 500 ms behind, and a caller that waits without a span."""
    spans = [
        ("shop", {"traceId": TRACE, "spanId": "1", "name": "GET /", "startTimeUnixNano": 10**18, "endTimeUnixNano": 10**18 + 3 * 10**9}),
        ("pay", {"traceId": TRACE, "spanId": "2", "parentSpanId": "1", "name": "charge",
                 "startTimeUnixNano": 10**18 - 5 * 10**8, "endTimeUnixNano": 10**18 + 5 * 10**8}),
    ]  # fmt: skip
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                "scopeSpans": [{"spans": [span]}],
            }
            for service, span in spans
        ]
    }


def must(line: int = 0, says: str = "deadlock detected") -> tuple[Must, ...]:
    return (
        Must(what="the deepest failing call and its message", kind="error_span", subject="service/ledger", says=says, line=line),
        Must(what="the span that took the time", kind="slow_span", subject="service/ledger", says="60% of the request"),
        Must(what="a retry", kind="slow_span", says="tried 2 times until it succeeded"),
        Must(
            what="the critical path", kind="critical_path", says="GET /order (shop) 2000 ms → charge (pay) 1250 ms → INSERT entry"
        ),
    )


OTLP, TEMPO, JAEGER, ZIPKIN = (json.dumps(one, indent=1) for one in (otlp(), otlp("batches"), jaeger(), zipkin()))
FORMATS: tuple[Format, ...] = (
    Format(name="OTLP JSON", kind=Kind.TRACE, example=OTLP, source="OpenTelemetry protocol 1.x, JSON encoding", rows=spans_at, must=must()),
    Format(name="OTLP JSON lines", kind=Kind.TRACE, example="\n".join(json.dumps({"resourceSpans": [one]}) for one in otlp()["resourceSpans"]),
           source="OpenTelemetry collector, file exporter", rows={f"span/{span[0]}": n for n, span in enumerate(SPANS, start=1)}, must=must(5)),
    Format(name="Tempo trace", kind=Kind.TRACE, example=TEMPO, source="Grafana Tempo, GET /api/traces", rows=spans_at, must=must()),
    Format(name="Tempo search", kind=Kind.TRACE, example=json.dumps(SEARCH, indent=1), source="Grafana Tempo, GET /api/search",
           must=(Must(what="the slow request", kind="slow_span", says="took 7000 ms where"),)),
    Format(name="Jaeger", kind=Kind.TRACE, example=JAEGER, source="Jaeger query API", rows=spans_at, must=must()),
    Format(name="Zipkin v2", kind=Kind.TRACE, example=ZIPKIN, source="Zipkin API v2", rows=spans_at, must=must()),
    Format(name="Spans an SDK prints", kind=Kind.TRACE, example=printed(), source="OpenTelemetry SDK, console exporter", rows=spans_at, must=must()),
    Format(name="Span table", kind=Kind.TRACE, example=table(), source="trace exports as CSV",
           rows={f"span/{span[0]}": n for n, span in enumerate(SPANS, start=2)}, must=must(6, says="")),
    Format(name="Span table, tabs", kind=Kind.TRACE, example=table().replace(",", "\t"), source="trace exports as TSV",
           rows={f"span/{span[0]}": n for n, span in enumerate(SPANS, start=2)}, must=must(6, says="")),
    Format(name="Printed span tree", kind=Kind.TRACE, example=TREE, source="tree views of tracing tools",
           rows={"span/a1": 1, "span/b1": 2, "span/b2": 6, "span/c1": 7, "span/d1": 8},
           must=(must()[0], must()[1], must()[2])),
    Format(name="List of traces", kind=Kind.TRACE, example=LISTED, source="Grafana Tempo CLI and its tools",
           rows={"span/5b8efff798038103": 1, "span/5b8efff798038104": 3},
           must=(Must(what="the slow request", kind="slow_span", line=1, says="7000 ms"),)),
    Format(name="Several traces", kind=Kind.TRACE, example=json.dumps(several(), indent=1), source="OpenTelemetry protocol",
           must=(Must(what="the slow request against the usual one, and the step that differs", kind="slow_span", subject="service/shop",
                      says="took 1000 ms where 100 ms is usual; SELECT stock of shop took 940 instead of 40 ms"),)),
    Format(name="Clocks that disagree", kind=Kind.TRACE, example=json.dumps(skewed(), indent=1), source="OpenTelemetry protocol",
           must=(Must(what="the clock that is behind", kind="clock_skew", subject="service/pay", says="500 ms behind"),
                 Must(what="a wait that no span explains", kind="span_gap", subject="service/shop", says="2500 ms (83%)"))),
)  # fmt: skip
