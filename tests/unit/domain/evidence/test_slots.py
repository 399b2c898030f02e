"""Numbers behind literals: which are followed, what is kept of them, and when they moved for good."""

from __future__ import annotations

import pytest

from domain.evidence.decoding.blocks import EPOCH, Block
from domain.evidence.logs.slots import (
    FINE,
    FIRST,
    MOST,
    PARTS,
    PLENTY,
    POINTS,
    SlotState,
    learn_slots,
    merge_slots,
    read_slots,
    shift_of,
    slot_of,
)
from domain.evidence.values import Slot


def learnt(*rows: str) -> dict[bytes, tuple[bool, str]]:
    return {literal: (state.status, state.unit) for literal, state in learn_slots([row.encode() for row in rows]).items()}


def read(state: SlotState, *rows: str, literal: bytes = b"took ", first_line: int = 1) -> SlotState:
    raw = [row.encode() for row in rows]
    block = Block(number=0, first_line=first_line, data=b"\n".join(raw), lines=len(raw))
    read_slots({literal: state}, {literal: [row for row in raw if literal in row]}, block)
    return state


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (("item took 1 ms", "item took 2 ms", "item took 3 ms"), {b" took ": (False, "ms")}),
        (("item took 1 ms", "item took 2 ms"), {}),
        (("item took 1 ms", "item took 1 ms", "item took 1 ms"), {}),
        (("item took 1 ms", "item took 1 ms", "item took 2 ms"), {b" took ": (False, "ms")}),
        (("oven 1 hot", "oven 2 hot", "oven 3 hot"), {}),
        (("oven 1% hot", "oven 2% hot", "oven 3% hot"), {b"oven ": (False, "%")} | {}),
        (("heap=1", "heap=2", "heap=3"), {b"heap=": (False, "")}),
        (("queue depth: 7", "queue depth: 8", "queue depth: 9"), {b" depth: ": (False, "")}),
        (('"GET /a HTTP/1.1" 200', '"GET /b HTTP/1.1" 404', '"GET /a HTTP/1.1" 200'), {b'HTTP/1.1" ': (True, "")}),
        (("GET /a 200", "GET /a 200", "GET /a 200"), {b"GET /a ": (True, "")}),
        (("GET /a 200", "GET /a 200"), {}),
    ],
)
def test_literals_are_followed_that_carry_units_names_or_statuses(rows: tuple[str, ...], found: object) -> None:
    assert learnt(*rows) == found


def test_at_most_eight_are_followed_statuses_first_then_units_then_the_frequent() -> None:
    rows = [f"{'ghijklmnop'[n]}_time={value} {'ghijklmnop'[n]}x{value}ms" for n in range(10) for value in (1, 2, 3)]
    rows += [f"status={200 + n}" for n in range(3)] + ["g_time=7", "g_time=8"]
    found = learn_slots([row.encode() for row in rows])
    assert len(found) == MOST
    assert [literal for literal, state in found.items() if state.status] == [b"status="]
    assert list(found)[:2] == [b"status=", b"g_time="]


def test_of_rows_that_differ_in_digits_only_six_are_looked_at() -> None:
    rows = [f"GET /a/{n} 200".encode() for n in range(9)] + [b"GET /bb 200"] * 2
    assert list(learn_slots(rows)) == []
    assert list(learn_slots([*rows, b"GET /bb  x", b"GET /bb 200"])) == [b"GET /bb "]


def test_numbers_of_a_short_block_make_a_point_each_while_there_are_few() -> None:
    state = read(SlotState(unit="ms"), "took 5 ms", "took 7.5 ms", "nothing", "took x", "took 6 ms", first_line=11)
    assert state.points == [(11, 1, 5.0, 5.0), (12, 1, 7.5, 7.5), (14, 1, 6.0, 6.0)]
    later = read(SlotState(points=[(1, 1, 1.0, 1.0)] * 240), "took 5", "took 7.5", "took 6", first_line=11)
    assert later.points[240:] == [(11, 3, 6.0, 7.5)]
    assert (state.count, state.minimum, state.maximum, state.line_of_maximum) == (4, 5.0, 7.5, 12)


def test_numbers_of_a_long_block_make_sixteen_points_of_24_values_each() -> None:
    state = read(SlotState(), *(f"took {n}" for n in range(16 * 30)))
    assert len(state.points) == 16
    assert state.points[0] == (1, FIRST, 12.0, 23.0)
    assert state.points[1] == (31, FIRST, 42.0, 53.0)
    assert (state.count, state.minimum, state.maximum, state.line_of_maximum) == (480, 0.0, 479.0, 480)


def test_the_maximum_of_later_blocks_replaces_a_smaller_one_only() -> None:
    state = read(SlotState(), "took 99", "took 7")
    assert (read(state, "took 98", first_line=3).maximum, state.line_of_maximum) == (99.0, 1)
    assert (read(state, "took 9", "took 100", first_line=4).maximum, state.line_of_maximum) == (100.0, 5)
    assert (read(state, "took 99", "took 100.5", first_line=6).maximum, state.line_of_maximum) == (100.5, 7)
    assert (read(state, "took 0000", first_line=8).maximum, state.count) == (100.5, 8)


def followed(state: SlotState, *sizes: int, number: int = 0) -> SlotState:
    for size in sizes:
        rows = [b"took %d" % n for n in range(size)]
        block = Block(number=number, first_line=1, data=b"\n".join(rows), lines=len(rows))
        read_slots({b"took ": state}, {b"took ": rows}, block)
    return state


def test_a_literal_of_many_points_is_sampled_where_it_is_plentiful() -> None:
    assert not followed(SlotState(), *[PLENTY] * (FINE // PARTS - 1)).sampled
    assert followed(SlotState(), *[PLENTY] * (FINE // PARTS)).sampled
    assert not followed(SlotState(), *[PLENTY - 1] * FINE).sampled
    assert not followed(SlotState(status=True), *[PLENTY] * FINE).sampled


def test_a_sampled_literal_that_grows_rare_is_read_in_full_again() -> None:
    state = followed(SlotState(sampled=True), PLENTY // 4, number=EPOCH)
    assert state.sampled
    assert not followed(state, PLENTY // 4 - 1, number=EPOCH).sampled
    assert not followed(SlotState(sampled=True), 0, number=EPOCH).sampled


def test_behind_the_first_epoch_quarters_of_a_block_make_points_from_the_start() -> None:
    state = followed(SlotState(), PLENTY, number=EPOCH)
    assert (len(state.points), state.sampled) == (PARTS // 4, True)


def test_statuses_are_counted_with_the_lines_where_they_stand() -> None:
    state = read(SlotState(status=True), "x took 200", "y took 500", "took 200", "took abc", first_line=5)
    assert (state.count, dict(state.values), state.where) == (3, {"200": 2, "500": 1}, {"200": (5, 5), "500": (6, 6)})
    read(state, "a", "took 200", "took 503", first_line=9)
    assert state.where == {"200": (5, 9), "500": (6, 6), "503": (11, 11)}


def test_too_many_points_are_joined_in_pairs() -> None:
    state = SlotState(points=[(n, 2, float(n), float(n)) for n in range(POINTS)])
    assert len(read(state, "took 1").points) == (POINTS + 1) // 2
    assert state.points[:2] == [(0, 4, 0.5, 1.0), (2, 4, 2.5, 3.0)]


def test_what_epochs_read_is_added_up() -> None:
    one = read(SlotState(), "took 5", "took 9")
    two = read(SlotState(), "took 3", "took 20", first_line=3)
    three = read(SlotState(status=True), "took 200")
    left = {b"took ": one}
    merge_slots(left, {b"took ": two, b"status ": three})
    assert (one.count, one.minimum, one.maximum, one.line_of_maximum) == (4, 3.0, 20.0, 4)
    assert one.points == [(1, 1, 5.0, 5.0), (2, 1, 9.0, 9.0), (3, 1, 3.0, 3.0), (4, 1, 20.0, 20.0)]
    merge_slots(
        left,
        {b"took ": read(SlotState(), "took 19"), b"status ": read(SlotState(status=True), "took 200", "took 404", first_line=7)},
    )
    assert (one.maximum, one.line_of_maximum) == (20.0, 4)
    assert (three.values, three.where) == ({"200": 2, "404": 1}, {"200": (1, 7), "404": (8, 8)})
    many = {f"n{n}=".encode(): SlotState(count=n) for n in range(2 * MOST)}
    merge_slots(left, many)
    assert (len(left), b"n0=" in left, b"n4=" in left, b"n15=" in left) == (2 * MOST, False, True, True)


def moved(*medians: float, values: int = 24) -> tuple[float, float, int] | None:
    points = [(10 * n, values, value, value) for n, value in enumerate(medians, 1)]
    found = shift_of(b' "took="', SlotState(unit="ms", points=points, line_of_maximum=7))
    assert found is None or (found.literal, found.unit, found.line_of_maximum) == ("took", "ms", 7)
    return found and (found.before, found.after, found.line)


@pytest.mark.parametrize(
    ("medians", "shift"),
    [
        ((10, 11, 32, 33), (10, 32, 20)),
        ((10, 10, 31, 31), (10, 31, 30)),
        ((10, 10, 29, 29), None),
        ((31, 31, 10, 10), (31, 10, 30)),
        ((29, 29, 10, 10), None),
        ((10, 40, 10, 40), None),
        ((10, 40, 40, 40), (10, 40, 20)),
        ((40, 40, 40, 10), (40, 10, 40)),
        ((10, 40, 40), None),
        ((10, 20, 40, 80, 160), (20, 120, 40)),
        ((0, 0, 0, 5), (0, 5, 40)),
    ],
)
def test_a_shift_keeps_its_sides_apart_by_a_factor_of_three(medians: tuple[float, ...], shift: object) -> None:
    assert moved(*medians) == shift


@pytest.mark.parametrize(
    ("values", "shift"),
    [
        ((10, 20, 30, 40, 50, 60, 70, 80), (10, 50, 20)),
        ((80, 70, 60, 50, 40, 30, 20, 10), (50, 10, 80)),
        ((10, 10, 10, 10, 40, 40, 40, 40), None),
        ((10, 12, 11, 13, 60, 61, 64, 62), None),
        ((10, 40, 41, 42), None),
        ((10, 11, 12, 13, 14, 15, 16, 17), None),
        ((*[10] * 7, *[40] * 7), (10, 40, 80)),
        ((*[10] * 9, 90, *[10] * 2, *[40] * 12), (10, 40, 130)),
        ((*[10] * 40, *[40] * 2), None),
        ((*[10] * 40, *[40] * 3), (10, 40, 410)),
    ],
)
def test_few_values_shift_only_where_chance_would_hardly_rank_them_so(values: tuple[float, ...], shift: object) -> None:
    assert moved(*values, values=1) == shift


def test_what_is_kept_of_a_slot() -> None:
    state = read(SlotState(unit="ms"), *(f"took {n}" for n in (4, 2, 8)))
    assert slot_of(b"took ", state) == Slot(
        literal="took ",
        unit="ms",
        count=3,
        minimum=2.0,
        median=4.0,
        p95=8.0,
        maximum=8.0,
        first_value=4.0,
        last_value=8.0,
        line_of_maximum=3,
    )
    assert slot_of(b"x", SlotState()) == Slot(literal="x")
    points = [(n, 1, float(n), float(n)) for n in range(40)]
    assert (slot_of(b"x", SlotState(points=points)).median, slot_of(b"x", SlotState(points=points)).p95) == (19.5, 38.0)
