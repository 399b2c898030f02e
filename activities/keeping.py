"""What is kept of an analysed file: its analysis sealed, its telling lines and its news made safe, its row."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from activities.analysis import Scanned
from activities.legs import work_of
from activities.redacting import redacted
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.evidence.values import Analysis, DigestLine
from domain.ports.cases import FileStore
from domain.ports.sealing import BlobStore, Redactor

ANALYSIS = TypeAdapter(Analysis)
LINES = TypeAdapter(tuple[DigestLine, ...])
NEWS = TypeAdapter(EvidenceNews)


async def keep(blobs: BlobStore, files: FileStore, redactor: Redactor, ref: EvidenceRef, scanned: Scanned) -> EvidenceNews:
    """Make safe first, then store: a failed redaction stores nothing that is read as done. Safe to repeat."""
    lines = await redacted(redactor, ref.case_id, LINES, scanned.lines)
    news = await redacted(redactor, ref.case_id, NEWS, scanned.news)
    news = replace(
        news,
        name=ref.name,
        analysis_key=await blobs.put(ref.case_id, scanned.analysis),
        lines_key=await blobs.put(ref.case_id, LINES.dump_json(lines)),
    )
    await files.update(ref.case_id, ref.file_id, _columns(news))
    await blobs.clear(ref.case_id, work_of(ref))
    return news


def _columns(news: EvidenceNews) -> dict[str, str | int | float]:
    return {
        "status": news.status,
        "kind": news.kind,
        "confidence": news.confidence,
        "summary": news.summary,
        "lines": news.lines,
        "analysis_key": news.analysis_key,
        "lines_key": news.lines_key,
        "error": "",
    }
