"""Logs that a tool put into one text of its answer: read as the logs that they are, cited where the text stands."""

from __future__ import annotations

from dataclasses import replace

from domain.evidence.checks import QuoteCheck
from domain.evidence.logs import analyser
from domain.evidence.logs.survey import survey
from domain.evidence.reading import Reading
from domain.evidence.structure.trees import Node, said
from domain.evidence.values import Context, Document

SEVERE = 3.0
MOST = 20
"""Findings of one text."""
LONGEST = 1 << 20
"""Characters of a text that are read."""


def read(reading: Reading, node: Node, subject: str) -> int:
    """Keep the severe findings of a dated log inside a text; return how many there were, 0 for lines without a clock."""
    data = said(node.value)[:LONGEST].encode(errors="replace")
    document = Document(evidence=reading.document.evidence, name="", chunks=(data,), size=len(data))
    parsed = analyser.analyse(document, Context(), survey(document.chunks)).parsed
    kept = [one for one in parsed.findings if one.severity >= SEVERE][:MOST] if parsed.first_time else []
    for one in kept:
        piece = max(one.text[:80].split('"'), key=len).strip()[:60]
        cited = reading.cite(node.line, piece)
        check = QuoteCheck(text=cited.quote.strip("…"))
        reading.findings.append(
            replace(one, id=f"kept:{node.line}:{one.id}", subject=one.subject or subject, citations=(cited,), check=check)
        )
    return len(kept)
