"""Kinds of structured text: JSON documents, JSON lines and delimited tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.evidence.kinds.fingerprints import PIECE
from domain.evidence.structure import jsontree
from domain.evidence.structure.delimited import ANNOTATION, TIMES, cells, number
from domain.evidence.structure.trees import Node, Path, Tree, numeric, walk
from domain.evidence.values import Kind


class Vote(NamedTuple):
    """One grammar's opinion; strength is 0..1."""

    kind: Kind
    format: str
    strength: float


LOG_KEYS = frozenset([
    "level",
    "severity",
    "msg",
    "message",
    "time",
    "timestamp",
    "ts",
    "log",
    "event",
    "loglevel",
    "@timestamp",
    "__realtime_timestamp",
    "logger",
    "levelname",
    "asctime",
    "severitytext",
    "severity_text",
])
SPAN_KEYS = frozenset([
    "resourcespans",
    "scopespans",
    "instrumentationlibraryspans",
    "spans",
    "spanid",
    "span_id",
    "traceid",
    "trace_id",
    "parentid",
    "parentspanid",
    "parent_id",
])
STATUS_KEYS = frozenset({
    "status", "state", "running", "healthy", "ready", "error", "errors", "events", "conditions", "phase", "uptime", "count", "last_time", "items",
    "overall_state", "results", "message", "timestamp", "reason", "date", "desired", "available", "start_time", "end_time",
})  # fmt: skip
FEWEST = 3
"""Points that make a series."""
ANSWERS = frozenset({
    "reservations", "instancestatuses", "dbinstances", "dbclusters", "targethealthdescriptions", "metricalarms", "autoscalinggroups", "cacheclusters",
    "stackevents", "provisioningstate", "powerstate", "selflink", "hostconfig", "networksettings", "inprog", "statestr",
    "_shards", "_source", "_raw",
})  # fmt: skip
"""Keys that only the answers of cloud accounts, container engines, MongoDB and searches of logs have."""
TRAILS = frozenset({
    "eventname",
    "eventtimestamp",
    "methodname",
    "titleverb",
    "date_happened",
    "deployed_at",
    "textpayload",
    "jsonpayload",
})
"""Fields of records of what happened or was changed: CloudTrail, Azure's activity log, Google Cloud's logs, flags, events of Datadog."""
ALERT = frozenset({"labels", "annotations", "startsat"})
"""Fields of an alert as Alertmanager and Grafana send it (prometheus.io, webhook_config)."""
LOG_TEXTS = frozenset({"logs", "log", "stdout", "stderr", "output"})
"""Fields that hold the lines of a log in one text."""
SHELL = re.compile(r"^\s{0,40}[A-Za-z_$][\w$]{0,80}: ['\d]|: ?(?:ISODate|NumberLong|Timestamp|ObjectId|Long)\(", re.MULTILINE)
"""A document as the shell of MongoDB prints it: names without quotes, values in functions."""
DATED = re.compile(r"\s?\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
"""How a line of a log begins."""
OPENS = re.compile(r"\s{0,1000}+[{\[](?![A-Za-z(])")
"""How JSON begins; a bracket before a word is a log's or a language's."""
NANOSECONDS = re.compile(r"\d{19}")
"""Time of a line (grafana.com, Loki HTTP API, "Query logs within a range of time")."""
LONG = 8
"""Numbers in one list that make it a series."""
NODES = 3_000
"""Nodes of a document that are looked at."""


def json_votes(text: str, lines: tuple[str, ...]) -> Iterator[Vote]:
    """Yield the kinds a JSON document or JSON lines may be."""
    if not OPENS.match(text):
        return
    tree = jsontree.read(text)
    if not tree.roots or (tree.broke and _is_no_json(tree, text, lines)):
        return
    nodes = [node for _, node in zip(range(NODES), (pair for root in tree.roots for pair in walk(root)), strict=False)]
    keys = {key.lower() for _, node in nodes for key, _ in node.fields}
    if _is_log(tree.roots) or (tree.broke == 2 and _is_record(tree.roots, lines)):
        yield Vote(Kind.LOGS, "json lines", 0.95)
    if keys & {"exception", "exceptions"} and keys & {"stacktrace", "frames"}:
        yield Vote(Kind.ERROR_REPORT, "json report", 0.95)
    if _are_spans(keys):
        yield Vote(Kind.TRACE, "json spans", 0.95)
    yield from _measured(tree.roots, nodes, keys)
    kept = any(_is_kept_log(key, child) for _, node in nodes for key, child in node.fields)
    if kept or keys >= ALERT or _is_empty_answer(tree.roots) or _holds_lines(nodes):
        yield Vote(Kind.COMMAND_OUTPUT, "json", 0.85)
    yield from _answered(keys)


def _is_kept_log(key: str, child: Node) -> bool:
    """Return whether a field holds the lines of a log in one text."""
    return key.lower() in LOG_TEXTS and isinstance(child.value, str) and child.value.strip().count("\n") >= 2


def _is_empty_answer(roots: tuple[Node, ...]) -> bool:
    """Return whether a tool was asked for a list of what happened and had nothing to tell."""
    return len(roots) == 1 and [key.lower() for key, child in roots[0].fields if child.shape == "list" and not child.items] in (
        ["events"], ["warning_events"], ["logs"],
    )  # fmt: skip


def _holds_lines(nodes: list[tuple[Path, Node]]) -> bool:
    """Return whether most texts of a document are dated lines in lists: a log that a tool cut out."""
    texts = [(path, node.value) for path, node in nodes if isinstance(node.value, str)]
    dated = sum(path[-1:] != () and path[-1].isdecimal() and DATED.match(value) is not None for path, value in texts)
    return dated > len(texts) / 2 > 0


def _measured(roots: tuple[Node, ...], nodes: list[tuple[Path, Node]], keys: set[str]) -> Iterator[Vote]:
    """Yield what a query answered: lines with their times, or numbers."""
    if any(is_pair([part.value for part in node.items[:2]]) for _, node in nodes if node.shape == "list"):
        yield Vote(Kind.COMMAND_OUTPUT, "json", 0.9)
    elif _is_numeric(nodes, keys) or _are_points(roots):
        yield Vote(Kind.METRICS, "json series", 0.9)


def is_pair(parts: Sequence[object]) -> bool:
    """Return whether a list is a line of a log with its time, as log stores answer them."""
    return (
        len(parts) > 1 and isinstance(parts[0], str) and NANOSECONDS.fullmatch(parts[0]) is not None and isinstance(parts[1], str)
    )


def _are_spans(keys: set[str]) -> bool:
    """Return whether the keys are those of Zipkin, Tempo, OTLP or Jaeger."""
    zipkin = keys >= {"traceid", "localendpoint"} or keys >= {"traceid", "roottracename"}
    return zipkin or (len(keys & SPAN_KEYS) >= 2 and bool(keys & {"spanid", "span_id", "spans", "scopespans"}))


def _answered(keys: set[str]) -> Iterator[Vote]:
    """Yield whether a document is a tool's answer or what a tool is given."""
    told = len(keys & STATUS_KEYS)
    kubernetes = {"kind", "apiversion"} <= keys
    versions = keys & {"previous", "previous_version", "from_version"} and "version" in keys and keys & TIMES
    if (keys & ANSWERS or keys & TRAILS or versions) and not kubernetes:
        yield Vote(Kind.COMMAND_OUTPUT, "json", 0.85)
    if told >= 2 or (kubernetes and keys & {"status", "items"}):
        yield Vote(Kind.COMMAND_OUTPUT, "json", 0.75)
    yield Vote(Kind.CONFIG, "json", 0.8 if kubernetes or told < 2 else 0.4)


def _is_no_json(tree: Tree, text: str, lines: tuple[str, ...]) -> bool:
    """Return whether what broke was another language from the start, or a list of hardly anything."""
    short = tree.roots[0].shape == "list" and len(tree.roots[0].items) < 2
    return short or tree.broke == 1 < len(lines) or bool(SHELL.search(text[:4096]))


def _is_log(roots: tuple[Node, ...]) -> bool:
    """Return whether most of several documents in a row carry log keys."""
    logged = sum(len({key.lower() for key, _ in root.fields} & LOG_KEYS) >= 2 for root in roots)
    return len(roots) >= 2 and logged >= 0.6 * len(roots)


def _is_record(roots: tuple[Node, ...], lines: tuple[str, ...]) -> bool:
    """Return whether the first line alone is a record of a log: what a program writes to it as it dies is no JSON."""
    keys = {key.lower() for key, _ in roots[0].fields}
    return lines[0].rstrip().endswith("}") and len(keys & LOG_KEYS) > 2


def _is_numeric(nodes: list[tuple[tuple[str, ...], Node]], keys: set[str]) -> bool:
    """Return whether the document is a query result or mostly numbers in lists."""
    if (
        keys & {"resulttype", "metric_data_results", "metricdataresults", "datapoints", "pointlist", "metrickind"}
        or keys
        >= {
            "series",
            "columns",
        }
        or keys >= {"timestamps", "values"}
    ):
        return True
    if any(_are_points(node.items) for _, node in nodes if node.shape == "list"):
        return True
    numbers = [sum(numeric(child.value) is not None for child in node.items) for _, node in nodes if node.shape == "list"]
    return max(numbers, default=0) >= LONG and sum(numbers) >= 0.3 * sum(len(node.items) for _, node in nodes)


def _are_points(items: tuple[Node, ...]) -> bool:
    """Return whether maps in a row carry a time and more numbers than texts, or a value."""
    some = items[:50]
    points = sum(_is_point(item) for item in some)
    return points >= FEWEST and points >= 0.8 * len(some)


def _is_point(item: Node) -> bool:
    names = {key.lower() for key, _ in item.fields}
    if item.shape != "map" or not names & TIMES or names & {"message", "msg", "level"}:
        return False
    values = [child.value for key, child in item.fields if key.lower() not in TIMES]
    numbers = sum(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return numbers > len(values) / 2 or (numbers > 0 and "value" in names)


def table_votes(lines: tuple[str, ...]) -> Iterator[Vote]:
    """Yield the kinds a delimited table may be."""
    lines = tuple(line for line in lines[:200] if not ANNOTATION.match(line))
    for mark in (",", "\t", ";") if lines else ():
        if mark not in lines[0]:
            continue
        rows = [cells(line, mark) for line in lines]
        if len(lines[0]) >= PIECE:
            rows = [row[: min(map(len, rows)) - 1] for row in rows]  # lines that wide are cut
        width = len(rows[0])
        fitting = [row for row in rows if len(row) == width]
        if width < 2 or len(rows) < 3 or len(fitting) < 0.9 * len(rows) or max(map(len, rows[0])) > 200:
            continue
        yield from _table(rows[0], fitting[1:], mark)


def _table(header: list[str], body: list[list[str]], mark: str) -> Iterator[Vote]:
    names = {cell.strip().strip('"').lower() for cell in header}
    every = [cell for row in body for cell in row]
    numbers = sum(number(cell, mark) is not None for cell in every) / max(1, len(every))
    if len(names & {"traceid", "spanid", "parentid", "trace_id", "span_id", "parent_id", "parentspanid"}) >= 2:
        yield Vote(Kind.TRACE, "span table", 0.95)
    elif {"command", "state"} <= names or {"variable_name", "value"} <= names:
        yield Vote(Kind.COMMAND_OUTPUT, "sql batch", 0.9)
    elif names & {"level", "message", "msg", "severity"}:
        yield Vote(Kind.LOGS, "delimited", 0.85)
    elif numbers >= 0.6 or (names & TIMES and numbers > 0.2):
        yield Vote(Kind.METRICS, "delimited", 0.95)
