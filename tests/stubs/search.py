"""An engine that searches the web, over real HTTP on loopback: SearXNG's and Brave's form of an answer, and every bad one."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

Page = tuple[str, str, str]
"""Title, address, words."""


@dataclass
class SearchStub:
    """Answers every search alike; `received` is the ledger."""

    pages: Sequence[Page] = ()
    status: int = 200
    headers: tuple[str, ...] = ()
    body: bytes | None = None
    """Sent instead of pages."""
    silent: bool = False
    received: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    """Path, query and headers of each request."""
    url: str = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            first, *rows = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            target = urlsplit(first.split(" ")[1])
            query = {name: values[0] for name, values in parse_qs(target.query).items()}
            self.received.append((target.path, query, {k.lower(): v for k, _, v in (row.partition(": ") for row in rows if row)}))
            if self.silent:
                await reader.read()
            body = self._body(target.path) if self.body is None else self.body
            head = [f"HTTP/1.1 {self.status} Stub", f"content-length: {len(body)}", "connection: close", *self.headers, "", ""]
            writer.write("\r\n".join(head).encode() + body)
            await writer.drain()
        writer.close()

    def _body(self, path: str) -> bytes:
        if path == "/search":
            found: object = {"results": [{"title": title, "url": url, "content": words} for title, url, words in self.pages]}
        else:
            rows = [{"title": title, "url": url, "description": words} for title, url, words in self.pages]
            found = {"type": "search", "web": {"type": "search", "results": rows}}
        return json.dumps(found).encode()


@asynccontextmanager
async def searching(**given: object) -> AsyncGenerator[SearchStub]:
    """Serve on a free port."""
    stub = SearchStub(**given)
    server = await asyncio.start_server(stub._serve, "127.0.0.1", 0)
    stub.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield stub
