"""Evidence of any kind in one line: text in, what its analyser read out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from textwrap import dedent

from domain.evidence.reading import fold
from domain.evidence.values import Context, Document, Finding, Parsed, Text

OBSERVED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Analyser = Callable[[Text, Document, Context], Parsed]


def a_text(text: str) -> Text:
    """The lines of an indented block, as the decoder yields them."""
    return Text(lines=tuple(dedent(text).strip("\n").split("\n")))


def read_by(analyse: Analyser, text: str, *, command: str = "") -> Parsed:
    """What an analyser reads; every citation is checked against the lines on the way."""
    lines = a_text(text)
    parsed = analyse(
        lines, Document(evidence="e1", name="sample", chunks=(text.encode(),), observed_at=OBSERVED, command=command), Context()
    )
    for finding in parsed.findings:
        assert_cited(finding, lines)
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
