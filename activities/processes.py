"""Spawned processes for computing; a broken pool is replaced, so one killed child costs one attempt."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class ChildLost(Exception):
    """A child ended before its work did. The engine's workers take a broken pool, told as such, for their own end."""


class Processes:
    """At most `count` children, started at first use: `spawn`, because the engine's client does not survive a fork."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        """Run a function of a module, with values that can be pickled, in a child; what it raises is raised here."""
        pool = self._pool = self._pool or self._opened()
        try:
            return await asyncio.wrap_future(pool.submit(uncollected, partial(function, *arguments, **named)))
        except BrokenProcessPool as broken:
            if self._pool is pool:
                self._pool = None
            raise ChildLost("the process that computed this ended early; another one tries again") from broken

    def _opened(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.count, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent)

    def close(self) -> None:
        """End the children; work in progress is lost and done again by whoever asks."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def uncollected(work: Callable[[], Result]) -> Result:
    """Do some work without looking for reference cycles: it makes very many values and none; measured, a third of its time.

    Afterwards what was freed goes back to the machine, where its allocator can (glibc's `malloc_trim`; measured, 12 MiB a process).
    """
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
        if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
            trim(0)


def end_with_parent() -> None:
    """Let this child end when its parent does, however that ends: a killed worker leaves no children behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
