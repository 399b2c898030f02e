"""What a log tells by how often its lines come, in logs whose words are made up."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.logs.rhythms import pace
from domain.evidence.values import Analysis, Finding, Kind
from tests.quality import needles

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LAYOUTS: tuple[Callable[[datetime, str], str], ...] = (
    lambda at, text: f"{at:%Y-%m-%d %H:%M:%S} INFO [mok] {text}",
    lambda at, text: f"{at:%b %d %H:%M:%S} gil-1 mokd[77]: {text}",
    lambda at, text: f'{{"level":"info","time":"{at:%Y-%m-%dT%H:%M:%SZ}","msg":"{text}"}}',
)


def log(layout: int, *streams: Iterable[tuple[float, str]]) -> Analysis:
    rows = sorted((second, text) for stream in streams for second, text in stream)
    text = "\n".join(LAYOUTS[layout](START + timedelta(seconds=second), text) for second, text in rows)
    return needles.read(text.encode(), kind=Kind.LOGS)


def every(step: float, first: float, last: float, text: str, jitter: float = 0.2) -> list[tuple[float, str]]:
    dice = random.Random(f"{step}{text}")
    return [
        (first + n * step + dice.uniform(0, jitter * step), f"{text} {dice.randrange(999)}")
        for n in range(int((last - first) / step))
    ]


def only(found: Analysis, kind: str) -> Finding:
    (one,) = [finding for finding in found.findings if finding.kind == kind]
    return one


def none(found: Analysis, *kinds: str) -> bool:
    return not [one for one in found.findings if one.kind in kinds]


each_layout = pytest.mark.parametrize("layout", range(len(LAYOUTS)))


@each_layout
def test_a_steady_log_has_no_gap_and_no_other_pace(layout: int) -> None:
    found = log(layout, every(2, 0, 3_600, "zor tuv"), every(7, 0, 3_600, "pim nus hol"), every(60, 0, 3_600, "hol ry"))
    assert none(found, "gap", "rate_shift", "silence")


@each_layout
def test_a_pause_of_the_whole_log_is_a_gap_cited_where_lines_begin_again(layout: int) -> None:
    found = log(layout, every(2, 0, 1_800, "zor tuv"), every(2, 2_700, 3_600, "zor tuv"))
    gap = only(found, "gap")
    assert gap.time is not None
    assert abs((gap.time.replace(year=2026) - START).total_seconds() - 2_700) < 20
    assert gap.numbers["seconds"] == pytest.approx(900, abs=40)
    assert gap.citations[0].first == 901


@each_layout
def test_lines_that_come_three_times_as_often_are_another_rate(layout: int) -> None:
    found = log(layout, every(4, 0, 2_400, "zor tuv"), every(1, 2_400, 3_600, "zor tuv"))
    moved = only(found, "rate_shift")
    assert moved.numbers["before"] == pytest.approx(0.25, rel=0.2)
    assert moved.numbers["after"] == pytest.approx(1.0, rel=0.2)
    assert abs(moved.citations[0].first - 600) < 30


@each_layout
def test_a_kind_of_line_whose_gaps_stretch_is_told_though_nothing_fails(layout: int) -> None:
    pulse = [*every(10, 0, 2_400, "pim nus"), *every(60, 2_400, 7_200, "pim nus")]
    found = log(layout, every(1, 0, 7_200, "zor tuv"), pulse)
    moved = only(found, "rate_shift")
    assert "pim nus" in moved.statement
    assert "one every" in moved.statement
    assert (moved.numbers["before"], moved.numbers["after"]) == (pytest.approx(0.1, rel=0.2), pytest.approx(1 / 60, rel=0.3))


def test_a_log_without_times_has_rates_by_place():
    rows = [f"zor tuv {n}" for n in range(4_000)] + [f"pim nus {n}" if n % 5 else f"zor tuv {n}" for n in range(3_000)]
    found = needles.read("\n".join(rows).encode(), kind=Kind.LOGS)
    assert none(found, "gap")
    assert "zor tuv" in only(found, "rate_shift").statement


@pytest.mark.parametrize(
    ("counts", "place"),
    [
        ([2] * 20, None),
        ([2] * 10 + [12] * 10, 10),
        ([12] * 10 + [2] * 10, 10),
        ([2] * 10 + [5] * 10, None),
        ([0] * 5 + [9] * 15, None),
        ([4] * 9 + [90] + [4] * 10, None),
        ([9] * 10 + [0] * 10, None),
        ([9] * 7, None),
        ([], None),
        ([0] * 30, None),
        ([1, 0, 0, 0] * 20 + [1] * 80, 77),
    ],
)
def test_a_pace_changes_where_usual_counts_differ_for_good(counts: list[int], place: int | None) -> None:
    found = pace(counts)
    assert (found and found.place) == place


@pytest.mark.parametrize("seed", range(40))
def test_counts_by_chance_have_one_pace(seed: int) -> None:
    dice = random.Random(seed)
    rate = dice.choice([0.2, 1, 5, 30])
    counts = [sum(dice.random() < rate / 60 for _ in range(60)) for _ in range(240)]
    assert pace(counts) is None
