"""What both model SDKs need alike: time-outs, a bounded stream, and statuses as failures of ours.

Messages name the provider and the status; what a provider wrote may quote the prompt and is never passed on.
"""

from __future__ import annotations

import asyncio
import binascii
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2

from activities.adapters.trusted import trusted
from domain.errors import FaultMavenError, ModelBusy, ModelRefused, ModelUnreachable, ToolsRefused
from domain.ports.models import ModelRequest, ToolCall

CONNECT_S, FIRST_S, GAP_S, WHOLE_S = 3.0, 15.0, 10.0, 90.0
"""Connect, first token, gap between tokens, whole call (reliability.md 4)."""
LONGEST = 256 * 1024
"""Characters after which a stream is left: no answer of ours has a tenth of it."""
MOST_CALLS = 16
"""Tool calls of one answer after which it is left."""
_ACCOUNT = frozenset({401, 402, 403, 404})
"""Key, credit, permission or model: the next request fares no better."""

_NO_TOOLS = frozenset({400, 404, 422, 501})

BROKEN = (httpx2.HTTPError, TimeoutError, ValueError, AttributeError, TypeError)
"""What reading a broken stream raises besides the SDKs' own errors: they build values from it unchecked."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a call may take; tests shorten them."""

    connect: float = CONNECT_S
    first: float = FIRST_S
    gap: float = GAP_S
    whole: float = WHOLE_S

    def http(self) -> httpx2.Timeout:
        """Return the limits of the connection itself; the stream's are kept by `listen`."""
        return httpx2.Timeout(connect=self.connect, read=self.first, write=self.gap, pool=self.connect)


class AccountRefused(ModelRefused):
    """The provider refuses us, not the request: another provider may answer it."""


async def listen(
    opening: Awaitable[AbstractAsyncContextManager[AsyncIterable[T]]],
    hear: Callable[[T], Awaitable[None]],
    patience: Patience,
    deadline_s: float,
) -> None:
    """Hear every event of a stream and close it; `TimeoutError` when the first, a next or the last comes too late.

    Before the time of the first token is up, an event that is no token yet does not shorten it.
    """
    now = asyncio.get_running_loop().time
    first = now() + patience.first
    end = now() + min(patience.whole, max(0.0, deadline_s))
    async with asyncio.timeout_at(min(end, first)) as limit, await opening as stream:
        async for event in stream:
            await hear(event)
            limit.reschedule(min(end, max(first, now() + patience.gap)))


def connection(patience: Patience) -> httpx2.AsyncClient:
    """Return a client that follows no redirect and takes no proxy from the environment (privacy.md 8)."""
    return httpx2.AsyncClient(timeout=patience.http(), follow_redirects=False, trust_env=False, verify=trusted())


def base64(data: bytes) -> str:
    """Return the bytes as both protocols carry a picture (RFC 4648)."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def failure(provider: str, status: int, headers: Mapping[str, str], now: datetime | None = None) -> FaultMavenError:
    """Return what a status means: 408, 409 and 5xx are weather, 429 asks for patience, everything else is a fact."""
    if status in {429, 503, 529}:
        wait = retry_after(headers.get("retry-after", ""), now or datetime.now(UTC))
        return ModelBusy(f"{provider} is busy (HTTP {status})", wait)
    if status in {408, 409} or status >= 500:
        return ModelUnreachable(f"{provider} failed (HTTP {status})")
    if status in _ACCOUNT:
        return AccountRefused(f"{provider} refuses this key, account or model (HTTP {status}); check the settings")
    return ModelRefused(f"{provider} refuses this request (HTTP {status})")


def refused(request: ModelRequest, provider: str, status: int, headers: Mapping[str, str]) -> FaultMavenError:
    """Return what a status means for this request: many servers and models know no tools, and say so in many ways."""
    if request.tools and not request.used and status in _NO_TOOLS:
        return ToolsRefused(f"{provider} refuses a request with tools (HTTP {status})")
    return failure(provider, status, headers)


def retry_after(header: str, now: datetime) -> int | None:
    """Return the seconds of a Retry-After header, which may be a number or an HTTP date; None when it says nothing."""
    text = header.strip()
    if text.isascii() and text.replace(".", "", 1).isdecimal():
        return min(86_400, -int(-float(text[:12]) // 1))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(86_400, max(0, -int(-(moment - now).total_seconds() // 1)))


@dataclass(slots=True)
class GrowingCall:
    """A tool call of which pieces arrived."""

    identity: str
    name: str
    arguments: str = ""


@dataclass(slots=True)
class Draft:
    """Text and tool calls that grew so far, bounded together."""

    provider: str
    text: str = ""
    size: int = 0
    calls: list[GrowingCall] = field(default_factory=list)
    open: dict[int, GrowingCall] = field(default_factory=dict)
    """The call that grows at each place of the stream."""

    def add(self, piece: str) -> None:
        """Append; an endless answer is refused."""
        self._bounded(piece)
        self.text += piece

    def call(self, place: int, identity: str, name: str, piece: str) -> None:
        """Begin a call at this place, or go on with the one there: another identity is another call."""
        self._bounded(name + piece)
        growing = self.open.get(place)
        if growing is None or (identity and identity != growing.identity):
            growing = self.open[place] = GrowingCall(identity, name)
            self.calls.append(growing)
        elif not growing.name:
            growing.name = name
        growing.arguments += piece
        if len(self.calls) > MOST_CALLS:
            raise ModelRefused(f"{self.provider} asked for more than {MOST_CALLS} tools at once; the answer was dropped")

    def _bounded(self, piece: str) -> None:
        self.size += len(piece)
        if self.size > LONGEST:
            raise ModelRefused(f"{self.provider} sent more than {LONGEST} characters; the answer was dropped")

    def whole(self) -> str:
        """Return the text; an empty one is no answer, unless tools are asked for."""
        if not self.text.strip() and not self.calls:
            raise ModelUnreachable(f"{self.provider} sent an empty answer")
        return self.text

    def called(self) -> tuple[ToolCall, ...]:
        """Return the calls in their order."""
        return tuple(ToolCall(name=one.name, arguments=one.arguments) for one in self.calls)


def call_id(step: int, place: int) -> str:
    """Return how a call is named when it is told back: never by the model's own words."""
    return f"call_{step}_{place}"
