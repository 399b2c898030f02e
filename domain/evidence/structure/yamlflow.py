"""YAML's flow form, `{a: 1, b: [x, "y"]}`, on one line or several; JSON is a part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.evidence.structure.trees import DEPTH, Node, Scalar, listing, mapping, numeric, scalar

BLANK = re.compile(r"(?:[ \t\n]++|(?:(?<=\s)|^)#[^\n]*+)*+")
QUOTED = re.compile(r""""((?:[^"\\]|\\.)*+)"|'((?:[^']|'')*+)'""", re.DOTALL)
WORD = re.compile(r"""(?:[^,{}\[\]:#\n"']|:(?![\s,{}\[\]"']|$)|(?<!\s)\#|(?<=[^\s,{}\[\]:])["'])++""")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
LITERALS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class _Cursor:
    text: str
    line: int
    at: int = 0
    broken: bool = False

    def peek(self) -> str:
        """Return the next character that is neither blank nor in a comment, empty at the end."""
        found = BLANK.match(self.text, self.at)
        self.move(found.end() if found else self.at)
        return self.text[self.at : self.at + 1]

    def move(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end


def read(text: str, line: int) -> Node | None:
    """Return the map or list that the text is, its first line numbered `line`; None where it is none."""
    cursor = _Cursor(text, line)
    node = _value(cursor, 0)
    return None if cursor.broken or cursor.peek() else node


def _value(cursor: _Cursor, depth: int) -> Node:
    sign, start = cursor.peek(), cursor.line
    if depth >= DEPTH or not sign or sign in ",]}":
        cursor.broken = cursor.broken or depth >= DEPTH or not sign
        return scalar(start, None)
    if sign == "{":
        return _map(cursor, depth)
    return _list(cursor, depth) if sign == "[" else scalar(start, _scalar(cursor))


def _map(cursor: _Cursor, depth: int) -> Node:
    start = cursor.line
    cursor.move(cursor.at + 1)
    fields: list[tuple[str, Node]] = []
    while not cursor.broken and cursor.peek() != "}":
        line = cursor.line
        if cursor.peek() in {"", "{", "[", ","}:
            cursor.broken = True
            break
        key = str(_scalar(cursor, name=True))
        value = scalar(line, None)
        if cursor.peek() == ":":
            cursor.move(cursor.at + 1)
            value = _value(cursor, depth + 1)
        fields.append((key, value))
        _comma(cursor, "}")
    cursor.move(cursor.at + 1)
    return mapping(start, fields)


def _list(cursor: _Cursor, depth: int) -> Node:
    start = cursor.line
    cursor.move(cursor.at + 1)
    items: list[Node] = []
    while not cursor.broken and cursor.peek() != "]":
        item = _value(cursor, depth + 1)
        if cursor.peek() == ":" and item.shape == "scalar":
            cursor.move(cursor.at + 1)
            item = mapping(item.line, [(str(item.value), _value(cursor, depth + 1))])
        items.append(item)
        _comma(cursor, "]")
    cursor.move(cursor.at + 1)
    return listing(start, items)


def _comma(cursor: _Cursor, end: str) -> None:
    sign = cursor.peek()
    if sign == ",":
        cursor.move(cursor.at + 1)
    elif sign != end:
        cursor.broken = True


def _scalar(cursor: _Cursor, *, name: bool = False) -> Scalar:
    if found := QUOTED.match(cursor.text, cursor.at):
        cursor.move(found.end())
        double, single = found.groups()
        return single.replace("''", "'") if double is None else unescaped(double)
    found = WORD.match(cursor.text, cursor.at)
    if not found:
        cursor.broken = True
        return None
    cursor.move(found.end())
    word = found.group().strip()
    if name:
        return word
    number = numeric(word) if word[:1] in "-0123456789" and not word.startswith("0x") else None
    if number is not None and "_" not in word:
        return int(word) if word.lstrip("-").isdecimal() and len(word) < 300 else number
    return LITERALS.get(word.lower(), word)


def unescaped(text: str) -> str:
    """Return the inside of a quoted scalar with its escapes resolved; what is no known escape stays."""
    return re.sub(
        r"\\(.)", lambda found: ESCAPES.get(found.group(1), found.group(1) if found.group(1) in '"\\/ ' else found.group()), text
    )
