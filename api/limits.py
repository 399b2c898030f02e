"""Bounds of a request before any route sees it, as pure ASGI: body size, JSON shape, rate per caller."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import problem

MIB = 1 << 20
JSON_BYTES = 1 * MIB
TURN_BYTES = 50 * MIB
EVIDENCE_BYTES = 100 * MIB
JSON_DEPTH = 64
LIMITED = Counter("faultmaven_rate_limited_total", "Requests refused by a bucket.", ["bucket"])


class _TooLarge(Exception):
    """The body passed its bound while it was being received."""


def bound(path: str) -> int:
    """Return how many bytes the body of a route may have."""
    if path.endswith("/evidence"):
        return EVIDENCE_BYTES + MIB
    return TURN_BYTES if path.endswith("/turns") else JSON_BYTES


@dataclass(frozen=True, slots=True)
class BodyBound:
    """Refuses a body over its route's bound while it streams in, and JSON that is too deep or holds NaN."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS", "DELETE"}:
            await self.app(scope, receive, send)
            return
        headers, limit = Headers(scope=scope), bound(scope["path"])
        refusal = problem(413, f"the body is larger than the {limit // MIB} MiB this route takes", "PAYLOAD_TOO_LARGE")
        if int(headers.get("content-length", "0") or 0) > limit:
            await refusal(scope, receive, send)
            return
        try:
            await self._pass_on(scope, _counted(receive, limit), send, headers)
        except _TooLarge:
            await refusal(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        if not headers.get("content-type", "").startswith("application/json"):
            await self.app(scope, receive, send)
            return
        body = await _whole(receive)
        complaint = json_complaint(body)
        if complaint:
            await problem(400, complaint, "BAD_JSON")(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _TooLarge
        return message

    return counted


async def _whole(receive: Receive) -> bytes:
    pieces, more = [], True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def json_complaint(body: bytes) -> str:
    """Return what is wrong with a JSON body, or nothing; an empty body is fine."""
    if not body.strip():
        return ""
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except _ConstantFound as found:
        return f"{found} is not allowed in JSON; send a number or null"
    except (ValueError, RecursionError):
        return "the body is not JSON; send one UTF-8 JSON value of at most 64 levels"
    return f"the JSON is nested deeper than {JSON_DEPTH} levels" if _deeper_than(value, JSON_DEPTH) else ""


def _deeper_than(value: object, levels: int) -> bool:
    front = [value]
    for _ in range(levels):
        front = [item for holder in front for item in _items(holder)]
        if not front:
            return False
    return any(isinstance(item, dict | list) for item in front)


def _items(holder: object) -> list[object]:
    if isinstance(holder, dict):
        return list(holder.values())
    return holder if isinstance(holder, list) else []


class _ConstantFound(Exception):
    """NaN or Infinity stood where a number belongs."""


def _no_constant(name: str) -> float:
    raise _ConstantFound(name)


@dataclass(frozen=True, slots=True)
class Buckets:
    """Requests per minute and caller; polling a turn is exempt."""

    app: ASGIApp
    per_minute: Mapping[str, int]
    """reads, writes, turns, titles."""
    window: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        bucket = bucket_of(scope) if scope["type"] == "http" else ""
        if not bucket or await self._admit(bucket, scope):
            await self.app(scope, receive, send)
            return
        LIMITED.labels(bucket).inc()
        told = f"more than {self.per_minute[bucket]} {bucket} in a minute; wait and send it again"
        await problem(429, told, "RATE_LIMITED", 5)(scope, receive, send)

    async def _admit(self, bucket: str, scope: Scope) -> bool:
        caller = Headers(scope=scope).get("authorization") or str((scope.get("client") or ("-",))[0])
        return await self.window.hit(RateLimitItemPerMinute(self.per_minute[bucket]), bucket, str(hash(caller)))


def bucket_of(scope: Scope) -> str:
    """Return the bucket that a request draws from, or nothing for exempt ones."""
    path, method = scope["path"], scope["method"]
    if not path.startswith("/api/") or method == "OPTIONS" or ("/turns/" in path and method == "GET"):
        return ""
    if method == "GET":
        return "reads"
    if path.endswith("/turns"):
        return "turns"
    return "titles" if path.endswith("/title") else "writes"
