"""Waiting for a condition: the only place in the tests that lets time pass."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Done = TypeVar("Done")

ASK_AGAIN_S = 0.2
"""Between two questions over HTTP: asking at full speed keeps busy what shall answer."""
PATIENCE_S = 90.0
"""What holds at all holds sooner; a machine that stands still for seconds shall fail no test."""


def until(condition: Callable[[], bool], seconds: float = PATIENCE_S, what: str = "the condition", every: float = 0.02) -> None:
    """Return as soon as the condition holds; fail when it does not in time. `every` spares a server that is asked."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not hold within {seconds:g} s")
        time.sleep(every)


async def eventually(
    condition: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_S, what: str = "the condition", every: float = 0.05
) -> None:
    """Return as soon as the awaited condition holds; fail when it does not in time. `every` spares a server that is asked."""
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not hold within {seconds:g} s")
        await asyncio.sleep(every)


async def in_time(seconds: float, work: Callable[[], Awaitable[Done]], tries: int = 3) -> list[Done]:
    """Do it until it once is over within these seconds on the clock; return what each try gave.

    A machine that stands still spoils a try; what is too slow by itself is so every time.
    """
    done: list[Done] = []
    for _ in range(tries):
        began = time.monotonic()
        done.append(await work())
        took = time.monotonic() - began
        if took < seconds:
            return done
    raise AssertionError(f"took {took:.1f} s of {seconds:g}, as the tries before")


async def pause(seconds: float) -> None:
    """Let time pass between two arrivals of a generated load."""
    await asyncio.sleep(seconds)
