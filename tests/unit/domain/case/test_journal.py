"""The memory of a case, hand-over and titles."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import handover, journal, titles
from domain.case.journal import Exchange
from domain.case.state import CaseFile, JournalEntry, Scope
from tests.unit.domain.case.build import (
    Story,
    a_case,
    causal,
    cause,
    event,
    findings,
    identified,
    investigating,
    need,
    news,
    refuting,
    row,
)


def tokens(text: str) -> int:
    return len(text) // 4 + 1


def exchanges(count: int, size: int = 200) -> list[Exchange]:
    return [
        Exchange(turn=n, question="q " * size, answer="a " * size, summary=f"summary of turn {n} " * 10)
        for n in range(1, count + 1)
    ]


def test_j1_entries_are_short_and_not_repeated():
    state = journal.note(a_case(), "finding", "x" * 500)
    assert len(state.journal[0].text.encode()) <= 120
    assert journal.note(state, "finding", "x" * 500) == state
    assert journal.note(state, "finding", "  ") == state


def test_j1_a_refuted_cause_leaves_a_ruled_out_entry():
    story = investigating(findings(cause(1, row(1)))).says(
        "look", findings(cause(1, *(refuting(n) for n in range(70, 73)))), files=(news(2),)
    )
    assert "ruled_out" in {entry.kind for entry in story.state.journal}
    assert {entry.kind for entry in story.state.journal} <= set(journal.KINDS)


@given(st.integers(0, 100), st.integers(0, 400))
def test_j3_the_memory_is_bounded_at_any_age(turns, size):
    entries = tuple(JournalEntry(kind="finding" if n % 2 else "decision", text="y" * 110, turn=n) for n in range(turns))
    state = replace(investigating(findings(cause(1, row(1)))).state, journal=entries)
    text = journal.memory(state, exchanges(turns, size), tokens)
    assert tokens(text) <= 1_600


def test_j3_the_newest_exchanges_come_whole_and_older_ones_as_summaries():
    text = journal.memory(investigating().state, exchanges(6, 2), tokens)
    assert "User (turn 6)" in text
    assert "User (turn 5)" in text
    assert "User (turn 4)" not in text
    assert "Turn 4: summary" in text
    assert "summary of turn 1 " not in text
    assert "Problem: checkout is failing" in text


def test_j3_standing_state_names_the_conclusion_and_what_is_needed():
    story = identified()
    lines = "\n".join(journal.standing(story.state))
    assert "Conclusion (confident)" in lines
    assert "Needed: Who and what is affected" in lines
    assert "Milestones:" in lines
    assert journal.standing(a_case()) == ["State: inquiry"]


def test_j2_what_was_folded_is_told_within_the_journals_tokens():
    entries = tuple(JournalEntry(kind="decision", text="d" * 110, turn=n) for n in range(200))
    text = journal.memory(a_case(journal=entries, folded="turn 3, finding: the disk filled up " * 25), exchanges(6), tokens)
    assert "Before: turn 3, finding: the disk filled up" in text
    assert "Turn 199, decision" in text
    assert tokens(text) <= 1_600


def test_j3_decisions_are_remembered_before_findings():
    entries = (
        *(JournalEntry(kind="finding", text="f" * 100, turn=n) for n in range(100)),
        JournalEntry(kind="decision", text="rolled back", turn=1),
    )
    assert "rolled back" in journal.memory(a_case(journal=entries), [], tokens)


def test_es2_the_hand_over_stands_on_the_state_alone():
    found = findings(
        cause(1, row(1), causal(2, file="")), cause(2, refuting(decisive=True), family="b"), needs=(need(),), timeline=(event(3),)
    )
    story = investigating(found).says("look", found, files=(news(),)).says("we rolled back the release").says("I have no access")
    state = replace(story.state, scope=Scope(services=("checkout",), users="EU", places=("eu",), share="12 %"), onset=event(0))
    text = handover.text(state)
    for part in (
        "**Problem:** checkout",
        "**Urgency:**",
        "services: checkout",
        "**Ruled out:**",
        "we rolled back",
        "file-1.log:1",
        "**Limits:**",
    ):
        assert part in text
    assert "No problem statement" in handover.text(a_case())


def test_es2_a_range_is_cited_with_both_lines_and_an_unknown_file_by_its_id():
    story = investigating().says("log", findings(cause(1, replace(row(3), last=9), row(4, file="file_9"))), files=(news(),))
    text = handover.text(story.state)
    assert "file-1.log:3-9" in text
    assert "file_9:4" in text


@pytest.mark.parametrize(
    ("title", "telling"),
    [("issue", False), ("the problem", False), ("checkout down", True), ("help investigation", False), ("x" * 300, False)],
)
def test_t2_empty_words_make_no_title(title, telling):
    assert titles.is_telling(title) is telling


def test_t1_uploads_alone_name_a_case():
    summary = "s" * 80
    files = tuple(news(n, summary=summary) for n in range(3))
    story = Story().says("", findings(cause(1, row(1), statement="disk full on node-1 for an hour")), files=files)
    assert story.outcome.proposed_title == "disk full node-1 hour"
    assert Story().says("", findings(), files=files).outcome.proposed_title == "Evidence in file-0.log file-1.log"


def test_t1_a_request_needs_forty_characters_of_substance():
    assert titles.requested(a_case(substance=39, title_words="checkout down")) == ""
    assert titles.requested(a_case(substance=40, title_words="checkout down")) == "checkout down"
    assert titles.requested(a_case(substance=400)) == ""


def test_t2_titles_take_at_most_eight_words():
    file = CaseFile(file_id="f", name="a", kind="k", confidence=1, turn=1, status="completed")
    state = a_case(substance=500, title_words="one two three four five six seven eight nine ten", files=(file,))
    assert len(titles.proposed(state).split()) == 8
