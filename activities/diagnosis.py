"""The rules over all files of a case: causes from sealed analyses, claims checked before anything is said."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from activities.redacting import redacted, restored
from activities.used import USED
from domain.case.findings import TurnFindings
from domain.case.state import CaseFile
from domain.diagnosis.answer import answer
from domain.diagnosis.causes import diagnose
from domain.diagnosis.merge import merge, shown
from domain.diagnosis.rows import findings_for_case
from domain.diagnosis.values import Answer, Diagnosis, Proposal
from domain.evidence.digest import digest
from domain.evidence.values import Analysis, DigestLine, Head
from domain.ports.sealing import BlobStore, Redactor, read

ANALYSIS = TypeAdapter(Analysis)
ANSWER = TypeAdapter(Answer)
DIAGNOSIS = TypeAdapter(Diagnosis)
FINDINGS = TypeAdapter(TurnFindings)
LINES = TypeAdapter(tuple[DigestLine, ...])
PROPOSAL = TypeAdapter(Proposal)

Value = TypeVar("Value")

DIGEST_TOKENS = 1_600
"""What the evidence may take of a prompt (rule J4); half of it where the prompt would be too long (rule J5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was analysed: its sealed raw analysis and its safe lines, by key."""

    file_id: str
    name: str
    analysis_key: str
    lines_key: str


FILES = TypeAdapter(tuple[ReadFile, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnose:
    """All readable files of a case and the question about them."""

    case_id: UUID
    turn_key: str
    message_key: str
    files: tuple[ReadFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """What the rules found, by key: the safe answer with its digest, and the raw diagnosis, sealed."""

    answer_key: str
    diagnosis_key: str
    status: str
    files_key: str = ""
    """Blob of the files in the digest's order, for tools: an archive has too many to be told with each call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckClaims:
    """A diagnosis and, where a model was asked, its proposal."""

    case_id: UUID
    files: tuple[ReadFile, ...]
    """Empty for those that the diagnosis was made from."""
    diagnosed: Diagnosed
    proposal_key: str = ""
    used_keys: tuple[str, ...] = ()
    """What the model's tools brought: it was shown those lines too."""


def readable(files: Sequence[CaseFile]) -> tuple[ReadFile, ...]:
    """Return every analysed file of a case."""
    return tuple(
        ReadFile(file_id=file.file_id, name=file.name, analysis_key=file.analysis_key, lines_key=file.lines_key)
        for file in files
        if file.status == "completed" and file.analysis_key
    )


@dataclass(frozen=True, slots=True)
class DiagnosisActivities:
    """Steps that apply rules to raw values and let only safe ones out."""

    blobs: BlobStore
    redactor: Redactor

    @activity.defn
    async def diagnose(self, request: Diagnose) -> Diagnosed:
        """Rank causes over all files.

        Safe to retry: blobs are named by their content.
        """
        case_id = request.case_id
        analyses = await self._analyses(case_id, request.files)
        question = await self._text(case_id, request.message_key)
        found = await asyncio.to_thread(diagnose, analyses, await self.redactor.restore(case_id, question))
        lines = await self._safe_lines(case_id, request.files)
        heads = [_head(analysis) for analysis in analyses]
        printed, brief = (digest(lines, heads, most, question).text for most in (DIGEST_TOKENS, DIGEST_TOKENS // 2))
        safe = await redacted(self.redactor, case_id, ANSWER, answer(found, analyses, ""))
        answer_key, diagnosis_key, files_key = await asyncio.gather(
            self.blobs.put(case_id, ANSWER.dump_json(replace(safe, digest=printed, brief=brief))),
            self.blobs.put(case_id, DIAGNOSIS.dump_json(found)),
            self.blobs.put(case_id, FILES.dump_json(request.files)),
        )
        return Diagnosed(answer_key=answer_key, diagnosis_key=diagnosis_key, status=found.status, files_key=files_key)

    @activity.defn
    async def check_claims(self, request: CheckClaims) -> TurnFindings:
        """Check every claim against its lines and return what holds, small and safe.

        Safe to retry: a pure function of sealed blobs.
        """
        found = await self._value(request.case_id, DIAGNOSIS, request.diagnosed.diagnosis_key)
        answer_key = request.diagnosed.answer_key
        if request.proposal_key:
            found, answer_key = await self._merged(request, found)
        findings = findings_for_case(found, answer(found, (), ""))
        return replace(await redacted(self.redactor, request.case_id, FINDINGS, findings), answer_key=answer_key)

    async def _merged(self, request: CheckClaims, found: Diagnosis) -> tuple[Diagnosis, str]:
        """Let a proposal add what the lines that its model was shown carry; keep the answer that follows from it.

        Proposal and lines are restored alike, so that they are compared with each other and then redacted once.
        """
        case_id, redactor = request.case_id, self.redactor
        files = request.files or await self._value(case_id, FILES, request.diagnosed.files_key)
        analyses = await self._analyses(case_id, files)
        told = await self._value(case_id, ANSWER, request.diagnosed.answer_key)
        told_lines = (*await self._safe_lines(case_id, files), *await self._used_lines(case_id, request.used_keys))
        lines = await restored(redactor, case_id, LINES, told_lines)
        proposal = await restored(redactor, case_id, PROPOSAL, await self._value(case_id, PROPOSAL, request.proposal_key))
        merged = merge(found, proposal, analyses, shown(lines, await restored(redactor, case_id, ANSWER, told)))
        if merged == found:
            return found, request.diagnosed.answer_key
        safe = await redacted(redactor, case_id, ANSWER, answer(merged, analyses, ""))
        return merged, await self.blobs.put(case_id, ANSWER.dump_json(replace(safe, digest=told.digest)))

    async def _analyses(self, case_id: UUID, files: Sequence[ReadFile]) -> tuple[Analysis, ...]:
        return tuple([replace(await self._value(case_id, ANALYSIS, file.analysis_key), name=file.name) for file in files])

    async def _safe_lines(self, case_id: UUID, files: Sequence[ReadFile]) -> tuple[DigestLine, ...]:
        kept = [(file.name, await self._value(case_id, LINES, file.lines_key)) for file in files if file.lines_key]
        return tuple(replace(line, name=name) for name, lines in kept for line in lines)

    async def _used_lines(self, case_id: UUID, keys: Sequence[str]) -> tuple[DigestLine, ...]:
        used = [await self._value(case_id, USED, key) for key in keys]
        return tuple(line for one in used for line in one.lines)

    async def _text(self, case_id: UUID, key: str) -> str:
        return (await read(self.blobs, case_id, key)).decode() if key else ""

    async def _value(self, case_id: UUID, adapter: TypeAdapter[Value], key: str) -> Value:
        return adapter.validate_json(await read(self.blobs, case_id, key))


def _head(analysis: Analysis) -> Head:
    kind, confidence = analysis.classification.kind, analysis.classification.confidence
    return Head(evidence=analysis.evidence, name=analysis.name, kind=kind, confidence=confidence, coverage=analysis.coverage)
