"""Threads: who said when; what is no thread."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.prose.talk import is_thread, thread, words_of
from tests.evidence import OBSERVED
from tests.unit.domain.evidence.formats import documents


@pytest.mark.parametrize(
    ("head", "who", "time"),
    [
        ("Dana Fox  10:42 AM", "Dana Fox", datetime(2026, 5, 4, 10, 42, tzinfo=UTC)),
        ("Dana Fox  11:02 PM", "Dana Fox", datetime(2026, 5, 4, 23, 2, tzinfo=UTC)),
        ("Dana Fox added a comment - 04/May/26 10:42 AM", "Dana Fox", datetime(2026, 5, 4, 10, 42, tzinfo=UTC)),
        ("On Mon, May 4, 2026 at 10:12 AM Kim Lee <kim@example.org> wrote:", "Kim Lee", datetime(2026, 5, 4, 10, 12, tzinfo=UTC)),
        ("[10:43] kim: who opened the valve?", "kim", datetime(2026, 5, 4, 10, 43, tzinfo=UTC)),
        ("10:43 <kim> who opened the valve?", "kim", datetime(2026, 5, 4, 10, 43, tzinfo=UTC)),
        ("04/05/2026, 10:45 - Kim: who opened it?", "Kim", datetime(2026, 5, 4, 10, 45, tzinfo=UTC)),
        ("Dana Fox commented", "Dana Fox", None),
    ],
)
def test_a_head_names_who_and_when(head: str, who: str, time: datetime | None) -> None:
    said, _ = thread((head, "the kiln is cold again", head), OBSERVED)
    assert (said.who, said.time, said.first, said.last) == (who, time, 1, 2)


@pytest.mark.parametrize("text", [documents.CHAT, documents.BRIEF, documents.MAIL, documents.TICKET])
def test_what_people_say_to_each_other_is_a_thread(text: str) -> None:
    assert is_thread(tuple(text.strip().split("\n")))


@pytest.mark.parametrize(
    "text",
    [
        documents.TEXT,
        "[10:42:13] kiln: fired brick 7\n[10:42:14] kiln: fired brick 8\n",
        "2026-05-04 10:42:13 INFO kiln fired\n2026-05-04 10:42:14 INFO kiln fired\n",
        "From: kiln\nlistening on 8080\n",
        "root  10:42\ncron  10:43\nkiln  10:44\n",
        "",
    ],
)
def test_what_machines_write_is_none(text: str) -> None:
    assert not is_thread(tuple(text.strip().split("\n")))


def test_what_is_said_stands_without_its_speaker() -> None:
    assert words_of("[10:43] kim: who opened it?") == "who opened it?"
    assert words_of("> > the pods were evicted") == "the pods were evicted"


@given(st.lists(st.text(max_size=80), max_size=12))
def test_any_lines_are_a_thread_or_none(lines: list[str]) -> None:
    rows = tuple(lines)
    is_thread(rows)
    assert all(1 <= said.first <= said.last <= len(rows) for said in thread(rows, None))
