"""Changes of series: every rule on numbers that can be checked by hand, on both sides of each limit."""

import math
from functools import partial

import numpy as np
import pytest

from domain.evidence import changes
from tests.pace import quickest

STEP = [0.0, 1.0] * 8 + [10.0, 11.0] * 8


def test_missing_values_are_bridged_by_their_neighbours() -> None:
    assert changes.clean([None, 2.0, math.nan, math.inf, 5.0, None]).tolist() == [2.0, 2.0, 3.0, 4.0, 5.0, 5.0]
    assert changes.clean([None, math.nan]).tolist() == [0.0, 0.0]
    assert changes.clean([]).tolist() == []


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([], 1e-9),
        ([0.0] * 4, 1e-9),
        ([0.0, 1.0, 2.0, 3.0, 4.0], 2 / 1.35),  # quartiles 1 and 3
        ([0.0] * 9 + [40.0], 3.0),  # a quarter of the deviation of 12
        ([100.0] * 4, 1.0),  # a hundredth of the median
        ([-100.0] * 4, 1.0),
    ],
)
def test_the_scale_is_robust_and_floored(values: list[float], scale: float) -> None:
    assert changes.scale(np.array(values)) == pytest.approx(scale)


@pytest.mark.parametrize(
    ("values", "noise"),
    [
        ([1.0], 1e-9),
        ([5.0, 5.0, 5.0], 1e-9),
        ([0.0, 1.0, 0.0, 1.0, 0.0], 1 / 0.954),  # the median step
        ([0.0] * 5 + [10.0] * 5, 0.5),  # a tenth of the deviation of 5
    ],
)
def test_the_noise_is_that_of_steps_and_floored(values: list[float], noise: float) -> None:
    assert changes.noise(np.array(values)) == pytest.approx(noise)


def test_a_shift_is_counted_in_scales_of_what_was_before() -> None:
    before = [0.0, 1.0, 2.0, 3.0, 4.0]
    assert changes.shift(before, [7.0, 7.0, 8.0]) == pytest.approx(5 / (2 / 1.35))
    assert changes.shift(before, [-1.0]) == pytest.approx(-3 / (2 / 1.35))
    assert [changes.shift([], [1.0]), changes.shift([1.0], [])] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("values", "points"),
    [
        (STEP, (16,)),
        ([0.0] * 5 + [10.0] * 5 + [0.0] * 5, (5, 10)),
        ([1.0] * 3 + [9.0] * 3, (3,)),
        ([1.0] * 2 + [9.0] * 3, ()),  # shorter than two segments
        ([0.0, 1.0] * 20, ()),
        ([0.0, 1.0] * 5_000 + [50.0, 51.0] * 5_000, (10_000,)),
        ([0.0, 1.0] * 20_000 + [50.0, 51.0] * 20_001, (40_000,)),  # thinned to means of five
    ],
)
def test_levels_change_where_they_do(values: list[float], points: tuple[int, ...]) -> None:
    assert changes.change_points(values) == points


def test_a_change_must_save_more_than_the_penalty() -> None:
    """The step of 2·h between halves of eight saves 16·h² of squared error; the limit is 12 · ln 16 · noise²."""
    noisy = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    assert changes.change_points([*noisy, *(v + 2.8 for v in noisy)]) == ()
    assert changes.change_points([*noisy, *(v + 3.2 for v in noisy)]) == (8,)


@pytest.mark.parametrize(
    ("part", "split"),
    [
        ([0.0, 0.0, 0.0, 6.0, 6.0, 6.0], (3, 54.0)),
        ([0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 6.0, 6.0, 6.0], (5, 80.0)),
        ([0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 6.0, 6.0], (5, 67.5)),
        ([0.0, 0.0, 0.0, 6.0, 6.0], (0, 0.0)),
        ([1.0] * 6, (3, 0.0)),
    ],
)
def test_a_split_saves_squared_error(part: list[float], split: tuple[int, float]) -> None:
    assert changes._split(np.array(part)) == pytest.approx(split)


def test_ranks_of_both_sides_must_differ_and_short_sides_by_half() -> None:
    seven, eight = np.arange(7.0), np.arange(8.0)
    assert [changes._differs(seven, seven + moved) for moved in (1.5, 2.5)] == [False, True]
    assert [changes._differs(eight, eight + moved) for moved in (4.5, 5.5)] == [False, True]
    assert [changes._differs(eight + moved, eight) for moved in (4.5, 5.5)] == [False, True]
    assert not changes._differs(np.arange(400.0) % 7, np.arange(400.0) % 7)


def test_only_the_two_hundred_values_beside_a_change_are_ranked() -> None:
    near = np.concatenate([np.full(300, 9.0), np.zeros(200)])
    assert changes._differs(near, np.concatenate([np.ones(200), np.full(300, -9.0)]))


def test_peaks_come_strongest_first_and_apart() -> None:
    values = [0.0] * 100
    values[50], values[51], values[80], values[5] = 9.0, 8.0, 5.0, 99.0
    assert changes.peaks(values, 3) == (51, 80)
    assert changes.peaks(values, 1) == (51,)
    assert changes.peaks([1.0] * 7 + [9.0], 2) == (7,)
    assert changes.peaks([1.0] * 6 + [9.0], 2) == ()
    assert changes.peaks(values, 0) == ()


def test_a_lone_value_is_unusual_by_its_level_and_its_near_past() -> None:
    lone = changes.unusual(np.array([0.0] * 7 + [9.0] + [0.0] * 4))
    level = 9 / (math.sqrt(9 * 9 / 12 - 0.75**2) / 4)
    assert lone.tolist() == pytest.approx([0.0] * 7 + [level + 3, 3.0, 3.0, 3.0, 1.0])


def test_a_new_level_is_unusual_from_where_it_begins() -> None:
    values = changes.unusual(np.array([0.0, 1.0] * 10 + [8.0, 9.0] * 4))
    assert values.round(3).tolist() == [
        0.0, 0.0, 0.0, 0.0, 0.169, 0.0, 0.169, 0.0, 0.169, 0.0, 0.169, 0.0, 0.169, 0.0, 0.169, 0.0, 0.169, 0.0, 0.169, 0.0,
        2.116, 3.22, 3.986, 5.089, 4.486, 4.22, 3.616, 3.35,
    ]  # fmt: skip


def _period(series: changes.Values) -> int:
    return changes._period(series, *changes._usual(series))


def test_what_recurs_every_cycle_is_not_unusual() -> None:
    day = [0.0] * 10 + [9.0] * 10
    assert [_period(np.array(day * times)) for times in (3, 4)] == [0, 20]
    assert changes.peaks(day * 6, 2) == ()
    at_night = day * 6
    at_night[65] = 9.0
    assert changes.peaks(at_night, 1) == (65,)


def test_noise_and_constants_have_no_cycle() -> None:
    assert _period(np.zeros(100)) == 0
    assert _period(np.random.default_rng(1).normal(size=500)) == 0


def test_variance_around_the_levels_grows_with_what_follows_from_the_point_before() -> None:
    steps = np.array([0.0] * 10 + [5.0] * 10)
    assert changes._wander(steps, (10,)) == pytest.approx((0.02 * 2.5) ** 2)
    assert changes._wander(np.array([0.0, 1.0] * 50), ()) == pytest.approx(0.25)
    assert changes._wander(np.array([0.0] * 20 + [1.0] * 20), ()) == pytest.approx(0.25 * 19)


def test_a_series_that_drifts_by_itself_has_half_as_many_changes_at_most() -> None:
    """The noise of its steps alone would let every one of its swings count."""
    walks = [np.random.default_rng(seed).normal(size=500).cumsum() for seed in range(10)]
    rough = sum(
        len(changes._segments(changes._cuts(walk), changes.PENALTY * np.log(500) * changes.noise(walk) ** 2)) for walk in walks
    )
    assert 2 * sum(len(changes.change_points(walk)) for walk in walks) <= rough


@pytest.mark.parametrize("levels", [(0, 10, 20, 30), (0, 10, 0, 10, 0), (0, 10, 20, 30, 40, 50, 60), (30, 20, 10, 0)])
@pytest.mark.parametrize("noise", [0.0, 0.5, 2.0])
def test_all_of_several_equal_steps_are_found(levels: tuple[int, ...], noise: float) -> None:
    dice = np.random.default_rng(3)
    values = np.concatenate([np.full(15, float(level)) for level in levels])
    values += dice.normal(0, 1, len(values)) * noise
    found = changes.change_points(values)
    assert [min(abs(place - 15 * step) for place in found) for step in range(1, len(levels))] == [0] * (len(levels) - 1)


@pytest.mark.parametrize(("moved", "alarms"), [(0.0, 0), (3.0, 0), (9.0, 1)])
def test_an_alarm_is_a_peak_that_leaves_the_usual_by_five_scales(moved: float, alarms: int) -> None:
    values = np.random.default_rng(5).normal(size=400)
    values[200:220] += moved
    found = changes.alarms(values)
    assert len(found) == alarms
    assert all(200 <= place < 220 for place in found)
    assert changes.alarms([1.0] * 7) == ()


def test_e10_peaks_and_changes_of_six_thousand_points_take_milliseconds() -> None:
    """Twice the row, which `make bench-evidence` holds on a quiet machine."""
    values = np.random.default_rng(1).normal(size=6_000) + np.sin(np.arange(6_000) / 45)
    for work in (changes.peaks, changes.change_points):
        assert quickest(partial(work, values), tries=20) < 0.002, work.__name__
