"""Evidence of any kind in one line: text in, what its analyser read out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from textwrap import dedent

from domain.evidence.reading import Reading, fold
from domain.evidence.values import Context, Document, Finding, Parsed, Text

OBSERVED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Analyser = Callable[[Text, Document, Context], Parsed]


def a_text(text: str) -> Text:
    """The lines of an indented block, as the decoder yields them."""
    return Text(lines=tuple(dedent(text).strip("\n").split("\n")))


def read_by(analyse: Analyser, text: str, *, command: str = "") -> Parsed:
    """What an analyser reads; every citation is checked against the lines, or those of its own extract, on the way."""
    lines = a_text(text)
    parsed = analyse(
        lines, Document(evidence="e1", name="sample", chunks=(text.encode(),), observed_at=OBSERVED, command=command), Context()
    )
    cited = lines if parsed.extract is None else Text(lines=tuple(parsed.extract.text.split("\n")))
    for finding in parsed.findings:
        assert_cited(finding, cited)
    return parsed


def assert_cited(finding: Finding, text: Text) -> None:
    """Every citation names a line, and its quote stands in it once white space is folded."""
    assert finding.citations
    for cited in finding.citations:
        assert 1 <= cited.first <= cited.last <= max(1, len(text.lines))
        assert len(cited.quote) <= 300
        assert cited.quote.strip("…").strip() in fold(text.lines[cited.first - 1])


def of_kind(parsed: Parsed, kind: str) -> list[Finding]:
    """The findings of one kind, most severe first."""
    return [finding for finding in parsed.findings if finding.kind == kind]


def read_part(reader: Callable[[Reading, int, int], int], text: str) -> tuple[Parsed, int]:
    """What the reader of one part finds, and how many lines it says it understood.

    The part begins at line 2: its first line stands above it and its last line below it once more, which it must not read.
    """
    rows = a_text(text).lines
    reading = Reading(
        document=Document(evidence="e1", name="sample", chunks=(), observed_at=OBSERVED), lines=(rows[0], *rows, rows[-1])
    )
    understood = reader(reading, 2, len(rows) + 1)
    parsed = reading.parsed("")
    for finding in parsed.findings:
        assert_cited(finding, Text(lines=reading.lines))
    return parsed, understood
