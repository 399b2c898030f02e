"""How values look on the wire: times, and placeholders restored for the owner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from fastapi import Response
from fastapi.encoders import jsonable_encoder

from domain.ports.sealing import Redactor
from domain.privacy.forms import OPENINGS

Json = Any
"""What `json` can hold: JSON is untyped where it leaves."""
SEPARATOR = "\x00"
"""Stands in no JSON text of ours, so many strings are restored in one pass."""


def when(moment: datetime | None) -> str | None:
    """Return RFC 3339 in UTC with milliseconds."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at(moment: datetime) -> str:
    """Return the time of something that has one."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def restored(redactor: Redactor, case_id: UUID, body: object) -> Json:
    """Return the body as JSON with every placeholder as the owner may see it; values go in as text, escaped later."""
    plain = jsonable_encoder(body)
    held = sorted({text for text in _strings(plain) if any(opening in text.lower() for opening in OPENINGS)})
    if not held:
        return plain
    shown = await redactor.restore(case_id, SEPARATOR.join(held))
    return _replaced(plain, dict(zip(held, shown.split(SEPARATOR), strict=True)))


async def restored_all(redactor: Redactor, bodies: list[tuple[UUID, object]]) -> list[Json]:
    """Return bodies of several cases, restored side by side."""
    return list(await asyncio.gather(*(restored(redactor, case_id, body) for case_id, body in bodies)))


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _replaced(value: Json, shown: dict[str, str]) -> Json:
    if isinstance(value, str):
        return shown.get(value, value)
    if isinstance(value, dict):
        return {key: _replaced(item, shown) for key, item in value.items()}
    return [_replaced(item, shown) for item in value] if isinstance(value, list) else value


def json_response(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the body as it is; case data is never cached."""
    every = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(body), status, every, "application/json")
