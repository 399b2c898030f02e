"""One language model call as one step: prompt, last gate, paid answer kept, answer checked against its schema.

A model may ask for tools before it proposes: then the step ends with what it asked for, and the turn carries it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from activities.answer_schema import MalformedAnswer, parse, schema_of
from activities.drafts import Nobody, SummaryFeed
from activities.heartbeat import OFTEN, beating
from activities.outside import Outside
from activities.paid_calls import LONGEST_CALL_S, TURN_TOKENS, PaidCalls, lost, reserved, short_wait
from activities.prompting import PROMPT, Asked, Prompt, prompt_of
from activities.purse import Purse
from activities.recall import Recall
from activities.tools import NOTHING, OFFERS
from activities.used import USED
from domain.diagnosis import prompts
from domain.diagnosis.budgets import Payer
from domain.diagnosis.tools import CALLS, known
from domain.diagnosis.values import Proposal
from domain.errors import BudgetExhausted, ModelBusy, ModelRefused, ToolsRefused
from domain.ports.cases import Conversation
from domain.ports.models import AnswerLedger, LanguageModel, ModelAnswer, ModelRequest, PaidAnswer, ToolUse, TurnFeed, TurnFeeds
from domain.ports.sealing import BlobStore, Redactor, read
from domain.privacy.placeholders import SafeText

PROPOSAL = TypeAdapter(Proposal)
SCHEMA = schema_of(PROPOSAL)
ANSWER_TOKENS = 2_000
OFFERED = 2
"""Attempts at the first step that offer tools: some servers fail on them with no word of why."""
FAILED = SafeText("The tool failed: go on without it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A tool that an earlier step asked for; without a key it failed."""

    name: str
    used_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """What a model may see of a turn, by keys of safe blobs, and how far its turn is."""

    case_id: UUID
    turn_key: str
    message_key: str
    """The question, UTF-8."""
    answer_key: str
    """The rules' `Answer` as JSON, with the digest."""
    passages_key: str = ""
    """The `SearchResult` as JSON; empty for none."""
    deadline_s: float = LONGEST_CALL_S
    """Seconds left for reasoning in this turn."""
    step: int = 1
    steps: int = 1
    """Model steps of this turn (rule J7); in the last one no tool may be asked for."""
    soft_tokens: int = 0
    """Spent in this turn, no tool is begun any more (rules J6, J7)."""
    spent: int = 0
    model: str = ""
    """What the case asks first; empty for the order of the deployment."""
    prompt_key: str = ""
    """The `Prompt` that the first step kept."""
    taken: tuple[tuple[Taken, ...], ...] = ()
    """The tools that each earlier step asked for."""
    followed: bool = True
    """Whether somebody may follow what arrives; nobody does after the turn."""
    user_id: str = ""
    team_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal by key, or what to look up first, or why there is none; only `check_claims` decides what of it is said."""

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
    calls: tuple[str, ...] = ()
    """The tools that are wanted before there is a proposal, by their own names only."""
    calls_key: str = ""
    """Blob of the `ModelAnswer` as JSON that holds the calls."""
    prompt_key: str = ""
    spent: int = 0
    """Tokens of the turn after this step; attempts that were lost count in full."""
    memory_tokens: int = 0
    left_out: tuple[str, ...] = ()
    """What the prompt would have told beyond its bound."""
    due_s: int | None = None
    """Seconds until a provider is due that has no answer now; None where waiting would not help."""
    budget: str = ""
    """Whose budget ended it and until when."""
    cached: int = 0
    """Answers that were given before to the same words and cost nothing."""
    away: tuple[str, ...] = ()
    """Tools of other servers that were not to be had when the turn began."""


@dataclass(frozen=True, slots=True)
class ReasoningActivities:
    """Steps that ask a language model; what it says is a proposal."""

    blobs: BlobStore
    model: LanguageModel
    feeds: TurnFeeds
    ledger: AnswerLedger
    redactor: Redactor
    conversation: Conversation
    purse: Purse
    recall: Recall
    outside: Outside
    turn_tokens: int = TURN_TOKENS

    @activity.defn
    async def propose(self, request: Propose) -> Proposed:
        """Ask for hypotheses over the digest and keep them, or keep what the model wants to look at first.

        Safe to retry: an answer that arrived is read from the ledger and not paid again. Raises ModelBusy and ModelUnreachable
        for another attempt, LeakPrevented when the prompt is not safe; everything final is told in the result.
        """
        if not self.model.configured:
            return Proposed(degraded=("model_unavailable",), reason="no model is configured")
        try:
            async with beating(OFTEN):
                if not request.followed:
                    return await self._propose(request, Nobody())
                async with self.feeds.open() as feed:
                    return await self._propose(request, feed)
        except BudgetExhausted as failure:
            return Proposed(degraded=("budget_exhausted",), reason=str(failure), budget=str(failure))
        except ModelRefused as failure:
            return Proposed(degraded=("model_unavailable",), reason=str(failure))
        except ModelBusy as failure:
            if wait := short_wait(failure):
                raise wait from failure
            return Proposed(degraded=("model_unavailable",), reason=str(failure), due_s=failure.retry_after)

    async def _propose(self, request: Propose, feed: TurnFeed) -> Proposed:
        """Ask once, and once more when the answer does not follow its schema."""
        if activity.info().attempt > 1:
            await feed.publish("restarted", {})
        prompt, key = await self._prompt(request)
        told = Proposed(prompt_key=key, memory_tokens=prompt.memory_tokens, left_out=prompt.left_out, away=prompt.away)
        first = await self._request(request, prompt)
        try:
            paid, answer = await self._paid(request, first, feed, request.spent)
        except ToolsRefused:
            first = replace(first, key=f"{first.key}:plain", system=prompt.system, tools=(), may_call=False)
            paid, answer = await self._paid(request, first, feed, request.spent)
        told = _after(told, paid, request.spent + lost(first))
        if answer.calls and first.may_call:
            called = tuple(known(call.name, self.outside.names) for call in answer.calls[:CALLS])
            await self._calls.understood(payer_of(request), first, paid)
            return replace(told, calls=called, calls_key=paid.blob_key)
        try:
            proposal = parse(PROPOSAL, answer.text)
            await self._calls.understood(payer_of(request), first, paid)
            return await self._keep(request.case_id, told, proposal)
        except MalformedAnswer as mistake:
            _check_asking(answer, first)
            second = _repair(first, mistake)
        await feed.publish("restarted", {})
        again, answer = await self._paid(request, second, feed, told.spent)
        try:
            proposal = parse(PROPOSAL, answer.text)
        except MalformedAnswer as mistake:
            raise ModelRefused(f"the model's answer does not follow its schema after one repair ({mistake})") from None
        return replace(await self._keep(request.case_id, _after(told, again, told.spent), proposal), repaired=True)

    async def _prompt(self, request: Propose) -> tuple[Prompt, str]:
        """Return the words of this turn, which its first step puts together, and where they lie."""
        if request.prompt_key:
            return PROMPT.validate_json(await read(self.blobs, request.case_id, request.prompt_key)), request.prompt_key
        asked = Asked(
            case_id=request.case_id,
            message_key=request.message_key,
            answer_key=request.answer_key,
            passages_key=request.passages_key,
        )
        prompt = await prompt_of(self.blobs, self.conversation, asked)
        if request.steps > 1 and prompt.has_files:
            found = await self.outside.offered(request.case_id)
            prompt = replace(prompt, outside=found.offers, away=found.away)
        return prompt, await self.blobs.put(request.case_id, PROMPT.dump_json(prompt))

    async def _request(self, request: Propose, prompt: Prompt) -> ModelRequest:
        """Return the call of this step: with tools while steps and tokens are left."""
        info = activity.info()
        refused = request.step == 1 and info.attempt > OFFERED
        tools = (*OFFERS, *prompt.outside) if request.steps > 1 and prompt.has_files and not refused else ()
        whole = ModelRequest(
            key=f"{info.workflow_id}:propose" + (f"-{request.step}" if request.step > 1 else ""),
            system=prompt.system + (prompts.looking(request.steps, outside=bool(prompt.outside)) if tools else ""),
            prompt=prompt.prompt,
            schema=SCHEMA,
            schema_name="proposal",
            deadline_s=min(request.deadline_s, LONGEST_CALL_S),
            max_tokens=ANSWER_TOKENS,
            attempt=info.attempt,
            model=request.model,
            tools=tools,
            used=tuple([await self._uses(request.case_id, taken, prompt.mark) for taken in request.taken]),
            mark=prompt.mark,
        )
        affordable = request.spent + reserved(whole) <= request.soft_tokens
        if tools and request.step < request.steps and affordable:
            return replace(whole, may_call=True)
        return replace(whole, system=whole.system + prompts.NO_MORE) if tools else whole

    async def _uses(self, case_id: UUID, taken: Sequence[Taken], mark: str) -> tuple[ToolUse, ...]:
        """Return what a step's tools brought, fenced as the data that it is."""
        found = [await self._use(case_id, one) for one in taken]
        return tuple(replace(use, result=SafeText(prompts.fenced(use.name, use.result, mark))) for use in found)

    async def _use(self, case_id: UUID, one: Taken) -> ToolUse:
        if not one.used_key:
            return ToolUse(name=one.name, arguments=NOTHING, result=FAILED)
        return USED.validate_json(await read(self.blobs, case_id, one.used_key)).use

    async def _paid(self, of: Propose, request: ModelRequest, feed: TurnFeed, spent: int) -> tuple[PaidAnswer, ModelAnswer]:
        """Return the answer of this call; people see its summary while it arrives."""
        return await self._calls.whole(payer_of(of), request, SummaryFeed(feed), spent)

    @property
    def _calls(self) -> PaidCalls:
        return PaidCalls(self.blobs, self.model, self.ledger, self.redactor, self.purse, self.recall, self.turn_tokens)

    async def _keep(self, case_id: UUID, told: Proposed, proposal: Proposal) -> Proposed:
        return replace(told, proposal_key=await self.blobs.put(case_id, PROPOSAL.dump_json(proposal)))


def payer_of(request: Propose) -> Payer:
    """Return on whose behalf a turn asks."""
    return Payer(case_id=request.case_id, turn_key=request.turn_key, user_id=request.user_id, team_id=request.team_id)


def _after(told: Proposed, paid: PaidAnswer, spent: int) -> Proposed:
    """Return the step with one more answer settled."""
    return replace(
        told,
        degraded=("provider_unavailable",) if paid.skipped else told.degraded,
        provider=paid.provider,
        model=paid.model,
        tokens_in=told.tokens_in + paid.tokens_in,
        tokens_out=told.tokens_out + paid.tokens_out,
        spent=spent + paid.tokens_in + paid.tokens_out,
        cached=told.cached + paid.cached,
    )


def _repair(request: ModelRequest, mistake: MalformedAnswer) -> ModelRequest:
    """Return the second and last question: the same prompt and what was wrong."""
    advice = f"Your previous answer was refused at `{mistake}`. Answer again with one whole JSON object that follows the schema."
    return replace(request, key=f"{request.key}:repair", system=f"{request.system}\n\n{advice}", may_call=False)


def _check_asking(answer: ModelAnswer, request: ModelRequest) -> None:
    """Refuse a model that goes on asking for tools when there are none left: another question would bring the same."""
    if answer.calls and request.tools and not answer.text.strip():
        raise BudgetExhausted("the steps of this turn are spent until you ask again")
