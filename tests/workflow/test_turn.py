"""The story of one turn: its steps in order, what it tells meanwhile, and what it does without."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from temporalio.api.history.v1 import HistoryEvent

from activities.adapters.turn_stream import StreamedProgress
from domain.errors import LeakPrevented, ModelRefused, NotFound, StoreUnavailable
from domain.knowledge.documents import Hit, ScopeFilter
from domain.ports.models import ModelRequest
from domain.privacy.placeholders import SafeText
from tests.fakes import MemoryBlobs, MemoryPassages, ScriptedModel, StarRedactor
from tests.workflow.stage import Stage
from workflows import names

OPENED = ["(redact_message)", "(open_turn)"]
TEXT_TURN = [*OPENED, "(search_passages)", "(diagnose)", "(check_claims)", "(record_turn)"]
FILE_TURN = [*OPENED, "search_passages", "diagnose", "propose", "check_claims", "record_turn"]
PROPOSAL = json.dumps({"summary": "", "causes": []})


@dataclass
class DeafPassages(MemoryPassages):
    """A search that fails for good."""

    async def search(self, scope: ScopeFilter, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        raise NotFound("no index")


@dataclass
class StumblingPassages(MemoryPassages):
    """A search that fails the first time."""

    failed: bool = False

    async def search(self, scope: ScopeFilter, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        if not self.failed:
            self.failed = True
            raise StoreUnavailable("not now")
        return await super().search(scope, terms, limit)


@dataclass
class LeakyRedactor(StarRedactor):
    """Fails for good on texts that hold a word."""

    word: str = "unspeakable"

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        if any(self.word in text for text in texts):
            raise LeakPrevented("not safe")
        return await super().redact(case_id, texts)


@dataclass
class ForgetfulBlobs(MemoryBlobs):
    """Loses what it is told to lose."""

    lost: set[str] = field(default_factory=set)

    async def put(self, case_id: UUID, data: bytes) -> str:
        key = await super().put(case_id, data)
        if data.decode(errors="replace") in self.lost:
            del self.blobs[case_id, key]
        return key


async def steps(stage: Stage, number: int = 1) -> list[str]:
    """Return the steps of a turn in order, those within the workflow's own task in brackets."""
    history = await stage.client.get_workflow_handle(names.turn(stage.case_id, number)).fetch_history()
    return [step for event in history.events if (step := _step(event))]


def _step(event: HistoryEvent) -> str:
    marker = event.marker_recorded_event_attributes
    if marker.marker_name == "core_local_activity":
        return f"({json.loads(marker.details['data'].payloads[0].data)['activity_type']})"
    return event.activity_task_scheduled_event_attributes.activity_type.name


async def test_a_text_turn_takes_six_steps_without_a_model(stage: Stage) -> None:
    reply = await stage.ask()
    assert await steps(stage) == TEXT_TURN
    assert reply.degraded == ("model_unavailable",)


async def test_a_model_is_one_step_more(cold_stage: Stage) -> None:
    cold_stage.model = ScriptedModel(lambda _request: PROPOSAL)
    async with cold_stage.workers():
        reply = await cold_stage.ask()
    assert await steps(cold_stage) == [*TEXT_TURN[:4], "propose", *TEXT_TURN[4:]]
    assert reply.degraded == ()
    assert len(cold_stage.model.asked) == 1


async def test_with_a_file_what_rules_and_models_do_are_steps_of_their_own(cold_stage: Stage) -> None:
    cold_stage.model = ScriptedModel(lambda _request: PROPOSAL)
    async with cold_stage.workers():
        file = await cold_stage.upload()
        await cold_stage.ask(attachments=(file,))
    assert await steps(cold_stage) == FILE_TURN


async def test_a_greeting_is_answered_without_an_investigation(stage: Stage) -> None:
    reply = await stage.ask("hello!")
    assert await steps(stage) == [*OPENED, "(record_turn)"]
    assert reply.agent_response.strip()


async def test_a_model_that_refuses_leaves_the_answer_to_the_rules(cold_stage: Stage) -> None:
    cold_stage.model = ScriptedModel(lambda _request: ModelRefused("no"))
    async with cold_stage.workers():
        reply = await cold_stage.ask()
    assert reply.degraded == ("model_unavailable",)
    assert reply.agent_response.strip()


async def test_without_the_index_a_turn_goes_on_and_says_so(cold_stage: Stage) -> None:
    cold_stage.passages = DeafPassages()
    async with cold_stage.workers():
        reply = await cold_stage.ask()
    assert "retrieval_unavailable" in reply.degraded


async def test_a_short_step_that_fails_goes_on_as_a_step_of_its_own(cold_stage: Stage) -> None:
    cold_stage.passages = StumblingPassages()
    async with cold_stage.workers():
        reply = await cold_stage.ask()
    assert await steps(cold_stage) == [*TEXT_TURN[:3], "search_passages", *TEXT_TURN[3:]]
    assert reply.degraded == ("model_unavailable",)


async def test_a_message_that_cannot_be_made_safe_is_held_back_and_no_model_sees_it(cold_stage: Stage) -> None:
    cold_stage.model = ScriptedModel(lambda _request: PROPOSAL)
    cold_stage.redactor = LeakyRedactor()
    async with cold_stage.workers():
        reply = await cold_stage.ask("an unspeakable secret")
    assert reply.degraded == ("redaction_unavailable",)
    assert cold_stage.model.asked == []
    assert "unspeakable" not in "".join(row.content for row in cold_stage.messages())
    assert await steps(cold_stage) == [*OPENED, "(record_turn)"]


async def test_the_model_and_the_rows_see_the_safe_message_only(cold_stage: Stage) -> None:
    asked: list[ModelRequest] = []
    cold_stage.model = ScriptedModel(lambda request: asked.append(request) or PROPOSAL)
    cold_stage.redactor = StarRedactor(hidden=("hunter2",))
    async with cold_stage.workers():
        await cold_stage.ask("checkout fails with password hunter2")
    shown = "".join(row.content for row in cold_stage.messages()) + "".join(request.prompt for request in asked)
    assert "hunter2" not in shown
    assert "<STAR_1>" in shown


async def test_a_failed_step_is_a_visible_answer_and_the_case_goes_on(cold_stage: Stage) -> None:
    cold_stage.blobs = ForgetfulBlobs(lost={"this text is lost"})
    async with cold_stage.workers():
        lost = await cold_stage.ask("this text is lost")
        after = await cold_stage.ask("checkout fails again")
    assert (lost.outcome.response_type, after.error_code) == ("ERROR", "")
    assert [row.role for row in cold_stage.messages()] == ["user", "assistant"] * 2


async def test_who_follows_a_turn_sees_its_steps_in_order(stage: Stage) -> None:
    await stage.ask()
    progress = StreamedProgress(stage.client, names.turn)
    seen = [event async for event in progress.follow(stage.case_id, 1, 0)]
    told = [json.loads(event.data) for event in seen]
    assert seen[0].event == "started"
    assert [each["stage"] for each in told if "stage" in each] == ["redact", "intake", "retrieve", "diagnose", "check", "record"]
    assert [event.offset for event in seen] == list(range(len(seen)))
    assert all(each["turn_id"] and each["at"] for each in told)


async def test_a_turn_that_has_not_started_cannot_be_followed(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await anext(StreamedProgress(stage.client, names.turn).follow(stage.case_id, 7, 0))
