from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.decoding.decode import collect, fold_space
from domain.evidence.digest import digest, pick, tokens
from domain.evidence.values import Coverage, DigestLine, Head, Kind
from tests.quality.needles import digested, read

ROWS = st.lists(
    st.sampled_from((
        "2026-03-01 12:00:01 ERROR pool exhausted",
        "2026-03-01 12:00:02 INFO fine took 3 ms",
        "\x1b[31mWARN\x1b[0m disk degraded",
        '{"level":"error","msg":"boom «é»","error":"refused"}',
        'level=warn ts=2026-03-01T12:00:00Z msg="slow  reply"',
        "Traceback (most recent call last):",
        "  at frame(A.java:3)",
        "",
        "x" * 900,
    )),
    max_size=80,
)


def line(number: int, text: str, severity: float = 3.0, evidence: str = "a", score: float = 0.0) -> DigestLine:
    return DigestLine(
        evidence=evidence,
        name=f"{evidence}.log",
        first=number,
        last=number,
        count=1,
        text=text,
        severity=severity,
        score=score or severity,
    )


def head(evidence: str = "a") -> Head:
    return Head(evidence=evidence, name=f"{evidence}.log", kind=Kind.LOGS, confidence=0.9, coverage=Coverage(bytes=10, lines=100))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("the", 1),
        ("exhausted", 2),
        ("a b", 2),
        ("a  b", 3),
        ("a\nb", 3),
        ("1234", 2),
        ("====", 1),
        ("é", 2),
        ("10.0.0.1:80", 9),
    ],
)
def test_tokens_are_estimated_by_pieces(text, expected):
    assert tokens(text) == expected


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS, st.integers(60, 900))
def test_a_digest_is_never_over_budget_and_every_line_resolves(one, two, budget):
    texts = {"one.log": "\n".join(one).encode(), "two.log": "\n".join(two).encode()}
    found = digested([read(text, name) for name, text in texts.items()], budget, focus="why is the pool slow")
    assert tokens(found.text) == found.tokens <= budget
    for shown in found.lines:
        raw = fold_space(collect([texts[shown.evidence]], [shown.first])[shown.first], 10_000)
        assert all(part in raw for part in shown.text.split("…"))


@st.composite
def heads(draw):
    coverage = Coverage(
        bytes=draw(st.integers(0, 10**12)),
        lines=draw(st.integers(0, 10**9)),
        share_read=draw(st.floats(0, 1)),
        share_parsed=draw(st.floats(0, 1)),
        notes=tuple(draw(st.lists(st.text(max_size=300), max_size=3))),
        assumed_zone=draw(st.sampled_from([None, "UTC"])),
    )
    return Head(
        evidence=draw(st.text()), name=draw(st.text()), kind=Kind.LOGS, confidence=draw(st.floats(0, 1)), coverage=coverage
    )


@given(
    st.integers(60, 2_000),
    st.lists(st.tuples(st.text(max_size=200), st.text(max_size=300), st.floats(0, 9)), max_size=30),
    st.lists(heads(), max_size=7),
    st.text(max_size=60),
)
def test_any_candidates_keep_the_budget_and_every_line_cites(budget, texts, drawn, question):
    found = digest(
        [
            replace(line(n, text, evidence=f"e{n % 7}", score=score), statement=said)
            for n, (text, said, score) in enumerate(texts, 1)
        ],
        [*(head(f"e{n}") for n in range(7)), *drawn],
        budget,
        question,
    )
    assert tokens(found.text) == found.tokens <= budget
    assert all(f"E{int(shown.evidence[1:]) + 1}:L{shown.first}" in found.text for shown in found.lines)


def test_the_statement_says_what_share_was_read_and_how_many_lines_are_left_out():
    partial = replace(head(), coverage=Coverage(bytes=10, lines=100, share_read=0.5, share_parsed=0.991, notes=("cut at 2 GiB",)))
    found = digest([line(n, f"brick{n} oven{n} {'long ' * 30}") for n in range(1, 21)], [partial], 400)
    assert f"{len(found.lines)} of 20 candidates" in found.text
    assert len(found.lines) < 20
    assert "a.log: 50 % read. cut at 2 GiB." in found.text
    assert "understood" not in found.text


def test_the_severest_line_of_every_document_is_kept_before_more_of_one():
    noisy = [line(n, f"word{n} other{n} thing{n} failed", severity=5.0) for n in range(1, 60)]
    found = digest([*noisy, line(7, "quiet file failed too", evidence="b")], [head("a"), head("b")], 200)
    assert "quiet file failed too" in found.text


def test_near_copies_are_folded_into_one_count():
    copies = [line(n, "the same long text of a line that failed", evidence=f"e{n}") for n in range(1, 5)]
    found = digest(copies, [head(f"e{n}") for n in range(1, 5)], 400)
    assert [shown.count for shown in found.lines] == [4]


def test_one_thing_said_twice_of_one_subject_is_printed_once():
    said = {"statement": "pod/kiln is not ready", "subject": "pod/kiln"}
    twice = [replace(line(1, "kiln 0/1 Error"), **said), replace(line(1, "other words altogether", evidence="b"), **said)]
    found = digest(twice, [head("a"), head("b")], 400)
    assert [(shown.evidence, shown.count) for shown in found.lines] == [("a", 2)]


def test_a_wide_row_takes_no_more_than_its_share_of_the_budget():
    wide = replace(line(1, "kiln " * 48), statement="pod/kiln is not ready")
    narrow, wider = (digest([wide], [head()], budget).text for budget in (200, 2_000))
    assert "kiln…" in narrow
    assert narrow.count("kiln") < 40
    assert wider.count("kiln") == 49


def test_the_question_moves_a_line_up():
    lines = [line(1, "alpha went wrong " + "long " * 20, severity=3.2), line(2, "omega went astray " + "wide " * 20)]
    assert [shown.first for shown in digest(lines, [head()], 60, focus="is omega down?").lines][:1] == [2]


def test_lines_are_printed_with_evidence_line_count_and_time():
    shown = DigestLine(
        evidence="a",
        name="a.log",
        first=50_001,
        last=50_001,
        count=3,
        text="it failed",
        time=datetime(2026, 3, 1, 4, 31, 10, tzinfo=UTC),
        score=3,
        severity=3,
    )
    assert "E1:L50001 ×3 04:31:10 it failed" in digest([shown], [head()], 200).text


def test_a_digest_says_what_was_read():
    assert "Read 1 files, 100 lines." in digest([], [head()], 60).text


def test_at_most_three_hundred_candidates_are_picked_best_first():
    text = "\n".join(
        f"ERROR {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(103 + n // 676)}x thing broke" for n in range(900)
    ).encode()
    picked = pick(read(text))
    assert len(picked) <= 300
    assert [one.score for one in picked] == sorted((one.score for one in picked), reverse=True)
