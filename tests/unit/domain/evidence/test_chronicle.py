"""Events of several files on one clock."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.chronicle.events import place_of, shortened, timeline
from domain.evidence.chronicle.marks import MOST, Marks, literals
from domain.evidence.chronicle.skews import difference, skews
from domain.evidence.values import (
    Analysis,
    Certainty,
    Citation,
    Classification,
    Context,
    Coverage,
    Document,
    Event,
    Hint,
    Kind,
    Mark,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def analysis(evidence: str, *events: Event, marks: tuple[Mark, ...] = (), certain: Certainty = "exact") -> Analysis:
    return Analysis(
        evidence=evidence,
        name=f"{evidence}.log",
        version="1",
        classification=Classification(kind=Kind.LOGS, confidence=1.0),
        coverage=Coverage(bytes=1, lines=1, times_certain=certain),
        events=events,
        marks=marks,
    )


def event(seconds: float | None, what: str, severity: float = 3.0, line: int = 1, evidence: str = "a") -> Event:
    return Event(
        time=None if seconds is None else START + timedelta(seconds=seconds),
        certainty="exact" if seconds is not None else "order only",
        what=what,
        subject="",
        severity=severity,
        citation=Citation(evidence=evidence, first=line, last=line),
    )


def told(*analyses: Analysis) -> list[str]:
    return [one.what for one in timeline(analyses).events]


def marked(times: dict[str, float]) -> tuple[Mark, ...]:
    return tuple(Mark(name=name, seconds=seconds, line=1) for name, seconds in times.items())


def service(name: str, ahead: float, lines: int = 400, seed: int = 1) -> Document:
    """A log of a service whose clock runs ahead; every request takes up to half a second to reach it."""
    dice = random.Random(f"{name}{seed}")
    rows = []
    for n in range(lines):
        moment = START + timedelta(seconds=2 * n + ahead + dice.random() / 2)
        rows.append(f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z INFO {name} request_id=req-{seed}{n:06d} handled")
    rows.append(f"{START + timedelta(seconds=2 * lines + ahead):%Y-%m-%dT%H:%M:%S.%f}Z ERROR {name} lost the primary")
    return Document(evidence=name, name=f"{name}.log", chunks=["\n".join(rows).encode()], hint=Hint(chosen=Kind.LOGS))


def test_events_of_all_files_stand_in_one_order_and_the_same_one_once():
    first = analysis("a", event(300, "late"), event(None, "undated"))
    second = analysis("b", event(60, "early", evidence="b"), event(300.4, "late", evidence="b"), event(310, "late", evidence="b"))
    assert told(first, second) == ["early", "late", "late", "undated"]


def test_the_same_event_of_two_files_is_told_by_the_more_severe():
    one, two, three = event(1, "x", 3.0), event(1.2, "x", 4.0, evidence="b"), event(1.4, "x", 4.0, evidence="c")
    assert timeline([analysis("a", one), analysis("b", two), analysis("c", three)]).events == (two,)


def test_two_hundred_events_stay_by_severity_and_runs_left_out_are_summed_up():
    events = [event(n, f"e{n}", severity=4.0 if n % 5 == 0 else 1.0, line=n + 1) for n in range(1_000)]
    found = timeline([analysis("a", *events)])
    kept = [one for one in found.events if one.severity]
    assert (len(kept), found.left_out) == (200, 800)
    assert {one.what for one in kept} == {f"e{n}" for n in range(0, 1_000, 5)}
    assert found.events[1].what == "4 further events until 12:00:04, the most severe: e1"
    assert sum(int(one.what.split()[0]) for one in found.events if not one.severity) == 800


def test_of_equal_events_those_near_the_onset_stay():
    events = [event(60 * n, f"e{n}", line=n + 1) for n in range(1_000)]
    kept = [one for one in timeline([analysis("a", *events)], START + timedelta(minutes=500)).events if one.severity]
    assert [one.what for one in kept] == [f"e{n}" for n in range(400, 600)]


@pytest.mark.parametrize(("severity", "stays"), [(4.4, True), (4.6, False)])
def test_a_change_counts_as_three_grades_more_severe(severity: float, stays: bool):
    change = Event(
        time=None, certainty="order only", what="deploy", subject="", severity=1.5, citation=event(0, "").citation, change=True
    )
    many = [event(60 * n, f"e{n}", severity=severity, line=n + 1) for n in range(200)]
    assert (change in timeline([analysis("a", change, *many)]).events) is stays


def test_events_of_one_time_stand_by_certainty_then_file_then_line():
    rows = [
        event(60, "a", line=9),
        event(60, "b", line=2),
        event(60, "c", evidence="b"),
        event(None, "d"),
        event(30, "e", evidence="z"),
    ]
    weak = Event(
        time=START + timedelta(seconds=60), certainty="weak", what="f", subject="", severity=3.0, citation=rows[0].citation
    )
    assert told(analysis("a", weak, *rows)) == ["e", "b", "a", "c", "f", "d"]


EVENTS = st.lists(
    st.builds(
        event,
        st.one_of(st.none(), st.integers(0, 50)),
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from([1.0, 3.0, 5.0]),
        st.integers(1, 9),
        st.sampled_from(["a", "b"]),
    ),
    max_size=40,
)


@given(EVENTS, st.randoms())
def test_the_order_is_total_and_does_not_hang_on_the_order_of_input(events: list[Event], dice: random.Random):
    mixed = list(events)
    dice.shuffle(mixed)
    found = timeline([analysis("a", *events)]).events
    assert [place_of(one) for one in found] == sorted(place_of(one) for one in found)
    assert [place_of(one) for one in timeline([analysis("a", *mixed)]).events] == [place_of(one) for one in found]


@given(EVENTS, st.integers(0, 10))
def test_a_shortened_time_line_accounts_for_every_event(events: list[Event], most: int):
    ordered = sorted(events, key=place_of)
    found = shortened(ordered, None, most)
    summed = sum(int(one.what.split()[0]) if "further event" in one.what else 1 for one in found)
    assert summed == len(events)


@given(st.floats(-90_000, 90_000).filter(lambda ahead: abs(ahead) >= 3), st.integers(0, 1_000))
def test_the_skew_of_two_clocks_is_recovered(ahead: float, seed: int):
    dice = random.Random(seed)
    left = {f"{n:016x}": 1_000.0 + 3 * n for n in range(dice.randrange(5, 60))}
    right = {name: seconds + ahead + dice.random() for name, seconds in left.items()}
    found = difference(left, right)
    assert found is not None
    assert abs(found[0] - ahead) <= 1.0
    assert found[1] == len(left)


def test_four_shared_requests_are_too_few_and_a_second_is_no_skew():
    left = {str(n): float(n) for n in range(5)}
    assert difference(dict(list(left.items())[:4]), left) is None
    assert difference(left, {name: seconds + 0.4 for name, seconds in left.items()}) == (0.0, 5)
    assert difference(left, {name: 9 * seconds for name, seconds in left.items()}) == (0.0, 5)


def test_times_of_a_clock_that_is_off_are_corrected_and_it_is_stated():
    good = marked({f"{n:016x}": float(n) for n in range(9)})
    late = marked({f"{n:016x}": n + 93.0 for n in range(9)})
    found = timeline([
        analysis("a", event(100, "first"), marks=good),
        analysis("b", event(190, "second", evidence="b"), marks=late, certain="zone assumed"),
    ])
    assert [(one.what, one.time) for one in found.events] == [
        ("second", START + timedelta(seconds=97)), ("first", START + timedelta(seconds=100)),
    ]  # fmt: skip
    assert found.corrections == (
        "the clock of b.log stands 93.0 s ahead of that of a.log, by 9 shared requests: its times are corrected on the time-line",
    )
    assert found.notes == ("the times of b.log name no zone: UTC is assumed",)


def test_a_skew_is_carried_over_a_document_between():
    first, second = {f"{n:016x}": float(n) for n in range(5)}, {f"{n:016x}": float(n) for n in range(5, 10)}
    middle = {
        **{name: seconds + 10 for name, seconds in first.items()},
        **{name: seconds + 10 for name, seconds in second.items()},
    }
    last = {name: seconds + 30 for name, seconds in second.items()}
    found = skews([
        analysis("c", marks=marked(last)),
        analysis("b", marks=marked(middle), certain="weak"),
        analysis("a", marks=marked(first)),
    ])
    assert [(one.evidence, one.against, one.seconds, one.shared) for one in found] == [
        ("b", "a", 10.0, 5),
        ("c", "a", 30.0, 5),
    ] or [(one.evidence, one.seconds) for one in found] == [("a", -30.0), ("b", -20.0)]


@pytest.mark.parametrize("ahead", [-3_600.0, 47.0])
def test_logs_that_share_requests_tell_their_skew(ahead: float):
    read = [analyse(one, Context()) for one in (service("gate", 0.0), service("store", ahead))]
    (found,) = skews(read)
    assert (found.evidence, found.against) == ("store", "gate")
    assert abs(found.seconds - ahead) <= 0.5
    assert found.shared >= 100
    losses = [one.time for one in timeline(read).events if one.time and "lost the primary" in one.what]
    assert all(abs((time - START).total_seconds() - 800) <= 0.6 for time in losses)


def test_logs_that_share_nothing_keep_their_times():
    read = [analyse(one, Context()) for one in (service("gate", 0.0), service("store", 47.0, seed=2))]
    assert skews(read) == ()


def test_names_of_requests_are_read_from_many_forms():
    rows = [
        'level=info trace_id=4bf92f3577b34da6 msg="x"',
        '{"requestId": "b7ad6b71-6920", "msg": "x"}',
        "GET /x [request-id: 00f067aa0ba902b7]",
        "X-Request-Id=7ad6b716 done",
        "request id unknown",
    ]
    found = Marks(literals(rows), lambda row: datetime.fromtimestamp(len(row), UTC))
    found.see(1, "\n".join(rows).encode())
    assert sorted((one.line, one.seconds) for one in found.all()) == [(n, float(len(row))) for n, row in enumerate(rows[:4], 1)]


def test_of_very_many_names_two_documents_keep_the_same():
    rows = [f"request_id=req-{n:07d}" for n in range(490)]
    found = [Marks(literals(rows), lambda _: START) for _ in range(2)]
    found[0].see(1, "\n".join(rows).encode())
    for start in (0, 200, 400):
        found[1].see(start + 1, "\n".join(rows[start : start + 200]).encode())
    assert found[0].all() == found[1].all()
    assert len(found[0].all()) == MOST
