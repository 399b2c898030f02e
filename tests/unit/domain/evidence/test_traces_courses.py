"""Traces as levels: own time, the way between services, failures, and when they began."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.evidence.metrics.suspects import between, compared
from domain.evidence.traces import analyser as traces
from domain.evidence.values import Parsed
from tests.evidence import read_by

HEAD = "traceID,spanID,serviceName,operationName,startTime,duration,statusCode,parentSpanID"
BEGINS = datetime(2026, 5, 4, 10, tzinfo=UTC)


def request(number: int, *, own: float = 2.0, way: float = 0.5, failed: bool = False, clients: bool = True) -> list[str]:
    """Return the spans of one request, a second after the one before: front calls kiln and mill, kiln calls yard; kiln may be slow."""
    at = BEGINS.timestamp() * 1e6 + number * 1e6
    rows: list[str] = []
    noise = 1 + number % 5 / 20

    def span(name: str, service: str, times: tuple[float, float], parent: str = "") -> str:
        start, took = (1e3 * noise * one for one in times)
        code = 2 if failed and name == "kiln" else 0
        rows.append(f"{number},{name}{number},{service},{name},{at + start:.0f},{took:.0f},{code},{parent}")
        return f"{name}{number}"

    root = span("front", "front", (0, own + 2 * way + 12))
    for name, begins, length in (("kiln", 2, own + 1 + way), ("mill", 4 + own + 2 * way, 2.0)):
        added = way if name == "kiln" else 0.5
        side = span(f"to-{name}", "front", (begins, length + added), root) if clients else root
        served = span(name, name, (begins + added / 2, length), side)
        if name == "kiln":
            out = span("to-yard", "kiln", (begins + way / 2, 1 + way), served) if clients else served
            span("yard", "yard", (begins + way, 1), out)
    return rows


def trace(*requests: list[str]) -> Parsed:
    return read_by(traces.analyse, "\n".join([HEAD, *(row for rows in requests for row in rows)]))


CALM = trace(*(request(n) for n in range(40)))


def risen(fault: Parsed) -> list[tuple[str, str]]:
    return [(one.service, one.level.measure) for one in compared(CALM.levels, fault.levels)]


def test_a_service_whose_own_time_rose_leads_and_its_callers_do_not_follow() -> None:
    assert risen(trace(*(request(n, own=30.0) for n in range(40))))[0] == ("kiln", "own time")


def test_a_network_is_slow_at_the_service_all_of_whose_calls_wait() -> None:
    assert risen(trace(*(request(n, way=20.0) for n in range(40))))[0] == ("kiln", "way")


def test_a_packet_sent_again_now_and_then_shows_in_the_mean_of_the_way() -> None:
    first, *_ = compared(CALM.levels, trace(*(request(n, way=200.0 if n % 5 == 0 else 0.5) for n in range(40))).levels)
    assert (first.service, first.level.name) == ("kiln", "mean time on the way")


def test_failures_belong_to_the_deepest_service_that_fails() -> None:
    levels = trace(*(request(n, failed=n % 2 == 0) for n in range(40))).levels
    failing = {one.service: one.middle for one in levels if one.measure == "failures"}
    assert failing["front"] == failing["mill"] == 0.0
    assert failing["kiln"] > 0.1


def test_without_spans_of_the_calling_side_the_way_counts_for_caller_and_called() -> None:
    calm = trace(*(request(n, clients=False) for n in range(40)))
    slow = trace(*(request(n, way=20.0, clients=False) for n in range(40)))
    first, *_ = compared(calm.levels, slow.levels)
    assert (first.service, set(first.measures)) == ("kiln", {"own time", "way", "failures"})


def test_a_trace_of_both_times_is_parted_where_it_began() -> None:
    both = trace(*(request(n, own=30.0 if n >= 60 else 2.0) for n in range(120)))
    first, *_ = between(both.levels)
    assert (first.service, round(first.after / first.before)) == ("kiln", 15)


@pytest.mark.parametrize("spans", [[HEAD], [HEAD, *request(1)], [HEAD, *(row.replace("1777888801", "") for row in request(1))]])
def test_too_few_spans_tell_nothing_of_what_is_usual(spans: list[str]) -> None:
    assert read_by(traces.analyse, "\n".join(spans)).levels == ()
