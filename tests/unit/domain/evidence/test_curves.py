"""Curves: what is drawn of each series, thinned without losing its extremes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.metrics import analyser
from domain.evidence.metrics.curves import CURVES, POINTS, curve
from domain.evidence.metrics.series import Series
from tests.evidence import read_by

VALUES = st.lists(st.none() | st.floats(-1e9, 1e9), max_size=2_000)


def a_table(**columns: list[float]) -> str:
    rows = [f"{1777888800 + 60 * n}," + ",".join(map(str, row)) for n, row in enumerate(zip(*columns.values(), strict=True))]
    return "\n".join(["time," + ",".join(columns), *rows])


def test_a_curve_has_times_values_and_the_places_of_new_levels() -> None:
    wave = [10.0, 11.0] * 8
    parsed = read_by(analyser.analyse, a_table(barn_heat=wave * 2, kiln_heat_ms=[*wave, *(v + 17 for v in wave)]))
    kiln, barn = parsed.curves
    assert (kiln.name, kiln.unit, kiln.changes) == ("kiln_heat_ms", "ms", (16,))
    assert (kiln.times[0], kiln.times[-1], len(kiln.values)) == (1777888800.0, 1777888800.0 + 31 * 60, 32)
    assert (kiln.citation.first, kiln.citation.last) == (2, 33)
    assert (barn.name, barn.changes, barn.values) == ("barn_heat", (), tuple(wave * 2))


def test_a_counter_is_drawn_as_its_rate_and_its_restart_is_no_drop() -> None:
    counts = [float(60 * n) for n in range(20)] + [float(60 * n) for n in range(1, 21)]
    [drawn] = read_by(analyser.analyse, a_table(bricks_total=counts)).curves
    assert (drawn.unit, set(drawn.values), drawn.changes) == ("per second", {1.0}, ())


def test_a_long_curve_keeps_lows_highs_and_the_places_of_its_changes() -> None:
    values: list[float | None] = [float(n % 7) for n in range(6_000)]
    values[1_234], values[4_321] = 900.0, -900.0
    one = Series("heat", times=[None] * 6_000, values=values, lines=list(range(1, 6_001)))
    drawn = curve(one, (3_000,), "e1")
    assert drawn
    assert len(drawn.values) <= POINTS
    assert {900.0, -900.0} <= set(drawn.values)
    assert drawn.times[drawn.values.index(900.0)] == 1_235
    assert drawn.times[drawn.changes[0]] == pytest.approx(3_001, abs=40)


def test_the_hundred_series_that_moved_most_are_drawn() -> None:
    steady = {f"m{n}": [1.0, 2.0] * 10 for n in range(CURVES)}
    parsed = read_by(analyser.analyse, a_table(**steady, zz_moved=[1.0, 2.0] * 5 + [50.0, 51.0] * 5))
    assert (len(parsed.curves), parsed.curves[0].name) == (CURVES, "zz_moved")
    assert "1 series that moved less are not drawn" in parsed.notes


def test_points_without_value_or_time_are_left_out() -> None:
    times = [60.0, 120.0, 180.0]
    drawn = curve(Series("heat", times=[*times, None], values=[1.0, None, 3.0, 4.0], lines=[4, 5, 6, 7]), (), "e1")
    assert drawn
    assert (drawn.values, drawn.citation.first, drawn.citation.last) == ((1.0, 3.0), 4, 7)
    assert curve(Series("heat", values=[1.0], times=[None], lines=[1]), (), "e1") is None


@given(VALUES, st.lists(st.integers(0, 2_000), max_size=5))
def test_any_curve_fits_and_rises_in_time(values: list[float | None], points: list[int]) -> None:
    one = Series("x", times=[None] * len(values), values=values, lines=list(range(1, len(values) + 1)))
    drawn = curve(one, tuple(points), "e1")
    if drawn:
        assert 2 <= len(drawn.values) == len(drawn.times) <= POINTS
        assert list(drawn.times) == sorted(set(drawn.times))
        assert all(0 <= place < len(drawn.values) for place in drawn.changes)
        assert set(drawn.values) <= set(values)
