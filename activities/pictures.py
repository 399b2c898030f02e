"""A model's reading of a picture beside that of OCR: one call without tools, and none at all unless a setting names the model."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter
from temporalio import activity

from activities.analysis import MOST_LINES, Scanned, news_of
from activities.answer_schema import MalformedAnswer, parse, schema_of
from activities.drafts import Nobody
from activities.extracting import MOST_BYTES
from activities.heartbeat import beating
from activities.keeping import ANALYSIS, keep
from activities.paid_calls import LONGEST_CALL_S, PaidCalls, short_wait
from activities.processes import Processes
from activities.purse import Purse
from activities.scratch import Scratch
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.diagnosis import prompts
from domain.diagnosis.budgets import Payer
from domain.errors import BudgetExhausted, ModelBusy, ModelRefused, ModelUnreachable, RedactionUnavailable
from domain.evidence.digest import pick
from domain.evidence.documents.transcripts import Transcript, candidates, is_picture, is_told, seen, told
from domain.evidence.extracts import Pixels
from domain.evidence.values import Analysis
from domain.ports.cases import FileStore
from domain.ports.documents import TextReader
from domain.ports.models import AnswerLedger, LanguageModel, ModelRequest
from domain.ports.sealing import BlobStore, Redactor, read
from domain.privacy.placeholders import SafeText

TRANSCRIPT = TypeAdapter(Transcript)
SCHEMA = schema_of(TRANSCRIPT)
ANSWER_TOKENS = 8_000
"""A full screen of 60 rows and 150 columns is some 4,000."""
ATTEMPTS = 2
"""At the one provider (reliability.md 5), as `workflows.options` says."""
DROPPED = "<SECRET_"
"""How redaction writes a secret."""
HELD_BACK = "OCR read a secret in the picture, so it was not shown"
MALFORMED = "its answer does not follow the schema"
WEATHER = (ModelUnreachable, RedactionUnavailable)
FACTS = (BudgetExhausted, ModelRefused)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPicture:
    """A file that is analysed, and the news of that."""

    ref: EvidenceRef
    news: EvidenceNews
    team_id: str = ""


class NothingRead(Exception):
    """No model read the picture, for this reason; it holds nothing of the picture and nothing that a provider wrote."""


@dataclass(frozen=True, slots=True)
class PictureActivities:
    """The step that shows a picture to a model; what it reads is text to be shown, never an instruction and never a finding."""

    blobs: BlobStore
    files: FileStore
    redactor: Redactor
    processes: Processes
    scratch: Scratch
    reader: TextReader
    vision: LanguageModel
    ledger: AnswerLedger
    purse: Purse

    @activity.defn
    async def read_picture(self, request: ReadPicture) -> EvidenceNews:
        """Add what a model reads of a picture, or why it read nothing, to what OCR read; without a model return the news as they are.

        Safe to retry: an answer that arrived is read from the ledger and not paid again, and a reading is added once. Raises
        ModelBusy, ModelUnreachable and RedactionUnavailable for another attempt; the last attempt leaves OCR's reading and says so.
        """
        if not self.vision.configured:
            return request.news
        found = ANALYSIS.validate_json(await read(self.blobs, request.ref.case_id, request.news.analysis_key))
        if not is_picture(found) or is_told(found):
            return request.news
        ref = replace(request.ref, size_bytes=request.news.size_bytes)
        async with beating():
            whole = await self._whole(ref, found, request.team_id)
        lines = (*pick(found), *candidates(whole))[:MOST_LINES]
        scanned = Scanned(analysis=ANALYSIS.dump_json(whole), lines=lines, news=news_of(ref, whole))
        return await keep(self.blobs, self.files, self.redactor, ref, scanned)

    async def _whole(self, ref: EvidenceRef, found: Analysis, team_id: str) -> Analysis:
        """Return the analysis with the model's reading, or with the reason why there is none."""
        try:
            return await asyncio.to_thread(seen, found, await self._transcript(ref, found, team_id))
        except (NothingRead, *FACTS) as reason:
            return told(found, f"none ({reason}); the text is OCR's alone")
        except ModelBusy as busy:
            wait = None if activity.info().attempt >= ATTEMPTS else short_wait(busy)
            if wait is None:
                return told(found, f"none ({busy}); the text is OCR's alone")
            raise wait from busy
        except WEATHER as weather:
            if activity.info().attempt < ATTEMPTS:
                raise
            return told(found, f"none ({weather}); the text is OCR's alone")

    async def _transcript(self, ref: EvidenceRef, found: Analysis, team_id: str) -> Transcript:
        """Ask once: a picture is not shown again to repair an answer."""
        await self._check_secrets(ref, found)
        system, prompt = prompts.transcribe()
        info = activity.info()
        request = ModelRequest(
            key=f"{info.workflow_id}:read_picture",
            system=system,
            prompt=SafeText(prompt),
            schema=SCHEMA,
            schema_name="transcript",
            deadline_s=LONGEST_CALL_S,
            max_tokens=ANSWER_TOKENS,
            attempt=info.attempt,
            picture=await self._pixels(ref),
        )
        calls = PaidCalls(self.blobs, self.vision, self.ledger, self.redactor, self.purse)
        _, text = await calls.answer(Payer(case_id=ref.case_id, team_id=team_id), request, Nobody())
        try:
            return parse(TRANSCRIPT, text)
        except MalformedAnswer:
            raise NothingRead(MALFORMED) from None

    async def _check_secrets(self, ref: EvidenceRef, found: Analysis) -> None:
        """Hold back a picture in which OCR read a secret: those are dropped for every model, and pixels cannot be (privacy.md 4)."""
        if found.extract is not None:
            (safe,) = await self.redactor.redact(ref.case_id, [found.extract.text])
            if DROPPED in safe:
                raise NothingRead(HELD_BACK)

    async def _pixels(self, ref: EvidenceRef) -> Pixels:
        """Draw the picture anew in another process."""
        row = await self.files.get(ref.case_id, ref.file_id)
        if row.size_bytes > MOST_BYTES:
            raise NothingRead(f"the picture is larger than {MOST_BYTES >> 20} MiB")
        async with self.scratch.laid_down(self.blobs.stream(ref.case_id, row.blob_key)) as path:
            drawn = await self.processes.run(pixels_of, path, self.reader)
        if isinstance(drawn, str):
            raise NothingRead(drawn)
        return drawn


def pixels_of(path: Path, reader: TextReader) -> Pixels | str:
    """Return the picture that lies there as a model may see it, or why it may not; runs in the process pool."""
    return reader.pixels(path.read_bytes())
