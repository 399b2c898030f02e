"""The histogram of a log: every line that has a bucket is in it once, under its severity."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.decoding.blocks import blocks
from domain.evidence.logs.counting import KEYS
from domain.evidence.logs.groups import GROUPS, groups_of
from domain.evidence.logs.keys import scan_all
from domain.evidence.logs.volume import volume_of
from domain.evidence.values import Kind, Volume
from tests.quality import needles

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEVELS = ("DEBUG", "INFO", "NOTICE", "WARN", "ERROR", "FATAL")


def volume(rows: list[str]) -> Volume:
    found = needles.read("\n".join(rows).encode(), kind=Kind.LOGS).volume
    assert found is not None
    return found


def row(second: float, level: str = "INFO", text: str = "oven warm") -> str:
    return f"{START + timedelta(seconds=second):%Y-%m-%d %H:%M:%S} {level} [kiln] {text}"


def total(found: Volume) -> int:
    return sum(map(sum, found.counts))


def test_each_minute_holds_its_lines_under_their_severity():
    rows = [row(60 * n) for n in range(180)] + [row(60 * 180, "ERROR", "oven cold")] * 7
    found = volume(rows)
    assert (found.start, found.width) == (START, 60.0)
    assert found.counts[0] == (1, 0, 0, 0, 0, 0)
    assert found.counts[180] == (0, 0, 0, 0, 7, 0)
    assert len(found.counts) == 181


def test_a_log_without_times_is_counted_by_place():
    found = volume([f"brick {n} laid" for n in range(1600)])
    assert found.start is None
    assert found.width == 1600 / len(found.counts)
    assert total(found) == 1600


def test_blank_lines_are_in_no_stretch():
    assert total(volume([row(0), "", "", row(1)])) == 2


def test_years_of_lines_are_joined_into_at_most_240_stretches():
    found = volume([row(86_400 * n) for n in range(1_000)])
    assert found.width == 5 * 86_400.0
    assert len(found.counts) == 200
    assert total(found) == 1_000


def test_lines_of_kinds_beyond_the_bound_are_counted_too():
    dice = random.Random(3)
    words = ["".join(dice.choices("ghijklmnopqrstuvwxyz", k=12)) for _ in range(3 * GROUPS)]
    rows = [f"{word} {words[-n]} {'failed' if n % 2 else 'done'}" for n, word in enumerate(words[: (GROUPS + KEYS) // 2])]
    scan = scan_all(blocks(["\n".join(rows).encode()]))
    found = volume_of(scan, groups_of(scan))
    assert found is not None
    assert total(found) == len(rows)
    assert sum(one[3] for one in found.counts) == len(rows) // 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 400), st.sampled_from(LEVELS), st.sampled_from("uvwxyz")), min_size=1, max_size=200))
def test_the_sum_of_all_stretches_is_the_number_of_lines(drawn):
    moment, rows = 0.0, []
    for step, level, word in drawn:
        moment += step
        rows.append(row(moment, level, f"{word * 8} warm"))
    assert total(volume(rows)) == len(rows)
