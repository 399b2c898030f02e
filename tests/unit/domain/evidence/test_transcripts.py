"""A model's reading of a picture beside that of OCR: what agrees, what is its own, and that nothing else moves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.decoding.decode import resolve
from domain.evidence.digest import digest, pick
from domain.evidence.documents.transcripts import (
    CHARACTERS,
    CONFIDENCE,
    LINES,
    NOTE,
    Transcript,
    candidates,
    is_picture,
    is_told,
    seen,
    told,
)
from domain.evidence.extracts import Extract, Place
from domain.evidence.values import Analysis, Citation, Context, Document, Head, Hint, Kind
from tests.pace import within

PNG = b"\x89PNG\r\n\x1a\n"
ROWS = (
    "kiln-7   0/1   CrashLoopBackOff   12 (2m ago)   41m",
    "kiln-8   1/1   Running            0             3d4h",
    "2026-05-04 10:51:45 ERROR order 88213 failed after 30004 ms",
)


def a_picture(*rows: str, hint: Hint | None = None) -> Analysis:
    text = "".join(f"{row}\n" for row in rows)
    extract = Extract(text=text, places=(Place(first=1, label="block 1"),) if rows else (), by="OCR" if rows else "")
    extract = extract if rows else replace(extract, notes=("no text was found in the picture",))
    return analyse(
        Document(evidence="e1", name="shot.png", chunks=(PNG,), size=8, extract=extract, hint=hint or Hint()), Context()
    )


def reading(*lines: str) -> Transcript:
    return Transcript(lines=lines)


def note(found: Analysis) -> str:
    return found.coverage.notes[-1].removeprefix(NOTE)


def own(found: Analysis) -> list[str]:
    return [line.statement for line in candidates(found)]


def test_lines_that_ocr_read_as_well_add_nothing() -> None:
    before = a_picture(*ROWS)
    found = seen(before, reading(*ROWS))
    assert found.extract == before.extract
    assert note(found) == "3 lines stand in the OCR text, 0 differ a little (OCR's are kept), 0 it read alone"


@pytest.mark.parametrize(
    "line",
    [
        "kiln-7 0/1 CrashLoopBackOff 12 (2m ago) 41m",
        "KILN-7  O/l  CrashLoopBackOff  l2 (2m ago)  4lm",
        "CrashLoopBackOff 12 (2m",
        "41m kiln-8 1/1 Running",
        "ago",
    ],
)
def test_blanks_case_look_alikes_and_line_breaks_make_no_difference(line: str) -> None:
    assert note(seen(a_picture(*ROWS), reading(line))).startswith("1 lines stand")


@pytest.mark.parametrize(
    "line",
    [
        "2026-05-04 10:51:45 ERROR order 88218 failed after 30004 ms",
        "kiln-7 0/1 CrashLoopBackOff 12 (2m ago) 47m kiln-8 1/1 Running 0 3d4h",
    ],
)
def test_where_a_model_reads_a_row_differently_that_of_ocr_stands(line: str) -> None:
    before = a_picture(*ROWS)
    found = seen(before, reading(line))
    assert found.extract == before.extract
    assert ", 1 differ a little" in note(found)


def test_a_line_that_ocr_did_not_read_is_added_behind_its_text_and_marked_with_its_place() -> None:
    found = seen(a_picture(*ROWS), reading("p99 latency of checkout", ROWS[0], "Alert: disk is full", "since noon", ROWS[2]))
    extract = found.extract
    assert extract is not None
    assert extract.text.split("\n")[:3] == list(ROWS)
    assert extract.text.split("\n")[3:] == [
        "(read by a model alone, above what OCR read)",
        "p99 latency of checkout",
        "(read by a model alone, below line 1)",
        "Alert: disk is full",
        "since noon",
        "",
    ]
    assert [(one.first, one.confidence, one.guessed) for one in extract.places] == [
        (1, 1.0, False),
        (4, CONFIDENCE, True),
        (6, CONFIDENCE, True),
    ]
    assert note(found).endswith("3 it read alone; these are marked, and nothing is concluded from them")


def test_such_a_line_is_a_last_candidate_that_resolves_and_holds_no_text_for_a_claim_to_rest_on() -> None:
    found = seen(a_picture(*ROWS), reading("Out of memory: killed process 1"))
    (line,) = candidates(found)
    assert (line.first, line.text, line.severity) == (5, "", 0.0)
    assert line.statement == "read by a model alone, above what OCR read: Out of memory: killed process 1"
    assert found.extract is not None
    cited = Citation(evidence="e1", first=line.first, last=line.last)
    assert resolve(cited, [found.extract.text.encode()]) == "Out of memory: killed process 1"
    assert all(line.score < other.score for other in pick(found))


def test_a_digest_prints_it_last_and_says_who_read_it() -> None:
    found = seen(a_picture(*ROWS), reading("Out of memory: killed process 1"))
    head = Head(evidence="e1", name="shot.png", kind=Kind.IMAGE, confidence=1.0, coverage=found.coverage)
    printed = digest((*pick(found), *candidates(found)), [head], 1_600).text
    assert "E1:L5 read by a model alone, above what OCR read: Out of memory: killed process 1" in printed
    assert "a model's reading: 0 lines stand" in printed


def test_where_ocr_read_nothing_the_share_that_was_read_stays_nothing() -> None:
    found = seen(a_picture(), reading("FATAL: disk is full"))
    assert own(found) == ["read by a model alone, where OCR read nothing: FATAL: disk is full"]
    assert (found.coverage.share_read, found.findings, found.keys) == (0.0, (), ())
    assert found.extract is not None
    assert found.extract.by == "a model"


def test_what_repeats_is_told_once_and_what_is_too_much_is_left_out() -> None:
    assert len(own(seen(a_picture(*ROWS), reading(*["disk is full, again"] * 300)))) == 1
    many = seen(a_picture(*ROWS), reading(*[f"entry {n} of something else" for n in range(LINES + 7)]))
    assert len(own(many)) == LINES
    assert note(many).endswith(f"7 lines beyond the first {LINES} were left out")
    (long,) = own(seen(a_picture(*ROWS), reading("x" * 5_000)))
    assert len(long) < CHARACTERS + 100


def test_characters_that_hide_words_are_taken_out_and_empty_lines_are_none() -> None:
    found = seen(a_picture(*ROWS), reading("disk\u202e is\u200b full\x1b[2J", "  ", "----", "one\ntwo more"))
    assert [line.rpartition(": ")[2] for line in own(found)] == ["disk is full[2J", "one", "two more"]


def test_only_a_picture_has_such_a_reading_whatever_kind_a_person_chose() -> None:
    log = analyse(Document(evidence="e1", name="x", chunks=(b"ERROR kiln is cold\n" * 3,)), Context())
    assert not is_picture(log)
    assert is_picture(a_picture())
    assert is_picture(a_picture(*ROWS, hint=Hint(chosen=Kind.LOGS)))


def test_what_became_of_it_is_told_once() -> None:
    before = a_picture(*ROWS)
    assert not is_told(before)
    assert is_told(told(before, "none"))
    assert is_told(seen(before, reading()))


LINE = st.one_of(st.sampled_from(ROWS), st.text(max_size=60))


@given(st.lists(LINE, max_size=12))
def test_whatever_a_model_says_no_finding_key_event_count_or_rank_moves(lines: list[str]) -> None:
    before = a_picture(*ROWS)
    found = seen(before, reading(*lines))
    assert replace(found, extract=before.extract, coverage=before.coverage) == before
    assert replace(found.coverage, notes=before.coverage.notes) == before.coverage
    assert pick(found) == pick(before)
    assert found.extract is not None
    assert before.extract is not None
    assert found.extract.text.startswith(before.extract.text)


def test_the_largest_reading_of_the_largest_picture_takes_a_second_at_most() -> None:
    rows = [
        f"{n} {n * 7919:x} the quick brown kiln {n * 104729:x} jumps over {n * 1299709:x} and {n * 15485863:x}"
        for n in range(400)
    ]
    lines = [
        f"{n * 31:x} lazy {n * 7907:x} dogs {n * 104723:x} sleep under {n * 1299689:x} but {n * 15485867:x}" for n in range(LINES)
    ]
    before = a_picture(*rows)
    with within(2.0):
        seen(before, reading(*lines))
