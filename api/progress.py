"""Progress of running turns: one subscription per turn, any number of SSE clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sse_starlette import ServerSentEvent
from temporalio.service import RPCError

from api.dependencies import Ports
from api.views import turns as view
from api.views.wire import Json, at, restored
from domain.case.projection import TurnRecord
from domain.case.turns import TurnStatus
from domain.errors import NotFound
from domain.ports.models import TurnEvent
from domain.privacy.forms import split
from workflows import names
from workflows.case import CaseWorkflow

ASK_AGAIN = 0.25
"""Seconds between two looks at a turn that waits for its place in the queue."""


@dataclass(slots=True)
class Channel:
    """What one turn has told so far; clients wait for more."""

    told: list[TurnEvent] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    over: bool = False


@dataclass(slots=True)
class Channels:
    """The turns that somebody in this process watches."""

    ports: Ports
    open: dict[str, Channel] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def of(self, case_id: UUID, turn_id: str, number: int) -> Channel:
        """Return the turn's channel, subscribing at its first use."""
        channel = self.open.get(turn_id)
        if channel is None:
            channel = self.open[turn_id] = Channel()
            task = asyncio.create_task(self._fill(channel, case_id, turn_id, number))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return channel

    async def _fill(self, channel: Channel, case_id: UUID, turn_id: str, number: int) -> None:
        try:
            async for event in self.ports.progress.follow(case_id, number, 0):
                async with channel.news:
                    channel.told.append(event)
                    channel.news.notify_all()
        except (RPCError, NotFound):
            pass  # progress is optional: the answer comes from the store
        finally:
            async with channel.news:
                channel.over = True
                channel.news.notify_all()
            self.open.pop(turn_id, None)


async def events(ports: Ports, channels: Channels, record: TurnRecord, after: int) -> AsyncIterator[ServerSentEvent]:
    """Yield the turn's events after that offset and, last, its answer; leaving does not touch the turn."""
    number = await _started(ports, record)
    if number:
        yield _event("started", {"turn_number": number}, record.turn_id)
        async for event, data in uncut(_told(channels.of(record.case_id, record.turn_id, number))):
            if event.offset <= after:
                continue
            shown = await restored(ports.redactor, record.case_id, data)
            yield _event(event.event, shown, record.turn_id, event.offset)
    yield await _last(ports, record)


async def _started(ports: Ports, record: TurnRecord) -> int:
    """Return the number of the running turn; 0 when it has ended already."""
    case = ports.temporal.get_workflow_handle_for(CaseWorkflow.run, names.case(record.case_id))
    while True:
        standing = await ports.conversation.turn(record.turn_id)
        if standing is None or standing.status in {"answered", "failed", "refused"}:
            return 0
        try:
            asked = await case.query(CaseWorkflow.turn, record.turn_id, rpc_timeout=timedelta(seconds=2))
        except RPCError:
            asked = None  # no worker answers: ask again until the turn has ended or the client leaves
        if asked is not None and asked.status is TurnStatus.RUNNING:
            return asked.number
        await asyncio.sleep(ASK_AGAIN)


async def uncut(told: AsyncIterator[TurnEvent]) -> AsyncIterator[tuple[TurnEvent, dict[str, Json]]]:
    """Yield each event with its data; a draft's piece that may end inside a placeholder lends its tail to the next piece.

    So the pieces, restored one by one and joined, are the restored whole (privacy.md 7.4). The answer replaces the last tail.
    """
    held = ""
    async for event in told:
        data = json.loads(event.data)
        if event.event == "restarted":
            held = ""
        if event.event == "draft":
            data["text"], held = split(held + data["text"])
        yield event, data


async def _told(channel: Channel) -> AsyncIterator[TurnEvent]:
    seen = 0
    while fresh := await _news(channel, seen):
        seen += len(fresh)
        for event in fresh:
            yield event


async def _news(channel: Channel, seen: int) -> list[TurnEvent]:
    """Return what was told after the first `seen` events; nothing once the turn is over."""
    async with channel.news:
        await channel.news.wait_for(lambda: len(channel.told) > seen or channel.over)
        return channel.told[seen:]


def _event(name: str, data: dict[str, object], turn_id: str, offset: int | None = None) -> ServerSentEvent:
    body = json.dumps({**data, "turn_id": turn_id, "at": at(datetime.now(UTC))})
    return ServerSentEvent(body, event=name, id=None if offset is None else str(offset))


async def _last(ports: Ports, record: TurnRecord) -> ServerSentEvent:
    standing = await ports.conversation.turn(record.turn_id)
    while standing is not None and standing.status in {"claimed", "accepted"}:
        await asyncio.sleep(ASK_AGAIN)
        standing = await ports.conversation.turn(record.turn_id)
    if standing is None or standing.status != "answered":
        return _event("failed", {"code": "TURN_FAILED", "detail": "the turn ended without an answer"}, record.turn_id)
    body = await restored(ports.redactor, record.case_id, view.answered(view.stored(standing)))
    return _event("answer", body, record.turn_id)
