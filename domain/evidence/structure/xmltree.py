"""XML with line numbers: elements are maps, attributes their fields; entities stay text and nothing outside is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter

from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, mapping, said, scalar

TAG = re.compile(r"<(/?)([A-Za-z_][\w:.\-]{0,200}+)((?:[^<>\"']++|\"[^\"<]{0,4000}+\"|'[^'<]{0,4000}+')*+)>")
ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.\-]{0,200}+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
SKIPPED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
KEYS, VALUES = ("name", "key", "id"), ("value", "ref")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""The five of the standard; all others stay as written, so none can grow."""
NODES = 200_000
"""Elements and attributes read of one document."""


@dataclass(slots=True)
class _Element:
    name: str
    line: int
    fields: list[tuple[str, Node]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    text_line: int = 0


@dataclass(slots=True)
class _Cursor:
    text: str
    stack: list[_Element]
    at: int = 0
    line: int = 1
    nodes: int = 0
    faults: list[tuple[str, int]] = field(default_factory=list)
    broke: int = 0
    reason: str = ""

    def move(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end

    def stop(self, reason: str) -> None:
        self.broke, self.reason = self.line, reason


def read(lines: tuple[str, ...]) -> Tree:
    """Return one tree; an element that is not closed, or closed by another, is a fault and what stands in it is kept."""
    cursor = _Cursor("\n".join(lines), [_Element("", 1)])
    while cursor.at < len(cursor.text) and not cursor.broke:
        _step(cursor)
    while len(cursor.stack) > 1:
        if not cursor.broke:
            cursor.faults.append((f"<{cursor.stack[-1].name}> is not closed", cursor.stack[-1].line))
        _close(cursor)
    root = mapping(1, cursor.stack[0].fields)
    return Tree(roots=(root,), broke=cursor.broke, reason=cursor.reason, faults=tuple(sorted(cursor.faults, key=itemgetter(1))))


def _step(cursor: _Cursor) -> None:
    """Read text up to the next tag, and the tag."""
    start = cursor.text.find("<", cursor.at)
    start = len(cursor.text) if start < 0 else start
    _said(cursor, cursor.text[cursor.at : start], cursor.line)
    cursor.move(start)
    if start == len(cursor.text):
        return
    for opening, closing in SKIPPED:
        if cursor.text.startswith(opening, start):
            end = cursor.text.find(closing, start)
            if opening == "<![CDATA[":
                _said(cursor, cursor.text[start + 9 : end if end >= 0 else None], cursor.line)
            if end < 0:
                cursor.stop(f"{opening} is not closed")
            cursor.move(len(cursor.text) if end < 0 else end + len(closing))
            return
    if cursor.text.startswith("<!", start):
        _declaration(cursor)
    elif found := TAG.match(cursor.text, start):
        _tag(cursor, found)
    else:
        cursor.faults.append(("a tag that does not end", cursor.line))
        cursor.move(start + 1)


def _said(cursor: _Cursor, text: str, line: int) -> None:
    if not (bare := text.strip()):
        return
    element = cursor.stack[-1]
    element.text_line = element.text_line or line + text[: len(text) - len(text.lstrip())].count("\n")
    element.text.append(bare)


def _declaration(cursor: _Cursor) -> None:
    """Pass over a document type; its entities are named as a fault, never expanded, and none is fetched."""
    body = cursor.text.find("[", cursor.at)
    end = cursor.text.find(">", cursor.at)
    if 0 <= body < end or (body >= 0 > end):
        end = cursor.text.find("]", body)
        end = cursor.text.find(">", end) if end >= 0 else -1
    if "<!ENTITY" in cursor.text[cursor.at : end if end >= 0 else len(cursor.text)]:
        cursor.faults.append(("entities are declared; they are not expanded", cursor.line))
    if end < 0:
        cursor.stop("a declaration is not closed")
        end = len(cursor.text) - 1
    cursor.move(end + 1)


def _tag(cursor: _Cursor, found: re.Match[str]) -> None:
    closing, name, rest = found.groups()
    if closing:
        _ends(cursor, name)
    else:
        _begins(cursor, name, rest)
    cursor.move(found.end())


def _ends(cursor: _Cursor, name: str) -> None:
    if name not in [element.name for element in cursor.stack[1:]]:
        cursor.faults.append((f"</{name}> closes nothing", cursor.line))
        return
    while cursor.stack[-1].name != name:
        cursor.faults.append((f"<{cursor.stack[-1].name}> is closed by </{name}>", cursor.line))
        _close(cursor)
    _close(cursor)


def _begins(cursor: _Cursor, name: str, rest: str) -> None:
    if len(cursor.stack) > DEPTH:
        cursor.stop("nested too deeply")
        return
    if cursor.nodes > NODES:
        cursor.stop("longer than is read as one document")
        return
    element = _Element(name, cursor.line)
    for attribute in ATTRIBUTE.finditer(rest):
        cursor.nodes += 1
        value = attribute.group(2) if attribute.group(2) is not None else attribute.group(3)
        line = cursor.line + rest.count("\n", 0, attribute.start())
        element.fields.append((attribute.group(1), scalar(line, _plain(value))))
    cursor.nodes += 1
    cursor.stack.append(element)
    if rest.endswith("/"):
        _close(cursor)


def _plain(text: str) -> Scalar:
    """Return text with the five standard entities resolved."""
    if "&" in text:
        for entity, sign in ENTITIES.items():
            text = text.replace(entity, sign)
    return text


def _close(cursor: _Cursor) -> None:
    """Hang a finished element into its parent: a pair of name and value as a setting, bare text as a scalar, else as a map."""
    done = cursor.stack.pop()
    parent = cursor.stack[-1]
    named = {key: child for key, child in done.fields if child.shape == "scalar"}
    key = next((said(named[k].value) for k in KEYS if k in named), "")
    value = next((named[v] for v in VALUES if v in named), None)
    text = " ".join(done.text)
    if not done.fields:
        parent.fields.append((done.name, scalar(done.text_line or done.line, _plain(text))))
    elif key and value is not None and len(done.fields) <= 3:
        parent.fields.append((key, value))
    elif key and text and len(done.fields) == 1:
        parent.fields.append((key, scalar(done.text_line, _plain(text))))
    else:
        fields = [*done.fields, ("text", scalar(done.text_line, _plain(text)))] if text else done.fields
        parent.fields.append((f"{done.name} {key}".strip() if key else done.name, mapping(done.line, fields)))
