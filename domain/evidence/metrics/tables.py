"""Delimited tables of numbers: wide with a column per series, or long with a row per value."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from domain.evidence.metrics.series import POINTS, SERIES, Series, moment
from domain.evidence.structure.trees import numeric

TIMES = frozenset({"time", "timestamp", "ts", "date", "datetime", "_time", "@timestamp", "epoch"})
VALUES = frozenset({"value", "val", "_value", "metric_value", "metricvalue"})
METRICS = frozenset({"metric", "name", "__name__", "measurement", "kpi_name", "_field", "metric_name", "series"})
"""Columns that hold a time, a value, or what was measured."""
ANNOTATION = re.compile(r"^#(?:group|datatype|default)\b")
"""Rows that InfluxDB's annotated CSV puts above its header (its line begins with the same comma-separated columns)."""
UNIT = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<unit>[^()\[\]]{1,16})[)\]]$")
"""`heap used (MB)` or `latency [ms]`."""
NUMBER = re.compile(
    r"^(?P<number>[-+]?(?:\d[\d, ]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s?(?P<unit>%|[µumn]?s|[kKMGTP]i?[Bb]?(?:/s|ps)?|B|rps|[a-z]{1,4}/s)?$"
)
"""A number as dashboards export it: thousands marked, a unit behind."""
FACTORS = {
    "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50,
}  # fmt: skip

Rows = list[tuple[int, list[str]]]


def read(body: list[tuple[int, str]]) -> tuple[Iterator[Series], list[str]]:
    """Return the series of a table, long when it has a column of names beside one of values, and notes."""
    body = [(n, line) for n, line in body if not ANNOTATION.match(line) and not line.startswith("sep=")]
    if not body:
        return iter(()), []
    mark = max(",\t;", key=body[0][1].count)
    head = [cell.strip() for cell in cells(body[0][1], mark)]
    rows = [(n, cells(line, mark)) for n, line in body[1:]]
    fitting = [(n, row) for n, row in rows if len(row) == len(head)]
    notes = [f"{len(rows) - len(fitting)} rows have another width"] if len(fitting) < len(rows) else []
    if mark == ";":
        fitting = _with_points(fitting)
    if head and all(numeric(cell) is not None or moment(cell) for cell in head):
        first = body[0]
        head, fitting = _unnamed(head), [(first[0], cells(first[1], mark)), *fitting]
    names = [cell.lower().strip('"') for cell in head]
    at = next((i for i, name in enumerate(names) if name in TIMES), _dated(names, fitting))
    value = next((i for i, name in enumerate(names) if name in VALUES), None)
    label = [i for i in range(len(head)) if i not in {at, value} and not _numbers(fitting, i)]
    if value is not None and label:
        return iter(_long(head, fitting, (at, value))), notes
    return _wide(head, fitting, at, label), notes


def cells(line: str, mark: str) -> list[str]:
    """Return the cells of one line; quotes may hold the mark."""
    if '"' not in line:
        return line.split(mark)
    return next(csv.reader([line.replace("\r", " ").replace("\n", " ")[:100_000]], delimiter=mark), [])


def cell(text: str) -> float | None:
    """Return the number of one cell; a unit scales it, `-`, `n/a` and the like are missing."""
    plain = numeric(text)
    if plain is not None or not text.strip():
        return plain
    found = NUMBER.match(text.strip()[:64])
    if not found:
        return None
    number = numeric(found["number"].replace(",", "").replace(" ", ""))
    unit = found["unit"] or ""
    factor = FACTORS.get(unit[:2] if unit[1:2] == "i" else unit[:1], 1.0) if unit[:1] in "kKMGTP" else 1.0
    return None if number is None else number * factor


def _with_points(rows: Rows) -> Rows:
    """Return the rows with decimal commas as points: where `;` parts the cells, a comma may part the fraction."""
    comma = re.compile(r"^-?\d+,\d+$")
    return [(n, [c.replace(",", ".") if comma.match(c.strip()[:40]) else c for c in row]) for n, row in rows]


def _unnamed(head: Sequence[str]) -> list[str]:
    """Return names for the columns of a table without a header."""
    return ["time" if moment(text) else f"column {n}" for n, text in enumerate(head, start=1)]


def _dated(names: list[str], rows: Rows) -> int | None:
    """Return the column that holds times though its name is none of the usual: by its name, then by its first cells."""
    named = next((i for i, name in enumerate(names) if "time" in name or "date" in name), None)
    if named is not None and all(moment(row[named]) for _, row in rows[:3]):
        return named
    first = next((i for i in range(len(names)) if rows and all(moment(row[i]) for _, row in rows[:5])), None)
    return first if first is not None else named


def _numbers(rows: Rows, column: int) -> bool:
    """Return whether most of the first cells of a column are numbers or empty."""
    some = [row[column].strip() for _, row in rows[:200]]
    return sum(not c or cell(c) is not None for c in some) >= 0.8 * len(some) and any(some)


def _wide(head: list[str], rows: Rows, at: int | None, label: list[int]) -> Iterator[Series]:
    """Yield a series per column of numbers; lines and times are the same lists for all of them."""
    kept = rows[:POINTS]
    lines = [n for n, _ in kept]
    times: list[datetime | None] = [moment(row[at]) if at is not None else None for _, row in kept]
    for i, title in enumerate(head):
        if i != at and i not in label:
            name, unit = named(title)
            yield Series(name, {}, unit, times, _column([row[i] for _, row in kept]), lines)


def named(title: str) -> tuple[str, str]:
    """Return name and unit of a column's title."""
    found = UNIT.match(title[:200])
    return (found["name"], found["unit"]) if found else (title, "")


def _column(texts: list[str]) -> list[float | None]:
    """Return the numbers of a column, all at once where every cell is a plain number."""
    try:
        numbers = np.array(texts, dtype=np.float64)
    except ValueError:
        return [cell(text) for text in texts]
    good = np.isfinite(numbers)
    return [value if ok else None for value, ok in zip(numbers.tolist(), good.tolist(), strict=True)]


def _long(head: list[str], rows: Rows, at: tuple[int | None, int]) -> list[Series]:
    time_at, value_at = at
    names = [i for i, name in enumerate(head) if name.lower() in METRICS]
    found: dict[tuple[str, ...], Series] = {}
    for line, row in rows:
        key = tuple(text for i, text in enumerate(row) if i not in at)
        series = found.get(key)
        if series is None:
            if len(found) >= SERIES:
                continue
            labels = {name: text for i, (name, text) in enumerate(zip(head, row, strict=True)) if i not in at}
            series = found[key] = Series(row[names[0]] if names else "value", labels, labels.get("unit", ""))
        series.add(line, moment(row[time_at]) if time_at is not None else None, cell(row[value_at].strip()))
    return list(found.values())
