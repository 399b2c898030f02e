"""One language model call as one step: prompt, last gate, paid answer kept, answer checked against its schema."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from activities.answer_schema import MalformedAnswer, parse, schema_of
from activities.drafts import SummaryFeed
from activities.heartbeat import beating
from activities.paid_calls import LONGEST_CALL_S, TURN_TOKENS, PaidCalls, short_wait
from domain.diagnosis import prompts
from domain.diagnosis.values import Answer, Proposal
from domain.errors import BudgetExhausted, ModelBusy, ModelRefused
from domain.knowledge.documents import Passage, SearchResult
from domain.ports.models import AnswerLedger, LanguageModel, ModelRequest, PaidAnswer, TurnFeed, TurnFeeds
from domain.ports.sealing import BlobStore, Redactor, read
from domain.privacy.placeholders import SafeText

ANSWER, PASSAGES, PROPOSAL = TypeAdapter(Answer), TypeAdapter(SearchResult), TypeAdapter(Proposal)
SCHEMA = schema_of(PROPOSAL)
ANSWER_TOKENS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """What a model may see of a turn, by keys of safe blobs."""

    case_id: UUID
    turn_key: str
    message_key: str
    """The question, UTF-8."""
    answer_key: str
    """The rules' `Answer` as JSON, with the digest."""
    passages_key: str = ""
    """The `SearchResult` as JSON; empty for none."""
    memory: SafeText = SafeText("")
    """The case's journal within its token budget."""
    deadline_s: float = LONGEST_CALL_S
    """Seconds left for reasoning in this turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal by key, or why there is none; only `check_claims` decides what of it is said."""

    proposal_key: str = ""
    """Blob of the `Proposal` as JSON; empty when the rules answer alone."""
    degraded: tuple[str, ...] = ()
    """model_unavailable, provider_unavailable, budget_exhausted."""
    reason: str = ""
    """Why there is no proposal; safe to show to operators."""
    provider: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class ReasoningActivities:
    """Steps that ask a language model; what it says is a proposal."""

    blobs: BlobStore
    model: LanguageModel
    feeds: TurnFeeds
    ledger: AnswerLedger
    redactor: Redactor
    turn_tokens: int = TURN_TOKENS

    @activity.defn
    async def propose(self, request: Propose) -> Proposed:
        """Ask for hypotheses over the digest and keep them.

        Safe to retry: an answer that arrived is read from the ledger and not paid again. Raises ModelBusy and ModelUnreachable
        for another attempt, LeakPrevented when the prompt is not safe; everything final is told in the result.
        """
        if not self.model.configured:
            return Proposed(degraded=("model_unavailable",), reason="no model is configured")
        try:
            async with beating(), self.feeds.open() as feed:
                return await self._propose(request, feed)
        except BudgetExhausted as failure:
            return Proposed(degraded=("budget_exhausted",), reason=str(failure))
        except ModelRefused as failure:
            return Proposed(degraded=("model_unavailable",), reason=str(failure))
        except ModelBusy as failure:
            return _wait_or_give_up(failure)

    async def _propose(self, request: Propose, feed: TurnFeed) -> Proposed:
        """Ask once, and once more when the answer does not follow its schema."""
        if activity.info().attempt > 1:
            await feed.publish("restarted", {})
        first = await self._request(request)
        paid, text = await self._paid(request.case_id, first, feed)
        try:
            return await self._keep(request.case_id, paid, parse(PROPOSAL, text))
        except MalformedAnswer as mistake:
            second = _repair(first, mistake)
        again, text = await self._paid(request.case_id, second, feed, spent=paid.tokens_in + paid.tokens_out)
        try:
            proposal = parse(PROPOSAL, text)
        except MalformedAnswer as mistake:
            raise ModelRefused(f"the model's answer does not follow its schema after one repair ({mistake})") from None
        whole = replace(again, tokens_in=paid.tokens_in + again.tokens_in, tokens_out=paid.tokens_out + again.tokens_out)
        return replace(await self._keep(request.case_id, whole, proposal), repaired=True)

    async def _request(self, request: Propose) -> ModelRequest:
        """Build the prompt from safe blobs only."""
        question = await self._text(request.case_id, request.message_key)
        answer = ANSWER.validate_json(await read(self.blobs, request.case_id, request.answer_key))
        passages: tuple[Passage, ...] = ()
        if request.passages_key:
            raw = await read(self.blobs, request.case_id, request.passages_key)
            passages = tuple(hit.passage for hit in PASSAGES.validate_json(raw).hits)
        system, prompt = prompts.investigate(question, SafeText(answer.digest), answer, passages, request.memory, _mark())
        info = activity.info()
        return ModelRequest(
            key=f"{info.workflow_id}:propose",
            system=system,
            prompt=SafeText(prompt),
            schema=SCHEMA,
            schema_name="proposal",
            deadline_s=min(request.deadline_s, LONGEST_CALL_S),
            max_tokens=ANSWER_TOKENS,
            attempt=info.attempt,
        )

    async def _paid(self, case_id: UUID, request: ModelRequest, feed: TurnFeed, spent: int = 0) -> tuple[PaidAnswer, str]:
        """Return the answer of this call and its text; people see its summary while it arrives."""
        calls = PaidCalls(self.blobs, self.model, self.ledger, self.redactor, self.turn_tokens)
        return await calls.answer(case_id, request, SummaryFeed(feed), spent)

    async def _keep(self, case_id: UUID, paid: PaidAnswer, proposal: Proposal) -> Proposed:
        key = await self.blobs.put(case_id, PROPOSAL.dump_json(proposal))
        return Proposed(
            proposal_key=key,
            degraded=("provider_unavailable",) if paid.skipped else (),
            provider=paid.provider,
            model=paid.model,
            tokens_in=paid.tokens_in,
            tokens_out=paid.tokens_out,
        )

    async def _text(self, case_id: UUID, key: str) -> SafeText:
        return SafeText((await read(self.blobs, case_id, key)).decode()) if key else SafeText("")


def _mark() -> str:
    """Return the mark that fences quoted data: unguessable for whoever wrote the evidence, plain letters for redaction."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


def _repair(request: ModelRequest, mistake: MalformedAnswer) -> ModelRequest:
    """Return the second and last question: the same prompt and what was wrong."""
    advice = f"Your previous answer was refused at `{mistake}`. Answer again with one whole JSON object that follows the schema."
    return replace(request, key=f"{request.key}:repair", system=f"{request.system}\n\n{advice}")


def _wait_or_give_up(failure: ModelBusy) -> Proposed:
    """Hand a short wait to the engine; answer from the rules when the provider asks for more patience than a turn has."""
    wait = short_wait(failure)
    if wait is None:
        return Proposed(degraded=("model_unavailable",), reason=str(failure))
    raise wait from failure
