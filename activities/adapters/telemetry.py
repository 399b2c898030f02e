"""Rendering of standard logging: one line per event, JSON in production and coloured on a terminal.

Identifiers, sizes and durations only. A foreign exception's message may quote a user, so of a failure the class names and
the places are shown; our own messages are safe by contract and are shown, too.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, TextIO

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from structlog.types import EventDict, Processor, WrappedLogger

from activities.adapters.settings import Log
from domain.errors import FaultMavenError

FRAMES = 8
"""Innermost places of a failure that are shown."""
QUIET = ("httpx", "httpx2", "httpcore", "httpcore2", "mcp", "urllib3", "aiosqlite", "alembic", "uvicorn.access", "asyncio")
"""Libraries that log every call; their warnings still show."""


def configure_logging(log: Log, stream: TextIO | None = None) -> None:
    """Let every logger of the process render to one stream; safe to repeat."""
    place = stream or sys.stderr
    console = log.format == "console" or (log.format == "auto" and place.isatty())
    last: Processor = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(place)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_before(), processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log.level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [], True


def _before() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _failure,
    ]


def _failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by what may be told of it."""
    given = event.pop("exc_info", None)
    failure = given[1] if isinstance(given, tuple) else given
    if isinstance(failure, BaseException):
        event["failure"] = describe(failure)
    return event


def describe(failure: BaseException) -> dict[str, Any]:
    """Return class, safe message, places (file:line, innermost last) and cause."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(failure.__traceback__)][-FRAMES:]
    told: dict[str, Any] = {"class": type(failure).__qualname__, "places": places}
    if isinstance(failure, FaultMavenError):
        told["message"] = str(failure)
    cause = failure.__cause__
    return told if cause is None else {**told, "cause": describe(cause)}


def bound(**fields: str | int) -> Any:
    """Return a context in which every event of this task carries the fields, such as `request_id` or `case_id`."""
    return structlog.contextvars.bound_contextvars(**fields)


def exposition(registry: CollectorRegistry) -> tuple[bytes, str]:
    """Return the body and the content type of `/metrics`."""
    return generate_latest(registry), CONTENT_TYPE_LATEST
