"""Domain dataclass → JSON Schema that a model must answer in, and its text → that dataclass, strictly."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

LONGEST = 64 * 1024
"""Characters of an answer; a longer one is not read."""
DEEPEST = 12
"""Nested brackets; a proposal needs five."""

T = TypeVar("T")


class MalformedAnswer(ValueError):
    """An answer that does not follow its schema; the message names the place, never a value."""


def schema_of(adapter: TypeAdapter[Any]) -> str:
    """Return the JSON Schema of a type: every field required, no other allowed, which strict modes of providers ask for."""
    return orjson.dumps(_closed(adapter.json_schema())).decode()


def parse(adapter: TypeAdapter[T], text: str) -> T:
    """Return the answer as its type; `MalformedAnswer` for anything that the schema does not say."""
    _check_bounds(text)
    raw = _decode(text)
    try:
        answer = adapter.validate_json(text, strict=True)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False, include_context=False)[0]
        raise MalformedAnswer(f"{_path(first['loc'])}: {first['type']}") from None
    surplus = _surplus(raw, adapter.dump_python(answer, mode="json"), ())
    if surplus is not None:
        raise MalformedAnswer(f"{_path(surplus)}: this field is not in the schema")
    return answer


def _check_bounds(text: str) -> None:
    """Refuse what is too long or too deep before anything recursive reads it."""
    if not text.strip():
        raise MalformedAnswer("the answer is empty")
    if len(text) > LONGEST:
        raise MalformedAnswer(f"the answer is longer than {LONGEST} characters")
    depth = quoted = escaped = 0
    for character in text:
        if quoted:
            quoted = not (character == '"' and not escaped)
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = 1
        else:
            depth += (character in "[{") - (character in "]}")
        if depth > DEEPEST:
            raise MalformedAnswer(f"the answer is nested deeper than {DEEPEST}")


def _decode(text: str) -> object:
    """Return the plain JSON value; NaN, infinities and repeated keys are mistakes."""
    try:
        return json.loads(text, parse_constant=_refuse_number, parse_float=_finite, object_pairs_hook=_distinct)
    except json.JSONDecodeError as failure:
        raise MalformedAnswer(f"not JSON at line {failure.lineno}, column {failure.colno}") from None


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse_number(digits)


def _refuse_number(_: str) -> float:
    raise MalformedAnswer("a number is not finite")


def _distinct(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise MalformedAnswer("an object holds a key twice")
    return dict(pairs)


def _surplus(raw: object, kept: object, path: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    """Return the path of the first key that parsing dropped: dataclasses ignore unknown keys, an answer may not have any."""
    if isinstance(raw, Mapping) and isinstance(kept, Mapping):
        for key, value in raw.items():
            found = (*path, key) if key not in kept else _surplus(value, kept[key], (*path, key))
            if found is not None:
                return found
    if isinstance(raw, list) and isinstance(kept, list):
        for place, (value, twin) in enumerate(zip(raw, kept, strict=True)):
            found = _surplus(value, twin, (*path, place))
            if found is not None:
                return found
    return None


def _path(parts: Sequence[str | int]) -> str:
    """Return a readable path; a key comes from the model, so it is cut."""
    return ".".join(str(part)[:40] for part in parts) or "the answer"


def _closed(node: Any) -> Any:
    """Return the schema with all objects closed and without titles and defaults, which strict modes refuse."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items() if key not in {"title", "default"} or isinstance(value, dict)}
    if isinstance(node.get("properties"), dict):
        closed |= {"additionalProperties": False, "required": list(node["properties"])}
    return closed
