"""YAML with line numbers: maps, lists, scalars, block scalars, flow forms; aliases are resolved within a bound, tags dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.evidence.reading import beginning
from domain.evidence.structure import yamlflow
from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, listing, mapping, scalar, walk
from domain.evidence.structure.yamlstrays import strays

ENTRY = re.compile(r"""^("[^"]{0,500}"|'[^']{0,500}'|[^\s#&*!|>'"%@`{}\[\],][^#\n]{0,500}?)\s*:(?:\s+(.*))?$""")
"""`key: value`, the value optional."""
QUOTED = {'"': re.compile(r'"((?:[^"\\]|\\.)*+)"\s*(?:#.*)?$'), "'": re.compile(r"'((?:[^']|'')*+)'\s*(?:#.*)?$")}
"""A quoted scalar that ends on its line, perhaps before a comment."""
LITERALS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
LINES = 60_000
"""Lines read of one document."""
MARKS = re.compile(r"^(?:[&!][^\s,\[\]{}]*+(?:\s++|$))++")
"""An anchor, a tag or both before a value."""
ALIAS = re.compile(r"^\*([^\s,\[\]{}]{1,200}+)\s*(?:#.*)?$")
EXPANDED = 10_000
"""Values that aliases may stand for in one document (evidence.md 14)."""
FAULTS = 50
AHEAD = 200
"""Lines that are looked at for the end of a quote."""


@dataclass(slots=True)
class _Cursor:
    lines: tuple[str, ...]
    """Of one document, trailing comments kept."""
    at: int
    """Number of the current line, from 1."""
    last: int
    reason: str = ""
    broke: int = 0
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    """Name → node and how many values it stands for."""
    expanded: int = 0

    def line(self) -> str:
        return self.lines[self.at - 1]

    def skip(self) -> bool:
        """Move to the next line with content; return whether there is one."""
        while self.at <= self.last and (not self.line().strip() or self.line().lstrip().startswith("#")):
            self.at += 1
        if self.at <= self.last and "\t" in self.line()[: 1 + self.indent()] and len(self.faults) < FAULTS:
            fault = ("a tab stands where YAML takes blanks only", self.at)
            self.faults += [fault] * (fault not in self.faults)
        return self.at <= self.last

    def indent(self) -> int:
        return len(self.line()) - len(self.line().lstrip(" "))

    def stop(self, reason: str) -> None:
        if not self.reason:
            self.reason, self.broke = reason, self.at

    def named(self, marks: str, node: Node) -> Node:
        """Keep a node under the anchor among its marks, and return it."""
        for mark in marks.split():
            if mark.startswith("&"):
                self.anchors[mark[1:]] = (node, sum(1 for _ in walk(node)))
        return node

    def alias(self, name: str, line: int) -> Node:
        """Return what an alias stands for, its name as text where that is unknown or more than the bound."""
        known = self.anchors.get(name)
        if known and self.expanded + known[1] <= EXPANDED:
            self.expanded += known[1]
            return known[0]
        what = (
            f"alias *{name} is not defined above" if not known else f"aliases stand for more than {EXPANDED} values: not expanded"
        )
        if len(self.faults) < FAULTS and all(what != said for said, _ in self.faults):
            self.faults.append((what, line))
        return scalar(line, f"*{name}")


def read(lines: tuple[str, ...], first: int = 1, last: int = 0) -> Tree:
    """Return one tree per document between two lines; reading ends where a line fits nowhere."""
    end = min(last or len(lines), first + LINES - 1)
    borders = [n for n in range(first, end + 1) if lines[n - 1].rstrip() in {"---", "..."} or lines[n - 1].startswith("--- ")]
    starts = [first, *(n + 1 for n in borders)]
    ends = [*(n - 1 for n in borders), end]
    roots: list[Node] = []
    broke, reason = (0, "") if end == (last or len(lines)) else (end, "longer than is read as one document")
    duplicates: list[tuple[str, int]] = []
    faults: list[tuple[str, int]] = []
    for start, stop in zip(starts, ends, strict=True):
        strange = strays(lines, start, stop)
        kept = tuple("" if n in strange else line for n, line in enumerate(lines, 1)) if strange else lines
        cursor = _Cursor(lines=kept, at=start, last=stop)
        if not cursor.skip():
            continue
        cursor.faults += [("this line is no part of the document", n) for n in strange]
        roots.append(_block(cursor, cursor.indent(), 0))
        if cursor.skip():
            cursor.stop("fits no structure")
        duplicates += cursor.duplicates
        faults += cursor.faults
        broke, reason = (broke, reason) if broke else (cursor.broke, cursor.reason)
    return Tree(
        roots=tuple(roots), broke=broke, reason=reason, duplicates=tuple(duplicates), faults=tuple(faults), language="yaml"
    )


def _block(cursor: _Cursor, indent: int, depth: int) -> Node:
    """Read the map, list or scalar whose lines stand at `indent`."""
    if depth >= DEPTH:
        cursor.stop("nested too deeply")
        return scalar(cursor.at, None)
    text = cursor.line().strip()
    if text.startswith("- ") or text == "-":
        return _items(cursor, indent, depth)
    if ENTRY.match(beginning(text)):
        return _entries(cursor, indent, depth)
    return _inline(cursor, text, indent - 1)


def _items(cursor: _Cursor, indent: int, depth: int) -> Node:
    start = cursor.at
    items: list[Node] = []
    while not cursor.reason and cursor.skip() and cursor.indent() == indent:
        text = cursor.line().strip()
        if not (text.startswith("- ") or text == "-"):
            break
        items.append(_item(cursor, indent, depth))
    return listing(start, items)


def _item(cursor: _Cursor, indent: int, depth: int) -> Node:
    """Read what follows a dash: the rest of its line counts as a line indented below it."""
    line = cursor.line()
    rest = line[indent + 1 :]
    inner = indent + 1 + len(rest) - len(rest.lstrip(" "))
    if not rest.strip():
        start = cursor.at
        cursor.at += 1
        return _block(cursor, cursor.indent(), depth + 1) if cursor.skip() and cursor.indent() > indent else scalar(start, None)
    content = rest.strip()
    if content.startswith(("&", "!")) and (marked := MARKS.match(content[:400])):
        return _marked(cursor, marked.group(), indent, depth)
    if ENTRY.match(beginning(content)) and not content.startswith(("{", "[", '"{', "'{")):
        return _entries(cursor, inner, depth + 1)
    if content.startswith("- ") and depth >= DEPTH:
        cursor.stop("nested too deeply")
        return scalar(cursor.at, None)
    if content.startswith("- "):
        return _items(_shifted(cursor, inner), inner, depth + 1)
    return _inline(cursor, content, indent)


def _marked(cursor: _Cursor, marks: str, indent: int, depth: int) -> Node:
    """Read an item behind its anchor or tag."""
    line = cursor.line()
    at = line.index(marks.rstrip(), indent)
    rest = line[at + len(marks.rstrip()) :].strip()
    if rest and not ENTRY.match(beginning(rest)):
        return cursor.named(marks, _inline(cursor, rest, indent))
    if not rest:
        start = cursor.at
        cursor.at += 1
        node = _block(cursor, cursor.indent(), depth + 1) if cursor.skip() and cursor.indent() > indent else scalar(start, None)
        return cursor.named(marks, node)
    return cursor.named(marks, _entries(cursor, len(line) - len(rest) if line.endswith(rest) else at, depth + 1))


def _shifted(cursor: _Cursor, inner: int) -> _Cursor:
    """Return a cursor that sees the dashes before `inner` as blanks; a list in a list is one line here."""
    line = " " * inner + cursor.line()[inner:]
    lines = (*cursor.lines[: cursor.at - 1], line, *cursor.lines[cursor.at :]) if len(cursor.lines) < 2_000 else cursor.lines
    inside = _Cursor(lines=lines, at=cursor.at, last=cursor.at)
    cursor.at += 1
    return inside


def _entries(cursor: _Cursor, indent: int, depth: int) -> Node:
    """Read `key: value` lines; the first may stand behind a dash."""
    start = cursor.at
    fields: list[tuple[str, Node]] = []
    seen: set[str] = set()
    while not cursor.reason and cursor.skip():
        text = cursor.line()[indent:].strip() if cursor.at == start else cursor.line().strip()
        found = ENTRY.match(text[:65536])
        if not found or (cursor.at != start and cursor.indent() != indent):
            break
        key = found.group(1).strip("\"'")
        if key in seen:
            cursor.duplicates.append((key, cursor.at))
        seen.add(key)
        value = _value(cursor, (found.group(2) or "").strip(), indent, depth)
        fields += _merged(value, fields) if key == "<<" else [(key, value)]
    return mapping(start, fields)


def _merged(value: Node, fields: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """Return the fields that a merge key brings in; what the map itself says wins where it stands above."""
    known = {key for key, _ in fields}
    maps = value.items if value.shape == "list" else (value,)
    return [(key, child) for one in maps for key, child in one.fields if key not in known]


def _value(cursor: _Cursor, text: str, indent: int, depth: int) -> Node:
    """Read what stands behind a colon, or below it."""
    start = cursor.at
    found = MARKS.match(text[:400])
    marks, rest = (found.group(), text[found.end() :]) if found else ("", text)
    if rest and not rest.startswith("#"):
        return cursor.named(marks, _inline(cursor, rest, indent))
    cursor.at += 1
    if not cursor.skip():
        return scalar(start, None)
    inner, dash = cursor.indent(), cursor.line().lstrip().startswith("-")
    if inner > indent or (inner == indent and dash and cursor.line().strip()[:2] in {"-", "- "}):
        return cursor.named(marks, _block(cursor, inner, depth + 1))
    return scalar(start, None)


def _inline(cursor: _Cursor, text: str, indent: int) -> Node:
    """Read a scalar that begins on this line and may go on below, deeper than `indent`."""
    start = cursor.at
    cursor.at += 1
    if text[:1] in {"|", ">"}:
        return scalar(start, "\n".join(_below(cursor, indent)))
    if found := ALIAS.match(text[:400]):
        return cursor.alias(found.group(1), start)
    if text[:1] in {"{", "["}:
        return _flow(cursor, text, start, indent)
    quote = text[:1] if text[:1] in {'"', "'"} else ""
    if not quote or not _closed(text, quote):
        text = " ".join([text, *_folded(cursor, indent, quote)])
    return scalar(start, _plain(text))


def _flow(cursor: _Cursor, text: str, start: int, indent: int) -> Node:
    """Read `{a: 1, b: [x]}`, on over lines while it is not whole; braces that are no map stay text."""
    rows = [text]
    if node := yamlflow.read(text, start):
        return node
    rows += _below(cursor, indent)
    if cursor.at <= cursor.last and cursor.indent() == indent and cursor.line().strip()[:1] in {"}", "]"}:
        rows.append(cursor.line().strip())
        cursor.at += 1
    return yamlflow.read("\n".join(rows), start) or scalar(start, text.split(" #", maxsplit=1)[0])


def _below(cursor: _Cursor, indent: int) -> list[str]:
    taken: list[str] = []
    while cursor.at <= cursor.last and (not cursor.line().strip() or cursor.indent() > indent):
        taken.append(cursor.line().strip())
        cursor.at += 1
    return taken


def _folded(cursor: _Cursor, indent: int, quote: str) -> list[str]:
    """Return the lines that continue a folded scalar."""
    taken: list[str] = []
    while cursor.at <= cursor.last and (_is_below(cursor.line(), indent) or _goes_on(cursor, indent, quote)):
        taken.append(cursor.line().strip())
        cursor.at += 1
        if quote and _closed(f"{quote}{taken[-1]}", quote):
            break
    return [line for line in taken if line]


def _is_below(line: str, indent: int) -> bool:
    """Return whether a line is blank or deeper than `indent`."""
    return not line.strip() or len(line) - len(line.lstrip(" ")) > indent


def _goes_on(cursor: _Cursor, indent: int, quote: str) -> bool:
    """Return whether lines at the margin stand in an open quote that ends further below, as programs that write and read YAML let them."""
    if not quote:
        return False
    deeper = False
    for number in range(cursor.at, min(cursor.last, cursor.at + AHEAD) + 1):
        line = cursor.lines[number - 1]
        if deeper and not _is_below(line, indent):
            return False
        deeper = deeper or (bool(line.strip()) and _is_below(line, indent))
        if deeper and _closed(f"{quote}{line.strip()}", quote):
            return True
    return False


def _closed(text: str, quote: str) -> bool:
    """Return whether a quoted scalar ends on this line; doubled single quotes and escapes stay inside."""
    return bool(QUOTED[quote].match(text))


def _plain(text: str) -> Scalar:
    if quoted := QUOTED.get(text[:1]):
        found = quoted.match(text)
        inside = found.group(1) if found else text[1:]
        return inside.replace("''", "'") if text[0] == "'" else yamlflow.unescaped(inside)
    bare = text.split(" #", maxsplit=1)[0].strip()
    return LITERALS.get(bare.lower(), bare)
