"""Numbers behind literals: which are followed, what is kept of them, and when they moved for good."""

from __future__ import annotations

import pytest

from domain.evidence.decoding.blocks import Block
from domain.evidence.logs.slots import FIRST, MOST, POINTS, SlotState, learn_slots, merge_slots, read_slots, shift_of, slot_of
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
