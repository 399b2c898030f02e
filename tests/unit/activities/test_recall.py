"""An answer is given again to the very same words of the same team, and to nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.paid_calls import PaidCalls
from activities.purse import Purse
from activities.recall import Recall, fingerprint
from domain.diagnosis.budgets import Payer
from domain.evidence.extracts import Pixels
from domain.ports.models import ModelRequest, PaidAnswer, ToolOffer, ToolUse
from domain.privacy.placeholders import SafeText
from tests import fakes

REQUEST = ModelRequest(
    key="case-1-turn-1:propose",
    system="rules behind the fence abcdef",
    prompt=SafeText("abcdef the pool of <IP_1> is full abcdef"),
    schema="{}",
    schema_name="proposal",
    deadline_s=9,
    mark="abcdef",
)
OURS = Payer(case_id=uuid4(), team_id="team_1")
USE = ToolUse(name="find_lines", arguments=SafeText("{}"), result=SafeText("a line"))
PICTURE = Pixels(media_type="image/png", data=b"p", width=1, height=1)


@dataclass
class Desk:
    """Two cases of a team beside one model."""

    model: fakes.ScriptedModel = field(default_factory=lambda: fakes.ScriptedModel(lambda _: '{"said": 1}'))
    cache: fakes.MemoryAnswerCache = field(default_factory=fakes.MemoryAnswerCache)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    budgets: fakes.MemoryBudgets = field(default_factory=fakes.MemoryBudgets)
    ledger: fakes.MemoryLedger = field(default_factory=fakes.MemoryLedger)
    kept: timedelta = timedelta(hours=1)

    async def ask(self, request: ModelRequest = REQUEST, payer: Payer = OURS) -> PaidAnswer:
        """Ask, and understand the answer."""
        recall = Recall(self.cache, self.blobs, self.kept)
        calls = PaidCalls(self.blobs, self.model, self.ledger, fakes.StarRedactor(), Purse(self.budgets), recall)
        request = replace(request, key=f"{request.key}-{len(self.ledger.answers)}")
        paid, answer = await ActivityEnvironment().run(calls.whole, payer, request, fakes.MemoryFeed(), 0)
        assert answer.text == '{"said": 1}'
        await calls.understood(payer, request, paid)
        return paid


async def test_the_same_words_in_another_case_cost_nothing() -> None:
    desk, other = Desk(), replace(OURS, case_id=uuid4())
    first = await desk.ask()
    again = await desk.ask(
        replace(
            REQUEST,
            mark="zyxwvu",
            system=REQUEST.system.replace("abcdef", "zyxwvu"),
            prompt=SafeText(REQUEST.prompt.replace("abcdef", "zyxwvu")),
        ),
        other,
    )
    assert len(desk.model.asked) == 1
    assert (first.cached, again.cached, again.tokens_in + again.tokens_out) == (False, True, 0)
    assert again.case_id == other.case_id
    assert (other.case_id, again.blob_key) in desk.blobs.blobs, "it does not depend on the other case any more"
    assert len(desk.budgets.rows) == 1


OTHERS = {
    "other words": (replace(REQUEST, prompt=SafeText("the pool of <IP_2> is full")), OURS),
    "other instructions": (replace(REQUEST, system="other rules"), OURS),
    "another schema": (replace(REQUEST, schema='{"type": "object"}'), OURS),
    "tools": (replace(REQUEST, tools=(ToolOffer(name="find_lines", description="", schema="{}"),), may_call=True), OURS),
    "what tools found": (replace(REQUEST, used=((USE,),)), OURS),
    "another model, as a fork asks": (replace(REQUEST, model="openai/other"), OURS),
    "another team": (REQUEST, replace(OURS, team_id="team_2")),
    "no team": (REQUEST, replace(OURS, team_id="")),
    "a picture": (replace(REQUEST, picture=PICTURE), OURS),
}


@pytest.mark.parametrize(("request_", "payer"), OTHERS.values(), ids=OTHERS)
async def test_anything_else_is_asked(request_: ModelRequest, payer: Payer) -> None:
    desk = Desk()
    await desk.ask()
    assert not (await desk.ask(request_, payer)).cached


async def test_another_model_is_asked() -> None:
    desk = Desk()
    await desk.ask()
    desk.model.who = "scripted/scripted-2"
    assert not (await desk.ask()).cached


async def test_an_answer_expires() -> None:
    desk = Desk()
    await desk.ask()
    for key, row in desk.cache.answers.items():
        desk.cache.answers[key] = replace(row, expires_at=datetime.now(UTC))
    assert not (await desk.ask()).cached


async def test_with_no_time_nothing_is_kept() -> None:
    desk = Desk(kept=timedelta())
    await desk.ask()
    assert desk.cache.answers == {}


async def test_an_answer_whose_case_is_erased_is_asked_for_again() -> None:
    desk = Desk()
    await desk.ask()
    await desk.blobs.delete_case(OURS.case_id)
    assert not (await desk.ask(payer=replace(OURS, case_id=uuid4()))).cached


async def test_what_was_found_is_not_kept_for_longer_than_it_was_paid_for() -> None:
    desk = Desk()
    await desk.ask()
    before = dict(desk.cache.answers)
    assert (await desk.ask()).cached
    assert desk.cache.answers == before


async def test_an_answer_that_nobody_understood_is_not_given_again() -> None:
    desk = Desk()
    recall = Recall(desk.cache, desk.blobs)
    assert await recall.find(OURS, REQUEST, desk.model.who) is None
    stood_in = PaidAnswer(
        key="k", case_id=OURS.case_id, blob_key="b", provider="second", model="m", tokens_in=1, tokens_out=1, skipped=("first",)
    )
    await recall.keep(OURS, REQUEST, desk.model.who, stood_in)
    assert desk.cache.answers == {}


def test_a_fingerprint_holds_nothing_of_the_words() -> None:
    assert len(fingerprint("team_1", "m", REQUEST)) == 64
