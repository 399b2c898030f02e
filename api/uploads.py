"""Files on their way in: checked, named safely, stored, entered as pending rows."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from api.dependencies import Ports
from domain.case.projection import CaseRecord, FileRecord
from domain.case.turns import EvidenceRef
from domain.errors import InvalidInput, PayloadTooLarge, RedactionUnavailable

FILE_BYTES = 10 << 20
"""Bound of a file within a turn."""
NAME_CHARACTERS = 255
UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file that arrived, not yet stored; `chunks` can be read once."""

    name: str
    chunks: AsyncIterator[bytes]
    origin: str = "file_upload"
    content_type: str | None = None
    source_url: str | None = None
    observed_at: datetime | None = None
    limit: int = FILE_BYTES


def display_name(name: str) -> str:
    """Return the last part of a name without controls and marks."""
    plain = UNSAFE.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/")
    return PurePosixPath(plain).name.strip(" .") or "unnamed"


async def keep(ports: Ports, case: CaseRecord, incoming: Incoming, now: datetime) -> tuple[EvidenceRef, bool]:
    """Store a file once per case and content; return it by reference, and whether the case has read it before.

    A row still pending counts as new: the turn that brought it may have been refused, and reading starts only once.
    """
    stored = await ports.blobs.put_stream(case.case_id, _bounded(incoming))
    if stored.size_bytes == 0:
        raise InvalidInput(f"{_shown(incoming.name)}: the file is empty; send one with content")
    file_id = f"file_{hmac.new(stored.key.encode(), str(case.case_id).encode(), hashlib.sha256).hexdigest()[:20]}"
    name, source_url = await _safe(ports, case, incoming, file_id)
    record = FileRecord(
        file_id=file_id,
        case_id=case.case_id,
        team_id=case.team_id,
        name=name,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        blob_key=stored.key,
        origin=incoming.origin,
        uploaded_at=now,
        content_type=incoming.content_type,
        source_url=source_url,
        observed_at=incoming.observed_at,
    )
    standing, new = await ports.files.insert(record)
    return _reference(standing), not new and standing.status != "pending"


def _reference(record: FileRecord) -> EvidenceRef:
    return EvidenceRef(
        case_id=record.case_id,
        file_id=record.file_id,
        blob_key=record.blob_key,
        name=record.name,
        size_bytes=record.size_bytes,
        origin=record.origin,
        observed_at=record.observed_at or record.uploaded_at,
    )


async def _safe(ports: Ports, case: CaseRecord, incoming: Incoming, file_id: str) -> tuple[str, str | None]:
    """Return name and source as they may be stored: cut after redaction, so that no half of a value goes unseen."""
    name = display_name(incoming.name)
    try:
        safe, source_url = await ports.redactor.redact(case.case_id, [name, incoming.source_url or ""])
    except RedactionUnavailable:
        return f"file-{file_id[-4:]}{PurePosixPath(name).suffix[:8]}", None
    return safe[-NAME_CHARACTERS:], source_url or None


async def _bounded(incoming: Incoming) -> AsyncIterator[bytes]:
    seen = 0
    async for chunk in incoming.chunks:
        seen += len(chunk)
        if seen > incoming.limit:
            raise PayloadTooLarge(f"{_shown(incoming.name)}: larger than the {incoming.limit >> 20} MiB this route takes")
        yield chunk


def _shown(name: str) -> str:
    """Name the file in an error only by its ending: names may hold personal data and errors are logged."""
    return f"a file ({PurePosixPath(display_name(name)).suffix[:8] or 'no ending'})"
