"""Scripted answers, remembered progress and a silent engine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from domain.errors import ModelUnreachable, NotFound
from domain.ports.models import ModelAnswer, ModelRequest, ToolCall, TurnEvent, TurnFeed

Reply = str | Exception | tuple[ToolCall, ...]
"""JSON of an answer, the failure to raise, or the tools to ask for."""


@dataclass
class ScriptedModel:
    """LanguageModel: answers by what the request says, never by call order; remembers what it was asked."""

    script: Callable[[ModelRequest], Reply] = field(default=lambda _request: ModelUnreachable("no script"))
    configured: bool = True
    asked: list[ModelRequest] = field(default_factory=list)
    who: str = "scripted/scripted-1"

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        self.asked.append(request)
        reply = self.script(request)
        if isinstance(reply, Exception):
            raise reply
        text, calls = (reply, ()) if isinstance(reply, str) else ("", reply)
        await feed.publish("draft", {"text": text[:100]})
        return ModelAnswer(
            text=text, provider="scripted", model="scripted-1", tokens_in=100, tokens_out=len(text) // 4, calls=calls
        )


@dataclass
class MemoryFeed:
    """TurnFeed."""

    events: list[tuple[str, Mapping[str, str | int | float | bool | None]]] = field(default_factory=list)

    async def publish(self, event: str, data: Mapping[str, str | int | float | bool | None]) -> None:
        self.events.append((event, data))


@dataclass
class MemoryFeeds:
    """TurnFeeds: one feed for all turns."""

    feed: MemoryFeed = field(default_factory=MemoryFeed)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[TurnFeed, None]:
        yield self.feed


@dataclass
class MemoryProgress:
    """TurnProgress: events laid down before anybody follows."""

    events: dict[tuple[UUID, int], list[TurnEvent]] = field(default_factory=dict)

    async def follow(self, case_id: UUID, number: int, offset: int) -> AsyncIterator[TurnEvent]:
        if (case_id, number) not in self.events:
            raise NotFound("this turn has not started")
        for event in self.events[case_id, number]:
            if event.offset >= offset:
                yield event


@dataclass
class MemoryErasure:
    """Erasure: counts what it was asked to end."""

    running: dict[UUID, int] = field(default_factory=dict)
    histories: dict[UUID, int] = field(default_factory=dict)

    async def terminate(self, case_id: UUID) -> int:
        return self.running.pop(case_id, 0)

    async def forget(self, case_id: UUID) -> int:
        self.histories.pop(case_id, None)
        return 0
