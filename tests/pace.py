"""Bounds of processor time on the machine of the moment: they stretch by what a fixed piece of work takes just then."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

USUAL_S = 0.0030
"""What the fixed work takes on the two quiet cores that all bounds were set on."""


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call, as measured."""
    started = time.process_time()
    work()
    return time.process_time() - started


def quickest(work: Callable[[], object], tries: int = 4) -> float:
    """CPU seconds of the best of some calls, told for the usual machine: each is set against the pace beside it."""
    return min(cpu(work) / slowness() for _ in range(tries))


@contextmanager
def within(seconds: float) -> Generator[None, None, None]:
    """Fail when the block takes more CPU seconds than that, told for the usual machine."""
    started = time.process_time()
    try:
        yield
    finally:
        spent = time.process_time() - started
    assert spent < seconds or spent < seconds * slowness(), f"took {spent:.2f} s of {seconds:g}"


def slowness() -> float:
    """How many times longer than usual the fixed work takes now; never less than once."""
    return max(1.0, min(cpu(_fixed) for _ in range(3)) / USUAL_S)


def _fixed() -> None:
    counts: dict[str, int] = {}
    for number in range(20_000):
        key = str(number * 7_919 % 1_009)
        counts[key] = counts.get(key, 0) + len(key)
