"""Sign of life from steps that take longer than a few seconds; cancellation travels back on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from temporalio import activity

EVERY = timedelta(seconds=2)
"""Well inside the shortest heartbeat time-out of 5 s (reliability.md 4), so that a dead worker costs seconds."""
OFTEN = timedelta(seconds=0.5)
"""Of steps that somebody pays for: a wish to stop travels back on a beat, so a cancelled turn ends within two seconds."""


@asynccontextmanager
async def beating(every: timedelta = EVERY, details: Callable[[], tuple[int, ...]] = tuple) -> AsyncGenerator[None, None]:
    """Beat in the background while the block runs, with what `details` says then.

    It proves that the event loop lives, no more: computing belongs in the process pool.
    """
    beat = asyncio.create_task(_beat(every, details))
    try:
        yield
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat


async def _beat(every: timedelta, details: Callable[[], tuple[int, ...]]) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        activity.heartbeat(*details())
