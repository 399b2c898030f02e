"""A call is bounded before and counted after, whatever happens in between (reliability.md 6)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.paid_calls import PaidCalls
from activities.purse import Purse, prompt_tokens
from domain.diagnosis.budgets import Cost, Limits, Payer, Price
from domain.errors import BudgetExhausted, ModelBusy, ModelRefused, ModelUnreachable
from domain.ports.models import ModelRequest
from domain.privacy.placeholders import SafeText
from tests import fakes

REQUEST = ModelRequest(
    key="turn-1:propose", system="s" * 300, prompt=SafeText("p" * 300), schema="{}", schema_name="n", deadline_s=9, max_tokens=100
)
WORST = prompt_tokens(REQUEST) + REQUEST.max_tokens
PRICES = {"scripted-1": Price(tokens_in=1, tokens_out=2)}


class Killed(BaseException):
    """The worker ends here."""


@dataclass
class Till:
    """Calls of one team over one ledger."""

    model: fakes.ScriptedModel = field(default_factory=lambda: fakes.ScriptedModel(lambda _: "{}"))
    limits: Limits = field(default_factory=lambda: Limits(prices=PRICES))
    budgets: fakes.MemoryBudgets = field(default_factory=fakes.MemoryBudgets)
    ledger: fakes.MemoryLedger = field(default_factory=fakes.MemoryLedger)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    payer: Payer = field(default_factory=lambda: Payer(case_id=uuid4(), turn_key="t", user_id="u", team_id="team"))

    async def call(self, key: str = REQUEST.key, attempt: int = 1) -> None:
        purse = Purse(self.budgets, self.limits)
        calls = PaidCalls(self.blobs, self.model, self.ledger, fakes.StarRedactor(), purse)
        request = replace(REQUEST, key=key, attempt=attempt)
        await ActivityEnvironment().run(calls.whole, self.payer, request, fakes.MemoryFeed(), 0)

    @property
    def spent(self) -> int:
        return sum(self.budgets.settled.get(key, row.cost).tokens for key, row in self.budgets.rows.items())


async def test_a_call_is_settled_by_what_was_counted() -> None:
    till = Till()
    await till.call()
    assert till.budgets.settled == {REQUEST.key: Cost(tokens=100, money=100)}


async def test_during_a_call_its_worst_case_is_set_aside() -> None:
    till = Till()
    seen: list[int] = []
    till.model.script = lambda _: seen.append(till.spent) or "{}"
    await till.call()
    assert seen == [WORST]


async def test_a_call_for_which_no_budget_has_room_is_not_made() -> None:
    till = Till(limits=Limits(budgets={"team": Cost(tokens=WORST - 1)}))
    with pytest.raises(BudgetExhausted, match=r"your team for today are spent until 20"):
        await till.call()
    assert (till.model.asked, till.spent) == ([], 0)


@pytest.mark.parametrize(("failure", "left"), [(ModelRefused("no"), 0), (ModelBusy("busy"), 0), (ModelUnreachable("cut"), WORST)])
async def test_what_nobody_bills_is_freed_and_a_broken_answer_stays_reserved(failure: Exception, left: int) -> None:
    till = Till(model=fakes.ScriptedModel(lambda _: failure))
    with pytest.raises(type(failure)):
        await till.call()
    assert till.spent == left


async def test_attempts_before_the_one_that_answered_count_in_full() -> None:
    till = Till()
    await till.call(attempt=3)
    assert till.spent == 2 * WORST + 100


async def test_a_worker_killed_while_it_asks_costs_one_worst_case_until_the_sweep() -> None:
    till = Till()

    def die(_request: ModelRequest) -> str:
        raise Killed

    till.model.script = die
    with pytest.raises(Killed):
        await till.call()
    assert till.spent == WORST
    till.model.script = lambda _: "{}"
    await till.call(attempt=2)
    assert (len(till.model.asked), till.spent) == (2, WORST + 100), "one call more than without the kill"


async def test_a_call_that_is_taken_back_counts_in_full_at_once_and_once_over_its_retry() -> None:
    till = Till()

    def leave(_request: ModelRequest) -> str:
        raise asyncio.CancelledError

    till.model.script = leave
    with pytest.raises(asyncio.CancelledError):
        await till.call()
    assert till.budgets.settled == {REQUEST.key: Cost(tokens=WORST, money=prompt_tokens(REQUEST) + 2 * REQUEST.max_tokens)}
    till.model.script = lambda _: "{}"
    await till.call(attempt=2)
    assert (len(till.model.asked), till.spent) == (2, WORST + 100)


async def test_a_worker_killed_before_it_settles_pays_nothing_twice() -> None:
    till = Till()
    settle, till.budgets.settle = till.budgets.settle, lambda *_: _die()
    with pytest.raises(Killed):
        await till.call()
    till.budgets.settle = settle
    await till.call(attempt=2)
    assert (len(till.model.asked), len(till.budgets.settled)) == (1, 1)


async def _die() -> None:
    raise Killed


async def test_calls_at_once_pass_a_budget_by_at_most_one_call_a_slot() -> None:
    slots, limit = 4, 10 * WORST
    till = Till(limits=Limits(budgets={"user": Cost(tokens=limit)}))
    left = iter(range(200))

    async def slot() -> None:
        for number in left:
            await asyncio.sleep(0)
            try:
                await till.call(key=f"call-{number}")
            except BudgetExhausted:
                continue

    await asyncio.gather(*(slot() for _ in range(slots)))
    assert limit - WORST - 100 <= till.spent <= limit + slots * WORST
