"""A seed fixes what will be said, in which order, and what is delivered twice."""

from __future__ import annotations

from itertools import chain

from tests.e2e.faults.plan import BURST, DUPLICATES, plan


def test_the_same_seed_plans_the_same_load() -> None:
    assert plan(3, cases=4, turns=20) == plan(3, cases=4, turns=20)
    assert plan(3, cases=4, turns=20) != plan(4, cases=4, turns=20)


def test_every_message_has_a_key_and_a_text_of_its_own() -> None:
    messages = plan(3, cases=10, turns=50).messages
    assert len(messages) == 500
    assert len({message.key for message in messages}) == 500
    assert not [(one, other) for one in messages for other in messages if one is not other and one.text in other.text]


def test_bursts_hold_the_messages_of_a_case_in_order() -> None:
    for bursts in plan(3, cases=4, turns=20).cases:
        assert [message.number for message in chain.from_iterable(bursts)] == list(range(1, 21))
        assert all(1 <= len(burst) <= BURST for burst in bursts)


def test_some_messages_are_delivered_again_in_every_way() -> None:
    messages = plan(3, cases=10, turns=50).messages
    assert {message.duplicate for message in messages} == set(DUPLICATES)
    assert any(message.retold for message in messages)
