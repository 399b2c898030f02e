from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.timeline import OnsetSignal, bursts, onset, onset_signals, poisson_tail, silence
from domain.evidence.values import Analysis, Citation, Classification, Coverage, Finding, Kind

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
CITE = Citation(evidence="a", first=1, last=1)


def signal(minutes: float, kind: str, strength: float = 3.0) -> OnsetSignal:
    return OnsetSignal(
        time=START + timedelta(minutes=minutes), kind=kind, strength=strength, text=kind, certainty="exact", citation=CITE
    )


def analysis(evidence: str, findings: tuple[Finding, ...] = ()) -> Analysis:
    return Analysis(
        evidence=evidence,
        name=evidence,
        version="1",
        classification=Classification(kind=Kind.LOGS, confidence=1.0),
        coverage=Coverage(bytes=1, lines=1),
        findings=findings,
    )


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


@pytest.mark.parametrize(
    ("counts", "width", "found"),
    [
        ([], 60.0, []),
        ([1, 1, 1, 9, 1, 1], 60.0, []),
        ([1, 1, 1, 10, 1, 1], 60.0, [(3, 3, 10, 10.0)]),
        ([0, 0, 0, 7, 0, 0], 60.0, []),
        ([0, 0, 0, 8, 0, 0], 60.0, [(3, 3, 8, 16.0)]),
        ([40, 40, 40, 76, 40, 40], 60.0, [(3, 3, 76, 1.9)]),
        ([40, 40, 40, 73, 40, 40], 60.0, []),
        ([1, 50, 1, 50, 1, 1, 1, 1], 60.0, [(1, 1, 50, 50.0), (3, 3, 50, 50.0)]),
        ([1, 50, 1, 60, 1, 1, 1, 1], 30.0, [(1, 3, 60, 60.0)]),
        ([1, 50, 1, 1, 60, 1, 1, 1, 1], 30.0, [(1, 1, 50, 50.0), (4, 4, 60, 60.0)]),
        ([1, 50, 60, 1, 1, 1, 1], 0.0, [(1, 2, 60, 60.0)]),
    ],
)
def test_bursts_lie_above_the_usual_rate_and_join_within_a_minute(counts, width, found):
    assert [(one.start, one.end, one.peak, one.ratio) for one in bursts(counts, width)] == found


@pytest.mark.parametrize(
    ("count", "rate", "expected"), [(0, 0.5, 1.0), (1, 0.5, 0.393469), (500, 1.0, 0.0), (5, 4.999, 0.559331)]
)
def test_the_poisson_tail_at_its_ends(count, rate, expected):
    assert poisson_tail(count, rate) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("filled", "last", "quiet"),
    [
        ([0, 1], 99, None),
        ([0, 1, 2], 7, None),
        ([0, 1, 2], 8, 2),
        ([0, 2, 4], 14, None),
        ([0, 2, 4], 15, 4),
        ([*range(40), 60], 160, 60),
        ([*range(19), 60], 161, None),
        ([*range(21), 60, 61], 67, 61),
    ],
)
def test_silence_needs_five_usual_gaps_and_three_buckets(filled, last, quiet):
    assert silence(filled, last) == quiet


@pytest.mark.parametrize(
    ("signals", "minute", "certainty"),
    [
        ([signal(0, "burst"), signal(2, "restart")], 0, "exact"),
        ([signal(0, "burst"), signal(2.01, "restart", 3.5)], 2.01, "weak"),
        ([signal(0, "burst", 2.0), signal(1, "restart", 2.0)], 0, "exact"),
        ([signal(0, "burst", 1.9), signal(1, "restart", 2.0)], 1, "weak"),
        ([signal(0, "burst"), signal(1, "burst")], 0, "weak"),
        ([signal(0, "burst", 5.0), signal(9, "burst", 2.0), signal(9, "restart", 2.0)], 0, "weak"),
        ([signal(4, "burst", 4.0), signal(1, "silence", 4.0)], 1, "weak"),
    ],
)
def test_the_onset_is_the_earliest_agreement_before_the_strongest_signal(signals, minute, certainty):
    found = onset(signals)
    assert (found.time, found.certainty, found.precision_s) == (START + timedelta(minutes=minute), certainty, 120.0)
    assert (onset(signals, width_s=31.0).precision_s, onset(signals, width_s=29.0).precision_s) == (62.0, 60.0)


def test_what_may_mark_the_onset_is_severe_enough_and_dated():
    def found(kind: str, severity: float, time: datetime | None = START) -> Finding:
        return Finding(id=kind, kind=kind, subject="", statement=kind, severity=severity, citations=(CITE,), time=time)

    read = analysis("a", findings=(found("burst", 2.0), found("silence", 1.9), found("event", 5.0), found("restart", 4.0, None)))
    assert onset_signals([read]) == (
        OnsetSignal(time=START, kind="burst", strength=2.0, text="burst", certainty=read.coverage.times_certain, citation=CITE),
    )
