"""Progress and unchecked text of a running turn: published by its steps, followed by the API.

Workflow streams are experimental: if they break, progress comes from polling the projection and replies are unaffected.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.contrib.workflow_streams import WorkflowStreamClient
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import NotFound, StoreUnavailable
from domain.ports.models import TurnEvent, TurnFeed

BATCH = timedelta(milliseconds=150)
"""Measured: a token is seen after 95 ms (p50); the default of two seconds means one second."""


@dataclass(frozen=True, slots=True)
class StreamedFeed:
    """TurnFeed: pieces go to the stream of the turn that runs the step."""

    stream: WorkflowStreamClient

    async def publish(self, event: str, data: Mapping[str, str | int | float | bool | None]) -> None:
        """Put the event into the next batch."""
        told = {"at": datetime.now(UTC).isoformat(), **data}
        self.stream.topic(event, type=str).publish(json.dumps(told))


@dataclass(frozen=True, slots=True)
class StreamedFeeds:
    """TurnFeeds: only from within a step of a turn."""

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[TurnFeed, None]:
        """Return the feed; a turn that ended meanwhile loses the last pieces, which is harmless."""
        stream = await WorkflowStreamClient.from_within_activity(batch_interval=BATCH).__aenter__()  # ruff: ignore[unnecessary-dunder-call]: see below
        try:
            yield StreamedFeed(stream)
        finally:  # by hand, since an error of the last flush would hide the step's own
            with suppress(RPCError):
                await stream.flush()
            with suppress(RPCError):
                await stream.__aexit__(None, None, None)


@dataclass(frozen=True, slots=True)
class StreamedProgress:
    """TurnProgress: one subscription is one update in flight at the turn, so share it among clients."""

    client: Client
    workflow_id: Callable[[UUID, int], str]
    """The id of a turn's workflow by case and number."""

    async def follow(self, case_id: UUID, number: int, offset: int) -> AsyncIterator[TurnEvent]:
        """Yield events from that offset; what a closed turn retained is read by query."""
        stream = WorkflowStreamClient.create(self.client, self.workflow_id(case_id, number))
        try:
            async for item in stream.subscribe(from_offset=offset, result_type=str):
                yield TurnEvent(offset=item.offset, event=item.topic, data=item.data)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise NotFound("this turn has not started, or its stream is over") from error
            raise StoreUnavailable("the engine did not answer; follow again") from error
