"""One proposal as one step: what is sent, what is kept, what is paid, and what is said when nothing comes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adapters.recorded_model import open_recorded_model
from activities.drafts import MOST, SummaryFeed
from activities.outside import Outside
from activities.paid_calls import TURN_TOKENS
from activities.purse import Purse
from activities.reasoning import Propose, Proposed, ReasoningActivities
from activities.recall import Recall
from domain.diagnosis.context import TARGET
from domain.diagnosis.values import Answer, AnswerCoverage, Proposal
from domain.errors import LeakPrevented, ModelBusy, ModelRefused, ModelUnreachable
from domain.evidence.digest import tokens
from domain.knowledge.documents import Hit, Passage, SearchResult
from domain.ports.models import ModelAnswer, ModelRequest
from domain.ports.sealing import read
from tests.fakes import (
    MemoryAnswerCache,
    MemoryBlobs,
    MemoryBudgets,
    MemoryConversation,
    MemoryFeeds,
    MemoryLedger,
    MemoryOutside,
    ScriptedModel,
    StarRedactor,
)

DIGEST = "E1:L3 ×1 04:31:10 pool of size 20 is full\nE1:L9 ×4 04:32:55 waiting for a connection"
GOOD = json.dumps({"summary": "The pool is full (E1:3).", "causes": []})
BAD = json.dumps({"summary": "The pool is full (E1:3).", "cause": []})
ANSWER = Answer(
    schema_version=1,
    status="candidates",
    onset=None,
    digest="",
    documents=(),
    timeline=(),
    causes=(),
    checks=(),
    actions=(),
    coverage=AnswerCoverage(bytes=0, lines=0, share_read=1.0),
)
PASSAGE = Passage(
    passage_id="p",
    document_id="d",
    title="Runbook of the pool",
    scope="team",
    owner_id="",
    heading_path=(),
    ordinal=0,
    first_line=1,
    last_line=2,
    text="Raise the size.",
)


@dataclass
class Bench:
    """The step with fakes around it; `run` is one attempt."""

    model: object = field(default_factory=lambda: ScriptedModel(script=lambda _: GOOD))
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    feeds: MemoryFeeds = field(default_factory=MemoryFeeds)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    redactor: StarRedactor = field(default_factory=StarRedactor)
    conversation: MemoryConversation = field(default_factory=MemoryConversation)
    purse: Purse = field(default_factory=lambda: Purse(MemoryBudgets()))
    cache: MemoryAnswerCache = field(default_factory=MemoryAnswerCache)
    outside: MemoryOutside = field(default_factory=MemoryOutside)
    case_id: UUID = field(default_factory=uuid4)
    digest: str = DIGEST
    brief: str = ""

    @property
    def recall(self) -> Recall:
        return Recall(self.cache, self.blobs)

    async def request(self) -> Propose:
        put = self.blobs.put
        answer = replace(ANSWER, digest=self.digest, brief=self.brief or self.digest)
        return Propose(
            case_id=self.case_id,
            turn_key="t",
            message_key=await put(self.case_id, b"why does checkout fail?"),
            answer_key=await put(self.case_id, TypeAdapter(Answer).dump_json(answer)),
            passages_key=await put(
                self.case_id, TypeAdapter(SearchResult).dump_json(SearchResult(hits=(Hit(passage=PASSAGE, score=1.0),)))
            ),
        )

    async def run(self, attempt: int = 1) -> Proposed:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt, workflow_id="case-1-turn-2")
        kept = (self.blobs, self.model, self.feeds, self.ledger, self.redactor, self.conversation, self.purse, self.recall)
        step = ReasoningActivities(*kept, Outside(self.outside, self.redactor))
        return await environment.run(step.propose, await self.request())

    async def proposal(self, proposed: Proposed) -> Proposal:
        return TypeAdapter(Proposal).validate_json(await read(self.blobs, self.case_id, proposed.proposal_key))

    @property
    def asked(self) -> list[ModelRequest]:
        return self.model.asked


async def failing(bench: Bench, attempt: int = 1) -> BaseException:
    with pytest.raises((ApplicationError, ModelUnreachable, LeakPrevented)) as caught:
        await bench.run(attempt)
    return caught.value


def scripted(*replies: str | Exception) -> ScriptedModel:
    """Answer each call with the next reply; the last one repeats."""
    left = list(replies)
    return ScriptedModel(script=lambda _: left.pop(0) if len(left) > 1 else left[0])


async def test_a_proposal_is_kept_by_key():
    bench = Bench()
    proposed = await bench.run()
    assert (await bench.proposal(proposed)).summary == "The pool is full (E1:3)."
    assert (proposed.degraded, proposed.repaired, proposed.provider) == ((), False, "scripted")
    assert proposed.tokens_in == 100


async def test_the_prompt_holds_question_digest_and_passages_between_marks():
    bench = Bench()
    await bench.run()
    (request,) = bench.asked
    for part in ("why does checkout fail?", "E1:L3 ×1", "Raise the size."):
        assert part in request.prompt
        assert part not in request.system
    assert request.key == "case-1-turn-2:propose"
    assert json.loads(request.schema)["required"] == ["summary", "causes"]


async def test_j5_a_prompt_that_is_too_long_goes_without_the_lowest_ranked_lines_and_the_reply_knows():
    bench = Bench(digest="E1:L3 low " * TARGET, brief=DIGEST)
    proposed = await bench.run()
    (request,) = bench.asked
    assert tokens(request.system) + tokens(request.prompt) <= TARGET
    assert DIGEST in request.prompt
    assert proposed.left_out == ("the lowest-ranked lines of the evidence",)


async def test_the_mark_differs_from_call_to_call():
    first, second = Bench(), Bench()
    await first.run()
    await second.run()
    assert first.asked[0].system != second.asked[0].system


async def test_without_a_model_nothing_is_read_or_asked():
    bench = Bench(model=ScriptedModel(configured=False))
    proposed = await bench.run()
    assert proposed == Proposed(degraded=("model_unavailable",), reason="no model is configured")
    assert bench.asked == []
    assert bench.feeds.feed.events == []


async def test_an_answer_that_arrived_is_not_paid_again():
    bench = Bench()
    first = await bench.run()
    again = await bench.run(attempt=2)
    assert len(bench.asked) == 1
    assert replace(again, prompt_key="", spent=0) == replace(first, prompt_key="", spent=0)
    assert again.spent > first.spent, "an attempt that was lost may have been billed"


async def test_a_raw_answer_is_kept_before_it_is_parsed():
    bench = Bench(model=scripted(BAD))
    await bench.run()
    assert set(bench.ledger.answers) == {"case-1-turn-2:propose", "case-1-turn-2:propose:repair"}
    assert len(bench.asked) == 2
    await bench.run(attempt=2)
    assert len(bench.asked) == 2


async def test_a_wrong_answer_is_repaired_once_and_told_what_was_wrong():
    bench = Bench(model=scripted(BAD, GOOD))
    proposed = await bench.run()
    assert (proposed.repaired, proposed.degraded) == (True, ())
    assert [event for event, _ in bench.feeds.feed.events] == ["draft", "restarted", "draft"]
    assert proposed.tokens_in == 200
    first, second = bench.asked
    assert "causes: missing" in second.system
    assert second.prompt == first.prompt


@pytest.mark.parametrize("wrong", [BAD, "", "not JSON", "[" * 100, GOOD[:-1]])
async def test_two_wrong_answers_leave_the_rules_alone(wrong):
    bench = Bench(model=scripted(wrong))
    proposed = await bench.run()
    assert (proposed.proposal_key, proposed.degraded) == ("", ("model_unavailable",))
    assert "after one repair" in proposed.reason
    assert len(bench.asked) == 2


async def test_a_refusal_is_no_failure_of_the_step():
    proposed = await Bench(model=scripted(ModelRefused("anthropic refuses this request (HTTP 400)"))).run()
    assert (proposed.degraded, proposed.reason) == (("model_unavailable",), "anthropic refuses this request (HTTP 400)")


async def test_a_short_wait_becomes_the_next_delay():
    failure = await failing(Bench(model=scripted(ModelBusy("busy", 60))))
    assert isinstance(failure, ApplicationError)
    assert (failure.type, failure.next_retry_delay, failure.non_retryable) == ("ModelBusy", timedelta(seconds=60), False)


async def test_a_wait_that_nobody_named_is_the_policys():
    failure = await failing(Bench(model=scripted(ModelBusy("busy"))))
    assert isinstance(failure, ApplicationError)
    assert failure.next_retry_delay is None


async def test_a_wait_longer_than_a_turn_leaves_the_rules_alone():
    assert (await Bench(model=scripted(ModelBusy("busy", 61))).run()).degraded == ("model_unavailable",)


async def test_weather_is_retried_by_the_engine():
    assert isinstance(await failing(Bench(model=scripted(ModelUnreachable("cut")))), ModelUnreachable)


async def test_a_prompt_that_still_holds_a_secret_is_not_sent():
    bench = Bench(redactor=StarRedactor(hidden=("waiting for a connection",)))
    assert isinstance(await failing(bench), LeakPrevented)
    assert bench.asked == []


async def test_placeholders_pass_the_last_gate_under_any_name():
    bench = Bench(redactor=StarRedactor(hidden=("<EMAIL_1>", "<IP_2@a>")), digest="E1:L3 <EMAIL_1> from <IP_2@a> refused")
    assert (await bench.run()).degraded == ()
    assert "<EMAIL_1> from <IP_2@a>" in bench.asked[0].prompt


async def test_the_last_gate_sees_the_exact_prompt():
    bench = Bench()
    await bench.run()
    assert bench.redactor.seen == [bench.asked[0].system, bench.asked[0].prompt]


async def test_the_budget_of_a_turn_is_a_hard_stop_before_the_call():
    bench = Bench(digest="x" * (3 * TURN_TOKENS))
    proposed = await bench.run()
    assert (proposed.degraded, bench.asked) == (("budget_exhausted",), [])


async def test_earlier_attempts_count_as_paid_in_full():
    bench = Bench(digest="x" * TURN_TOKENS)
    assert (await bench.run(attempt=2)).degraded == ()
    assert (await Bench(digest="x" * TURN_TOKENS).run(attempt=3)).degraded == ("budget_exhausted",)


async def test_what_the_first_answer_cost_counts_for_the_repair():
    bench = Bench(model=scripted(BAD, GOOD), digest="x" * (2 * TURN_TOKENS))
    proposed = await bench.run()
    assert proposed.repaired
    dear = Bench(model=Dear(), digest="x" * (2 * TURN_TOKENS))
    assert (await dear.run()).degraded == ("budget_exhausted",)


class Dear:
    """Bills more than it should and answers badly."""

    configured, who = True, "dear"

    async def answer(self, request, feed):
        return ModelAnswer(text=BAD, provider="dear", model="dear", tokens_in=60_000, tokens_out=1)


class Second(Dear):
    """Answers after others were skipped."""

    async def answer(self, request, feed):
        return ModelAnswer(text=GOOD, provider="b", model="m", tokens_in=1, tokens_out=1, skipped=("a",))


async def test_a_skipped_provider_is_said():
    assert (await Bench(model=Second()).run()).degraded == ("provider_unavailable",)


async def test_an_answer_with_half_a_character_is_kept():
    bench = Bench(model=scripted('{"summary": "\ud800", "causes": []}', GOOD))
    assert (await bench.run()).degraded == ()


async def test_a_second_attempt_tells_listeners_to_start_again():
    bench = Bench()
    await bench.run(attempt=2)
    assert bench.feeds.feed.events[0] == ("restarted", {})


async def test_listeners_see_the_summary_and_not_its_json():
    bench = Bench(model=open_recorded_model())
    proposal = await bench.proposal(await bench.run())
    drafts = [str(data["text"]) for event, data in bench.feeds.feed.events if event == "draft"]
    assert "".join(drafts) == proposal.summary
    assert len(drafts) > 1


async def test_the_recorded_model_cites_lines_of_the_prompt():
    bench = Bench(model=open_recorded_model())
    proposal = await bench.proposal(await bench.run())
    (cause,) = proposal.causes
    assert [(claim.file, claim.first_line) for claim in cause.claims] == [("E1", 3), ("E1", 9)]
    assert cause.claims[0].text == "pool of size 20 is full"


async def test_the_recorded_model_reads_its_file(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"proposal": json.loads(GOOD)}))
    assert (await Bench(model=open_recorded_model(path)).run()).proposal_key
    path.write_text("{}")
    assert (await Bench(model=open_recorded_model(path)).run()).degraded == ("model_unavailable",)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
async def test_a_summary_is_shown_whole_whatever_the_pieces(size):
    summary = 'a "quoted" \\ line\nwith é, 🚀 and \t tabs'
    text = json.dumps({"summary": summary, "causes": []})
    feeds = MemoryFeeds()
    feed = SummaryFeed(feeds.feed)
    for start in range(0, len(text), size):
        await feed.publish("draft", {"text": text[start : start + size]})
    await feed.publish("stage", {"stage": "check"})
    *drafts, last = feeds.feed.events
    assert "".join(str(data["text"]) for _, data in drafts) == summary
    assert last == ("stage", {"stage": "check"})


async def test_a_broken_summary_shows_nothing_wrong():
    feeds = MemoryFeeds()
    feed = SummaryFeed(feeds.feed)
    await feed.publish("draft", {"text": '{"summary": "fine \\q \\ud800 rest'})
    assert feeds.feed.events == [("draft", {"text": "fine "})]


async def test_an_endless_summary_is_shown_to_a_point():
    feeds = MemoryFeeds()
    feed = SummaryFeed(feeds.feed)
    await feed.publish("draft", {"text": '{"summary": "'})
    for _ in range(1_000):
        await feed.publish("draft", {"text": "x" * 100})
    shown = sum(len(str(data["text"])) for _, data in feeds.feed.events)
    assert MOST - 200 < shown < MOST + 200
