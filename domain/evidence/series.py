"""Numeric series of any metrics format: wide and long tables, query results, exposition, lists in JSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.evidence import ages
from domain.evidence.reading import beginning
from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import Node, Path, Tree, numeric, said, walk

SERIES, POINTS = 2_000, 200_000
"""Kept per file, and of one series (evidence.md 14)."""
TIMES = frozenset({"time", "timestamp", "ts", "date", "datetime", "_time", "@timestamp", "epoch"})
SAMPLE = re.compile(
    r"^(?P<name>[a-zA-Z_:][\w:]*)(?:\{(?P<labels>[^}]{0,2000})\})? (?P<value>[-+]?[\d.]+(?:[eE][-+]?\d+)?|NaN|[+-]Inf)(?: (?P<time>\d+))?$"
)
INFLUX = re.compile(
    r"^(?P<name>[\w.\-]+)(?:,(?P<labels>\S+))? (?P<field>[\w.\-]+)=(?P<value>[-\d.]+)[iu]?(?:,\S*)? (?P<time>\d{10,19})$"
)
LABEL = re.compile(r"""([\w.\-]{1,80})="?([^",]{0,300})"?""")


@dataclass(slots=True)
class Series:
    """One series in the order of the file; missing values are None."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    times: list[datetime | None] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of each value."""
    head: int = 0
    """The line of the name, where it is another one."""

    def add(self, line: int, time: datetime | None, value: float | None) -> None:
        """Append one point, up to the bound."""
        if len(self.values) < POINTS:
            self.lines.append(line)
            self.times.append(time)
            self.values.append(value)


NONE = Tree(roots=())


def read(lines: tuple[str, ...]) -> tuple[list[Series], Tree, list[str]]:
    """Return the series of a document, its tree where it is JSON, and notes on what was not read."""
    body = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if not body:
        return [], NONE, []
    first = body[0][1].lstrip()
    if first[:1] in {"{", "["}:
        tree = jsontree.read("\n".join(lines))
        notes = [f"line {tree.broke}: {tree.reason}; the part above it was read"] if tree.broke else []
        return _bounded(series for root in tree.roots for series in _json(root)), tree, notes
    if first.startswith("#") or SAMPLE.match(beginning(first)) or INFLUX.match(beginning(first)):
        return _bounded(iter(_samples(body))), NONE, []
    found, notes = _table(body)
    return found, NONE, notes


def _bounded(found: Iterator[Series]) -> list[Series]:
    return [series for series, _ in zip(found, range(SERIES), strict=False)]


def moment(text: str) -> datetime | None:
    """Return a time from ISO 8601 or from a count of seconds, milli-, micro- or nanoseconds since 1970."""
    number = numeric(text.strip())
    if number is None:
        return ages.date(text)
    for unit in (1.0, 1e3, 1e6, 1e9):
        if 6e8 < number / unit < 5e9:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / unit)
    return None


def cells(line: str, mark: str) -> list[str]:
    """Return the cells of one line; quotes may hold the mark."""
    if '"' not in line:
        return line.split(mark)
    return next(csv.reader([line.replace("\r", " ").replace("\n", " ")[:100_000]], delimiter=mark), [])


def _table(body: list[tuple[int, str]]) -> tuple[list[Series], list[str]]:
    """Read a delimited table: long when it has a column of names beside one of values, else wide."""
    mark = max(",\t;", key=body[0][1].count)
    head = [cell.strip() for cell in cells(body[0][1], mark)]
    rows = [(n, cells(line, mark)) for n, line in body[1:]]
    fitting = [(n, row) for n, row in rows if len(row) == len(head)]
    notes = [f"{len(rows) - len(fitting)} rows have another width"] if len(fitting) < len(rows) else []
    names = [cell.lower().strip('"') for cell in head]
    at = next(
        (i for i, name in enumerate(names) if name in TIMES), next((i for i, name in enumerate(names) if "time" in name), None)
    )
    value = next((i for i, name in enumerate(names) if name in {"value", "val", "_value"}), None)
    label = [i for i in range(len(head)) if i not in {at, value} and not _numbers(fitting, i)]
    if value is not None and label:
        return _bounded(iter(_long(head, fitting, (at, value)))), notes
    return _bounded(iter(_wide(head, fitting, at, label))), notes


def _numbers(rows: list[tuple[int, list[str]]], column: int) -> bool:
    """Return whether most of the first cells of a column are numbers or empty."""
    cells = [row[column].strip() for _, row in rows[:200]]
    return sum(not c or numeric(c) is not None for c in cells) >= 0.8 * len(cells) and any(cells)


def _wide(head: list[str], rows: list[tuple[int, list[str]]], at: int | None, label: list[int]) -> list[Series]:
    found = {i: Series(name) for i, name in enumerate(head) if i != at and i not in label}
    for line, row in rows:
        time = moment(row[at]) if at is not None else None
        for i, series in found.items():
            series.add(line, time, numeric(row[i].strip()))
    return list(found.values())


def _long(head: list[str], rows: list[tuple[int, list[str]]], at: tuple[int | None, int]) -> list[Series]:
    time_at, value_at = at
    found: dict[tuple[str, ...], Series] = {}
    for line, row in rows:
        labels = {name: cell for i, (name, cell) in enumerate(zip(head, row, strict=True)) if i not in at}
        key = tuple(labels.values())
        name = next(
            (labels[n] for n in labels if n.lower() in {"metric", "name", "__name__", "measurement", "kpi_name"}), "value"
        )
        series = found.setdefault(key, Series(name, labels)) if len(found) < SERIES else found.get(key)
        if series:
            series.add(line, moment(row[time_at]) if time_at is not None else None, numeric(row[value_at].strip()))
    return list(found.values())


def _samples(body: list[tuple[int, str]]) -> list[Series]:
    """Read exposition or Influx lines; equal names and labels join."""
    found: dict[tuple[str, str], Series] = {}
    for line, text in body:
        match = SAMPLE.match(beginning(text)) or INFLUX.match(beginning(text))
        if not match:
            continue
        said_ = match.groupdict()
        name = f"{said_['name']}.{said_['field']}" if said_.get("field") else str(said_["name"])
        labels = said_["labels"] or ""
        if (name, labels) not in found and len(found) >= SERIES:
            continue
        series = found.setdefault((name, labels), Series(name, dict(LABEL.findall(labels))))
        series.add(line, moment(said_["time"] or ""), numeric(said_["value"]))
    return list(found.values())


def _json(root: Node) -> Iterator[Series]:
    """Yield query results (`metric` with `values`), lists of times beside lists of values, and lists of points."""
    for path, node in walk(root):
        if node.shape != "map":
            continue
        if metric := node.get("metric"):
            yield from _query(metric, node)
        elif (times := node.get("timestamps") or node.get("Timestamps")) and (values := node.get("values") or node.get("Values")):
            yield _paired(path, node, times, values)
        else:
            yield from _points(path, node)


def _query(metric: Node, node: Node) -> Iterator[Series]:
    labels = {key: said(child.value) for key, child in metric.fields if child.shape == "scalar"}
    points = node.get("values")
    single = node.get("value")
    pairs = points.items if points else ((single,) if single and single.shape == "list" else ())
    series = Series(labels.get("__name__", "value"), labels, head=metric.line)
    for pair in pairs:
        if len(pair.items) == 2:
            series.add(pair.items[1].line, moment(said(pair.items[0].value)), numeric(pair.items[1].value))
    if series.values:
        yield series


def _paired(path: Path, node: Node, times: Node, values: Node) -> Series:
    labels = {
        d.text("Name") or d.text("name"): d.text("Value") or d.text("value") for d in (node.get("dimensions") or node).items
    }
    name = next((text for key in ("label", "metric_name", "Label", "name", "id") if (text := node.text(key))), ".".join(path))
    series = Series(name, labels, unit=node.text("unit"), head=(node.get("label") or node).line)
    for at, value in zip(times.items, values.items, strict=False):
        series.add(value.line, moment(said(at.value)), numeric(value.value))
    return series


def _points(path: Path, node: Node) -> Iterator[Series]:
    """Yield series of maps that carry a time and numbers, such as `Datapoints`."""
    for key, child in node.fields:
        maps = [item for item in child.items if item.shape == "map"]
        if len(maps) < 3:
            continue
        at = next((name for name, _ in maps[0].fields if name.lower() in TIMES), None)
        if at is None:
            continue
        numbers = [
            n for n, first in maps[0].fields if n != at and not isinstance(first.value, str) and numeric(first.value) is not None
        ]
        for name in numbers:
            yield _column(f"{key}.{name}" if path else name, name, at, maps)


def _column(title: str, name: str, at: str, maps: list[Node]) -> Series:
    series = Series(title, head=maps[0].line)
    for item in maps:
        got = item.get(name)
        series.add(got.line if got else item.line, moment(item.text(at)), item.number(name))
    return series
