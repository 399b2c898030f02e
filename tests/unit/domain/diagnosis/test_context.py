"""What a prompt leaves out when it is too long, in which order, and that it says so (rules J4, J5)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case.journal import Exchange
from domain.case.state import JournalEntry
from domain.diagnosis.context import CUTS, MESSAGE, QUESTION, TARGET, Context, fitted, head_and_tail, notice, remembered
from domain.diagnosis.prompts import visible
from domain.evidence.digest import tokens
from tests.builders import a_passage
from tests.unit.domain.case.build import a_case

ORDER = [name for name, _ in CUTS]
WHOLE = Context(
    question="why?",
    digest="E1:L1 first\nE1:L2 second",
    brief="E1:L1 first",
    passages=tuple(a_passage(passage_id=f"p{n}") for n in range(4)),
    state=a_case(
        turn=9,
        statement="checkout fails",
        journal=(
            JournalEntry(kind="finding", text="a burst at noon", turn=2),
            JournalEntry(kind="ruled_out", text="not the disk", turn=3),
        ),
    ),
    exchanges=tuple(Exchange(turn=n, question=f"q{n}", answer=f"a{n}", summary=f"s{n}") for n in range(5, 10)),
)


def words(text: str) -> int:
    return len(text.split())


def parts(told: Context) -> int:
    """Count what may be left out."""
    entries = len(told.state.journal) if told.state else 0
    return len(told.passages) + len(told.exchanges) + entries + len(told.digest.splitlines())


def cut_to(most: int) -> tuple[Context, tuple[str, ...]]:
    """Return what is told where so many parts fill a prompt."""
    return fitted(WHOLE, lambda told: TARGET + parts(told) - most, words)


def test_j5_what_fits_is_told_whole():
    assert cut_to(parts(WHOLE)) == (WHOLE, ())


@pytest.mark.parametrize(("most", "cuts"), [(12, 1), (9, 2), (7, 3), (6, 4), (5, 5), (0, 5)])
def test_j5_parts_are_left_out_in_the_order_of_the_rule_and_no_more_than_needed(most: int, cuts: int):
    told, left_out = cut_to(most)
    assert list(left_out) == ORDER[:cuts]
    assert parts(told) <= most or cuts == len(ORDER)


def test_j5_message_and_standing_state_are_never_left_out():
    told, _ = cut_to(0)
    memory = remembered(told, words)
    assert told.question == WHOLE.question
    assert told.digest == WHOLE.brief
    assert [word in memory for word in ("checkout fails", "not the disk", "a burst at noon", "q9", "q8", "s5")] == [
        True, True, False, True, False, False,
    ]  # fmt: skip


def test_j5_a_cut_that_takes_nothing_is_not_named():
    bare = replace(WHOLE, passages=(), exchanges=(), state=None)
    assert fitted(bare, lambda _told: TARGET + 1, words)[1] == ("the lowest-ranked lines of the evidence",)
    assert remembered(bare, words) == ""


def sent(text: str) -> int:
    return tokens(visible(text))


@pytest.mark.parametrize(
    "text",
    ["the pool is full; " * 2_000, "数据库连接池已满。" * 2_000, "x" * 60_000, "\u202e" * 9_000, "=!" * 9_000, "1 2\n" * 9_000],
    ids=["words", "chinese", "one word", "hidden", "signs", "numbers"],
)
def test_j4_a_long_message_is_told_by_head_and_tail_within_its_tokens_and_named(text: str):
    long = replace(WHOLE, question=f"first {text} last")
    told, left_out = fitted(long, lambda _told: TARGET, sent)
    assert 0.95 * QUESTION < sent(told.question) <= QUESTION
    assert told.question.startswith("first ")
    assert told.question.endswith(" last")
    assert "characters left out" in told.question
    assert left_out == (MESSAGE,)


@given(st.text(max_size=400), st.integers(40, 200))
def test_j4_head_and_tail_keep_any_bound(text: str, most: int):
    told = head_and_tail(text, most, sent)
    assert sent(told) <= most
    assert (told == text) == (sent(text) <= most)


def test_j5_the_reply_names_every_cut_within_its_bound():
    text = notice((MESSAGE, *ORDER))
    assert all(name in text for name in (MESSAGE, *ORDER))
    assert len(text) <= 300
    assert notice(()) == ""
