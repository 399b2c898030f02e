"""YAML with line numbers: maps, lists, scalars, block scalars and flow lists; anchors, tags and aliases stay text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.evidence.reading import beginning
from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, listing, mapping, scalar

ENTRY = re.compile(r"""^("[^"]{0,500}"|'[^']{0,500}'|[^\s#&*!|>'"%@`{}\[\],][^#\n]{0,500}?)\s*:(?:\s+(.*))?$""")
"""`key: value`, the value optional."""
QUOTED = {'"': re.compile(r'"((?:[^"\\]|\\.)*+)"\s*(?:#.*)?$'), "'": re.compile(r"'((?:[^']|'')*+)'\s*(?:#.*)?$")}
"""A quoted scalar that ends on its line, perhaps before a comment."""
LITERALS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
LINES = 60_000
"""Lines read of one document."""


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

    def line(self) -> str:
        return self.lines[self.at - 1]

    def skip(self) -> bool:
        """Move to the next line with content; return whether there is one."""
        while self.at <= self.last and (not self.line().strip() or self.line().lstrip().startswith("#")):
            self.at += 1
        return self.at <= self.last

    def indent(self) -> int:
        return len(self.line()) - len(self.line().lstrip(" "))

    def stop(self, reason: str) -> None:
        if not self.reason:
            self.reason, self.broke = reason, self.at


def read(lines: tuple[str, ...], first: int = 1, last: int = 0) -> Tree:
    """Return one tree per document between two lines; reading ends where a line fits nowhere."""
    end = min(last or len(lines), first + LINES - 1)
    borders = [n for n in range(first, end + 1) if lines[n - 1].rstrip() in {"---", "..."} or lines[n - 1].startswith("--- ")]
    starts = [first, *(n + 1 for n in borders)]
    ends = [*(n - 1 for n in borders), end]
    roots: list[Node] = []
    broke, reason = (0, "") if end == (last or len(lines)) else (end, "longer than is read as one document")
    duplicates: list[tuple[str, int]] = []
    for start, stop in zip(starts, ends, strict=True):
        cursor = _Cursor(lines=lines, at=start, last=stop)
        if not cursor.skip():
            continue
        roots.append(_block(cursor, cursor.indent(), 0))
        if cursor.skip():
            cursor.stop("fits no structure")
        duplicates += cursor.duplicates
        broke, reason = (broke, reason) if broke else (cursor.broke, cursor.reason)
    return Tree(roots=tuple(roots), broke=broke, reason=reason, duplicates=tuple(duplicates))


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
    if ENTRY.match(beginning(content)) and not content.startswith(("{", "[", '"{', "'{")):
        return _entries(cursor, inner, depth + 1)
    if content.startswith("- "):
        return _items(_shifted(cursor, inner), inner, depth + 1)
    return _inline(cursor, content, indent)


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
        fields.append((key, _value(cursor, (found.group(2) or "").strip(), indent, depth)))
    return mapping(start, fields)


def _value(cursor: _Cursor, text: str, indent: int, depth: int) -> Node:
    """Read what stands behind a colon, or below it."""
    start = cursor.at
    if text and not text.startswith("#") and not (text.startswith(("&", "!")) and " " not in text):
        return _inline(cursor, text, indent)
    cursor.at += 1
    if not cursor.skip():
        return scalar(start, None)
    inner, dash = cursor.indent(), cursor.line().lstrip().startswith("-")
    if inner > indent or (inner == indent and dash and cursor.line().strip()[:2] in {"-", "- "}):
        return _block(cursor, inner, depth + 1)
    return scalar(start, None)


def _inline(cursor: _Cursor, text: str, indent: int) -> Node:
    """Read a scalar that begins on this line and may go on below, deeper than `indent`."""
    start = cursor.at
    cursor.at += 1
    if text[:1] in {"|", ">"}:
        return scalar(start, "\n".join(_below(cursor, indent)))
    quote = text[:1] if text[:1] in {'"', "'"} else ""
    if (quote and not _closed(text, quote)) or (not quote and text[:1] not in {"{", "["}):
        text = " ".join([text, *_folded(cursor, indent, quote)])
    elif text[:1] in {"{", "["}:
        text = " ".join([text, *_folded(cursor, indent, "")])
        return _flow(text, start)
    return scalar(start, _plain(text))


def _below(cursor: _Cursor, indent: int) -> list[str]:
    taken: list[str] = []
    while cursor.at <= cursor.last and (not cursor.line().strip() or cursor.indent() > indent):
        taken.append(cursor.line().strip())
        cursor.at += 1
    return taken


def _folded(cursor: _Cursor, indent: int, quote: str) -> list[str]:
    """Return the lines that continue a folded scalar."""
    taken: list[str] = []
    while cursor.at <= cursor.last and (not cursor.line().strip() or cursor.indent() > indent):
        taken.append(cursor.line().strip())
        cursor.at += 1
        if quote and _closed(f"{quote}{taken[-1]}", quote):
            break
    return [line for line in taken if line]


def _closed(text: str, quote: str) -> bool:
    """Return whether a quoted scalar ends on this line; doubled single quotes and escapes stay inside."""
    return bool(QUOTED[quote].match(text))


def _flow(text: str, line: int) -> Node:
    """Read `{a: 1, b: [x]}`; as JSON where it is JSON, else with quotes put around bare words."""
    clean = text.split(" #", maxsplit=1)[0]
    quoted = re.sub(
        r"""([{\[,:]\s*)((?:[A-Za-z_./]|--?[A-Za-z])[^,{}\[\]:"']{0,200}(?::[^\s,{}\[\]"']{1,200})?)(?=\s*[,}\]:])""",
        r'\1"\2"',
        beginning(clean),
    )
    for attempt in (clean, quoted):
        tree = jsontree.read(attempt)
        if tree.roots and not tree.broke:
            return _moved(tree.roots[0], line)
    return scalar(line, clean)


def _moved(node: Node, line: int) -> Node:
    fields = tuple((key, _moved(child, line)) for key, child in node.fields)
    return Node(shape=node.shape, line=line, fields=fields, items=tuple(_moved(i, line) for i in node.items), value=node.value)


def _plain(text: str) -> Scalar:
    if quoted := QUOTED.get(text[:1]):
        found = quoted.match(text)
        inside = found.group(1) if found else text[1:]
        return inside.replace("''", "'") if text[0] == "'" else inside.replace('\\"', '"').replace("\\n", "\n")
    bare = text.split(" #", maxsplit=1)[0].strip()
    return LITERALS.get(bare.lower(), bare)
