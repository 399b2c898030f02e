"""JSON with line numbers; a broken or cut document yields its valid prefix."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from domain.evidence.structure.trees import DEPTH, Node, Tree, listing, mapping, scalar

LIMIT = 8 * 1024 * 1024
"""Characters read as one tree; the rest is left out and said so."""
BLANK = re.compile(r"(?:[ \t\r\n]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)*+")
"""White space and comments, which many tools tolerate."""
DECODER = json.JSONDecoder(strict=False)


@dataclass(slots=True)
class _Cursor:
    text: str
    starts: list[int]
    at: int = 0
    reason: str = ""
    duplicates: list[tuple[str, int]] = field(default_factory=list)

    def line(self) -> int:
        return bisect_right(self.starts, self.at)

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


def read(text: str) -> Tree:
    """Return the values of one JSON document or of several in a row."""
    cut = text[:LIMIT]
    starts = [0]
    while (found := cut.find("\n", starts[-1])) >= 0:
        starts.append(found + 1)
    cursor = _Cursor(text=cut, starts=starts)
    roots: list[Node] = []
    while cursor.peek() and not cursor.reason:
        roots.append(_value(cursor, 0))
    if len(text) > LIMIT:
        cursor.stop("longer than is read as one document")
    broke = cursor.line() if cursor.reason else 0
    return Tree(roots=tuple(roots), broke=broke, reason=cursor.reason, duplicates=tuple(cursor.duplicates), language="json")


def _value(cursor: _Cursor, depth: int) -> Node:
    sign, line = cursor.peek(), cursor.line()
    if sign and sign in "{[" and depth >= DEPTH:
        cursor.stop("nested too deeply")
        return scalar(line, None)
    if sign == "{":
        return _map(cursor, depth)
    if sign == "[":
        return _list(cursor, depth)
    return scalar(line, _scalar(cursor))


def _scalar(cursor: _Cursor) -> str | int | float | bool | None:
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
