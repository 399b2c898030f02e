"""What runs in the process pool: one file in, its analysis as JSON and its telling lines out. Raw, so nothing of it is logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from activities.extracting import extracted
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.evidence.analyse import analyse
from domain.evidence.digest import pick
from domain.evidence.values import Analysis, Context, DigestLine, Document, Hint, Kind
from domain.ports.documents import TextReader

PIECE = 1 << 20
"""Bytes read at a time."""
MOST_LINES = 300
"""Candidates that are redacted and kept (evidence.md 13)."""
MOST_NOTES = 20

_ANALYSIS = TypeAdapter(Analysis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A file's analysis as JSON, its raw candidate lines, and the news of it, still raw."""

    analysis: bytes
    lines: tuple[DigestLine, ...]
    news: EvidenceNews


@dataclass(frozen=True, slots=True)
class FilePieces:
    """The bytes of a file in pieces; may be iterated more than once."""

    path: Path

    def __iter__(self) -> Iterator[bytes]:
        """Yield from the first byte."""
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def scan(path: Path, ref: EvidenceRef, reader: TextReader) -> Scanned:
    """Analyse a file whose bytes lie at `path`."""
    hint = Hint(name=ref.name, origin=ref.origin, chosen=Kind(ref.chosen_kind) if ref.chosen_kind else None)
    document = Document(
        evidence=ref.file_id,
        name=ref.name,
        chunks=FilePieces(path),
        size=ref.size_bytes,
        observed_at=ref.observed_at,
        hint=hint,
    )
    analysis = analyse(extracted(document, reader), Context(observed_at=ref.observed_at))
    return Scanned(analysis=_ANALYSIS.dump_json(analysis), lines=pick(analysis)[:MOST_LINES], news=news_of(ref, analysis))


def news_of(ref: EvidenceRef, analysis: Analysis) -> EvidenceNews:
    """Return what a case learns of an analysis; keys of blobs are added where they are stored."""
    return EvidenceNews(
        file_id=ref.file_id,
        name=ref.name,
        kind=analysis.classification.kind,
        confidence=analysis.classification.confidence,
        status="completed",
        lines=analysis.coverage.lines,
        size_bytes=ref.size_bytes,
        summary=analysis.summary,
        severity=max((finding.severity for finding in analysis.findings), default=0.0),
        first_time=analysis.coverage.first_time,
        last_time=analysis.coverage.last_time,
        notes=analysis.coverage.notes[:MOST_NOTES],
    )
