"""A model provider over real HTTP on loopback, with a ledger of every byte that it received.

`async with ModelStub(script) as stub:` serves Anthropic's Messages API at `stub.url` and OpenAI's chat completions at
`stub.openai_url`, streamed and whole. The script is one `Reply`, a function of what was received, or a list with one of
these per call, the last of which repeats.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tests.stubs import wire


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def provider(self) -> str:
        return "anthropic" if self.path.endswith("/messages") else "openai"

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def streamed(self) -> bool:
        return bool(self.json.get("stream"))

    @property
    def system(self) -> str:
        found = self.json.get("system") or next((m["content"] for m in self.json["messages"] if m["role"] == "system"), "")
        return str(found)

    @property
    def prompt(self) -> str:
        return "\n".join(part["text"] for part in self._parts if part["type"] == "text")

    @property
    def tools(self) -> list[str]:
        """Names of what may be called now."""
        choice = self.json.get("tool_choice", "none")
        if choice in ("none", {"type": "none"}):
            return []
        return [tool["name"] if "name" in tool else tool["function"]["name"] for tool in self.json["tools"]]

    @property
    def results(self) -> list[str]:
        """What the tools said so far, in order."""
        told = self.json["messages"]
        if self.provider == "openai":
            return [m["content"] for m in told if m["role"] == "tool"]
        return [part["content"] for m in told if m["role"] == "user" and isinstance(m["content"], list) for part in m["content"]]

    @property
    def pictures(self) -> list[bytes]:
        """What was shown, as either protocol carries it."""
        sources = [part.get("source") or _data_url(part["image_url"]["url"]) for part in self._parts if part["type"] in _SHOWN]
        return [base64.b64decode(source["data"], validate=True) for source in sources]

    @property
    def _parts(self) -> list[dict[str, Any]]:
        contents = [m["content"] for m in self.json["messages"] if m["role"] == "user"]
        return [part for given in contents for part in ([{"type": "text", "text": given}] if isinstance(given, str) else given)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How to answer: by default the text, whole and at once."""

    text: str = ""
    calls: wire.Calls = ()
    """Tools that the model asks for."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = "api_error"
    """Type of the error where the status is one."""
    body: bytes | None = None
    """Sent instead of the protocol's shape."""
    stop: str | None = "end"
    """end, length, refusal, or None for none at all."""
    usage: bool = True
    silence_s: float = 0.0
    """Before the first byte."""
    gap_s: float = 0.0
    """Between bytes: trickles."""
    pace_s: float = 0.0
    """Between events, as a model that thinks while it speaks."""
    linger_s: float = 0.0
    """After the last byte, before the connection ends."""
    cut_after: int | None = None
    """Bytes of the body after which the connection is reset."""


def _data_url(url: str) -> dict[str, str]:
    """Take a data URL apart (RFC 2397)."""
    media_type, _, data = url.removeprefix("data:").partition(";base64,")
    return {"media_type": media_type, "data": data}


PATHS = ("/v1/messages", "/v1/chat/completions")
"""What the two protocols ask for."""
NOT_FOUND = b"HTTP/1.1 404 Stub\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_SHOWN = frozenset({"image", "image_url"})
Script = Reply | Callable[[Received], Reply | str]
_STOPS = {
    ("anthropic", "end"): "end_turn",
    ("anthropic", "length"): "max_tokens",
    ("anthropic", "refusal"): "refusal",
    ("anthropic", "tools"): "tool_use",
    ("openai", "tools"): "tool_calls",
    ("openai", "end"): "stop",
    ("openai", "length"): "length",
    ("openai", "refusal"): "content_filter",
}


class ModelStub:
    """Serves on a free port; `received` is the ledger, `called` is set by the first request.

    `left` is set by the first client that goes before its answer is whole. `strays` holds what was asked for besides: another
    program may have had the port before, and its clients still call.
    """

    def __init__(self, script: Script | Sequence[Script]) -> None:
        self.received: list[Received] = []
        self.strays: list[Received] = []
        self.called = asyncio.Event()
        self.left = asyncio.Event()
        self._scripts: list[Script] = list(script) if isinstance(script, Sequence) else [script]
        self._calls: set[asyncio.Task[Any]] = set()

    @property
    def openai_url(self) -> str:
        """Base URL for OpenAI's SDK, which does not add the version itself."""
        return f"{self.url}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request per connection."""
        call = asyncio.current_task()
        self._calls.add(call)
        try:
            received = await _read(reader)
            await self._heard(received, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._calls.discard(call)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _heard(self, received: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not received.path.endswith(PATHS):
            self.strays.append(received)
            writer.write(NOT_FOUND)
            return
        self.received.append(received)
        self.called.set()
        await self._until_left(self._answer(received, writer), reader)

    async def _until_left(self, answer: Coroutine[Any, Any, None], reader: asyncio.StreamReader) -> None:
        """Answer until all is said or the client has gone."""
        answering, going = asyncio.create_task(answer), asyncio.create_task(reader.read())
        try:
            await asyncio.wait({answering, going}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                self.left.set()
                raise ConnectionResetError("the client left")
            answering.result()
        finally:
            answering.cancel()
            going.cancel()
            await asyncio.gather(answering, going, return_exceptions=True)

    async def _answer(self, received: Received, writer: asyncio.StreamWriter) -> None:
        script = self._scripts[min(len(self.received), len(self._scripts)) - 1]
        reply = script if isinstance(script, Reply) else script(received)
        reply = Reply(text=reply) if isinstance(reply, str) else reply
        await asyncio.sleep(reply.silence_s)
        writer.write(_head(received, reply))
        sent = 0
        async for piece in _paced(_body(received, reply), reply):
            if reply.cut_after is not None and sent + len(piece) > reply.cut_after:
                writer.write(piece[: reply.cut_after - sent])
                await writer.drain()
                return
            writer.write(piece)
            sent += len(piece)
            await writer.drain()
        await asyncio.sleep(reply.linger_s)


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(path=head[0].split(" ")[1], headers=headers, body=body)


def _head(received: Received, reply: Reply) -> bytes:
    streamed = reply.status == 200 and received.streamed
    headers = {"content-type": "text/event-stream" if streamed else "application/json", "connection": "close"} | reply.headers
    if not streamed:
        headers["content-length"] = str(sum(map(len, _body(received, reply))))
    lines = [f"HTTP/1.1 {reply.status} Stub", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def _body(received: Received, reply: Reply) -> list[bytes]:
    if reply.body is not None:
        return [reply.body]
    if reply.status != 200:
        return [wire.error(received.provider, reply.error, f"the stub says {reply.status}: {received.prompt[:200]}")]
    stop = _STOPS.get((received.provider, "tools" if reply.calls and reply.stop == "end" else reply.stop or ""))
    prompt = received.system + received.prompt
    if received.provider == "anthropic":
        if received.streamed:
            return list(wire.sse(wire.message_events(reply.text, prompt, stop, reply.calls), named=True))
        return [json.dumps(wire.message(reply.text, prompt, stop)).encode()]
    if received.streamed:
        return list(wire.sse(wire.completion_chunks(reply.text, prompt, stop, reply.calls, usage=reply.usage), named=False))
    return [json.dumps(wire.completion(reply.text, prompt, stop)).encode()]


async def _paced(body: list[bytes], reply: Reply) -> AsyncIterator[bytes]:
    if not reply.gap_s:
        for piece in body:
            await asyncio.sleep(reply.pace_s)
            yield piece
        return
    for byte in b"".join(body):
        await asyncio.sleep(reply.gap_s)
        yield bytes([byte])
