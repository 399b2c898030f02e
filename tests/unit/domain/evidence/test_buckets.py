"""Segments of a log: where blocks are cut, when buckets grow wider, and what is joined."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.decoding.blocks import Block
from domain.evidence.logs.buckets import MOST, STEPS, WIDTHS, Segments, coarsen, learn_segments, merge_pairs

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZERO = int(START.timestamp())


def at(second: float, text: str = "x") -> bytes:
    return f"{START + timedelta(seconds=second):%Y-%m-%d %H:%M:%S} {text}".encode()


def block(rows: Sequence[bytes], number: int = 0, first_line: int = 1) -> Block:
    return Block(number=number, first_line=first_line, data=b"\n".join(rows))


def learnt(*seconds: float, blocks: int = 1, length: int = 1) -> Segments:
    rows = [at(second, "x" * length) for second in seconds]
    size = len(rows) // blocks
    head = [block(rows[n * size : (n + 1) * size], n) for n in range(blocks)]
    return learn_segments(head, rows, None)


def pairs(*numbers: int) -> array[int]:
    return array("q", numbers)


def cut(segments: Segments, *rows: bytes) -> list[tuple[int, int]]:
    """Return (bucket after the first, lines) of each piece of a block."""
    pieces = list(segments.cut(block(rows)))
    return [(bucket - pieces[0][0], data.count(b"\n") + 1) for bucket, data in pieces]


def test_a_block_is_cut_where_the_clock_reaches_the_next_bucket() -> None:
    segments = replace(learnt(0, 1, 2), width=5)
    rows = [at(n) for n in (0, 1, 4, 5, 6, 9, 10, 31)]
    assert cut(segments, *rows) == [(0, 3), (1, 3), (2, 1), (6, 1)]
    assert (segments.low, segments.high) == (ZERO // 5, ZERO // 5 + 6)
    assert segments.marks == ((0, 1, float(ZERO)),)
    assert segments.time_of(ZERO // 5 + 6) == ZERO + 30


def test_lines_without_a_time_go_with_the_next_line_that_has_one() -> None:
    segments = replace(learnt(0, 1, 2), width=5)
    assert cut(segments, at(0), b"\tat frame", at(5), b"\tat frame", b"\tat frame", at(12)) == [(0, 1), (1, 2), (2, 3)]
    assert cut(segments, at(0), b"\tat frame") == [(0, 2)]


def test_a_block_that_starts_without_a_time_takes_the_next_one_or_the_bucket_before() -> None:
    segments = replace(learnt(0, 1, 2), width=5)
    assert cut(segments, b"\tat frame", at(5), at(11)) == [(0, 2), (1, 1)]
    assert [bucket for bucket, _ in segments.cut(block([b"no time at all"]))] == [segments.high]


def test_a_time_is_looked_for_in_64_lines() -> None:
    segments = learnt(0, 1, 2)
    assert segments.moment_at(block([*[b"x"] * 63, at(7)]).data, 0).seconds == ZERO + 7
    assert segments.moment_at(block([*[b"x"] * 64, at(7)]).data, 0) is None
    assert segments.moment_at(at(3), 0).seconds == ZERO + 3
    assert Segments().moment_at(at(3), 0) is None


def test_without_a_clock_a_block_is_cut_by_place() -> None:
    segments = replace(learn_segments([block([b"x"])], [b"x"], None), width=4)
    pieces = list(segments.cut(block([b"line %02d" % n for n in range(16)])))
    assert [(bucket, data.count(b"\n") + 1) for bucket, data in pieces] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert segments.marks == ((0, 1, None),)
    assert [bucket for bucket, _ in replace(segments, width=64).cut(block([b"x"] * 9, number=4))] == [1]
    assert [bucket for bucket, _ in replace(segments, width=1).cut(block([b"x"]))] == [0]
    assert list(Segments().cut(block([b"x", b"y"]))) == [(-1, b"x\ny")]


def test_pieces_of_later_blocks_are_sixteenths_of_a_mebibyte_however_short_the_last_one_is() -> None:
    segments = replace(learn_segments([block([b"x"])], [b"x"], None), width=4)
    assert [bucket for bucket, _ in segments.cut(block([b"x" * 99] * 2_700, number=2))] == [8, 9]
    assert [bucket for bucket, _ in segments.cut(block([b"x" * 99] * 9, number=3))] == [12]


@pytest.mark.parametrize(
    ("seconds", "blocks", "width"),
    [
        ((0, 1), 1, 1),
        ((0, 240), 1, 1),
        ((0, 241), 1, 5),
        ((0, 1_200), 1, 5),
        ((0, 1_201), 1, 15),
        ((0, 20_736_000), 1, 86_400),
        ((0, 99_000_000), 1, 86_400),
        ((0, 100, 720), 3, 5),
        ((0, 100, 200, 300, 400, 500, 600, 640), 4, 5),
        ((0, 100, 200, 300, 400, 500, 600, 641), 4, 15),
    ],
)
def test_the_width_follows_from_the_span_and_the_number_of_blocks(seconds: tuple[int, ...], blocks: int, width: int) -> None:
    found = learnt(*seconds, blocks=blocks, length=4_096)
    assert (found.timed, found.width, found.certainty) == (True, width, "zone assumed")


@pytest.mark.parametrize(("back", "lines", "timed"), [(1, 50, True), (1, 49, False), (2, 100, True), (2, 99, False)])
def test_a_clock_that_runs_back_too_often_is_not_followed(back: int, lines: int, timed: bool) -> None:
    seconds = [1_000.0 + n for n in range(lines - back)] + [500.0] * back
    assert learnt(*seconds).timed is timed


def test_a_minute_back_is_jitter() -> None:
    assert learnt(100, 40, 101).timed
    assert not learnt(100, 39, 101).timed
    assert not learn_segments([], [at(1)], None).timed
    assert not learn_segments([block([b"[ 1.000000] x"])], [b"[    1.000000] x"] * 3, None).timed


def test_buckets_grow_wider_when_they_are_too_many() -> None:
    timed = replace(learnt(0, 1), low=0, high=MOST - 1)
    assert not timed.too_many()
    assert replace(timed, high=MOST).too_many()
    assert not replace(timed, high=MOST, width=WIDTHS[-1]).too_many()
    assert not replace(timed, low=None).too_many()
    assert [replace(timed, width=width).wider() for width in WIDTHS[:3]] == [5, 15, 60]
    assert replace(timed, timed=False).wider() == STEPS[1]
    wider = replace(timed, low=7, high=23).widened(5)
    assert (wider.width, wider.low, wider.high) == (5, 1, 4)
    assert Segments().widened(5).low is None


def test_a_clock_that_epochs_disagree_about_gives_way_to_positions() -> None:
    marks = ((0, 1, 10.0), (16, 90, None), (32, 200, 30.0))
    timed = Segments(timed=True, width=5, marks=marks, low=2, high=6, certainty="exact")
    assert timed.positions() == Segments(marks=marks, low=0, high=32)
    assert Segments(marks=marks).positions() == Segments(marks=marks)
    assert list(timed.by_position(pairs(1, 7, 2, 3, 5, 1, 6, 4, 9, 1))) == [0, 11, 32, 5]
    assert list(Segments(marks=marks).by_position(pairs(1, 7))) == [1, 7]


def test_the_time_of_a_position_is_that_of_the_last_block_before_it() -> None:
    clock = learnt(0, 1).clock
    places = Segments(clock=clock, width=2, marks=((0, 1, 10.0), (16, 90, None), (32, 200, 30.0)), certainty="exact")
    assert [places.time_of(bucket) for bucket in (0, 8, 15, 16, 40)] == [10.0, 10.0, 10.0, 30.0, 30.0]
    assert replace(places, certainty="order only").time_of(8) is None
    assert replace(places, clock=None).time_of(8) is None
    assert replace(places, marks=((2, 1, 10.0),)).time_of(0) is None


def test_segments_of_one_width_join_and_their_edges_with_them() -> None:
    one, other = Segments(low=3, high=9, marks=((0, 1, None),)), Segments(low=7, high=12, marks=((16, 5, None),))
    assert one.joined(other) == Segments(low=3, high=12, marks=((0, 1, None), (16, 5, None)))
    assert one.joined(Segments()).high == 9
    assert Segments().joined(Segments()).low is None


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ((), (), ()),
        ((1, 2), (), (1, 2)),
        ((), (1, 2), (1, 2)),
        ((1, 2), (2, 3), (1, 2, 2, 3)),
        ((1, 2, 5, 1), (5, 3), (1, 2, 5, 4)),
        ((1, 2, 5, 1), (3, 3, 9, 1), (1, 2, 3, 3, 5, 1, 9, 1)),
    ],
)
def test_counts_of_the_same_bucket_add_up(left: tuple[int, ...], right: tuple[int, ...], joined: tuple[int, ...]) -> None:
    found = pairs(*left)
    merge_pairs(found, pairs(*right))
    assert tuple(found) == joined


def test_counts_move_to_the_wider_bucket() -> None:
    assert tuple(coarsen(pairs(0, 1, 4, 2, 5, 3, 14, 4, 15, 5), 1, 5)) == (0, 3, 1, 3, 2, 4, 3, 5)
    assert tuple(coarsen(pairs(0, 1, 2, 2, 3, 3), 5, 15)) == (0, 3, 1, 3)
    assert tuple(coarsen(pairs(), 1, 5)) == ()
