"""Traces: slow, failing and repeated spans, services and calls, on both sides of each limit."""

import json

from domain.evidence.traces import analyser as traces
from domain.evidence.traces.paths import own_times
from domain.evidence.traces.spans import Span, forest, outermost
from tests import told
from tests.evidence import read_by


def test_a_tree_is_told_whole() -> None:
    parsed = read_by(
        traces.analyse,
        """
    ├─ /fire (shop) - 10000ms (span_id=aa)
    │  Attributes:
    │    http.method: POST
      ├─ load (kiln) - 2999ms (span_id=bb)
      │  Attributes:
      │    db.system: postgresql
      │    db.statement: SELECT * FROM bricks
      │    db.execution_time_ms: 2990
      │    rows_took: 12 ms
      ├─ store (kiln) - 1001ms (span_id=cc)
      │  Attributes:
      │    error: true
      │    error.message: disk is full
        ├─ write (disk) - 1000ms (span_id=dd)
        │  Attributes:
        │    db.query.text: INSERT INTO bricks
      ├─ call (mill) - 2000ms (span_id=ee)
      │  Attributes:
      │    exception.message: mill is closed
      │    error: true
    """,
    )
    assert told.findings(parsed) == [
        "4 error_span service/kiln @13,10: store of kiln failed disk is full | message=disk is full operation=store service=kiln duration_ms:1001",
        "4 error_span service/mill @19,17: call of mill failed mill is closed | message=mill is closed operation=call service=mill duration_ms:2000",
        "3.5 slow_span service/shop @1: /fire of shop took 10000 ms, 40% of the request | operation=/fire service=shop duration_ms:10000 own_ms:4000 share:0.4",
        "3.5 slow_span service/kiln @7,4,8,9: load of kiln took 2999 ms, 30% of the request SELECT * FROM bricks | statement=SELECT * FROM bricks operation=load service=kiln duration_ms:2999 own_ms:2999 share:0.3 system=postgresql",
        "3.5 slow_span service/mill @17: call of mill took 2000 ms, 20% of the request | operation=call service=mill duration_ms:2000 own_ms:2000 share:0.2",
        "3 field service/kiln @8: db.execution_time_ms of load of kiln is 2990 | field=db.execution_time_ms value=2990",
        "3 field service/kiln @9: rows_took of load of kiln is 12 ms | field=rows_took value=12 ms",
        "1.5 critical_path service/kiln @4,1: critical path: /fire (shop) 10000 ms → load (kiln) 2999 ms | duration_ms:10000 steps:2",
    ]
    assert told.objects(parsed) == [
        "service/shop @1 spans=1 median_ms=10000 p95_ms=10000",
        "service/kiln @4 spans=2 median_ms=2000 p95_ms=2899.1 failed=1",
        "service/disk @14 spans=1 median_ms=1000 p95_ms=1000",
        "service/mill @17 spans=1 median_ms=2000 p95_ms=2000 failed=1",
        "call/shop -> kiln @4 calls=2 median_ms=2000 p95_ms=2899.1 failed=1",
        "call/kiln -> disk @14 calls=1 median_ms=1000 p95_ms=1000",
        "call/shop -> mill @17 calls=1 median_ms=2000 p95_ms=2000 failed=1",
        "span/aa @1 operation=/fire service=shop duration_ms=10000",
        "span/bb @4 operation=load service=kiln duration_ms=2999 parent=aa",
        "span/cc @10 operation=store service=kiln duration_ms=1001 parent=aa failed=yes",
        "span/dd @14 operation=write service=disk duration_ms=1000 parent=cc",
        "span/ee @17 operation=call service=mill duration_ms=2000 parent=aa failed=yes",
    ]
    assert told.edges(parsed) == [
        "service/kiln depends on database/postgresql @6",
        "service/shop calls service/kiln @4",
        "service/kiln calls service/disk @14",
        "service/shop calls service/mill @17",
    ]
    assert parsed.summary == "5 spans of 4 services, longest 10000 ms"
    assert parsed.share_parsed == 1.0


def test_own_time_is_a_finding_from_a_fifth_and_weighs_by_what_a_person_notices() -> None:
    parsed = read_by(
        traces.analyse,
        """
    ├─ slow (a) - 1000ms (span_id=a1)
    ├─ noticed (b) - 999.9ms (span_id=b1)
    ├─ quick (c) - 199.9ms (span_id=c1)
    ├─ just (d) - 200ms (span_id=d1)
    ├─ root (e) - 1000ms (span_id=e1)
      ├─ fifth (f) - 200ms (span_id=f1)
      ├─ less (g) - 199ms (span_id=g1)
    """,
    )
    assert told.findings(parsed) == [
        "3.5 slow_span service/a @1: slow of a took 1000 ms, 100% of the request | operation=slow service=a duration_ms:1000 own_ms:1000 share:1",
        "2.5 slow_span service/b @2: noticed of b took 999.9 ms, 100% of the request | operation=noticed service=b duration_ms:999.9 own_ms:999.9 share:1",
        "2.5 slow_span service/d @4: just of d took 200 ms, 100% of the request | operation=just service=d duration_ms:200 own_ms:200 share:1",
        "2.5 slow_span service/e @5: root of e took 1000 ms, 60% of the request | operation=root service=e duration_ms:1000 own_ms:601 share:0.601",
        "2.5 slow_span service/f @6: fifth of f took 200 ms, 20% of the request | operation=fifth service=f duration_ms:200 own_ms:200 share:0.2",
        "1.5 critical_path service/f @6,5: critical path: root (e) 1000 ms → fifth (f) 200 ms | duration_ms:1000 steps:2",
        "1 slow_span service/c @3: quick of c took 199.9 ms, 100% of the request | operation=quick service=c duration_ms:199.9 own_ms:199.9 share:1",
    ]
    assert told.objects(parsed) == [
        "service/a @1 spans=1 median_ms=1000 p95_ms=1000",
        "service/b @2 spans=1 median_ms=999.9 p95_ms=999.9",
        "service/c @3 spans=1 median_ms=199.9 p95_ms=199.9",
        "service/d @4 spans=1 median_ms=200 p95_ms=200",
        "service/e @5 spans=1 median_ms=1000 p95_ms=1000",
        "service/f @6 spans=1 median_ms=200 p95_ms=200",
        "service/g @7 spans=1 median_ms=199 p95_ms=199",
        "call/e -> f @6 calls=1 median_ms=200 p95_ms=200",
        "call/e -> g @7 calls=1 median_ms=199 p95_ms=199",
        "span/a1 @1 operation=slow service=a duration_ms=1000",
        "span/b1 @2 operation=noticed service=b duration_ms=999.9",
        "span/c1 @3 operation=quick service=c duration_ms=199.9",
        "span/d1 @4 operation=just service=d duration_ms=200",
        "span/e1 @5 operation=root service=e duration_ms=1000",
        "span/f1 @6 operation=fifth service=f duration_ms=200 parent=e1",
        "span/g1 @7 operation=less service=g duration_ms=199 parent=e1",
    ]
    assert told.edges(parsed) == [
        "service/e calls service/f @6",
        "service/e calls service/g @7",
    ]
    assert parsed.summary == "7 spans of 7 services, longest 1000 ms"
    assert parsed.share_parsed == 1.0


def test_a_request_without_a_service_blames_none_and_must_be_slow() -> None:
    parsed = read_by(
        traces.analyse,
        """
    Trace (traceID=abc1) (durationMs=200)
    Trace (traceID=abc2) (durationMs=199)
    Trace (traceID=abc3) (durationMs=7000)
    """,
    )
    assert told.findings(parsed) == [
        "2.5 slow_span - @1: request took 200 ms, 100% of the request | duration_ms:200 own_ms:200 share:1",
        "2.5 slow_span - @3: request took 7000 ms, 100% of the request | duration_ms:7000 own_ms:7000 share:1",
    ]
    assert parsed.summary == "3 spans in 3 traces of 0 services, longest 7000 ms"
    assert parsed.share_parsed == 1.0


def test_nothing_has_no_span() -> None:
    parsed = read_by(
        traces.analyse,
        """
    nothing here
    """,
    )
    assert told.findings(parsed) == []
    assert parsed.summary == "0 spans of 0 services"
    assert parsed.share_parsed == 0.0


def test_failing_spans_cite_their_message_and_their_name() -> None:
    parsed = read_by(
        traces.analyse,
        """
    [{"spanId": "1",
      "name": "open", "serviceName": "gas", "duration_ms": 5, "error": "true", "attributes": {
       "http.method": "GET",
       "error": "true",
       "error.message": "gas is off"}},
     {"spanId": "2", "name": "shut", "duration_ms": 6, "error": "true"},
     {"spanId": "3", "name": "fine", "serviceName": "gas", "duration_ms": 7}]
    """,
    )
    assert told.findings(parsed) == [
        "4 error_span service/gas @5,2: open of gas failed gas is off | message=gas is off operation=open service=gas duration_ms:5",
        "4 error_span - @6: shut of failed | operation=shut duration_ms:6",
        "1 slow_span service/gas @2: open of gas took 5 ms, 100% of the request | operation=open service=gas duration_ms:5 own_ms:5 share:1",
        "1 slow_span service/gas @7: fine of gas took 7 ms, 100% of the request | operation=fine service=gas duration_ms:7 own_ms:7 share:1",
    ]
    assert told.objects(parsed) == [
        "service/gas @2 spans=2 median_ms=6 p95_ms=6.9 failed=1",
        "span/1 @2 operation=open service=gas duration_ms=5 failed=yes",
        "span/2 @6 operation=shut duration_ms=6 failed=yes",
        "span/3 @7 operation=fine service=gas duration_ms=7",
    ]
    assert parsed.summary == "3 spans of 1 services, longest 7 ms"
    assert parsed.share_parsed == 1.0


def a_span(own: str, parent: str = "", ms: float = 10.0, **given: object) -> Span:
    return Span(**{
        "line": 1,
        "id": own,
        "parent": parent,
        "service": "kiln",
        "operation": own,
        "start_ms": 0.0,
        "duration_ms": ms,
        **given,
    })


def by_id(*found: Span) -> dict[str, Span]:
    return {span.id: span for span in found}


def test_own_time_is_what_children_leave_and_its_share_is_of_the_whole_request() -> None:
    found = [a_span("a", ms=100), a_span("b", "a", 30), a_span("c", "a", 20), a_span("d", "c", 50), a_span("e", "gone", 0)]
    timed = own_times(forest(found))
    assert [(one.span.id, one.own_ms, one.share) for one in timed] == [
        ("a", 50.0, 0.5),
        ("b", 30.0, 0.3),
        ("c", 0.0, 0.0),
        ("d", 50.0, 0.5),
        ("e", 0.0, 0.0),
    ]


def test_the_outermost_span_is_at_most_64_steps_away() -> None:
    found = [a_span(str(n), str(n - 1)) for n in range(70)]
    assert outermost(found[3], by_id(*found)).id == "0"
    assert outermost(found[69], by_id(*found)).id == "5"
    alone = a_span("x", "x")
    assert outermost(alone, by_id(alone)) is alone


def test_failing_spans_without_a_failing_child_are_the_deepest() -> None:
    found = [
        a_span("a", error=True), a_span("b", "a", error=True), a_span("c", "b"), a_span("d", "gone", error=True), a_span("e", "d"),
    ]  # fmt: skip
    assert [span.id for span in traces.deepest_errors(forest(found))] == ["b", "d"]


def rows(count: int, service: str = "kiln") -> str:
    return "\n".join([
        "├─ root (shop) - 1000ms (span_id=r)",
        *(f"  ├─ SELECT brick ({service}) - 1ms (span_id=s{n})" for n in range(count)),
    ])


def test_ten_equal_children_are_a_loop_of_queries() -> None:
    loops = [row for row in told.findings(read_by(traces.analyse, rows(10))) if "repeated" in row]
    assert loops == [
        "2.5 slow_span service/kiln @2: SELECT brick runs 10 times inside one request | operation=SELECT brick count:10 reason=repeated total_ms:10",
    ]
    assert not [row for row in told.findings(read_by(traces.analyse, rows(9))) if "repeated" in row]


def test_twenty_slow_and_twenty_failing_spans_are_kept() -> None:
    failed = [{"spanId": str(n), "name": "x", "serviceName": "y", "duration_ms": 500, "error": "true"} for n in range(21)]
    parsed = read_by(traces.analyse, json.dumps(failed))
    kinds = [finding.kind for finding in parsed.findings]
    assert (kinds.count("slow_span"), kinds.count("error_span")) == (20, 20)


def test_services_have_their_median_and_call_only_others() -> None:
    parsed = read_by(
        traces.analyse,
        "├─ a (shop) - 9ms (span_id=a)\n  ├─ b (shop) - 4ms (span_id=b)\n    ├─ c (kiln) - 1ms (span_id=c)\n  ├─ d (shop) - 5ms (span_id=d)",
    )
    assert told.objects(parsed) == [
        "service/shop @1 spans=3 median_ms=5 p95_ms=8.6",
        "service/kiln @3 spans=1 median_ms=1 p95_ms=1",
        "call/shop -> kiln @3 calls=1 median_ms=1 p95_ms=1",
        "span/a @1 operation=a service=shop duration_ms=9",
        "span/b @2 operation=b service=shop duration_ms=4 parent=a",
        "span/c @3 operation=c service=kiln duration_ms=1 parent=b",
        "span/d @4 operation=d service=shop duration_ms=5 parent=a",
    ]
    assert told.edges(parsed) == ["service/shop calls service/kiln @3"]
