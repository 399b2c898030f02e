"""JSON with line numbers; a broken or cut document yields its valid prefix."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from domain.evidence.structure.jsonvalues import Lines, Raw, Source, Value
from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, listing, mapping, scalar

LIMIT = 8 * 1024 * 1024
"""Characters read as one tree; the rest is left out and said so."""
BLANK = re.compile(r"(?:[ \t\r\n]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)*+")
"""White space and comments, which many tools tolerate."""
DOUBLES = 500
"""Keys set twice that are looked for."""
AGAIN = 4
"""How often a text may be decoded in vain before its parts are read one by one."""
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class _SetTwice(ValueError):
    """A map holds a key twice."""


def _once(pairs: list[tuple[str, Raw]]) -> dict[str, Raw]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _SetTwice
    return made


DECODER, ONCE = json.JSONDecoder(strict=False), json.JSONDecoder(strict=False, object_pairs_hook=_once)


@dataclass(slots=True)
class _Cursor:
    text: str
    lines: Lines
    at: int = 0
    reason: str = ""
    spent: int = 0
    """Characters decoded in vain."""
    duplicates: list[tuple[str, int]] = field(default_factory=list)

    def line(self) -> int:
        return self.lines.number(self.at)

    def peek(self) -> str:
        """Return the next character that is neither white space nor in a comment, empty at the end."""
        found = BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def stop(self, reason: str) -> None:
        self.reason = self.reason or reason

    def take(self, wanted: str) -> bool:
        if self.peek() != wanted:
            return False
        self.at += 1
        return True

    def whole(self, depth: int) -> Node | None:
        """Return the map or list that begins here as the standard library decodes it, None where it must be read part by part."""
        if self.spent > AGAIN * len(self.text):
            return None
        decoder = ONCE if len(self.duplicates) < DOUBLES else DECODER
        try:
            raw, end = decoder.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.spent += error.pos - self.at
            return None
        except (ValueError, RecursionError):
            return None
        if not _is_within(self.text, self.at, end, DEPTH - depth):
            return None
        source, self.at = Source(self.lines, self.at, end, depth), end
        return Value(raw, source)


def _is_within(text: str, at: int, end: int, room: int) -> bool:
    """Return whether the valid text between two places is nested no deeper than this: brackets go from within, layer by layer."""
    if text.count("{", at, end) + text.count("[", at, end) <= room:
        return True
    brackets = STRING.sub("", text[at:end]).encode("utf-8", "replace").translate(None, NO_BRACKETS)
    for _ in range(room):
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return not brackets


def read(text: str) -> Tree:
    """Return the values of one JSON document or of several in a row."""
    cut = text[:LIMIT]
    cursor = _Cursor(text=cut, lines=Lines(cut))
    roots: list[Node] = []
    while cursor.peek() and not cursor.reason:
        roots.append(_value(cursor, 0))
    if len(text) > LIMIT:
        cursor.stop("longer than is read as one document")
    broke = cursor.line() if cursor.reason else 0
    return Tree(roots=tuple(roots), broke=broke, reason=cursor.reason, duplicates=tuple(cursor.duplicates), language="json")


def _value(cursor: _Cursor, depth: int) -> Node:
    sign = cursor.peek()
    if not sign or sign not in "{[":
        return scalar(cursor.line(), _scalar(cursor))
    if depth >= DEPTH:
        cursor.stop("nested too deeply")
        return scalar(cursor.line(), None)
    return cursor.whole(depth) or (_map(cursor, depth) if sign == "{" else _list(cursor, depth))


def _scalar(cursor: _Cursor) -> Scalar:
    try:
        value, cursor.at = DECODER.raw_decode(cursor.text, cursor.at)
    except ValueError:
        cursor.stop("is not JSON")
        return None
    return value if isinstance(value, str | int | float | bool) else None


def _map(cursor: _Cursor, depth: int) -> Node:
    line = cursor.line()
    cursor.at += 1
    fields: list[tuple[str, Node]] = []
    seen: set[str] = set()
    while not cursor.reason and not cursor.take("}"):
        if cursor.peek() != '"':
            cursor.stop("ends inside an object")
            break
        key = str(_scalar(cursor))
        if not cursor.take(":"):
            cursor.stop("ends inside an object")
            break
        if key in seen:
            cursor.duplicates.append((key, cursor.line()))
        seen.add(key)
        fields.append((key, _value(cursor, depth + 1)))
        if not cursor.take(",") and cursor.peek() != "}":
            cursor.stop("ends inside an object")
    return mapping(line, fields)


def _list(cursor: _Cursor, depth: int) -> Node:
    line = cursor.line()
    cursor.at += 1
    items: list[Node] = []
    while not cursor.reason and not cursor.take("]"):
        items.append(_value(cursor, depth + 1))
        if not cursor.reason and not cursor.take(",") and cursor.peek() != "]":
            cursor.stop("ends inside a list")
    return listing(line, items)
