"""The request id: taken from the caller when well-formed, else made; on every answer, log line and error."""

from __future__ import annotations

import logging
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

from prometheus_client import Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,128}")
REQUESTS = Histogram("faultmaven_http_request_duration_seconds", "Time to answer.", ["route", "method", "status"])
IN_FLIGHT = Gauge("faultmaven_http_in_flight", "Requests being answered.")

_current: ContextVar[str] = ContextVar("request_id", default="-")


def request_id() -> str:
    """Return the id of the request being answered."""
    return _current.get()


@dataclass(frozen=True, slots=True)
class Correlation:
    """Outermost layer: binds the id, sets both headers, counts and logs each request without its content."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        identity = given if WELL_FORMED.fullmatch(given) else uuid4().hex
        token = _current.set(identity)
        started, status = time.perf_counter(), [500]

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = headers["X-Correlation-ID"] = identity
            await send(message)

        try:
            with IN_FLIGHT.track_inprogress():
                await self.app(scope, receive, tagged)
        finally:
            _count(scope, status[0], time.perf_counter() - started)
            _current.reset(token)


def _count(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unrouted")
    REQUESTS.labels(route, scope["method"], str(status)).observe(seconds)
    log.info("request", extra={"route": route, "method": scope["method"], "status": status, "seconds": round(seconds, 4)})
