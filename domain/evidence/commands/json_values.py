"""Structured output of any tool: the fields whose names or values tell of a fault, each with its line."""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter

from domain.evidence import telling
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import Node, Path, said, walk

FIELDS = 200
"""Telling fields kept of one document."""
GONE = ("deletion_timestamp", "deletionTimestamp", "terminated_at", "deleted_at")
"""Fields of a thing that is on its way out: its faults are hardly faults of the system."""
LEAVING = 2.5
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
            if node.shape == "list":
                statements(reading, node)
            if sum(told.values()) < FIELDS:
                _look(reading, path, node, owners, told)
    return seen


STATEMENTS = ("statement", "query", "sql", "query_text", "digest_text", "sql_text", "info")
DOMINANT, LOADED = 0.4, 4.0
"""Share of the load, and sessions active on average, from which on one statement is a finding (diagnosis.md 5, slow_query)."""
COSTS = re.compile(r"(?i)(?:load|total_.*time|time_ms|duration|elapsed|exec_time|latency|seconds|calls|count)")


def statements(reading: Reading, node: Node) -> None:
    """Find the database statement that takes most of a load that is worth the name."""
    known: list[tuple[float, str, Node]] = []
    for item in node.items:
        said_sql = next((item.get(name) for name in STATEMENTS if item.text(name).count(" ") > 1), None)
        field = next((key for key, _ in item.fields if COSTS.search(key) and item.number(key)), "")
        if said_sql and field:
            known.append((item.number(field) or 0.0, field, said_sql))
    if not known:
        return
    cost, name, top = max(known, key=itemgetter(0))
    share = cost / sum(one for one, _, _ in known)
    if share < DOMINANT or ("load" in name and cost < LOADED):
        return
    sql = said(top.value)
    statement = f"{share:.0%} of the load of {len(known)} statements is {sql}"
    facts: dict[str, Fact] = {"statement": sql, "share": round(share, 3), "reason": "dominant statement", name: cost}
    reading.find("slow_span", "", top.line, 3.0, statement, **facts)


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
    around = owners.get(path[:-1])
    name = next((part for part in reversed(path) if not part.isdigit()), "")
    if node.shape == "list" and node.items and telling.BAD_WHEN_TRUE.search(name.lower()):
        _tell(reading, path, node, (_owner(owners, path), _thing(owners, path)), 3.0)
        told[name] += 1
    if node.shape != "scalar":
        return
    if isinstance(node.value, str) and _is_nested(node.value):
        _nested(reading, node)
        return
    if isinstance(node.value, str) and node.value.count("\n") > 1:
        _logged(reading, node, _thing(owners, path))
        return
    worded = telling.words(said(node.value)) if path[-1:] and path[-1].isdigit() and " " in said(node.value) else 0.0
    severity = telling.pair(name, node.value) or worded
    if severity <= 0 or _is_event(around):
        return
    severity -= LEAVING if _is_leaving(owners, path) else 0.0
    if severity <= 3.0 and around and {v.lower() for v in map(around.text, STATES)} & CALM:
        return
    if severity > 0 and told[name] < FIELDS / 4:
        told[name] += 1
        _tell(reading, path, node, (_owner(owners, path), _thing(owners, path)), severity)


def _is_event(around: Node | None) -> bool:
    """Return whether a map is an event, which has its own reader."""
    return bool(around and around.text("message") and (around.get("reason") or around.get("involved_object")))


def _thing(owners: dict[Path, Node], path: Path) -> str:
    """Return the outermost named thing of a list around a value, as an object id."""
    for end in range(2, len(path) + 1):
        node = owners.get(path[:end])
        name = node.text("name") or node.text("node") or node.text("id") if node and path[end - 1].isdigit() else ""
        if name:
            return f"{singular(path[end - 2])}/{name}".lower()
    pod = owners[()].text("pod_name") or owners[()].text("podName")
    return f"pod/{pod}".lower() if pod else ""


def singular(word: str) -> str:
    """Return the kind of thing a list of this name holds."""
    kind = word.lower().rpartition("_")[2]
    return kind[:-3] + "y" if kind.endswith("ies") else kind.removesuffix("s") or "object"


def _is_leaving(owners: dict[Path, Node], path: Path) -> bool:
    """Return whether something around a value is being removed."""
    around = (owners.get(path[:end]) for end in range(1, len(path)))
    return any(node.text(name) for node in around if node for name in GONE)


def _logged(reading: Reading, node: Node, subject: str) -> None:
    """Look into a text of several lines that stands inside one value."""
    found = [(telling.words(line), line) for line in said(node.value).split("\n")[:5000]]
    for severity, line in sorted((pair for pair in found if pair[0]), key=itemgetter(0), reverse=True)[:20]:
        at = locate(reading, node.line, line, reach=5000)
        reading.find("row", subject, at, severity, line, message=line.strip(), source="embedded text")


def _tell(reading: Reading, path: Path, node: Node, about: tuple[str, str], severity: float) -> None:
    owner, thing = about
    name = next((part for part in reversed(path) if not part.isdigit()), "")
    value = said(node.value) if node.shape == "scalar" else f"{len(node.items)} entries"
    subject = thing or (f"field/{owner}" if owner else "")
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
