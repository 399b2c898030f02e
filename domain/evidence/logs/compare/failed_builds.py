"""The lines that say why a build failed, as findings of its analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.evidence.decoding.decode import cut_line, decode, fold_space, line_hash
from domain.evidence.logs.compare.build import Stretch, failing_blocks
from domain.evidence.logs.compare.roles import Role, bare, exits, role_of
from domain.evidence.values import Analysis, Citation, Document, Finding

WHOLE = 64 << 20
"""Decoded bytes above which a document is no build log that is compared line by line."""
SEVERITY = 4.5
"""Above the errors that are merely logged: it is why the build stopped."""
MOST = 100
LINES = 2_000
"""Lines of one citation."""


def with_failing_blocks(analysis: Analysis, document: Document, baseline: Document) -> Analysis:
    """Return the analysis with a finding for each stretch that states the error, where the document is a failed build."""
    rows = _rows(document) if analysis.coverage.bytes <= WHOLE else ()
    passing = _rows(baseline) if rows else ()
    if not rows or not _failed(rows, passing):
        return analysis
    found = [_finding(document, rows, block) for block in failing_blocks(rows, passing)[:MOST]]
    stated = {one.citations[0].first for one in found}
    others = (one for one in analysis.findings if one.citations[0].first not in stated)
    ranked = sorted((*found, *others), key=lambda one: (-one.severity, one.citations[0].first, one.id))
    return replace(analysis, findings=tuple(ranked))


def _rows(document: Document) -> tuple[str, ...]:
    return tuple(b"".join(decode(document.chunks)).decode("utf-8", "replace").removesuffix("\n").split("\n"))


def _failed(rows: Sequence[str], passing: Sequence[str]) -> bool:
    """True where a build service or a build tool says that it failed, and did not say so before."""
    known = set(bare(passing))
    return any(exits(text) or role_of(text) is Role.VERDICT for text in bare(rows) if text not in known)


def _finding(document: Document, rows: Sequence[str], block: Stretch) -> Finding:
    lines = [cut_line(row) for row in rows[block.first - 1 : min(block.last, block.first + LINES - 1)]]
    place = block.stated - block.first
    telling = Citation(
        evidence=document.evidence,
        first=block.stated,
        last=block.stated,
        hash=line_hash(lines[place : place + 1]),
        quote=fold_space(lines[place]),
    )
    whole = Citation(
        evidence=document.evidence,
        first=block.first,
        last=block.first + len(lines) - 1,
        hash=line_hash(lines),
        quote=fold_space(lines[0]),
    )
    return Finding(
        id=f"failing_block:{block.first}",
        kind="failing_block",
        subject="",
        statement=fold_space(f"why the build failed: {bare([rows[block.stated - 1]])[0].strip()}"),
        severity=SEVERITY,
        citations=(telling, whole),
        numbers={"count": 1.0, "lines": float(len(lines)), "new": 1.0},
        text=fold_space(" ".join(bare(lines[:LINES])), 1_000),
    )
