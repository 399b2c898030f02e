"""Traces of every format: where the time went, what failed, who calls whom."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.traces import analyser as traces
from domain.evidence.traces import reader as spans
from tests.evidence import of_kind, read_by

TREE = """
├─ /fire (shop) - 7300.5ms (span_id=aa)
│  Attributes:
│    http.method: POST
  ├─ call (shop) - 6400ms (span_id=bb)
    ├─ pg.query (kiln) - 6200.4ms (span_id=cc)
    │  Attributes:
    │    db.system: postgresql
    │    db.statement: SELECT * FROM bricks WHERE id=$1
    │    db.execution_time_ms: 6200
"""


def otlp(*found: dict[str, object], service: str = "shop") -> dict[str, object]:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    return {"resource": resource, "scopeSpans": [{"spans": list(found)}]}


def a_span(name: str, own: str, parent: str, times: tuple[int, int], **more: object) -> dict[str, object]:
    first, last = times
    at = {"startTimeUnixNano": str(first * 10**6), "endTimeUnixNano": str(last * 10**6)}
    return {"traceId": "t1", "spanId": own, "parentSpanId": parent, "name": name, **at, **more}


def test_the_longest_own_time_cites_statement_span_and_duration() -> None:
    worst = read_by(traces.analyse, TREE).findings[0]
    assert (worst.kind, worst.subject) == ("slow_span", "service/kiln")
    assert worst.attributes["statement"] == "SELECT * FROM bricks WHERE id=$1"
    assert [c.first for c in worst.citations] == [8, 5, 9]
    assert worst.numbers["duration_ms"] == pytest.approx(6200.4)


def test_calls_and_databases_become_edges() -> None:
    edges = {(e.source, e.relation, e.target) for e in read_by(traces.analyse, TREE).edges}
    assert edges == {("service/shop", "calls", "service/kiln"), ("service/kiln", "depends on", "database/postgresql")}


def test_the_deepest_error_is_the_one_that_counts() -> None:
    failed = {"status": {"code": 2, "message": "gas is off"}}
    document = {
        "resourceSpans": [
            otlp(a_span("POST /fire", "1", "", (0, 500), status={"code": 2})),
            otlp(a_span("open", "2", "1", (10, 400), **failed), service="gas"),
        ]
    }
    [error] = of_kind(read_by(traces.analyse, json.dumps(document, indent=1)), "error_span")
    assert (error.subject, error.attributes["message"]) == ("service/gas", "gas is off")


def test_jaeger_zipkin_and_tables_give_the_same_span() -> None:
    jaeger = {
        "data": [
            {
                "processes": {"p1": {"serviceName": "kiln"}},
                "spans": [
                    {
                        "traceID": "t",
                        "spanID": "1",
                        "operationName": "fire",
                        "startTime": 1777888800000000,
                        "duration": 250000,
                        "processID": "p1",
                        "references": [],
                    }
                ],
            }
        ]
    }
    zipkin = [
        {
            "traceId": "t",
            "id": "1",
            "name": "fire",
            "timestamp": 1777888800000000,
            "duration": 250000,
            "localEndpoint": {"serviceName": "kiln"},
        }
    ]
    table = "TraceID,SpanID,ParentID,ServiceName,OperationName,StartTimeUnixNano,EndTimeUnixNano\nt,1,root,kiln,fire,1777888800000000000,1777888800250000000"
    for text in (json.dumps(jaeger, indent=1), json.dumps(zipkin, indent=1), table):
        [one] = spans.read(tuple(text.split("\n")))[0]
        assert (one.service, one.operation, one.duration_ms) == ("kiln", "fire", 250)


def test_a_loop_of_queries_is_found() -> None:
    many = [a_span("SELECT brick", str(n), "0", (n, n + 1)) for n in range(1, 15)]
    document = {"resourceSpans": [otlp(a_span("list", "0", "", (0, 100)), *many)]}
    assert any(
        f.attributes.get("reason") == "repeated" and f.numbers["count"] == 14
        for f in read_by(traces.analyse, json.dumps(document)).findings
    )


def test_parents_in_a_circle_end() -> None:
    document = {"resourceSpans": [otlp(a_span("a", "1", "2", (0, 9)), a_span("b", "2", "1", (0, 9)))]}
    assert "2 spans" in read_by(traces.analyse, json.dumps(document)).summary


def test_a_list_of_traces_shows_slow_requests_without_blaming_a_service() -> None:
    text = "Trace (traceID=abc123) (durationMs=7000)\n\tstartTime=x rootTraceName=/fire\n"
    [found] = read_by(traces.analyse, text).findings
    assert (found.subject, found.severity) == ("", 2.5)


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    read_by(traces.analyse, text)
