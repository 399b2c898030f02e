"""Whole values as pages of text, kept beside the tests and read by people.

`told` prints any value without the fields that have their default. `kept` compares it with the page that is kept;
`WRITE_PAGES=1` writes the page anew, and its diff is then reviewed like code.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from textwrap import wrap

WIDTH, LINES = 130, 3
"""A value that fits so many lines is told as one, wrapped."""


def told(value: object) -> str:
    """Return the value as text: one line where it fits, else one part per line."""
    return "\n".join(_lines(value))


def changed(before: object, after: object) -> str:
    """Return the fields in which a dataclass differs from an earlier one; of a sequence what came (+), went (-) or changed (~)."""
    return "\n".join(line for name, old, new in _pairs(before, after) for line in _difference(name, old, new))


def _pairs(before: object, after: object) -> Iterator[tuple[str, object, object]]:
    for each in fields(after):  # type: ignore[arg-type]  # a dataclass
        old, new = getattr(before, each.name), getattr(after, each.name)
        if old != new:
            yield each.name, old, new


def _difference(name: str, old: object, new: object) -> list[str]:
    if not (isinstance(old, tuple) and isinstance(new, tuple)):
        return _named(f"{name}: ", new)
    were, are = {_id(each): each for each in old}, {_id(each): each for each in new}
    if [each for each in are if each in were] != [each for each in were if each in are]:
        return _named(f"{name}: ", new)
    went = [line for each in were if each not in are for line in _named("  - ", were[each])]
    came = [line for each in are if each not in were for line in _named("  + ", are[each])]
    both = [
        f"  ~ {each}: " + ", ".join(f"{part}={_short(now)}" for part, _, now in _pairs(were[each], are[each]))
        for each in were
        if each in are and were[each] != are[each]
    ]
    return [f"{name}:", *went, *both, *came]


def _id(value: object) -> str:
    """Return what stays the same about a part of a sequence: the id that its first field holds, else all of it."""
    name = fields(value)[0].name if is_dataclass(value) else ""
    return _short(getattr(value, name)) if name.endswith("_id") else _short(value)


def kept(page: Path, text: str) -> None:
    """Compare with the page that is kept."""
    whole = text.rstrip("\n") + "\n"
    if os.environ.get("WRITE_PAGES"):
        page.parent.mkdir(exist_ok=True)
        page.write_text(whole, encoding="utf-8")
    assert whole == page.read_text(encoding="utf-8")


def _lines(value: object) -> list[str]:
    short = _short(value)
    if len(short) <= LINES * WIDTH or not _parts(value):
        return wrap(short, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    parts = [line for name, each in _parts(value) for line in _named(name, each)]
    return [type(value).__name__ if is_dataclass(value) else "", *(f"  {part}" for part in parts)]


def _parts(value: object) -> list[tuple[str, object]]:
    """Return the parts of a value that holds other values with parts; none for a leaf."""
    match value:
        case Mapping():
            return [(f"{_short(key)}: ", each) for key, each in value.items()]
        case tuple() | list():
            return [("- ", each) for each in value]
        case _ if is_dataclass(value):
            return [(f"{name}: ", each) for name, each in _told_fields(value)]
        case _:
            return []


def _named(name: str, value: object) -> list[str]:
    first, *rest = _lines(value)
    return [f"{name}{first}".rstrip(), *(f"  {line}" for line in rest)]


def _short(value: object) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_short(key)}: {_short(each)}" for key, each in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(_short(each) for each in value) + "]"
        case set() | frozenset():
            return "{" + ", ".join(sorted(_short(each) for each in value)) + "}"
        case _ if is_dataclass(value):
            inside = ", ".join(f"{name}={_short(each)}" for name, each in _told_fields(value))
            return f"{type(value).__name__}({inside})"
        case _:
            return _leaf(value)


def _leaf(value: object) -> str:
    match value:
        case Enum():
            return str(value.value)
        case float():
            return repr(round(value, 6))
        case datetime():
            return value.isoformat()
        case _:
            return repr(value)


def _told_fields(value: object) -> Iterator[tuple[str, object]]:
    for each in fields(value):  # type: ignore[arg-type]  # a dataclass
        held = getattr(value, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if held != default:
            yield each.name, held
