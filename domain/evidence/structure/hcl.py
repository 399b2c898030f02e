"""HCL as Terraform and its kin write it: `block "label" { … }`, `key = expression`, lists, maps and heredocs, with line numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, listing, mapping, scalar

BLANK = re.compile(r"(?:[ \t\r\n,]++|#[^\n]*+|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)*+")
BLOCK = re.compile(r"""([A-Za-z_][\w\-]{0,200}+)((?:[ \t]++(?:"[^"\n]{0,300}+"|[\w\-.]{1,200}+)){0,4}+)[ \t]*+\{""")
KEY = re.compile(r"""("[^"\n]{0,300}+"|\([^()\n]{0,300}+\)|[A-Za-z_0-9][\w\-./]{0,200}+)[ \t]*+[=:](?![=])[ \t]*+""")
HEREDOC = re.compile(r"<<-?(\w{1,40})[^\n]*+\n")
NUMBER = re.compile(r"-?\d{1,300}+(?:\.\d{1,300}+)?$")
PIECE = re.compile(r"""[^\n"()\[\]{},#]++|"(?:[^"\\\n]|\\.)*+"?|[()\[\]{},#]""")
OPENING, CLOSING = "([{", ")]}"
REPEATED = frozenset({"dynamic"})


@dataclass(slots=True)
class _Cursor:
    text: str
    at: int = 0
    line: int = 1
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)
    reason: str = ""

    def move(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def peek(self) -> str:
        """Return the next character that is neither blank nor in a comment, empty at the end."""
        found = BLANK.match(self.text, self.at)
        self.move(found.end() if found else self.at)
        return self.text[self.at : self.at + 1]


def read(lines: tuple[str, ...]) -> Tree:
    """Return blocks as maps named by type and labels; expressions stay text."""
    cursor = _Cursor("\n".join(lines))
    fields: list[tuple[str, Node]] = []
    while cursor.peek() and not cursor.reason:
        fields += _fields(cursor, 0)
        if cursor.peek() == "}":
            cursor.faults.append(("a brace closes nothing", cursor.line))
            cursor.move(cursor.at + 1)
    return Tree(
        roots=(mapping(1, fields),),
        broke=cursor.line if cursor.reason else 0,
        reason=cursor.reason,
        duplicates=tuple(cursor.duplicates),
        faults=tuple(cursor.faults),
    )


def _fields(cursor: _Cursor, depth: int) -> list[tuple[str, Node]]:
    """Read settings and blocks up to the closing brace, which stays."""
    fields: list[tuple[str, Node]] = []
    keys: set[str] = set()
    while cursor.peek() not in {"", "}"} and not cursor.reason:
        start = cursor.line
        if found := BLOCK.match(cursor.text, cursor.at):
            name = " ".join([found.group(1), *(label.strip('"') for label in found.group(2).split())])
            cursor.move(found.end())
            fields.append((name, _map(cursor, name, start, depth + 1)))
        elif found := KEY.match(cursor.text, cursor.at):
            name = found.group(1).strip('"()')
            cursor.move(found.end())
            cursor.duplicates += [(name, start)] * (name in keys)
            keys.add(name)
            fields.append((name, _value(cursor, depth + 1)))
        else:
            end = cursor.text.find("\n", cursor.at)
            cursor.move(len(cursor.text) if end < 0 else end)
    return fields


def _map(cursor: _Cursor, name: str, start: int, depth: int) -> Node:
    """Read what follows an opening brace."""
    if depth >= DEPTH:
        cursor.reason = "nested too deeply"
        return mapping(start, [])
    fields = _fields(cursor, depth)
    if cursor.peek() == "}":
        cursor.move(cursor.at + 1)
    elif not cursor.reason:
        cursor.faults.append((f"block {name} is not closed", start))
    return mapping(start, fields)


def _value(cursor: _Cursor, depth: int) -> Node:
    start, sign = cursor.line, cursor.peek()
    if sign in {"{", "["} and depth >= DEPTH:
        cursor.reason = "nested too deeply"
        return scalar(start, None)
    if sign == "{":
        cursor.move(cursor.at + 1)
        return _map(cursor, "{", start, depth + 1)
    if sign == "[":
        return _list(cursor, depth)
    if found := HEREDOC.match(cursor.text, cursor.at):
        return scalar(start, _heredoc(cursor, found.end(), found.group(1)))
    return scalar(start, _plain(_expression(cursor)))


def _list(cursor: _Cursor, depth: int) -> Node:
    start = cursor.line
    cursor.move(cursor.at + 1)
    items: list[Node] = []
    while cursor.peek() not in {"", "]", "}"} and not cursor.reason:
        before = cursor.at
        items.append(_value(cursor, depth + 1))
        if cursor.at == before:
            cursor.move(before + 1)
    if cursor.peek() == "]":
        cursor.move(cursor.at + 1)
    elif not cursor.reason:
        cursor.faults.append(("list is not closed", start))
    return listing(start, items)


def _heredoc(cursor: _Cursor, begin: int, word: str) -> str:
    """Return the lines up to the one that holds only `word`."""
    end = begin
    while end < len(cursor.text):
        stop = cursor.text.find("\n", end)
        stop = len(cursor.text) if stop < 0 else stop
        if cursor.text[end:stop].strip() == word:
            cursor.move(stop)
            return cursor.text[begin:end].rstrip("\n")
        end = stop + 1
    cursor.faults.append((f"heredoc {word} is not closed", cursor.line))
    cursor.move(len(cursor.text))
    return cursor.text[begin:]


def _expression(cursor: _Cursor) -> str:
    """Return the text of an expression: to the line's end, on over lines while a bracket is open."""
    start, open_, at = cursor.at, 0, cursor.at
    while at < len(cursor.text):
        if cursor.text[at] == "\n":
            if not open_:
                break
            at += 1
            continue
        found = PIECE.match(cursor.text, at)
        piece = found.group() if found else cursor.text[at]
        if not open_ and piece in {",", "]", "}", "#"}:
            break
        open_ += (piece in OPENING) - (piece in CLOSING)
        at += len(piece)
    text = cursor.text[start:at]
    cursor.move(at)
    return text.strip()


def _plain(text: str) -> Scalar:
    if len(text) > 1 and text[0] == '"' == text[-1] and '"' not in text[1:-1].replace('\\"', ""):
        return text[1:-1]
    if text in {"true", "false"}:
        return text == "true"
    if text == "null":
        return None
    if NUMBER.match(text):
        return float(text) if "." in text else int(text)
    return text
