"""A turn is in the queue once, and its key is remembered after the answer."""

from hypothesis import given
from hypothesis import strategies as st

from domain.case import queue
from domain.case.turns import KEPT_KEYS, TurnQueue, TurnStatus
from tests.unit.domain.case.build import a_user_turn


def test_a_turn_is_queued_once_while_it_waits_and_after_its_answer():
    waiting = queue.enqueue(TurnQueue(), a_user_turn("a"))
    assert queue.enqueue(waiting, a_user_turn("a")) == waiting
    answered = queue.finish(waiting, "a", 1)
    assert queue.enqueue(answered, a_user_turn("a")) == answered
    assert answered.waiting == ()


def test_d1_turns_keep_the_order_in_which_they_came():
    both = queue.enqueue(queue.enqueue(TurnQueue(), a_user_turn("a")), a_user_turn("b"))
    assert [turn.turn_key for turn in both.waiting] == ["a", "b"]


def test_a_receipt_says_where_the_turn_stands():
    waiting = queue.enqueue(TurnQueue(), a_user_turn("a"))
    assert queue.receipt(waiting, "a").status is TurnStatus.QUEUED
    assert queue.receipt(queue.finish(waiting, "a", 7), "a").status is TurnStatus.ANSWERED
    assert queue.receipt(queue.finish(waiting, "a", 7), "a").number == 7
    assert queue.receipt(queue.finish(waiting, "a", 0), "a").status is TurnStatus.FAILED
    assert queue.receipt(waiting, "b").status is TurnStatus.UNKNOWN


def test_a_dropped_turn_leaves_no_key_behind():
    dropped = queue.drop(queue.enqueue(TurnQueue(), a_user_turn("a")), "a")
    assert not queue.knows(dropped, "a")
    assert queue.knows(queue.enqueue(dropped, a_user_turn("a")), "a")


def test_only_the_newest_keys_are_kept():
    full = TurnQueue()
    for number in range(1, KEPT_KEYS + 3):
        full = queue.finish(full, f"key-{number}", number)
    assert len(full.answered) == KEPT_KEYS
    assert not queue.knows(full, "key-2")
    assert queue.is_answered(full, f"key-{KEPT_KEYS + 2}")


@given(st.lists(st.tuples(st.sampled_from(["enqueue", "finish", "drop"]), st.sampled_from("abcd")), max_size=40))
def test_whatever_happens_no_key_waits_twice_nor_waits_and_is_answered(steps):
    state = TurnQueue()
    for step, key in steps:
        state = queue.enqueue(state, a_user_turn(key)) if step == "enqueue" else state
        state = queue.finish(state, key, 1) if step == "finish" else state
        state = queue.drop(state, key) if step == "drop" else state
        keys = [turn.turn_key for turn in state.waiting]
        assert len(keys) == len(set(keys))
        assert not set(keys) & set(state.answered)
