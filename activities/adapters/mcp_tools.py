"""Tools of one MCP server, by the official SDK: read-only ones of the settings' list, a connection for each question.

A server gets the arguments of the call and nothing else: no sampling, no elicitation, no roots, none of our variables. What it
lists is looked at anew before each call, so a tool that changed is refused.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import starmap
from os import devnull
from pathlib import Path
from typing import TextIO

import httpx2
import orjson
from mcp import Client, MCPError, StdioServerParameters, Tool, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from activities.adapters.mcp_servers import McpServer, offered_name
from activities.adapters.trusted import trusted
from domain.errors import OutsideRefused, OutsideUnreachable
from domain.ports.models import ToolOffer
from domain.ports.outside import Heard, Offered
from domain.privacy.placeholders import SafeText

LISTED_S = 5.0
"""For a list of tools: a turn begins with it, so it must leave the model its time."""
PAGES = 5
"""Of a list of tools."""
LONGEST = 4 << 20
"""Bytes that a server may send over HTTP for one question."""
ROWS = 200
"""Parts of an answer that are read."""
FAILED = "The tool says that it failed:"
BROKEN = (MCPError, OSError, ValueError, RuntimeError, httpx2.HTTPError, ExceptionGroup)
"""What a server that ends, lies or is not there makes the SDK raise; its task groups wrap whatever it was."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class McpTools:
    """One server."""

    name: str
    server: McpServer
    seconds: float
    listed_s: float = LISTED_S
    longest: int = LONGEST

    @property
    def names(self) -> tuple[str, ...]:
        """The tools of the settings."""
        return tuple(self._own)

    @property
    def _own(self) -> Mapping[str, str]:
        """What a model calls a tool → what its server calls it."""
        return {offered_name(self.name, tool): tool for tool in self.server.tools}

    async def offers(self) -> Offered:
        """Return the tools of the settings that the server has and calls read-only; one that writes is refused, and not away."""
        try:
            async with asyncio.timeout(min(self.listed_s, self.seconds)), self._connected() as client:
                listed = await _listed(client)
        except (TimeoutError, *BROKEN) as broken:
            logger.warning("mcp server is away", extra={"server": self.name, "failure": type(broken).__name__})
            return Offered(away=self.names)
        fit = {name: listed[tool] for name, tool in self._own.items() if self._fits(listed.get(tool), tool)}
        return Offered(
            offers=tuple(starmap(_offer, fit.items())),
            away=tuple(name for name, tool in self._own.items() if tool not in listed),
        )

    def _fits(self, tool: Tool | None, name: str) -> bool:
        """Tell whether a tool may be offered, and otherwise log why not."""
        why = "the server has no such tool" if tool is None else "" if _reads(tool) else "the server does not call it read-only"
        if why:
            logger.warning("mcp tool is refused: %s", why, extra={"server": self.name, "tool": name})
        return not why

    async def ask(self, name: str, arguments: SafeText) -> Heard:
        """Ask once; a tool that is gone, or not read-only any more, is not called."""
        tool = self._own[name]
        try:
            async with asyncio.timeout(self.seconds), self._connected() as client:
                found = (await _listed(client)).get(tool)
                answer = await client.call_tool(tool, orjson.loads(arguments)) if found and _reads(found) else None
        except (TimeoutError, *BROKEN) as broken:
            raise OutsideUnreachable(f"the MCP server {self.name} does not answer ({type(broken).__name__})") from None
        if answer is None:
            raise OutsideRefused(f"the MCP server {self.name} does not offer this tool as read-only any more")
        return Heard(said=_texts(answer), sources=(f"{tool} of the MCP server {self.name}",))

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Client]:
        """Open a connection of its own; what a command writes to its standard error is nobody's to read."""
        if self.server.url:
            headers = {name: value.get_secret_value() for name, value in self.server.headers.items()}
            limits = httpx2.Timeout(self.seconds)
            transport = _Bounded(httpx2.AsyncHTTPTransport(verify=trusted()), self.longest)
            async with (
                httpx2.AsyncClient(headers=headers, timeout=limits, trust_env=False, transport=transport) as http,
                Client(streamable_http_client(self.server.url, http_client=http), cache=None) as client,
            ):
                yield client
            return
        variables = {name: value.get_secret_value() for name, value in self.server.env.items()}
        started = StdioServerParameters(command=self.server.command, args=list(self.server.args), env=variables)
        with _nowhere() as nowhere:
            async with Client(stdio_client(started, errlog=nowhere), cache=None) as client:
                yield client


def _nowhere() -> TextIO:
    return Path(devnull).open("w", encoding="utf-8")


async def _listed(client: Client) -> Mapping[str, Tool]:
    """Return the server's tools by name, so many pages of them."""
    tools: dict[str, Tool] = {}
    cursor = None
    for _ in range(PAGES):
        page = await client.list_tools(cursor=cursor)
        tools |= {tool.name: tool for tool in page.tools}
        cursor = page.next_cursor
        if not cursor:
            break
    return tools


def _reads(tool: Tool) -> bool:
    """Tell whether its server says that a tool changes nothing."""
    said = tool.annotations
    return said is not None and said.read_only_hint is True and said.destructive_hint is not True


def _offer(name: str, tool: Tool) -> ToolOffer:
    return ToolOffer(name=name, description=tool.description or "", schema=orjson.dumps(tool.input_schema).decode())


def _texts(answer: CallToolResult) -> tuple[str, ...]:
    """Return the texts of an answer; pictures, sounds and links are left out."""
    texts = tuple(part.text for part in answer.content[:ROWS] if isinstance(part, TextContent))
    return (FAILED, *texts) if answer.is_error else texts


class _Counted(httpx2.AsyncByteStream):
    """A body that ends in a failure where it grows too long."""

    def __init__(self, body: httpx2.AsyncByteStream, longest: int) -> None:
        self._body, self._left = body, longest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            self._left -= len(piece)
            if self._left < 0:
                raise httpx2.ReadError("the answer is too long")
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


class _Bounded(httpx2.AsyncBaseTransport):
    """HTTP whose answers are bounded: the SDK reads a JSON body whole."""

    def __init__(self, inner: httpx2.AsyncHTTPTransport, longest: int) -> None:
        self._inner, self._longest = inner, longest

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        if isinstance(answer.stream, httpx2.AsyncByteStream):
            answer.stream = _Counted(answer.stream, self._longest)
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()
