"""Breaker: opens on failures, one probe at a time, whatever the order of calls."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as some

from activities.adapters.breaker import FIRST_WAIT_S, LONGEST_WAIT_S, Breaker


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def call(breaker: Breaker, *, success: bool | None) -> None:
    breaker.leave(probe=breaker.enter(), success=success)


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(5):
        call(breaker, success=False)
    return breaker


def test_five_failures_in_a_row_open_it():
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(4):
        call(breaker, success=False)
    assert breaker.closed
    call(breaker, success=False)
    assert not breaker.closed
    assert not breaker.ready


def test_a_success_in_between_starts_the_row_again():
    breaker = Breaker(Clock())
    for _ in range(2):
        for _ in range(4):
            call(breaker, success=False)
        call(breaker, success=True)
        if not breaker.closed:
            break
    assert not breaker.closed, "eight of ten calls failed: the share opens it"


def test_half_of_ten_calls_open_it_and_nine_calls_do_not():
    breaker = Breaker(Clock())
    for number in range(9):
        call(breaker, success=number % 2 == 0)
    assert breaker.closed
    call(breaker, success=False)
    assert not breaker.closed


def test_failures_older_than_the_window_do_not_count():
    clock = Clock()
    breaker = Breaker(clock)
    for number in range(30):
        call(breaker, success=number % 2 == 0)
        clock.now += 4
    assert breaker.closed


def test_one_probe_passes_after_the_wait_and_its_success_closes_it():
    clock = Clock()
    breaker = opened(clock)
    clock.now += FIRST_WAIT_S
    assert breaker.ready
    probe = breaker.enter()
    assert probe
    assert not breaker.ready, "a second call waits for the probe"
    breaker.leave(probe=probe, success=True)
    assert breaker.closed


def test_failed_probes_double_the_wait_up_to_five_minutes():
    clock = Clock()
    breaker = opened(clock)
    wait = FIRST_WAIT_S
    for _ in range(8):
        clock.now += wait - 1
        assert not breaker.ready
        clock.now += 1
        assert breaker.ready
        call(breaker, success=False)
        wait = min(LONGEST_WAIT_S, 2 * wait)


def test_a_cancelled_probe_leaves_room_for_the_next():
    clock = Clock()
    breaker = opened(clock)
    clock.now += FIRST_WAIT_S
    call(breaker, success=None)
    assert breaker.ready
    assert not breaker.closed


def test_a_call_from_before_the_opening_neither_closes_it_nor_frees_the_probe():
    clock = Clock()
    breaker = Breaker(clock)
    early = breaker.enter()
    for _ in range(5):
        call(breaker, success=False)
    clock.now += FIRST_WAIT_S
    breaker.enter()
    breaker.leave(probe=early, success=True)
    assert not breaker.closed
    assert not breaker.ready


def test_a_hold_ends_with_its_time():
    clock = Clock()
    breaker = Breaker(clock)
    breaker.hold(120)
    clock.now += 119
    assert not breaker.ready
    assert breaker.wait_s == 1
    clock.now += 1
    assert breaker.ready
    assert breaker.wait_s == 0


@given(some.lists(some.tuples(some.sampled_from(["enter", "success", "failure", "nothing"]), some.floats(0, 40)), max_size=120))
def test_never_more_than_one_probe_is_under_way(steps):
    clock = Clock()
    breaker = Breaker(clock)
    under_way: list[bool] = []
    for step, passed in steps:
        clock.now += passed
        if step == "enter":
            if breaker.ready:
                under_way.append(breaker.enter())
        elif under_way:
            breaker.leave(probe=under_way.pop(0), success={"success": True, "failure": False, "nothing": None}[step])
        assert sum(under_way) <= 1
        assert not (breaker.closed and not breaker.ready)
