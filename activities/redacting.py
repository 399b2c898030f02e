"""Redaction of a whole value: every free text in it passes the redactor, ids and closed words stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter

from domain.ports import Redactor

Value = TypeVar("Value")
Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

CLOSED = frozenset({
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
"""Fields that hold ids, times or words of closed lists: nothing a user wrote."""


async def redacted(redactor: Redactor, case_id: UUID, adapter: TypeAdapter[Value], value: Value) -> Value:
    """Return the value with every free text made safe; all or nothing, as the redactor promises."""
    plain: Json = adapter.dump_python(value, mode="json")
    found = list(dict.fromkeys(text for text in _texts(plain) if text))
    safe: dict[str, str] = dict(zip(found, await redactor.redact(case_id, found), strict=True))
    return adapter.validate_python(_with(plain, safe), strict=False)


def _texts(plain: Json, field: str = "") -> Iterator[str]:
    """Yield free texts in order; a text in a mapping of attributes is free, whatever its key."""
    if isinstance(plain, str) and field not in CLOSED:
        yield plain
    elif isinstance(plain, list):
        for item in plain:
            yield from _texts(item, field)
    elif isinstance(plain, dict):
        for key, item in plain.items():
            yield from _texts(item, key)


def _with(plain: Json, safe: dict[str, str], field: str = "") -> Json:
    if isinstance(plain, str):
        return plain if field in CLOSED else safe.get(plain, plain)
    if isinstance(plain, list):
        return [_with(item, safe, field) for item in plain]
    if isinstance(plain, dict):
        return {key: _with(item, safe, key) for key, item in plain.items()}
    return plain
