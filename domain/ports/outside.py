"""Read-only tools of other servers, as the settings name them: a search of the web, tools of MCP servers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.ports.models import ToolOffer
from domain.privacy.placeholders import SafeText


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the servers offer now; descriptions and schemas are their own words, raw."""

    offers: tuple[ToolOffer, ...] = ()
    away: tuple[str, ...] = ()
    """Tools that the settings name and that are not to be had, by our names for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a server said: foreign text, raw, and bounded by the adapter."""

    said: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Where it says to have it from, for people."""


class OutsideTools(Protocol):
    """Servers that are asked for what the evidence does not hold; what leaves is safe text.

    >>> outside = MemoryOutside(answers={"search_web": ("Raise the pool.",)})
    >>> outside.names
    ('search_web',)
    >>> run(outside.ask("search_web", '{"words": "pool is full"}')).said
    ('Raise the pool.',)
    """

    @property
    def names(self) -> tuple[str, ...]:
        """All names that a model may call them by, in their order; words of the settings, never of a server."""

    async def offers(self) -> Offered:
        """Return what is to be had now; a server that is away is told and no failure."""

    async def ask(self, name: str, arguments: SafeText) -> Heard:
        """Return what the tool says to a JSON object; raises OutsideUnreachable, or OutsideRefused where asking again is vain."""
