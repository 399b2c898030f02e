"""The story of a picture: what OCR read never waits long for a model, and a model's reading follows it to the case."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from temporalio.client import WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner

from activities.keeping import ANALYSIS
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.evidence.documents.transcripts import NOTE
from domain.evidence.values import Analysis
from domain.ports.models import ModelAnswer, ModelRequest, TurnFeed
from domain.ports.sealing import read
from tests.fakes import ScriptedModel
from tests.waiting import eventually
from tests.workflow.stage import Stage
from worker.build import Options
from workflows import evidence, names
from workflows.evidence import EvidenceWorkflow

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
READ = json.dumps({"lines": ["one", "Alert: disk is full"]})


@dataclass
class SlowModel(ScriptedModel):
    """Answers when it is let."""

    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        await self.let.wait()
        return await super().answer(request, feed)


def reading(stage: Stage, ref: EvidenceRef) -> WorkflowHandle[EvidenceWorkflow, EvidenceNews]:
    return stage.client.get_workflow_handle_for(EvidenceWorkflow.run, names.evidence(ref.case_id, ref.file_id))


async def analysis(stage: Stage, key: str) -> Analysis:
    return ANALYSIS.validate_json(await read(stage.blobs, stage.case_id, key))


async def kept(stage: Stage, ref: EvidenceRef) -> Analysis:
    """What the file's row names."""
    return await analysis(stage, stage.rows.files[ref.file_id].analysis_key)


def notes(found: Analysis) -> list[str]:
    return [note.removeprefix(NOTE) for note in found.coverage.notes if note.startswith(NOTE)]


async def test_a_quick_model_reads_the_picture_before_the_turn_answers(cold_stage: Stage) -> None:
    cold_stage.vision = ScriptedModel(lambda _: READ)
    ref = await cold_stage.upload(PNG, name="shot.png")
    async with cold_stage.workers():
        reply = await cold_stage.ask("checkout fails", attachments=(ref,))
        (file,) = (await cold_stage.view()).state.files
    assert [attachment.processing_status for attachment in reply.attachments] == ["completed"]
    found = await analysis(cold_stage, file.analysis_key)
    assert found.extract is not None
    assert found.extract.text.endswith("Alert: disk is full\n")
    assert len(cold_stage.vision.asked) == 1


async def test_without_a_model_a_picture_is_what_ocr_read(cold_stage: Stage) -> None:
    ref = await cold_stage.upload(PNG, name="shot.png")
    async with cold_stage.workers():
        await cold_stage.ask("checkout fails", attachments=(ref,))
        await reading(cold_stage, ref).result()
    found = await kept(cold_stage, ref)
    assert notes(found) == []
    assert found.extract is not None
    assert found.extract.text == "one"
    assert cold_stage.vision.asked == []


async def test_a_slow_model_holds_up_no_turn_and_its_reading_reaches_the_case_later(
    cold_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "PICTURE_PATIENCE", timedelta(milliseconds=100))
    vision = cold_stage.vision = SlowModel(lambda _: READ)
    ref = await cold_stage.upload(PNG, name="shot.png")
    async with cold_stage.workers(Options(runner=UnsandboxedWorkflowRunner())):
        reply = await cold_stage.ask("checkout fails", attachments=(ref,))
        assert [attachment.processing_status for attachment in reply.attachments] == ["completed"]
        first = (await cold_stage.view()).state.files[0].analysis_key
        assert notes(await analysis(cold_stage, first)) == []
        vision.let.set()
        news = await reading(cold_stage, ref).result()
        await eventually(_knows(cold_stage, news.analysis_key), what="the case's file")
    assert news.analysis_key != first
    assert notes(await analysis(cold_stage, news.analysis_key))[0].startswith("1 lines stand in the OCR text")


def _knows(stage: Stage, key: str) -> Callable[[], Awaitable[bool]]:
    async def knows() -> bool:
        return [file.analysis_key for file in (await stage.view()).state.files] == [key]

    return knows


async def test_a_step_that_breaks_leaves_what_ocr_read(cold_stage: Stage) -> None:
    cold_stage.vision = ScriptedModel(lambda _: ValueError("a bug"))
    ref = await cold_stage.upload(PNG, name="shot.png")
    async with cold_stage.workers():
        reply = await cold_stage.ask("checkout fails", attachments=(ref,))
        news = await reading(cold_stage, ref).result()
    assert [attachment.processing_status for attachment in reply.attachments] == ["completed"]
    assert news.notes[-1] == f"{NOTE}none (ValueError); the text is OCR's alone"
    assert (await kept(cold_stage, ref)).extract is not None
    assert len(cold_stage.vision.asked) == 2


async def test_neither_pixels_nor_what_a_model_read_stand_in_history(cold_stage: Stage) -> None:
    cold_stage.vision = ScriptedModel(lambda _: READ)
    ref = await cold_stage.upload(PNG, name="shot.png")
    async with cold_stage.workers():
        await cold_stage.ask("checkout fails", attachments=(ref,))
        await reading(cold_stage, ref).result()
    history = await cold_stage.client.get_workflow_handle(names.evidence(ref.case_id, ref.file_id)).fetch_history()
    told = b"".join(event.SerializeToString() for event in history.events)
    assert ref.file_id.encode() in told
    assert b"disk is full" not in told
    assert PNG not in told
