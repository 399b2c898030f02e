"""What an analysis adds to its analyser: sealed citations, numbered findings, coverage; and windows of long lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.evidence.analyse import MOST_FINDINGS, analyse
from domain.evidence.decoding.decode import fold_space, line_hash
from domain.evidence.reading import OBJECTS, Reading, spoken, window
from domain.evidence.values import Analysis, Context, Document, Hint, Kind

STACK = """java.lang.IllegalStateException: no gas
\tat com.kiln.Oven.step(Oven.java:7)
\tat com.kiln.Oven.run(Oven.java:9)
Caused by: java.io.IOException: shut
\tat com.gas.Open.run(Open.java:3)
"""
DEEP = '{"note": "' + "a" * 900 + '", "status": "failed", "message": "disk is gone", "rest": "' + "b" * 900 + '"}'


def read(text: str | bytes, chosen: Kind | None = None) -> Analysis:
    data = text.encode() if isinstance(text, str) else text
    hint = Hint(chosen=chosen)
    return analyse(Document(evidence="e", name="n", chunks=(data,), size=len(data), hint=hint, command="cat x"), Context())


@pytest.mark.parametrize(
    ("text", "chosen"), [(STACK, Kind.ERROR_REPORT), (DEEP, Kind.COMMAND_OUTPUT), ("a: 1\nstatus: failed\n", Kind.CONFIG)]
)
def test_every_citation_is_sealed_by_its_lines(text: str, chosen: Kind) -> None:
    found = read(text, chosen)
    rows = text.removesuffix("\n").split("\n")
    cited = [each for one in found.findings for each in one.citations] + [
        one.citation for one in (*found.events, *found.objects, *found.edges)
    ]
    assert cited
    for each in cited:
        assert each.evidence == "e"
        assert 1 <= each.first <= each.last <= len(rows)
        assert each.hash == line_hash(rows[each.first - 1 : each.last])
        assert each.quote.strip("…") in " ".join(rows[each.first - 1].split())
    assert (found.name, found.command, found.coverage.lines, found.coverage.bytes) == ("n", "cat x", len(rows), len(text))
    assert (found.coverage.share_read, found.classification.kind) == (1.0, chosen)


def test_a_quote_of_a_long_line_keeps_the_analysers_window() -> None:
    quotes = [each.quote for one in read(DEEP, Kind.COMMAND_OUTPUT).findings for each in one.citations]
    assert any("disk is gone" in quote and quote.startswith("…") for quote in quotes)


def test_a_short_line_is_quoted_from_its_head() -> None:
    (first, *_) = read(STACK, Kind.ERROR_REPORT).findings
    row = STACK.split("\n")[first.citations[0].first - 1]
    assert first.citations[0].quote == fold_space(row)


def test_findings_of_one_id_are_numbered_and_the_severest_come_first() -> None:
    found = read("\n".join(f"ERROR {chr(97 + n % 26)}{chr(97 + n // 26)}q broke" for n in range(60)), Kind.LOGS)
    assert len({one.id for one in found.findings}) == len(found.findings) <= MOST_FINDINGS
    assert [one.severity for one in found.findings] == sorted((one.severity for one in found.findings), reverse=True)


def test_what_could_not_be_read_is_said() -> None:
    found = read("port: 80\nname: Größe\n".encode("utf-16") + b"\x00\xd8\n\x00", Kind.CONFIG)
    assert found.coverage.notes[0] == "1 characters could not be read and were replaced"
    assert found.coverage.encoding == "utf-16-le"


def test_a_blank_document_is_empty_and_its_first_line_is_cited() -> None:
    found = read(b"   ")
    assert (found.classification.kind, found.classification.format, found.classification.confidence) == (Kind.TEXT, "empty", 1.0)
    assert (found.coverage.bytes, found.coverage.lines, found.coverage.share_read, found.coverage.share_parsed) == (
        3,
        0,
        0.0,
        0.0,
    )
    assert [(one.id, one.severity, one.citations[0].hash) for one in found.findings] == [("empty:1", 0.0, line_hash(["   "]))]


def test_the_middle_and_the_end_of_a_long_document_are_classified_too() -> None:
    prose = "nobody of the team knew why the oven was cold again today\n" * 500
    log = "".join(f"2026-05-04 10:{n // 60 % 60:02}:{n % 60:02} ERROR brick {n} lost\n" for n in range(900))
    assert read(prose + log * 3).classification.kind is Kind.LOGS
    assert read(prose).classification.kind is not Kind.LOGS or read(prose).classification.confidence < 0.7


LINE = "x" * 40 + " needle " + "y" * 40


@pytest.mark.parametrize(
    ("line", "needle", "width", "shown"),
    [
        ("a  b\tc", "", 10, "a b c"),
        ("a" * 10, "", 10, "a" * 10),
        ("a" * 11, "", 10, "a" * 8 + "…"),
        (LINE, "needle", 20, "…" + "x" * 4 + " needle " + "y" * 6 + "…"),
        (LINE, "xxx", 20, "x" * 18 + "…"),
        (LINE, "y" * 40, 60, "…" + "x" * 10 + " needle " + "y" * 40),
        ("z" * 9_000 + "needle" + "z" * 9_000, "needle", 20, "…" + "z" * 5 + "needle" + "z" * 7 + "…"),
        ("z" * 8_193, "", 20, "z" * 18 + "…"),
    ],
)
def test_a_window_stands_around_its_needle(line: str, needle: str, width: int, shown: str) -> None:
    assert window(line, needle, width) == shown


def test_facts_are_spoken_plainly() -> None:
    facts = (3.0, 0.25, 1e15, 1e14, "x", datetime(2026, 1, 2, tzinfo=UTC))
    assert [spoken(each) for each in facts] == ["3", "0.25", "1e+15", "100000000000000", "x", "2026-01-02T00:00:00+00:00"]


def test_a_reading_keeps_times_needles_and_bounds() -> None:
    reading = Reading(document=Document(evidence="e", name="n", chunks=()), lines=("w" * 400 + " code-77 ab", "b"))
    at = datetime(2026, 1, 2, tzinfo=UTC)
    reading.find("exit", "pod/x", 1, 4.0, "ended", short="ab", code="code-77", time=at, last_time=at)
    reading.also(2, "b")
    (found,) = reading.findings
    assert (found.id, found.time, found.last_time, [each.first for each in found.citations]) == ("exit:1:0", at, at, [1, 2])
    assert "code-77" in found.citations[0].quote
    assert reading.line(0) == reading.line(3) == ""
    reading.happened(2, "b", "pod/x", None, 1.0)
    reading.happened(2, "c", "pod/x", at, 1.0)
    assert [one.certainty for one in reading.events] == ["order only", "exact"]
    for n in range(OBJECTS + 3):
        assert reading.observe("pod", f"p{n}", 1, {"a": "b"}) == f"pod/p{n}"
        reading.relate(f"pod/p{n}", "runs on", "node/n", 1)
    parsed = reading.parsed("s", 0.5)
    assert (len(parsed.objects), len(parsed.edges), parsed.notes, parsed.share_parsed) == (OBJECTS, OBJECTS, (), 0.5)
