from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.page.charts import charts
from cli.page.histogram import BOTTOM, LEFT, RIGHT, TOP, histogram
from cli.page.lanes import lanes
from cli.page.scales import MARKS, Scale, number, time_marks
from cli.pictures import BLOCKS, MOST_VOLUMES, draw, sparkline
from cli.show import terminal
from domain.evidence.values import (
    Analysis,
    Citation,
    Classification,
    Coverage,
    Curve,
    Event,
    Finding,
    KeyStat,
    Kind,
    Volume,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CITED = Citation(evidence="e1", first=7, last=7)


def an_analysis(volume: Volume | None = None, curves: tuple[Curve, ...] = (), keys: tuple[KeyStat, ...] = ()) -> Analysis:
    return Analysis(
        evidence="e1",
        name="kiln.log",
        version="1",
        classification=Classification(kind=Kind.LOGS, confidence=1.0),
        coverage=Coverage(bytes=1, lines=1),
        volume=volume,
        curves=curves,
        keys=keys,
    )


counts = st.lists(st.tuples(*[st.integers(0, 10**6)] * 6), min_size=1, max_size=240)


@given(counts)
def test_bars_hold_every_line_and_stay_within_the_drawing(rows: list[tuple[int, ...]]) -> None:
    drawn = histogram(an_analysis(Volume(start=NOON, width=60.0, counts=tuple(rows))), NOON.timestamp())
    assert drawn is not None
    assert [bar.lines for bar in drawn.bars] == [sum(row) for row in rows]
    assert all(sum(layer.lines for layer in bar.layers) == bar.lines for bar in drawn.bars)
    assert all(LEFT <= bar.x <= bar.x + bar.width <= RIGHT + 0.5 for bar in drawn.bars)
    assert all(layer.y >= TOP - 1 and layer.height <= BOTTOM - TOP for bar in drawn.bars for layer in bar.layers)
    assert drawn.onset == LEFT


def test_a_log_without_times_is_drawn_over_its_lines() -> None:
    drawn = histogram(an_analysis(Volume(start=None, width=100.0, counts=((100, 0, 0, 0, 0, 0), (90, 0, 5, 0, 5, 0)))), 1e9)
    assert drawn is not None
    assert (drawn.unit, drawn.onset, drawn.bands) == ("100 lines", None, ())
    assert drawn.bars[1].told == "line 101: 100 lines (90 info, 5 warn, 5 error, 0 fatal)"
    assert histogram(an_analysis(), None) is None


def test_a_burst_is_told_with_its_times_and_its_kind_of_line() -> None:
    key = KeyStat(key="k", template="kiln <*> cold", count=9, first=3, last=9, burst=(NOON, NOON.replace(minute=3), 40, 80.0))
    drawn = histogram(an_analysis(Volume(start=NOON, width=60.0, counts=((1, 0, 0, 0, 0, 0),) * 10), keys=(key,)), None)
    assert drawn is not None
    assert [band.told for band in drawn.bands] == [
        "burst from 12:00:00 to 12:03:00, 40 at its peak, 80 × the usual: kiln <*> cold"
    ]


@given(st.floats(0, 4e9), st.floats(0.001, 4e8))
def test_marks_of_time_are_few_and_on_the_axis(low: float, span: float) -> None:
    scale = Scale(low=low, high=low + span, first=0.0, last=100.0)
    marks = time_marks(scale)
    assert len(marks) <= MARKS + 1
    assert all(0 <= mark.at <= 100 for mark in marks)
    assert len({mark.at for mark in marks}) == len(marks) or span < 0.1


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (950, "950"), (1_234, "1.23 k"), (-3.4e6, "-3.4 M"), (2e9, "2 G"), (0.125, "0.125")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


def test_charts_take_files_in_turn_and_say_how_many_are_left_out() -> None:
    curves = tuple(Curve(name=f"c{n}", times=(1e9, 1e9 + 60), values=(1.0, 2.0), changes=(1,), citation=CITED) for n in range(20))
    drawn, left_out = charts([an_analysis(curves=curves), an_analysis(curves=curves)], 1e9 + 30)
    assert (len(drawn), left_out) == (24, 16)
    assert [chart.name for chart in drawn[:3]] == ["c0", "c0", "c1"]
    assert drawn[0].changes[0].told == "2001-09-09 01:47:40: 1 → 2"
    assert drawn[0].onset == 256.0


def test_lanes_need_two_dated_events_and_draw_one_lane_per_file() -> None:
    events = [Event(time=NOON, certainty="exact", what="cold", subject="", citation=CITED, severity=4.0)]
    assert lanes(events, [an_analysis()], None) is None
    events.append(Event(time=NOON.replace(hour=13), certainty="exact", what="roll", subject="", citation=CITED, change=True))
    drawn = lanes(events, [an_analysis()], None)
    assert drawn is not None
    assert [(lane.name, len(drawn.dots)) for lane in drawn.lanes] == [("kiln.log", 2)]
    assert [(dot.level, dot.change) for dot in drawn.dots] == [("error", False), ("info", True)]


@given(st.lists(st.floats(0, 1e9), max_size=300), st.integers(1, 80))
def test_a_sparkline_fits_and_shows_every_filled_stretch(values: list[float], width: int) -> None:
    shown = sparkline(values, width)
    assert len(shown) == min(width, len(values))
    assert set(shown) <= set(BLOCKS)
    assert bool(shown.strip()) == any(values)


def test_the_terminal_shows_volume_bursts_curves_and_kinds_of_lines() -> None:
    key = KeyStat(key="k", template="kiln <*> cold", count=9, first=3, last=9, severity=4.0, burst=(NOON, NOON, 40, 80.0))
    curve = Curve(name="heat", unit="°C", times=(1e9, 1e9 + 60), values=(1.0, 2.0), citation=CITED)
    console = terminal(file=StringIO(), width=80)
    draw(
        console, [an_analysis(Volume(start=NOON, width=60.0, counts=((5, 0, 0, 0, 3, 0), (4, 0, 0, 0, 0, 0))), (curve,), (key,))]
    )
    shown = console.file.getvalue()
    for part in (
        "kiln.log: 12 lines",
        " error █",
        "  info █▆",
        " burst ▲",
        "12:00:00 to 12:02:00 UTC",
        "heat (°C)",
        "kiln <*> cold",
        "kiln.log:3",
    ):
        assert part in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_of_many_logs_the_terminal_shows_the_severest() -> None:
    fault = Finding(id="f", kind="exit", subject="", statement="out", severity=4.0, citations=(CITED,))
    one = an_analysis(Volume(start=NOON, width=60.0, counts=((1, 0, 0, 0, 0, 0),)))
    logs = [replace(one, name=f"{n}.log", findings=(fault,) if n == 39 else ()) for n in range(40)]
    console = terminal(file=StringIO(), width=80)
    draw(console, logs)
    shown = console.file.getvalue()
    assert "39.log: 1 lines" in shown
    assert f"{40 - MOST_VOLUMES} further logs, less severe" in shown
    assert shown.count(".log: ") == MOST_VOLUMES
