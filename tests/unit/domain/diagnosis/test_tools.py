from __future__ import annotations

from itertools import starmap

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.diagnosis.looking import STRETCHES, look
from domain.diagnosis.tools import (
    RESULT_TOKENS,
    TOOLS,
    UNKNOWN,
    Call,
    CompareFiles,
    CompareWindows,
    CountLines,
    EvidenceCall,
    FindLines,
    ListKinds,
    Looked,
    ReadLines,
    SearchKnowledge,
    files_of,
    fitted,
    known,
    mistake,
    printed_result,
)
from domain.evidence.digest import tokens
from domain.evidence.search.source import Source, source_of
from domain.evidence.values import DigestLine

NUMBERS = {"file_1": 1, "file_2": 2}
NAMES = {"file_1": "app.log", "file_2": "later.log"}
CALM = [f"2026-03-01 12:{n // 60:02}:{n % 60:02} INFO item {n} served" for n in range(600)]
BAD = [f"2026-03-01 12:10:{n:02} ERROR pool of size 20 is full" for n in range(30)]


def a_source(rows: list[str], name: str = "file_1") -> Source:
    return source_of(name, ("\n".join(rows) + "\n").encode())


def told(call: EvidenceCall, *sources: Source) -> str:
    return printed_result(look(call, sources or (a_source(CALM + BAD),), NAMES), NUMBERS)


def a_line(number: int, text: str = "pool of size 20 is full") -> DigestLine:
    return DigestLine(evidence="file_1", name="app.log", first=number, last=number, count=1, text=text)


def test_lines_are_found_with_their_numbers_and_those_around_them():
    text = told(FindLines(file="E1", words="POOL full", context=1, after=628))
    assert text == (
        "2 lines hold all words.\nE1:L628 2026-03-01 12:10:27 ERROR pool of size 20 is full\n"
        "E1:L629 2026-03-01 12:10:28 ERROR pool of size 20 is full\nE1:L630 2026-03-01 12:10:29 ERROR pool of size 20 is full"
    )


def test_words_that_stand_nowhere_are_answered_with_those_that_do():
    text = told(FindLines(file="E1", words="zookeeper"))
    assert text.startswith("No line holds all of these words. Frequent words: ")
    assert "served" in text


def test_a_range_is_read_as_it_stands():
    assert told(ReadLines(file="E1", first=1, last=2)).splitlines()[1:] == [f"E1:L{n} {CALM[n - 1]}" for n in (1, 2)]
    assert told(ReadLines(file="E1", first=900, last=950)) == "The file has 630 lines."


def test_kinds_are_told_severe_ones_first_with_their_count():
    head, *rows = told(ListKinds(file="E1")).splitlines()
    assert head == "2 kinds of line."
    assert rows[0] == "E1:L601 ×30 2026-03-01 12:10:00 ERROR pool of size 20 is full"


def test_counts_are_told_over_time_in_few_rows():
    head, *rows = told(CountLines(file="E1", words="served")).splitlines()
    assert head == "600 lines hold all words."
    assert sum(int(row.split(": ")[1].split()[0]) for row in rows) == 600
    assert len(rows) <= STRETCHES


def test_windows_and_files_are_compared_with_a_line_for_each_change():
    windows = CompareWindows(file="E1", before_first=1, before_last=600, after_first=601, after_last=630)
    assert "E1:L601 new, 30 lines | 2026-03-01 12:10:00 ERROR pool of size 20 is full" in told(windows)
    files = told(CompareFiles(earlier="E1", later="E2"), a_source(CALM), a_source(CALM + BAD, "file_2"))
    assert files.startswith("1 kinds of line are new, 0 gone")
    assert "E2:L601 new, 30 lines" in files


def test_every_tool_has_a_name_and_says_what_it_does():
    assert {known(name) for name in TOOLS} == set(TOOLS)
    assert all(tool.__doc__ and len(tool.__doc__) > 40 for tool in TOOLS.values())
    assert known("delete_case") == known("find_lines ") == UNKNOWN


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        (FindLines(file="E1", words="x" * 201), "`words` is longer than 200 characters"),
        (FindLines(file="", words="x"), "`file` is empty"),
        (FindLines(file="E1", words=" "), "`words` is empty"),
        (SearchKnowledge(words=""), "`words` is empty"),
        (FindLines(file="E1", words="x", after=-1), "`after` is no line number"),
        (ReadLines(file="E1", first=1, last=10**30), "`last` is no line number"),
        (ReadLines(file="E1", first=9, last=8), "a range ends before it begins"),
        (ListKinds(file="E1"), ""),
        (ReadLines(file="E1", first=8, last=8), ""),
        (CompareFiles(earlier="E1", later="E2"), ""),
    ],
)
def test_arguments_out_of_bounds_are_named_and_not_quoted(call: Call, wrong: str):
    assert mistake(call) == wrong


def test_the_files_of_a_call_are_those_it_names():
    assert files_of(CompareFiles(earlier="a", later="b")) == ("a", "b")
    assert files_of(ListKinds(file="a")) == ("a",)


@given(some.lists(some.text(max_size=300), max_size=60), some.lists(some.text(max_size=200), max_size=5))
def test_a_result_never_passes_its_tokens_and_says_what_it_left_out(texts: list[str], said: list[str]):
    looked = Looked(said=tuple(said), lines=tuple(starmap(a_line, enumerate(texts, 1))))
    shown = fitted(looked, NUMBERS)
    assert tokens(printed_result(shown, NUMBERS)) <= RESULT_TOKENS + 5
    assert looked.lines[: len(shown.lines)] == shown.lines
    assert shown.cut == (len(shown.lines) < len(texts) or len(shown.said) < len(said))
    assert shown.cut == printed_result(shown, NUMBERS).endswith(f"line shown is L{len(shown.lines)}.")
    assert fitted(shown, NUMBERS) == shown
