"""Structured output of any tool: the fields whose names or values tell of a fault, each with its line."""

from __future__ import annotations

from collections import Counter

from domain.evidence import jsontree, telling
from domain.evidence.reading import Reading
from domain.evidence.trees import Node, Path, said, walk

FIELDS = 200
"""Telling fields kept of one document."""
CALM = frozenset({"ok", "normal", "healthy", "resolved", "success", "info", "inactive", "no data"})
"""States of an owner whose messages describe what it would say, not what is."""
STATES = ("status", "state", "overall_state", "severity", "level", "type")
NAMES = (
    "name",
    "node",
    "id",
    "instance",
    "service",
    "host",
    "pod",
    "cluster",
    "resource",
    "subject_name",
    "label",
    "involved_object",
    "source_identifier",
)
"""Fields that name the thing a map describes, likeliest first."""


def read(reading: Reading, roots: tuple[Node, ...]) -> int:
    """Find the telling fields of all documents, also in text that holds JSON; return how many values were seen."""
    seen = 0
    told: Counter[str] = Counter()
    for root in roots:
        owners: dict[Path, Node] = {(): root}
        for path, node in walk(root):
            if node.shape == "map":
                owners[path] = node
            seen += 1
            if sum(told.values()) < FIELDS:
                _look(reading, path, node, owners, told)
    return seen


def _owner(owners: dict[Path, Node], path: Path) -> str:
    """Return the name of the nearest thing around a value."""
    for end in range(len(path), -1, -1):
        node = owners.get(path[:end])
        if node is None:
            continue
        for name in NAMES:
            if said_name := node.text(name):
                return said_name
        if end and not path[end - 1].isdigit() and node.shape == "map" and end < len(path):
            return path[end - 1]
    return ""


def _look(reading: Reading, path: Path, node: Node, owners: dict[Path, Node], told: Counter[str]) -> None:
    owner, around = _owner(owners, path), owners.get(path[:-1])
    name = next((part for part in reversed(path) if not part.isdigit()), "")
    if node.shape == "list" and node.items and telling.BAD_WHEN_TRUE.search(name.lower()):
        _tell(reading, path, node, owner, 3.0)
        told[name] += 1
    if node.shape != "scalar":
        return
    if isinstance(node.value, str) and _is_nested(node.value):
        _nested(reading, node)
        return
    severity = telling.pair(name, node.value)
    if severity <= 3.0 and around and {v.lower() for v in map(around.text, STATES)} & CALM:
        return
    if severity and told[name] < FIELDS / 4:
        told[name] += 1
        _tell(reading, path, node, owner, severity)


def _tell(reading: Reading, path: Path, node: Node, owner: str, severity: float) -> None:
    name = next((part for part in reversed(path) if not part.isdigit()), "")
    value = said(node.value) if node.shape == "scalar" else f"{len(node.items)} entries"
    subject = f"field/{owner}" if owner else ""
    reading.find(
        "field", subject, node.line, severity, f"{'.'.join(path)} is {value}" + (f" ({owner})" if owner else ""),
        message=value if " " in value else "", field=name, value=value, path=".".join(path), owner=owner,
    )  # fmt: skip


def _is_nested(value: str) -> bool:
    return len(value) > 20 and value.lstrip()[:1] in {"{", "["} and value.rstrip()[-1:] in {"}", "]"}


def _nested(reading: Reading, node: Node) -> None:
    """Look into JSON that stands inside a string; its line is that of the string, or the one that holds the value."""
    for path, inner in (pair for root in jsontree.read(said(node.value)).roots for pair in walk(root)):
        if inner.shape != "scalar" or not isinstance(inner.value, str | bool):
            continue
        name = next((part for part in reversed(path) if not part.isdigit()), "")
        text = said(inner.value)
        severity = telling.pair(name, inner.value) or (telling.words(text) if " " in text else telling.status(text))
        if severity >= 3:
            found = locate(reading, node.line, text)
            reading.find("field", "", found, severity, f"{name or 'value'}: {text}", message=text, field=name, value=text)


def locate(reading: Reading, line: int, text: str, reach: int = 60) -> int:
    """Return the line at or below `line` that holds the beginning of `text`, else `line`."""
    probe = max(text[:60].split('"'), key=len).strip()[:40]
    for number in range(line, min(line + reach, len(reading.lines)) + 1):
        if probe and probe in reading.line(number):
            return number
    return line
