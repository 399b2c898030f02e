"""TOML with line numbers; a line that is no TOML is a fault and the rest is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, Written, listing, mapping, scalar

TABLE = re.compile(r"^\s*+(\[{1,2})\s*+([^\[\]]{1,300}+)\]{1,2}\s*+(?:#.*)?$")
PART = re.compile(r"""[ \t]{0,200}+("[^"]{0,300}+"|'[^']{0,300}+'|[\w\-]{1,300}+)\s*+(\.|=|$)""")
BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
WORD = re.compile(r"""[^\s,\]}\#"'\[{][^,\]}\#\n]*+""")
TEXT = re.compile(
    r"""\"\"\"((?:[^"\\]|\\.|"(?!""))*+)\"\"\"|'''((?:[^']|'(?!''))*+)'''|"((?:[^"\\\n]|\\.)*+)"|'([^'\n]*+)'""", re.DOTALL
)
NUMBER = re.compile(r"[-+]?\d[\d_]{0,100}+(?:\.\d[\d_]{0,100}+)?(?:[eE][-+]?\d{1,3}+)?$")
NODES = 200_000
"""Values read of one document."""


@dataclass(slots=True)
class _Table:
    """A map, or a list of maps, that may still grow."""

    line: int
    shape: Literal["map", "list"] = "map"
    fields: dict[str, _Table | Node] = field(default_factory=dict)
    items: list[_Table] = field(default_factory=list)
    defined: bool = False


@dataclass(slots=True)
class _Cursor:
    text: str
    at: int = 0
    line: int = 1
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)
    reason: str = ""
    nodes: int = 0

    def move(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def peek(self) -> str:
        """Return the next character that is neither blank nor in a comment, empty at the end."""
        found = BLANK.match(self.text, self.at)
        self.move(found.end() if found else self.at)
        return self.text[self.at : self.at + 1]

    def row(self) -> str:
        """Return the rest of the line."""
        end = self.text.find("\n", self.at)
        return self.text[self.at : end if end >= 0 else len(self.text)]


def read(lines: tuple[str, ...]) -> Tree:
    """Return one tree; dotted keys and tables become nested maps, `[[x]]` lists of maps."""
    cursor, root = _Cursor("\n".join(lines)), _Table(1)
    here = root
    while cursor.peek() and not cursor.reason:
        start = cursor.line
        if (found := TABLE.match(cursor.row()[:700])) and (path := _path(found.group(2))):
            here = _table(cursor, root, path, many=len(found.group(1)) == 2)
            cursor.move(cursor.at + len(cursor.row()))
        elif not _pair(cursor, here, 0):
            cursor.faults.append(("no setting and no table", start))
            cursor.move(cursor.at + len(cursor.row()))
    return Tree(
        roots=(_frozen(root, 0),),
        broke=cursor.line if cursor.reason else 0,
        reason=cursor.reason,
        duplicates=tuple(cursor.duplicates),
        faults=tuple(cursor.faults),
    )


def _path(text: str) -> tuple[str, ...]:
    """Return the parts of a dotted name, none where it is none."""
    parts: list[str] = []
    at = 0
    while found := PART.match(text, at):
        parts.append(found.group(1).strip("\"'"))
        at = found.end()
        if found.group(2) != ".":
            break
    return tuple(parts[:DEPTH]) if at >= len(text.rstrip()) else ()


def _table(cursor: _Cursor, root: _Table, path: tuple[str, ...], *, many: bool) -> _Table:
    """Return the table under a path, made where it is missing."""
    here = _under(cursor, root, path[:-1])
    known = here.fields.get(path[-1])
    if many:
        held = known if isinstance(known, _Table) and known.shape == "list" else _Table(cursor.line, "list")
        here.fields[path[-1]] = held
        held.items.append(_Table(cursor.line))
        return held.items[-1]
    if isinstance(known, _Table) and known.shape == "map":
        cursor.duplicates += [(".".join(path), cursor.line)] * known.defined
    else:
        cursor.duplicates += [(".".join(path), cursor.line)] * (known is not None)
        known = here.fields[path[-1]] = _Table(cursor.line)
    known.defined = True
    return known


def _under(cursor: _Cursor, here: _Table, path: tuple[str, ...]) -> _Table:
    for name in path:
        held = here.fields.get(name)
        if not isinstance(held, _Table):
            held = here.fields[name] = _Table(cursor.line)
        here = held.items[-1] if held.shape == "list" and held.items else held
    return here


def _pair(cursor: _Cursor, here: _Table, depth: int) -> bool:
    """Read `name = value`; return whether there was one."""
    start, at, path = cursor.line, cursor.at, []
    while found := PART.match(cursor.text, at):
        path.append(found.group(1).strip("\"'"))
        at = found.end()
        if found.group(2) != ".":
            break
    if not path or not found or found.group(2) != "=" or len(path) > DEPTH:
        return False
    cursor.move(at)
    value = _value(cursor, depth + 1)
    table = _under(cursor, here, tuple(path[:-1]))
    cursor.duplicates += [(path[-1], start)] * (path[-1] in table.fields)
    table.fields[path[-1]] = Written(value.shape, start, (value.fields, value.items), value.value)
    return True


def _value(cursor: _Cursor, depth: int) -> Node:
    row = cursor.row().lstrip(" \t")
    sign, start = row[:1] if depth == 1 else cursor.peek(), cursor.line
    cursor.move(cursor.at + (len(cursor.row()) - len(row) if depth == 1 else 0))
    cursor.nodes += 1
    if (sign in {"[", "{"} and depth >= DEPTH) or cursor.nodes > NODES:
        cursor.reason = "nested too deeply" if depth >= DEPTH else "longer than is read as one document"
        return scalar(start, None)
    if sign == "[":
        return _list(cursor, depth)
    if sign == "{":
        return _inline(cursor, depth)
    if found := TEXT.match(cursor.text, cursor.at):
        cursor.move(found.end())
        return scalar(start, next(part for part in found.groups() if part is not None).removeprefix("\n"))
    if found := WORD.match(cursor.text, cursor.at):
        cursor.move(found.end())
        return scalar(start, _plain(found.group().strip()))
    cursor.faults.append(("a value is missing or its quote is not closed", start))
    cursor.move(cursor.at + len(cursor.row()))
    return scalar(start, row if row[:1] in {'"', "'"} else None)


def _list(cursor: _Cursor, depth: int) -> Node:
    start = cursor.line
    cursor.move(cursor.at + 1)
    items: list[Node] = []
    while cursor.peek() not in {"", "]"} and not cursor.reason:
        items.append(_value(cursor, depth + 1))
        if cursor.peek() != ",":
            break
        cursor.move(cursor.at + 1)
    if cursor.peek() == "]":
        cursor.move(cursor.at + 1)
    elif not cursor.reason:
        cursor.faults.append(("list is not closed", start))
    return listing(start, items)


def _inline(cursor: _Cursor, depth: int) -> Node:
    start, table = cursor.line, _Table(cursor.line)
    cursor.move(cursor.at + 1)
    while cursor.peek() not in {"", "}"} and not cursor.reason:
        if not _pair(cursor, table, depth) or cursor.peek() != ",":
            break
        cursor.move(cursor.at + 1)
    if cursor.peek() == "}":
        cursor.move(cursor.at + 1)
    elif not cursor.reason:
        cursor.faults.append(("inline table is not closed", start))
    return _frozen(table, depth)


def _plain(word: str) -> Scalar:
    if word in {"true", "false"}:
        return word == "true"
    if NUMBER.match(word):
        clean = word.replace("_", "")
        return float(clean) if any(sign in clean for sign in ".eE") else int(clean)
    return word


def _frozen(table: _Table, depth: int) -> Node:
    if depth > DEPTH:
        return mapping(table.line, [])
    if table.shape == "list":
        return listing(table.line, [_frozen(item, depth + 1) for item in table.items])
    fields = [(key, _frozen(child, depth + 1) if isinstance(child, _Table) else child) for key, child in table.fields.items()]
    return mapping(table.line, fields)
