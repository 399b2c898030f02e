"""A port that can be switched off: every call, or the named ones, raise until it is back."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from typing import Any


@dataclass
class Switch:
    """What several ports of one component share; `failure` is raised while it is set."""

    failure: Exception | None = None


class Faulty:
    """Passes everything on to the real fake, unless its switch holds a failure."""

    def __init__(self, real: Any, switch: Switch, only: Collection[str] = ()) -> None:
        self._real, self._switch, self._only = real, switch, only

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found) or (self._only and name not in self._only):
            return found
        return self._streamed(found) if inspect.isasyncgenfunction(found) else self._awaited(found)

    def _awaited(self, found: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*given: Any, **named: Any) -> Any:
            if self._switch.failure:
                raise self._switch.failure
            return await found(*given, **named)

        return call

    def _streamed(self, found: Callable[..., AsyncIterator[Any]]) -> Callable[..., AsyncIterator[Any]]:
        async def call(*given: Any, **named: Any) -> AsyncIterator[Any]:
            if self._switch.failure:
                raise self._switch.failure
            async for piece in found(*given, **named):
                yield piece

        return call
