"""The lines of a failed build that say why, over many tool chains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.logs.compare.build import Stretch, failing_blocks
from tests.unit.domain.evidence.builds import PAIRS, Pair


def found(good: Sequence[str], bad: Sequence[str]) -> set[int]:
    """Return the line numbers of all blocks."""
    return {number for block in failing_blocks(bad, good) for number in range(block.first, block.last + 1)}


def agreement(pair: Pair, before: str = "") -> float:
    """Return F1 over line numbers, each line behind `before`."""
    told = found([before + row for row in pair.good], [before + row for row in pair.bad])
    return 2 * len(told & pair.gold) / (len(told) + len(pair.gold))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
@pytest.mark.parametrize("before", ["", "2024-05-02T10:11:12.0456123Z "], ids=["bare", "dated"])
def test_a_failed_build_tells_which_lines_say_why(pair: Pair, before: str) -> None:
    assert agreement(pair, before) >= 0.5


def test_over_all_tool_chains_most_lines_are_those_that_people_would_mark() -> None:
    assert sum(map(agreement, PAIRS)) / len(PAIRS) >= 0.9


def test_errors_that_the_passing_build_has_are_noise() -> None:
    good = ["boot", "ERROR: no metrics collector", "ready"]
    assert found(good, ["boot", "ERROR: no metrics collector", "ERROR: port 80 is taken", "ready"]) == {3}


def test_without_any_new_line_the_last_error_of_the_build_is_told() -> None:
    rows = ["compile", "ERROR: flaky socket", "Finished: FAILURE"]
    assert found(rows, rows) == {2}


def test_a_build_that_only_gives_a_verdict_is_cited_with_it() -> None:
    assert found(["compile", "link"], ["compile", "The operation was killed: exit code 137"]) == {2}


def test_progress_and_timing_are_no_errors() -> None:
    bad = ["compile", "Progress (1): 12%", "Total time: 3.1 s", "ERROR: disk quota reached", "Downloading 3 MB"]
    assert found(["compile"], bad) == {4}


def test_only_the_step_that_failed_is_looked_at() -> None:
    bad = [
        "##[group]Run lint", "ERROR: style is odd", "##[group]Run tests", "ERROR: sum is wrong", "##[error]Process completed with exit code 1.",
    ]  # fmt: skip
    assert found([], bad) == {4}


def test_nothing_is_said_about_nothing() -> None:
    assert failing_blocks([], []) == ()


@given(st.lists(st.sampled_from(["ERROR: x", "at a.b(c)", "", "INFO y", "exit code 1", "plain words", "> Task :a"]), max_size=30))
def test_blocks_are_ordered_apart_and_inside_the_log(rows: list[str]) -> None:
    blocks = failing_blocks(rows, [])
    assert list(blocks) == sorted(blocks, key=lambda block: block.first)
    assert all(isinstance(block, Stretch) and 1 <= block.first <= block.last <= len(rows) for block in blocks)
    assert all(left.last < right.first for left, right in pairwise(blocks))
