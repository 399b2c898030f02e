"""An uploaded archive: each member it gives becomes a file of its case like any upload; the archive says what it held."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from temporalio import activity

from activities.analysis import FilePieces, news_of
from activities.heartbeat import beating
from activities.processes import Processes
from activities.scratch import Scratch
from activities.unpacking import Laid, Unpacked, unpack
from domain.case.projection import FileRecord
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.errors import EvidenceUnreadable
from domain.evidence.analyse import VERSION
from domain.evidence.archives.naming import within
from domain.evidence.archives.told import container
from domain.evidence.archives.values import Why
from domain.evidence.values import Analysis, Document
from domain.ports.cases import FileStore
from domain.ports.sealing import BlobStore, Redactor

ANALYSIS = TypeAdapter(Analysis)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedArchive:
    """What a case learns of the archive itself, and its members to be read, the most telling first."""

    news: EvidenceNews
    members: tuple[EvidenceRef, ...]


@dataclass(frozen=True, slots=True)
class ArchiveActivities:
    """Steps from a stored archive to stored members."""

    blobs: BlobStore
    files: FileStore
    redactor: Redactor
    processes: Processes
    scratch: Scratch

    @activity.defn
    async def open_archive(self, ref: EvidenceRef) -> OpenedArchive:
        """Unpack in another process, then seal each member and enter its row as pending.

        Safe to retry: a member's id is made of its archive, name and content, so nothing is made twice.
        `RedactionUnavailable` enters no name.
        """
        row = await self.files.get(ref.case_id, ref.file_id)
        async with beating(), self.scratch.laid_down(self.blobs.stream(row.case_id, row.blob_key)) as path:
            with self.scratch.room() as room:
                found = await self.processes.run(unpack, path, room)
                if found is None:
                    raise EvidenceUnreadable("this file is no archive")
                members = await self._entered(row, found)
            known = {Why.KNOWN: len(found.members) - len(members)}
            return await self._told(row, path, found, known, members)

    async def _entered(self, row: FileRecord, found: Unpacked) -> tuple[EvidenceRef, ...]:
        """Store the members; one whose content the case has already is left as that."""
        names = await self.redactor.redact(row.case_id, [laid.name for laid in found.members])
        entered: list[EvidenceRef] = []
        for laid, name in zip(found.members, names, strict=True):
            stored = await self.blobs.put_stream(row.case_id, _pieces(laid))
            record = replace(
                row,
                file_id=member_id(row.file_id, laid.name, stored.key),
                name=within(row.name, name),
                size_bytes=stored.size_bytes,
                sha256=stored.sha256,
                blob_key=stored.key,
                observed_at=row.observed_at or _seen(laid, row),
                content_type=None,
                status="pending",
            )
            standing, _ = await self.files.insert(record)
            if standing.file_id == record.file_id:
                entered.append(reference(record, row.file_id))
        return tuple(entered)

    async def _told(
        self, row: FileRecord, path: Path, found: Unpacked, known: Mapping[Why, int], members: tuple[EvidenceRef, ...]
    ) -> OpenedArchive:
        """Seal what the archive is told to be; it has no lines, so nothing cites it."""
        document = Document(evidence=row.file_id, name=row.name, chunks=FilePieces(path), size=row.size_bytes)
        analysis = container(document, VERSION, found.held, {**found.unread, **known})
        key = await self.blobs.put(row.case_id, ANALYSIS.dump_json(analysis))
        ref = reference(row, "")
        news = replace(news_of(ref, analysis), analysis_key=key, members=tuple(member.file_id for member in members))
        told: dict[str, str | int | float] = {"status": news.status, "kind": news.kind, "confidence": news.confidence}
        told |= {"summary": news.summary, "lines": 0, "analysis_key": key, "lines_key": "", "error": ""}
        await self.files.update(row.case_id, row.file_id, told)
        return OpenedArchive(news=news, members=members)


def member_id(archive_id: str, name: str, blob_key: str) -> str:
    """Return a member's id: the same for the same archive, name and content."""
    material = f"{archive_id}\x1f{name}".encode("utf-8", "replace")
    return f"file_{hmac.new(blob_key.encode(), material, hashlib.sha256).hexdigest()[:20]}"


def reference(record: FileRecord, archive_id: str) -> EvidenceRef:
    """Return a stored file by reference; without an archive it is one of its own."""
    return EvidenceRef(
        case_id=record.case_id,
        file_id=record.file_id,
        blob_key=record.blob_key,
        name=record.name,
        size_bytes=record.size_bytes,
        origin=record.origin,
        observed_at=record.observed_at or record.uploaded_at,
        member_of=archive_id,
    )


def _seen(laid: Laid, row: FileRecord) -> datetime | None:
    """Return when a member was written, as far as that is before it was uploaded."""
    return min(laid.modified, row.uploaded_at) if laid.modified else None


async def _pieces(laid: Laid) -> AsyncGenerator[bytes]:
    pieces = iter(laid)
    while piece := await asyncio.to_thread(next, pieces, b""):
        yield piece
