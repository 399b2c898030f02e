"""Load reports of databases: which statements, waits, users and hosts the active sessions are spent on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from domain.evidence.reading import Reading
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.trees import Node

LOAD = re.compile(r"(?i)(?:^|_)(?:db_?)?load(?:_?avg)?$|^(?:aas|avg_?active_?sessions|average_?active_?sessions)$")
"""Fields that hold average active sessions, or their share (AWS Performance Insights and its like)."""
TEXTS = ("statement", "sql", "query", "sql_text", "query_text", "digest_text")
NAMES = ("name", "wait_event", "event", "user", "host", "id")
RATES = ("calls_per_sec", "executions_per_sec", "calls", "executions")
SERVERS = ("db_instance_identifier", "dbInstanceIdentifier", "DBInstanceIdentifier", "db_instance", "instance", "database")
ROWS = 10
"""Rows kept of each list, heaviest first."""
BUSY = 4.0
"""Sessions active at once on average below which no statement weighs on a server (diagnosis.md 5, slow_query)."""


def read(reading: Reading, roots: Sequence[Node]) -> int:
    """Keep every row of a load report as an object: `statement/…`, `wait/…`, `user/…` or `host/…`; return how many."""
    return sum(
        _list(reading, root, path[-1], node)
        for root in roots
        for path, node in sought(root, _holds_loads)
        if path and node.shape == "list"
    )


def _holds_loads(_: str, raw: Nest) -> bool:
    """Return whether a list has a row with a load."""
    return isinstance(raw, list) and any(isinstance(row, dict) and _has_load(tuple(row)) for row in raw)


@lru_cache(maxsize=4_096)
def _has_load(names: tuple[str, ...]) -> bool:
    return any(map(_is_load, names))


def light(measured: Iterable[tuple[str, Sequence[float | None]]]) -> bool:
    """Tell from named series whether the whole load is known and never so high that a statement could weigh on the server."""
    known = [value for name, values in measured if LOAD.search(name) for value in values if value is not None]
    return bool(known) and max(known) < BUSY


def _list(reading: Reading, root: Node, title: str, node: Node) -> int:
    """Keep the heaviest rows of a list whose rows have a name and a load."""
    rows = sorted(_rows(node), key=lambda row: -row[1])
    whole = sum(load for _, load, _ in rows)
    if not rows or whole <= 0 or "." in title or title == "wait_events":
        return 0
    server = next((root.text(key) for key in SERVERS if root.text(key)), "")
    for place, (name, load, item) in enumerate(rows[:ROWS], start=1):
        about = {
            "text": name,
            "load": f"{load:.4g}",
            "share": f"{load / whole:.3f}",
            "rank": str(place),
            "server": f"database/{server}".lower() if server else "",
            "type": item.text("type"),
            "waits": ", ".join(_waits(item)),
            "rate": next((item.text(key) for key in RATES if item.text(key)), ""),
        }
        text = next((item.get(key) for key in (*TEXTS, *NAMES) if item.text(key)), None) or item
        reading.observe(_kind(title, item), f"{server}:{name}"[:200], text.line, about)
    return min(len(rows), ROWS)


def _rows(node: Node) -> Iterator[tuple[str, float, Node]]:
    """Yield name, load and map of every row that has both."""
    for _, item in node.branches():
        field = next((key for key in item.names() if _is_load(key)), "")
        load = item.number(field) if field else None
        if load is None:
            continue
        if name := next((item.text(key) for key in (*TEXTS, *NAMES) if item.text(key)), ""):
            yield name, load, item


@lru_cache(maxsize=4_096)
def _is_load(name: str) -> bool:
    return bool(LOAD.search(name))


def _waits(item: Node) -> Iterator[str]:
    """Yield what a statement waits for, longest first."""
    waits = item.get("wait_events") or item.get("waits")
    rows = sorted(_rows(waits), key=lambda row: -row[1]) if waits else []
    yield from (name for name, _, _ in rows[:2])


def _kind(title: str, item: Node) -> str:
    """Return what a row is, by its list's name and its fields."""
    if any(item.text(key) for key in TEXTS):
        return "statement"
    return next((kind for kind in ("wait", "user", "host") if kind in title.lower()), "load")
