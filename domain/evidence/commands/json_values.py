"""Structured output of any tool: the fields whose names or values tell of a fault, each with its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from operator import itemgetter

from domain.evidence import telling
from domain.evidence.commands import kept_logs
from domain.evidence.kinds.classify_data import LOG_TEXTS
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure import jsontree
from domain.evidence.structure.jsonvalues import NESTED, Raw
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.trees import Node, Path, Scalar, named, said, walk

FIELDS = 200
"""Telling fields kept of one document."""
GONE = ("deletion_timestamp", "deletionTimestamp", "terminated_at", "deleted_at")
"""Fields of a thing that is on its way out: its faults are hardly faults of the system."""
LEAVING = 2.5
SHORT, KNOWN = 64, 50_000
"""Characters of a value that is remembered, and how many are."""
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


@dataclass(slots=True)
class _Search:
    """What was told so far, and the maps around the value that is looked at."""

    reading: Reading
    owners: list[Node | None] = field(default_factory=list)
    """By depth, None in the place of a list."""
    told: Counter[str] = field(default_factory=Counter)
    found: int = 0
    known: dict[tuple[str, type, Scalar], float] = field(default_factory=dict)
    """How much a short value tells under its name: most stand in a document many times."""
    telling: dict[str, bool] = field(default_factory=dict)

    def around(self, path: Path, node: Node) -> None:
        """Step to a map or list."""
        del self.owners[len(path) :]
        self.owners.append(node if node.shape == "map" else None)

    def owner(self, end: int) -> Node | None:
        """Return the map at a depth."""
        return self.owners[end] if end < len(self.owners) else None

    def severity(self, name: str, value: Scalar) -> float:
        """Return how much a field tells of a fault."""
        if isinstance(value, str) and len(value) > SHORT:
            return telling.pair(name, value)
        key = name, type(value), value
        if key not in self.known:
            if len(self.known) >= KNOWN:
                self.known.clear()
            self.known[key] = telling.pair(name, value)
        return self.known[key]

    def counts(self, name: str) -> bool:
        """Return whether a field of this name may tell of a fault."""
        if name not in self.telling:
            if len(self.telling) >= KNOWN:
                self.telling.clear()
            self.telling[name] = telling.tells(name)
        return self.telling[name]

    def wants(self, above: str, raw: Nest) -> bool:
        """Return whether a map or list may tell of a fault by itself, or holds statements."""
        if isinstance(raw, dict):
            pairs: Iterable[tuple[str, Raw]] = raw.items()
        elif (raw and _is_bad(above)) or any(map(_is_stated, raw)):
            return True
        else:
            pairs = zip(repeat("0"), raw, strict=False)
        for name, part in pairs:
            if not isinstance(part, NESTED) and _may_tell(
                self, above if name.isdecimal() else name, part, listed=name.isdecimal()
            ):
                return True
        return False

    def tell(self, name: str) -> None:
        """Count a field that is told."""
        self.told[name] += 1
        self.found += 1


def _is_stated(raw: Raw) -> bool:
    """Return whether a row holds a statement, itself or among the dimensions of a load (AWS Performance Insights)."""
    inner = raw.get("Dimensions", raw) if isinstance(raw, dict) else None
    return isinstance(inner, dict) and not STATED.isdisjoint(inner)


def read(reading: Reading, roots: tuple[Node, ...]) -> None:
    """Find the telling fields of all documents, also in text that holds JSON."""
    search = _Search(reading)
    for root in roots:
        for path, node in sought(root, search.wants):
            search.around(path, node)
            if node.shape == "list":
                statements(reading, node)
            if search.found < FIELDS:
                _look(search, path, node)


def sentences(reading: Reading, roots: tuple[Node, ...]) -> None:
    """Find what a document says in words where its reader took states alone; what a finding holds already is not said again."""
    known = "\n".join(one.statement + one.attributes.get("message", "") for one in reading.findings)
    for path, node in (pair for root in roots for pair in walk(root)):
        if node.shape != "scalar" or not isinstance(node.value, str) or node.value[:KNOWN_BY] in known:
            continue
        if _has_lines(named(path), node.value):
            _logged(reading, node, "")
        elif telling.is_message(named(path)) and node.value.count(" ") >= telling.SENTENCE and telling.words(node.value):
            reading.find("field", "", node.line, 3.0, node.value, message=node.value, field=named(path), value=node.value)


STATEMENTS = (
    "statement",
    "query",
    "sql",
    "query_text",
    "digest_text",
    "sql_text",
    "info",
    "db.sql.statement",
    "db.sql_tokenized.statement",
)
KNOWN_BY = 60
"""Characters by which a sentence is known."""
STATED = frozenset(STATEMENTS)
DOMINANT, LOADED = 0.4, 4.0
"""Share of the load, and sessions active on average, from which on one statement is a finding (diagnosis.md 5, slow_query)."""
COSTS = re.compile(r"(?i)(?:^total$|load|total_.*time|time_ms|duration|elapsed|exec_time|latency|seconds|calls|count)")


def statements(reading: Reading, node: Node) -> None:
    """Find the database statement that takes most of a load that is worth the name."""
    known: list[tuple[float, str, Node]] = []
    rows = ((item, item.get("Dimensions") or item) for _, item in node.branches())
    for item, about in ((item, about) for item, about in rows if not STATED.isdisjoint(about.names())):
        said_sql = next((about.get(name) for name in STATEMENTS if about.text(name).count(" ") > 1), None)
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


def _owner(search: _Search, path: Path) -> str:
    """Return the name of the nearest thing around a value."""
    for end in range(len(path), -1, -1):
        node = search.owner(end)
        if node is None:
            continue
        for name in NAMES:
            if said_name := node.text(name):
                return said_name
        if end and not path[end - 1].isdecimal() and end < len(path):
            return path[end - 1]
    return ""


def _look(search: _Search, path: Path, node: Node) -> None:
    """Look at a map or a list and at the scalars in it."""
    above = named(path)
    if node.shape == "list" and node.items and _is_bad(above):
        _tell(search, path, node, 3.0)
        search.tell(above)
    for key, value in node.scalars():
        name = above if key.isdecimal() else key
        if not _may_tell(search, name, value, listed=key.isdecimal()):
            continue
        child = node.items[int(key)] if node.shape == "list" else node.get(key)
        if child is not None and search.found < FIELDS:
            _scalar(search, (*path, key), child)


@lru_cache(maxsize=KNOWN)
def _is_bad(name: str) -> bool:
    """Return whether a list of this name should be empty."""
    return bool(telling.BAD_WHEN_TRUE.search(name.lower()))


def _may_tell(search: _Search, name: str, value: Scalar, *, listed: bool) -> bool:
    """Return whether a closer look is worth it."""
    if isinstance(value, str) and (_has_lines(name, value) or _is_nested(value) or (listed and " " in value)):
        return True
    return search.counts(name) and search.severity(name, value) > 0


def _scalar(search: _Search, path: Path, node: Node) -> None:
    reading, name, value = search.reading, named(path), node.value
    if isinstance(value, str) and _is_document(reading, name, node, _thing(search, path)):
        return
    around = search.owner(len(path) - 1)
    worded = telling.words(said(value)) if path[-1].isdecimal() and " " in said(value) else 0.0
    severity = search.severity(name, value) or worded
    if severity <= 0 or is_event(around) or (name in STATES and _is_said(around)):
        return
    severity -= LEAVING if _is_leaving(search, path) else 0.0
    if severity <= 3.0 and around and {v.lower() for v in map(around.text, STATES)} & CALM:
        return
    if severity > 0 and search.told[name] < FIELDS / 4:
        search.tell(name)
        _tell(search, path, node, severity)


def _is_document(reading: Reading, name: str, node: Node, subject: str) -> bool:
    """Read a text that holds a document of its own, JSON or lines; return whether it did."""
    text = said(node.value)
    if _is_nested(text):
        _nested(reading, node)
    elif not _has_lines(name, text):
        return False
    elif name.lower() not in LOG_TEXTS or not kept_logs.read(reading, node, subject):
        _logged(reading, node, subject)
    return True


def _has_lines(name: str, text: str) -> bool:
    """Tell whether a text is read line by line: one of several lines, or what a process printed, be it one line."""
    return text.count("\n") > 1 or ("\n" in text and name.lower() in LOG_TEXTS)


def is_event(around: Node | None) -> bool:
    """Return whether a map is an event, which has its own reader; a thing that says whether it is ready is none."""
    told = bool(around and around.text("message") and not around.text("ready"))
    return told and bool(around and (around.get("reason") or around.get("involved_object")))


def _is_said(around: Node | None) -> bool:
    """Return whether a map is a dated message, whose words tell more than its level."""
    return bool(around and (around.text("message") or around.text("textPayload")) and around.get("timestamp"))


def _thing(search: _Search, path: Path) -> str:
    """Return the outermost named thing of a list around a value, as an object id."""
    for end in range(2, len(path) + 1):
        node = search.owner(end) if path[end - 1].isdecimal() else None
        name = node.text("name") or node.text("node") or node.text("id") if node else ""
        if name:
            return f"{singular(path[end - 2])}/{name}".lower()
    root = search.owner(0)
    pod = root.text("pod_name") or root.text("podName") if root else ""
    return f"pod/{pod}".lower() if pod else ""


def singular(word: str) -> str:
    """Return the kind of thing a list of this name holds."""
    kind = word.lower().rpartition("_")[2]
    return kind[:-3] + "y" if kind.endswith("ies") else kind.removesuffix("s") or "object"


def _is_leaving(search: _Search, path: Path) -> bool:
    """Return whether something around a value is being removed."""
    around = map(search.owner, range(1, len(path)))
    return any(node.text(name) for node in around if node for name in GONE)


def _logged(reading: Reading, node: Node, subject: str) -> None:
    """Look into a text of several lines that stands inside one value."""
    found = [(telling.words(line), line) for line in said(node.value).split("\n")[:5000]]
    for severity, line in sorted((pair for pair in found if pair[0]), key=itemgetter(0), reverse=True)[:20]:
        at = locate(reading, node.line, line, reach=5000)
        reading.find("row", subject, at, severity, line, message=line.strip(), source="embedded text")


def _tell(search: _Search, path: Path, node: Node, severity: float) -> None:
    name, owner = named(path), _owner(search, path)
    value = said(node.value) if node.shape == "scalar" else f"{len(node.items)} entries"
    subject = _thing(search, path) or (f"field/{owner}" if owner else "")
    search.reading.find(
        "field", subject, node.line, severity, f"{'.'.join(path)} is {value}" + (f" ({owner})" if owner else ""),
        message=value if " " in value else "", field=name, value=value, path=".".join(path), owner=owner,
    )  # fmt: skip


def _is_nested(value: str) -> bool:
    return len(value) > 20 and value.rstrip()[-1:] in {"}", "]"} and value.lstrip()[:1] in {"{", "["}


def _nested(reading: Reading, node: Node) -> None:
    """Look into JSON that stands inside a string; its line is that of the string, or the one that holds the value."""
    for path, inner in (pair for root in jsontree.read(said(node.value)).roots for pair in walk(root)):
        if inner.shape != "scalar" or not isinstance(inner.value, str | bool):
            continue
        name, text = named(path), said(inner.value)
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
