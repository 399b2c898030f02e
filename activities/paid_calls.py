"""A call of a language model as it is paid for: bounded before, looked at once more, kept before anything reads it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from temporalio.exceptions import ApplicationError

from activities.last_gate import let_out
from activities.purse import Purse, prompt_tokens, texts
from activities.recall import ANSWERED, Recall
from domain.diagnosis.budgets import Payer
from domain.errors import BudgetExhausted, ModelBusy, ModelRefused
from domain.ports.models import AnswerLedger, LanguageModel, ModelAnswer, ModelRequest, PaidAnswer, TurnFeed
from domain.ports.sealing import BlobStore, Redactor, read

TURN_TOKENS = 150_000
"""Hard limit of one turn (reliability.md 6), and of one picture."""
LONGEST_WAIT_S = 60
"""A provider that asks for more patience is skipped in this turn (reliability.md 5)."""
LONGEST_CALL_S = 90.0
"""One model step, before the activity's own time-out of 100 s (reliability.md 4)."""


@dataclass(frozen=True, slots=True)
class PaidCalls:
    """The one way to a model: budget, last gate, breaker behind the port, ledger."""

    blobs: BlobStore
    model: LanguageModel
    ledger: AnswerLedger
    redactor: Redactor
    purse: Purse
    recall: Recall | None = None
    """None for calls whose answers are not given again."""
    most_tokens: int = TURN_TOKENS

    async def answer(self, payer: Payer, request: ModelRequest, feed: TurnFeed, spent: int = 0) -> tuple[PaidAnswer, str]:
        """Return the answer of this call with its text, as `whole` does."""
        paid, answer = await self.whole(payer, request, feed, spent)
        return paid, answer.text

    async def whole(self, payer: Payer, request: ModelRequest, feed: TurnFeed, spent: int) -> tuple[PaidAnswer, ModelAnswer]:
        """Return the answer of this call with the tools it asks for, from the ledger or from the provider.

        Safe to retry: an answer that arrived is not paid again. Raises BudgetExhausted, LeakPrevented, ModelRefused, ModelBusy
        or ModelUnreachable.
        """
        paid = await self.ledger.get(request.key)
        if paid is None:
            paid = await self._recalled(payer, request, feed)
        if paid is None:
            check_budget(request, spent, self.most_tokens)
            await let_out(self.redactor, payer.case_id, texts(request))
            await self.purse.reserve(payer, request)
            paid = await self._keep(payer.case_id, request, await self._ask(request, feed))
        await self.purse.settle(request, paid)
        return paid, ANSWERED.validate_json(await read(self.blobs, payer.case_id, paid.blob_key))

    async def understood(self, payer: Payer, request: ModelRequest, paid: PaidAnswer) -> None:
        """Let an answer that was understood be given again."""
        if self.recall is not None:
            await self.recall.keep(payer, request, self.model.who, paid)

    async def _recalled(self, payer: Payer, request: ModelRequest, feed: TurnFeed) -> PaidAnswer | None:
        """Return what was paid for by the same words before; nothing leaves and nothing is spent."""
        found = None if self.recall is None else await self.recall.find(payer, request, self.model.who)
        if found is None:
            return None
        await feed.publish("draft", {"text": found.text})
        return await self._keep(payer.case_id, request, replace(found, tokens_in=0, tokens_out=0), cached=True)

    async def _ask(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        """Ask; who refuses or asks for patience sends no bill, a broken answer may have one and stays reserved.

        One that is taken back has one, of unknown size: it counts in full, at once.
        """
        try:
            return await self.model.answer(request, feed)
        except asyncio.CancelledError:
            await self.purse.lose(request)
            raise
        except (ModelRefused, ModelBusy):
            await self.purse.free(request)
            raise

    async def _keep(self, case_id: UUID, request: ModelRequest, answer: ModelAnswer, *, cached: bool = False) -> PaidAnswer:
        """Write down what arrived before anything reads it."""
        paid = PaidAnswer(
            key=request.key,
            case_id=case_id,
            blob_key=await self.blobs.put(case_id, ANSWERED.dump_json(_encodable(answer))),
            provider=answer.provider,
            model=answer.model,
            tokens_in=answer.tokens_in,
            tokens_out=answer.tokens_out,
            skipped=answer.skipped,
            cached=cached,
        )
        return await self.ledger.put(paid)


def check_budget(request: ModelRequest, spent: int, limit: int) -> None:
    """Reserve the worst case: every earlier attempt counts as if it had been billed in full (a cut answer is)."""
    if spent + reserved(request) > min(limit, TURN_TOKENS):
        raise BudgetExhausted("the tokens of this turn are spent until you ask again")


def reserved(request: ModelRequest) -> int:
    """Return the most tokens that this call may cost with the attempts before it."""
    return request.attempt * _worst(request)


def lost(request: ModelRequest) -> int:
    """Return the most tokens that the attempts before this one may have cost."""
    return (request.attempt - 1) * _worst(request)


def _worst(request: ModelRequest) -> int:
    """Return the most tokens of one attempt."""
    return prompt_tokens(request) + request.max_tokens


def _encodable(answer: ModelAnswer) -> ModelAnswer:
    """Return the answer without halves of characters, which no file can hold."""
    calls = tuple(replace(call, name=_whole(call.name), arguments=_whole(call.arguments)) for call in answer.calls)
    return replace(answer, text=_whole(answer.text), calls=calls)


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()


def short_wait(failure: ModelBusy) -> ApplicationError | None:
    """Return a wait that the engine keeps before it tries again, None when the provider asks for more patience than a step has."""
    wait = failure.retry_after
    if wait is not None and wait > LONGEST_WAIT_S:
        return None
    delay = None if wait is None else timedelta(seconds=wait)
    return ApplicationError(str(failure), type="ModelBusy", next_retry_delay=delay)
