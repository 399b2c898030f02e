from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.timeline import OnsetSignal, bursts, onset, onset_signals, poisson_tail, silence, timeline
from domain.evidence.values import Analysis, Citation, Classification, Coverage, Event, Finding, Kind

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
CITE = Citation(evidence="a", first=1, last=1)


def signal(minutes: float, kind: str, strength: float = 3.0) -> OnsetSignal:
    return OnsetSignal(time=START + timedelta(minutes=minutes), kind=kind, strength=strength, text=kind, certainty="exact", citation=CITE)


def analysis(evidence: str, *events: Event, findings: tuple[Finding, ...] = ()) -> Analysis:
    return Analysis(
        evidence=evidence,
        name=evidence,
        version="1",
        classification=Classification(kind=Kind.LOGS, confidence=1.0),
        coverage=Coverage(bytes=1, lines=1),
        events=events,
        findings=findings,
    )


def event(minutes: float | None, what: str, severity: float = 3.0, line: int = 1, evidence: str = "a") -> Event:
    time = None if minutes is None else START + timedelta(minutes=minutes)
    return Event(time=time, certainty="exact", what=what, subject="", severity=severity, citation=Citation(evidence=evidence, first=line, last=line))


def test_a_burst_is_found_with_peak_and_ratio():
    (found,) = bursts([2, 1, 2, 30, 45, 2, 1, 2], 60.0)
    assert (found.start, found.end, found.peak, found.ratio) == (3, 4, 45, 22.5)


def test_a_steady_rate_has_no_burst():
    assert bursts([40, 44, 38, 41, 47, 36], 60.0) == ()


def test_fewer_than_five_lines_are_no_burst():
    assert bursts([0, 0, 0, 4, 0, 0], 60.0) == ()


@given(st.lists(st.integers(0, 500), max_size=50))
def test_bursts_lie_inside_and_do_not_overlap(counts):
    found = bursts(counts, 60.0)
    edges = [edge for burst in found for edge in (burst.start, burst.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge < len(counts) for edge in edges)


@pytest.mark.parametrize(("count", "rate", "expected"), [(1, 1.0, 1.0), (2, 1.0, 0.2642411), (10, 2.0, 4.6498e-5)])
def test_the_poisson_tail_is_that_of_the_distribution(count, rate, expected):
    assert poisson_tail(count, rate) == pytest.approx(expected, rel=1e-3)


def test_a_heartbeat_that_stops_is_silent_and_a_running_one_is_not():
    assert silence(list(range(0, 60, 2)), 100) == 58
    assert silence(list(range(0, 100, 2)), 100) is None


def test_onset_is_where_two_different_signals_agree():
    found = onset([signal(0, "burst"), signal(30, "burst"), signal(30.5, "restart", 5.0)])
    assert (found.time, found.certainty) == (START + timedelta(minutes=30), "exact")


def test_one_signal_alone_is_weak():
    assert onset([signal(4, "burst")]).certainty == "weak"
    assert onset([]) is None


def test_onset_reads_findings_that_carry_a_time():
    finding = Finding(id="burst:1", kind="burst", subject="", statement="x", severity=4.0, citations=(CITE,), time=START)
    quiet = Finding(id="event:1", kind="event", subject="", statement="x", severity=4.0, citations=(CITE,), time=START)
    assert [one.kind for one in onset_signals([analysis("a", findings=(finding, quiet))])] == ["burst"]


def test_the_timeline_orders_events_of_all_files_and_joins_the_same_one():
    found = timeline([analysis("a", event(5, "late"), event(None, "undated")), analysis("b", event(1, "early", evidence="b"), event(5, "late", evidence="b"))])
    assert [one.what for one in found] == ["early", "late", "undated"]


def test_the_timeline_keeps_two_hundred_events_by_severity():
    found = timeline([analysis("a", *(event(n, f"e{n}", severity=4.0 if n == 777 else 1.0, line=n + 1) for n in range(900)))])
    assert len(found) == 200
    assert any(one.what == "e777" for one in found)
