"""Redaction of a whole value, and the way back: every free text in it passes the redactor, ids and closed words stay.

A safe text is never redacted again: what reads as a placeholder would count as a forged one. So a value that mixes safe and
raw texts is restored first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from domain.ports.sealing import Redactor

Value = TypeVar("Value")
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

BETWEEN = "\x1e\x1f\x1e"
"""Stands between texts that are restored together."""

CLOSED = frozenset({
    "name",
    "file",
    "earlier",
    "later",
    "time_local",
    "first_time_local",
    "last_time_local",
    "evidence",
    "file_id",
    "finding",
    "id",
    "hash",
    "family",
    "category",
    "kind",
    "status",
    "origin",
    "direction",
    "strength",
    "verdict",
    "certainty",
    "level",
    "assurance",
    "stance",
    "time",
    "first_time",
    "last_time",
    "onset",
    "chain",
    "analysis_key",
    "lines_key",
    "answer_key",
    "version",
    "reversible",
    "ongoing",
})
"""Fields that hold ids, times, words of closed lists, or names of files, which are made safe when they arrive."""


OPEN: frozenset[str] = frozenset()
"""Of a value that is nobody's words of ours: all of it is free text."""


async def redacted(
    redactor: Redactor, case_id: UUID, adapter: TypeAdapter[Value], value: Value, closed: frozenset[str] = CLOSED
) -> Value:
    """Return the raw value with every free text made safe; all or nothing, as the redactor promises."""
    plain: Json = adapter.dump_python(value, mode="json")
    found = tuple(dict.fromkeys(text for text in _texts(plain, closed) if text))
    safe: dict[str, str] = dict(zip(found, await redactor.redact(case_id, found), strict=True))
    return adapter.validate_python(_with(plain, safe, closed))


async def restored(
    redactor: Redactor, case_id: UUID, adapter: TypeAdapter[Value], value: Value, closed: frozenset[str] = CLOSED
) -> Value:
    """Return the safe value with originals in the place of placeholders; dropped ones read as `[KIND]`."""
    plain: Json = adapter.dump_python(value, mode="json")
    found = tuple(dict.fromkeys(text for text in _texts(plain, closed) if text))
    whole = await redactor.restore(case_id, BETWEEN.join(text.replace(BETWEEN, " ") for text in found))
    return adapter.validate_python(_with(plain, dict(zip(found, whole.split(BETWEEN), strict=bool(found))), closed))


def _texts(plain: Json, closed: frozenset[str], field: str = "") -> Iterator[str]:
    """Yield free texts in order; a text in a mapping of attributes is free, whatever its key."""
    if isinstance(plain, str) and field not in closed:
        yield plain
    elif isinstance(plain, list):
        for item in plain:
            yield from _texts(item, closed, field)
    elif isinstance(plain, dict):
        for key, item in plain.items():
            yield from _texts(item, closed, key)


def _with(plain: Json, safe: dict[str, str], closed: frozenset[str], field: str = "") -> Json:
    if isinstance(plain, str):
        return plain if field in closed else safe.get(plain, plain)
    if isinstance(plain, list):
        return [_with(item, safe, closed, field) for item in plain]
    if isinstance(plain, dict):
        return {key: _with(item, safe, closed, key) for key, item in plain.items()}
    return plain
