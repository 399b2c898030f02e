"""One uploaded file: read once from first byte to last, its analysis sealed, its telling lines made safe."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from temporalio import activity

from activities.analysis import Beside, Earlier, Large, Packed, Scanned, begin, news_of
from activities.heartbeat import beating
from activities.keeping import ANALYSIS, keep
from activities.legs import Legs, work_of
from activities.processes import Processes
from activities.scratch import Scratch
from domain.case.projection import FileRecord
from domain.case.state import PACKED, EvidenceNews
from domain.case.turns import EvidenceRef
from domain.evidence.analyse import VERSION
from domain.evidence.archives.told import ARCHIVE
from domain.evidence.logs.compare.names import same_upload
from domain.ports.cases import CaseDoor, FileStore
from domain.ports.documents import TextReader
from domain.ports.linting import Linter
from domain.ports.sealing import BlobStore, Redactor, read

UPLOADS = 250
"""Newest files of a case among which an earlier upload is looked for: two archives with their members, and some."""
COMPARED = 8 << 20
"""Bytes above which two uploads are not compared: the earlier one is read again for it."""
STEP = 5
"""Percent between two signals: each costs the workflow's history some events."""
LAST_ATTEMPT = 3
"""Of an analysis, as `workflows.options` says."""
UNREADABLE = "this file could not be analysed; it is kept and can be downloaded"
NOT_REDACTED = "redaction was not available, so nothing of this file is shown or searched; the file is kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailEvidence:
    """A file that was not analysed; `reason` is the class name of what failed."""

    ref: EvidenceRef
    reason: str


@dataclass(slots=True, kw_only=True)
class Progress:
    """Percent of a file that are scanned: beaten to the engine, told to the file's workflow in few steps."""

    door: CaseDoor
    ref: EvidenceRef
    percent: int = 0
    told: int = 0

    def details(self) -> tuple[int, ...]:
        """Return what a heartbeat carries."""
        return (self.percent,)

    async def reached(self, percent: int) -> None:
        """Take note; progress never goes back."""
        self.percent = max(self.percent, percent)
        if self.percent >= self.told + STEP:
            self.told = self.percent
            await self.door.tell_progress(self.ref, self.percent)


@dataclass(frozen=True, slots=True)
class EvidenceActivities:
    """Steps from stored bytes to a sealed analysis and safe lines."""

    blobs: BlobStore
    files: FileStore
    redactor: Redactor
    processes: Processes
    scratch: Scratch
    reader: TextReader
    door: CaseDoor
    linter: Linter

    @activity.defn
    async def classify_and_scan(self, ref: EvidenceRef) -> EvidenceNews:
        """Analyse the file in another process, seal the analysis, keep at most 300 safe lines of it.

        An archive is only told as such. Safe to retry: done once per content and analyser version. `RedactionUnavailable`
        leaves nothing readable behind.
        """
        row = await self.files.get(ref.case_id, ref.file_id)
        done = await self._done(ref, row)
        if done:
            return done
        ref = replace(ref, blob_key=row.blob_key, size_bytes=row.size_bytes)
        progress = Progress(door=self.door, ref=ref)
        pieces = self.blobs.stream(ref.case_id, ref.blob_key)
        async with beating(details=progress.details), self.scratch.laid_down(pieces) as path, self._earlier(row) as earlier:
            beside = Beside(reader=self.reader, linter=self.linter, earlier=earlier)
            found = await self._scanned(path, beside, progress)
            if isinstance(found, Packed):
                return packed(ref)
            return await keep(self.blobs, self.files, self.redactor, ref, found)

    @activity.defn
    async def fail_evidence(self, request: FailEvidence) -> EvidenceNews:
        """Mark a file as failed; its bytes stay. Safe to retry."""
        ref = request.ref
        error = NOT_REDACTED if request.reason == "RedactionUnavailable" else UNREADABLE
        await self.files.update(ref.case_id, ref.file_id, {"status": "failed", "error": error})
        return EvidenceNews(
            file_id=ref.file_id,
            name=ref.name,
            kind="",
            confidence=0.0,
            status="failed",
            size_bytes=ref.size_bytes,
            error=error,
            member_of=ref.member_of,
        )

    @asynccontextmanager
    async def _earlier(self, row: FileRecord) -> AsyncGenerator[Earlier | None, None]:
        """Lay down the last upload before this one that by its name comes from the same source, where both are of a size to compare."""
        uploads, _ = await self.files.page(row.case_id, UPLOADS, 0, "uploaded_at", descending=True)
        found = next((one for one in uploads if is_earlier(one, row)), None)
        if found is None:
            yield None
            return
        async with self.scratch.laid_down(self.blobs.stream(row.case_id, found.blob_key)) as path:
            yield Earlier(path=path, record=found)

    async def _scanned(self, path: Path, beside: Beside, progress: Progress) -> Scanned | Packed:
        """Analyse at once, or a large text in legs; the last attempt trusts nothing that earlier ones kept."""
        ref = progress.ref
        with self.scratch.room() as room:
            found = await self.processes.run(begin, path, room, ref, beside)
            if not isinstance(found, Large):
                return found
            if activity.info().attempt >= LAST_ATTEMPT:
                await self.blobs.clear(ref.case_id, work_of(ref))
            legs = Legs(
                blobs=self.blobs,
                processes=self.processes,
                scratch=self.scratch,
                ref=ref,
                large=found,
                told=progress.reached,
            )
            return await legs.scanned()

    async def _done(self, ref: EvidenceRef, row: FileRecord) -> EvidenceNews | None:
        """Return the news of an analysis that this analyser made earlier, unless a person chose another kind."""
        if row.status != "completed" or (ref.chosen_kind and ref.chosen_kind != row.kind):
            return None
        analysis = ANALYSIS.validate_json(await read(self.blobs, ref.case_id, row.analysis_key))
        if analysis.version != VERSION or analysis.classification.format == ARCHIVE:
            return None
        return replace(
            news_of(ref, analysis), summary=row.summary, notes=(), analysis_key=row.analysis_key, lines_key=row.lines_key
        )


def packed(ref: EvidenceRef) -> EvidenceNews:
    """Return that a file is an archive."""
    return EvidenceNews(file_id=ref.file_id, name=ref.name, kind="", confidence=0.0, status=PACKED, size_bytes=ref.size_bytes)


def is_earlier(one: FileRecord, row: FileRecord) -> bool:
    """Tell whether an upload is a baseline of a later one."""
    done = one.status == "completed" and one.uploaded_at < row.uploaded_at
    return done and max(one.size_bytes, row.size_bytes) <= COMPARED and same_upload(one.name, row.name)
