"""The tools of other servers that the settings name: none of them by default."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from activities.adapters.mcp_servers import read_servers
from activities.adapters.settings import Settings
from activities.adapters.web_search import BRAVE, WebSearch
from domain.errors import OutsideRefused
from domain.ports.outside import Heard, Offered, OutsideTools
from domain.privacy.placeholders import SafeText


@dataclass(frozen=True, slots=True)
class Together:
    """Several servers as one."""

    parts: tuple[OutsideTools, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of their tools."""
        return tuple(chain.from_iterable(part.names for part in self.parts))

    async def offers(self) -> Offered:
        """Ask all of them at the same time."""
        found = await asyncio.gather(*(part.offers() for part in self.parts))
        return Offered(
            offers=tuple(chain.from_iterable(one.offers for one in found)),
            away=tuple(chain.from_iterable(one.away for one in found)),
        )

    async def ask(self, name: str, arguments: SafeText) -> Heard:
        """Ask the one that has the tool."""
        for part in self.parts:
            if name in part.names:
                return await part.ask(name, arguments)
        raise OutsideRefused("no setting names this tool")


def open_outside(settings: Settings) -> OutsideTools:
    """Return what the settings name; nothing is asked before a model does."""
    return Together((*_web(settings), *_mcp(settings)))


def _web(settings: Settings) -> Sequence[OutsideTools]:
    web = settings.web
    if web.send_words_to == "nobody":
        return ()
    return (WebSearch(kind=web.send_words_to, address=web.base_url or BRAVE, key=web.api_key.get_secret_value()),)


def _mcp(settings: Settings) -> Sequence[OutsideTools]:
    """Open the servers of the file; the SDK takes a second to import, and only those who name servers need it."""
    if settings.mcp.servers is None:
        return ()
    from activities.adapters.mcp_tools import McpTools  # ruff: ignore[import-outside-top-level]  # an extra, see above

    named = read_servers(settings.mcp.servers.expanduser()).servers
    return [McpTools(name=name, server=server, seconds=settings.mcp.whole_s) for name, server in named.items()]
