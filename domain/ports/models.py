"""Language models, what they were paid for, and what a running turn tells meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.evidence.extracts import Pixels
from domain.privacy.placeholders import SafeText


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOffer:
    """What a model may ask for; `schema` is the JSON Schema of its arguments."""

    name: str
    description: str
    schema: str
    """JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """What a model asked for, as it wrote it: neither the name nor the arguments need be right."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A call that was answered: what was understood of it, and what came back."""

    name: str
    arguments: SafeText
    """JSON object."""
    result: SafeText


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One structured call: `schema` is the JSON Schema of the answer."""

    key: str
    """Workflow id and step: the same over retries."""
    system: str
    prompt: SafeText
    schema: str
    """JSON."""
    schema_name: str
    deadline_s: float
    max_tokens: int = 2_000
    attempt: int = 1
    """Counts from 1: the third attempt goes to the second provider."""
    tools: tuple[ToolOffer, ...] = ()
    """Also those of earlier steps: a provider wants to know what was called."""
    may_call: bool = False
    """Without it the model must answer now."""
    used: tuple[tuple[ToolUse, ...], ...] = ()
    """What was called so far, step by step."""
    model: str = ""
    """A provider, or `provider/model`, to ask first; what one provider gets is the name of a model of its own. Empty for the order."""
    picture: Pixels | None = None
    """Shown before the prompt; only a model that was opened to see pictures takes it."""
    mark: str = ""
    """Fences quoted data, another one for each prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """A whole answer, not yet checked."""

    text: str
    """JSON that claims to follow the schema; may be empty beside calls."""
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    skipped: tuple[str, ...] = ()
    """Providers that stand before this one and were not asked, because they fail."""
    calls: tuple[ToolCall, ...] = ()
    """What the model wants to look at before it answers."""


class LanguageModel(Protocol):
    """Some provider that answers in JSON.

    >>> model = ScriptedModel(configured=False)
    >>> model.configured
    False
    """

    @property
    def configured(self) -> bool:
        """Whether any provider is configured."""

    @property
    def who(self) -> str:
        """Who may answer: providers and models in their order; another setting is another word."""

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        """Return a whole answer, or raise ModelRefused, ModelBusy or ModelUnreachable; pieces go to the feed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAnswer:
    """A raw answer that was paid for, under the key of its call; its text is a sealed blob of the case."""

    key: str
    case_id: UUID
    blob_key: str
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    skipped: tuple[str, ...] = ()
    cached: bool = False
    """Taken from the cache: it cost nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedAnswer:
    """An answer that may be given again, as a sealed blob of the case that paid for it."""

    fingerprint: str
    case_id: UUID
    team_id: str
    blob_key: str
    expires_at: datetime


class AnswerCache(Protocol):
    """Answers by the fingerprint of their question; erased with the case that paid.

    >>> cache = MemoryAnswerCache()
    >>> run(cache.get("f" * 64, NOON)) is None
    True
    """

    async def get(self, fingerprint: str, now: datetime) -> CachedAnswer | None:
        """Return the answer unless it has expired."""

    async def put(self, answer: CachedAnswer) -> None:
        """Store; the newest answer stands."""


class AnswerLedger(Protocol):
    """Raw answers by the key of their call, written before parsing: a retry after a crash pays nothing.

    >>> ledger = MemoryLedger()
    >>> run(ledger.get("turn-1:propose")) is None
    True
    """

    async def get(self, key: str) -> PaidAnswer | None:
        """Return the answer of that call, if one arrived."""

    async def put(self, answer: PaidAnswer) -> PaidAnswer:
        """Store once per key; return what stands."""


class TurnFeed(Protocol):
    """Progress and unchecked text of one running turn; losing a piece is harmless.

    >>> feed = MemoryFeed()
    >>> run(feed.publish("stage", {"stage": "diagnose"}))
    """

    async def publish(self, event: str, data: Mapping[str, str | int | float | bool | None]) -> None:
        """Show an event such as stage, evidence, draft; never raises."""


class TurnFeeds(Protocol):
    """Opens the feed of the turn on whose behalf a step runs.

    >>> async def told() -> None:
    ...     async with MemoryFeeds().open() as feed:
    ...         await feed.publish("stage", {"stage": "reason"})
    >>> run(told())
    """

    def open(self) -> AbstractAsyncContextManager[TurnFeed]:
        """Return the feed; it is flushed when the context ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEvent:
    """One event of a running turn; `offset` resumes a broken stream after it."""

    offset: int
    event: str
    data: str
    """JSON object."""


class TurnProgress(Protocol):
    """The other end of the feed.

    >>> told = TurnEvent(offset=0, event="stage", data="{}")
    >>> progress = MemoryProgress({(CASE, 1): [told]})
    >>> [event.event for event in run(listed(progress.follow(CASE, 1, 0)))]
    ['stage']
    """

    def follow(self, case_id: UUID, number: int, offset: int) -> AsyncIterator[TurnEvent]:
        """Yield events from that offset until the turn ends; `NotFound` while it has not started."""
