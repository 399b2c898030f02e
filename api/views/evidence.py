"""Uploaded files as clients expect them (contract 5.8)."""

from __future__ import annotations

from dataclasses import dataclass

from api.views.screen import category
from api.views.source_types import SOURCE_TYPE
from api.views.turns import AttachmentResult, data_type
from api.views.wire import Json, at, when
from domain.case.projection import EvidenceRecord, FileRecord
from domain.case.state import CaseState
from domain.evidence.values import Kind

ORIGINS: dict[str, str] = {"page_capture": "page_injection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file in a list."""

    file_id: str
    filename: str
    uploaded_at: str
    size_bytes: int
    size_display: str
    uploaded_at_turn: int
    source_type: str
    analysis_status: str
    summary: str | None
    source_metadata: Json
    evidence_count: int
    data_type: str
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDetail(UploadedFile):
    """A file alone."""

    content_type: str | None
    upload_source: str
    derived_evidence: list[Json]
    digest: str | None
    coverage: Json
    analysis_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileList:
    """A page of files; `total_count` is the true total."""

    files: list[UploadedFile]
    total_count: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """Files that were taken outside of a turn."""

    files: list[AttachmentResult]


def size_display(size: int) -> str:
    """Return a size for people, in powers of 1 024."""
    amount, unit = float(size), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            break
        amount /= 1024
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


def _row(record: FileRecord, rows: int) -> dict[str, Json]:
    known = Kind(record.kind) if record.kind else Kind.UNKNOWN
    observed = {"source_url": record.source_url, "observed_at": when(record.observed_at)}
    return {
        "file_id": record.file_id,
        "filename": record.name,
        "uploaded_at": at(record.uploaded_at),
        "size_bytes": record.size_bytes,
        "size_display": size_display(record.size_bytes),
        "uploaded_at_turn": record.turn_number,
        "source_type": ORIGINS.get(record.origin, record.origin),
        "analysis_status": record.status,
        "summary": record.summary or None,
        "source_metadata": observed if any(observed.values()) else None,
        "evidence_count": rows,
        "data_type": data_type(known),
        "content_hash": record.sha256,
    }


def files(records: tuple[FileRecord, ...], state: CaseState | None, total: int, limit: int, offset: int) -> FileList:
    """Return a page; evidence is counted in the live state."""
    rows = state.rows if state else ()
    counts = {record.file_id: sum(row.file_id == record.file_id for row in rows) for record in records}
    listed = [UploadedFile(**_row(record, counts[record.file_id])) for record in records]
    return FileList(files=listed, total_count=total, limit=limit, offset=offset)


def detail(record: FileRecord, rows: tuple[EvidenceRecord, ...], percent: int) -> FileDetail:
    """Return one file with the evidence that was read from it."""
    mine = [row for row in rows if row.file_id == record.file_id]
    return FileDetail(
        **_row(record, len(mine)),
        content_type=record.content_type,
        upload_source=record.origin,
        derived_evidence=[_derived(row, record) for row in mine],
        digest=None,
        coverage={"lines_total": record.lines, "lines_read": record.lines, "bytes_read": record.size_bytes},
        analysis_percent=percent,
    )


def _derived(row: EvidenceRecord, record: FileRecord) -> Json:
    kind = Kind(record.kind) if record.kind else Kind.UNKNOWN
    return {
        "evidence_id": row.evidence_id,
        "category": category(row.category),
        "source_type": SOURCE_TYPE[kind].upper(),
        "summary": row.summary[:500],
        "collected_at_turn": row.turn_number,
        "primary_purpose": None,
        "related_hypothesis_ids": [],
    }


def accepted(record: FileRecord, duplicate_of: str | None = None) -> AttachmentResult:
    """Return a file that was just taken."""
    kind = Kind(record.kind) if record.kind else Kind.UNKNOWN
    return AttachmentResult(
        file_id=record.file_id,
        evidence_id=record.file_id,
        filename=record.name,
        file_size=record.size_bytes,
        processing_status=record.status,
        source_type=SOURCE_TYPE[kind],
        data_type=data_type(kind),
        upload_source=record.origin,
        uploaded_at=at(record.uploaded_at),
        duplicate_of=duplicate_of,
        duplicate_turn=record.turn_number if duplicate_of else None,
        confidence=record.confidence,
        summary=record.summary,
        error=record.error or None,
    )
