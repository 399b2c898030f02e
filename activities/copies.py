"""Files of a case as another case gets them: its own bytes under its own key, and nothing read twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from activities.analysis import MOST_LINES, Scanned, news_of
from activities.archives import reference
from activities.evidence import is_earlier
from activities.keeping import ANALYSIS, keep
from domain.case.forking import Files
from domain.case.projection import CaseRecord, FileRecord
from domain.case.turns import EvidenceRef
from domain.evidence.analyse import VERSION
from domain.evidence.archives.told import ARCHIVE
from domain.evidence.digest import pick
from domain.evidence.documents.transcripts import candidates
from domain.evidence.values import Analysis
from domain.ports.cases import FileStore
from domain.ports.sealing import BlobStore, Redactor, read

FILE_ID = re.compile(rb"file_[0-9a-f]{20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Copies into one case; each may be repeated."""

    blobs: BlobStore
    files: FileStore
    redactor: Redactor
    case: CaseRecord
    twins: Mapping[str, str]
    """Id of a file → its id in the case that gets it."""
    left_out: Files
    """What stays behind: an analysis that was made in comparison with it is not taken over."""

    async def of(self, file: FileRecord) -> EvidenceRef | None:
        """Return the copy by reference; None for an archive, whose members are files of their own."""
        analysis = await self._analysis(file)
        if analysis is not None and analysis.classification.format == ARCHIVE:
            return None
        row = await self._entered(file)
        ref = reference(row, "")
        if analysis is not None and row.status != "completed":
            await self._kept(ref, analysis)
        return ref

    async def safe(self, file: FileRecord, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return texts that are safe in the file's case as they are safe in the other one."""
        raw = [await self.redactor.restore(file.case_id, text) for text in texts]
        return tuple(await self.redactor.redact(self.case.case_id, raw))

    async def _analysis(self, file: FileRecord) -> Analysis | None:
        """Return what was read of the file, under its new id; None where it has to be read."""
        if file.status != "completed" or any(is_earlier(one, file) for one in self.left_out):
            return None
        told = await read(self.blobs, file.case_id, file.analysis_key)
        analysis = ANALYSIS.validate_json(FILE_ID.sub(self._twin, told))
        return analysis if analysis.version == VERSION else None

    def _twin(self, found: re.Match[bytes]) -> bytes:
        file_id = found.group().decode()
        return self.twins.get(file_id, file_id).encode()

    async def _entered(self, file: FileRecord) -> FileRecord:
        """Store the bytes and enter the row as that of an upload at the same time; return the row that stands."""
        case_id = self.case.case_id
        stored = await self.blobs.put_stream(case_id, self.blobs.stream(file.case_id, file.blob_key))
        name, source_url = await self.safe(file, (file.name, file.source_url or ""))
        row = FileRecord(
            file_id=self.twins[file.file_id],
            case_id=case_id,
            team_id=self.case.team_id,
            name=name,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            blob_key=stored.key,
            origin=file.origin,
            uploaded_at=file.uploaded_at,
            content_type=file.content_type,
            source_url=source_url or None,
            observed_at=file.observed_at,
        )
        standing, _ = await self.files.insert(row)
        return standing

    async def _kept(self, ref: EvidenceRef, analysis: Analysis) -> None:
        named = replace(analysis, name=ref.name)
        lines = (*pick(named), *candidates(named))[:MOST_LINES]
        scanned = Scanned(analysis=ANALYSIS.dump_json(named), lines=lines, news=news_of(ref, named))
        await keep(self.blobs, self.files, self.redactor, ref, scanned)
