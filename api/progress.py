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
from domain.case.turns import TurnReceipt, TurnStatus
from domain.errors import FaultMavenError
from domain.ports.models import TurnEvent
from domain.privacy.forms import split
from workflows import names
from workflows.case import CaseWorkflow

ASK_AGAIN = 0.25
"""Seconds between two looks at a turn that waits for its place in the queue, or whose stream is away."""
KEPT = timedelta(hours=1)
"""How long after it was sent a turn tells more than its answer (contract.md 6)."""
DIGITS = 9
"""Of the longest offset; a stream ends long before."""
ENDED = frozenset({"answered", "failed", "refused"})

Told = tuple[TurnEvent, dict[str, Json]]
"""An event with its data."""


@dataclass(slots=True)
class Channel:
    """What one turn has told so far; clients wait for more."""

    told: list[TurnEvent] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    over: bool = False
    whole: bool = False
    """Heard to its end."""

    @property
    def next(self) -> int:
        """The offset after what was told."""
        return self.told[-1].offset + 1 if self.told else 0


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
        """Take in what the turn tells until it ends, also when the engine is away meanwhile or has not opened it yet."""
        going = True
        try:
            while going:
                going = await self._follow(channel, case_id, number, turn_id)
        except FaultMavenError:
            pass  # progress is optional: the answer comes from the store
        finally:
            async with channel.news:
                channel.over = True
                channel.news.notify_all()
            self.open.pop(turn_id, None)

    async def _follow(self, channel: Channel, case_id: UUID, number: int, turn_id: str) -> bool:
        """Hear the turn from where the channel stands; tell whether to try again after a failure."""
        try:
            async for event in self.ports.progress.follow(case_id, number, channel.next):
                async with channel.news:
                    channel.told.append(event)
                    channel.news.notify_all()
        except (RPCError, FaultMavenError):
            await asyncio.sleep(ASK_AGAIN)
            standing = await self.ports.conversation.turn(turn_id)
            return standing is not None and standing.status not in ENDED
        channel.whole = True
        return False


async def events(ports: Ports, channels: Channels, record: TurnRecord, last_id: str | None) -> AsyncIterator[ServerSentEvent]:
    """Yield the turn's events after the one of that id and, last, its answer; leaving does not touch the turn."""
    asked = await _asked(ports, record)
    if asked is not None and asked.status is TurnStatus.QUEUED:
        yield _event("accepted", {"ahead": asked.ahead}, record.turn_id)
    number = await _started(ports, record)
    if number:
        channel = channels.of(record.case_id, record.turn_id, number)
        async for event, data in resumed(channel, place(last_id)):
            shown = await restored(ports.redactor, record.case_id, data)
            yield _event(event.event, shown, record.turn_id, event.offset)
    yield await _last(ports, record)


def place(last_id: str | None) -> int:
    """Return the offset that a `Last-Event-ID` names, before all events where it names none."""
    known = last_id is not None and len(last_id) <= DIGITS and last_id.isascii() and last_id.isdecimal()
    return int(last_id) if last_id is not None and known else -1


async def resumed(channel: Channel, offset: int) -> AsyncIterator[Told]:
    """Yield what comes after that offset; all of it when the turn ends without reaching it: then it is the id of another turn."""
    passed: list[Told] = []
    async for event, data in uncut(_told(channel)):
        if event.offset > offset:
            yield event, data
        else:
            passed.append((event, data))
    if channel.whole and channel.next <= offset:
        for event, data in passed:
            yield event, data


async def _started(ports: Ports, record: TurnRecord) -> int:
    """Return the number of the turn once it runs; 0 when it ended so long ago that its answer alone is kept."""
    while True:
        standing = await ports.conversation.turn(record.turn_id)
        if standing is None or standing.status in ENDED:
            recent = datetime.now(UTC) - record.claimed_at < KEPT
            return standing.number or 0 if standing is not None and recent else 0
        asked = await _asked(ports, record)
        if asked is not None and asked.status is TurnStatus.RUNNING:
            return asked.number
        await asyncio.sleep(ASK_AGAIN)


async def _asked(ports: Ports, record: TurnRecord) -> TurnReceipt | None:
    """Return where the turn stands in its case; None while no worker answers: ask again until it has ended."""
    case = ports.temporal.get_workflow_handle_for(CaseWorkflow.run, names.case(record.case_id))
    try:
        return await case.query(CaseWorkflow.turn, record.turn_id, rpc_timeout=timedelta(seconds=2))
    except RPCError:
        return None


async def uncut(told: AsyncIterator[TurnEvent]) -> AsyncIterator[Told]:
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
