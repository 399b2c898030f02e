from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.diagnosis.wording import BADGE, clean, modest, overclaims, plain, quoted, sentences


def test_b3_first_person_claims_of_acting_are_removed() -> None:
    assert clean("The pool is full. I have rolled back the release. Check it.") == "The pool is full. Check it."
    assert not clean("We restarted the database.")
    assert clean("Operators restarted the database.") == "Operators restarted the database."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see [12]", "see (12)"),
        ("[ERROR] lost", "ERROR lost"),
        ("a <T> b", "a T b"),
        ("[✅ Yes] [❌ No] go", "  go"),
        ("a `[ERROR]`", "a `ERROR`"),
    ],
)
def test_what_clients_misread_is_written_plainly(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_placeholders_stay_as_they_are() -> None:
    assert plain("from <IP_3> and <EMAIL_1@team>") == "from <IP_3> and <EMAIL_1@team>"


def test_links_images_and_tags_are_not_active() -> None:
    told = clean("see ![map](http://x.example/p.png) and <img src='//x'> and https://x.example/?q=1")
    assert "http" not in told
    assert "<img" not in told


def test_c3_words_of_certainty_are_found_and_taken_back_once() -> None:
    assert overclaims("This is definitely the cause")
    assert not overclaims(modest("The root cause is certainly the disk"))


def test_a_sentence_ends_at_a_stop_and_not_inside_a_name() -> None:
    assert sentences("app.log:3 says 4.5 s. Then b.c failed!") == ("app.log:3 says 4.5 s.", "Then b.c failed!")


@given(st.text(max_size=200))
def test_a_quoted_line_cannot_leave_its_code_mark(text: str) -> None:
    shown = quoted(text)
    assert shown.count("`") == 2
    assert "\n" not in shown
    assert not BADGE.search(shown)


def test_a5_the_condition_of_a_step_is_no_claim_of_certainty() -> None:
    text = "Raise the limit (once confirmed by: Compare the peak use). It is confirmed."
    assert modest(text) == "Raise the limit (once confirmed by: Compare the peak use). It is probably."
