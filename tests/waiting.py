"""Waiting for a condition: the only place in the tests that lets time pass."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


def until(condition: Callable[[], bool], seconds: float = 10.0, what: str = "the condition") -> None:
    """Return as soon as the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not hold within {seconds:g} s")
        time.sleep(0.02)


async def eventually(
    condition: Callable[[], Awaitable[bool]], seconds: float = 10.0, what: str = "the condition", every: float = 0.02
) -> None:
    """Return as soon as the awaited condition holds; fail when it does not in time. `every` spares a server that is asked."""
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not hold within {seconds:g} s")
        await asyncio.sleep(every)


async def pause(seconds: float) -> None:
    """Let time pass between two arrivals of a generated load."""
    await asyncio.sleep(seconds)
