"""Delimited tables of numbers: wide with a column per series, or long with a row per value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.evidence.metrics.samples import LABEL
from domain.evidence.metrics.series import POINTS, SERIES, Series, floats, listed, moment, moments
from domain.evidence.structure.delimited import ANNOTATION, TIMES, cells, number
from domain.evidence.structure.trees import numeric

VALUES = frozenset({"value", "val", "_value", "metric_value", "metricvalue"})
METRICS = frozenset({"metric", "name", "__name__", "measurement", "kpi_name", "_field", "metric_name", "series"})
"""Columns that hold a time, a value, or what was measured."""
UNIT = re.compile(r"^(?P<name>\S.{0,180}?) ?[(\[](?P<unit>[^()\[\]]{1,16})[)\]]$")
"""`heap used (MB)` or `latency [ms]`."""
SERIES_TITLE = re.compile(r"^(?P<name>[\w:.]{0,200})\{(?P<labels>[^{}]{1,1800})\}$")
TITLE = 2_000
"""`http_requests_total{pod="web-0"}`, with the name as a label in exports of Grafana; the characters read of it."""
Rows = list[tuple[int, list[str]]]


def read(body: list[tuple[int, str]]) -> tuple[Iterator[Series], list[str]]:
    """Return the series of a table, long when it has a column of names beside one of values, and notes."""
    body = [(n, line) for n, line in body if not ANNOTATION.match(line)]
    if not body:
        return iter(()), []
    mark = max(",\t;", key=body[0][1].count)
    head = [cell.strip() for cell in cells(body[0][1], mark)]
    quoted = any('"' in line for _, line in body)
    rows = [(n, cells(line, mark) if quoted else line.split(mark)) for n, line in body[1:]]
    fitting = [(n, row) for n, row in rows if len(row) == len(head)]
    notes = [f"{len(rows) - len(fitting)} rows have another width"] if len(fitting) < len(rows) else []
    if head and all(numeric(cell) is not None or moment(cell) for cell in head):
        first = body[0]
        head, fitting = _unnamed(head), [(first[0], cells(first[1], mark)), *fitting]
    names = [cell.lower().strip('"') for cell in head]
    at = next((i for i, name in enumerate(names) if name in TIMES), _dated(names, fitting))
    value = next((i for i, name in enumerate(names) if name in VALUES), None)
    label = [i for i in range(len(head)) if i not in {at, value} and not _numbers(fitting, i, mark)]
    if value is not None and label:
        return iter(_long(head, fitting, (at, value), mark)), notes
    columns = [i for i in range(len(head)) if i != at and i not in label]
    return _wide(head, fitting, (at, columns), mark), notes


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


def _numbers(rows: Rows, column: int, mark: str) -> bool:
    """Return whether most of the first cells of a column are numbers or empty."""
    some = [row[column].strip() for _, row in rows[:200]]
    return sum(not c or number(c, mark) is not None for c in some) >= 0.8 * len(some) and any(some)


def _wide(head: list[str], rows: Rows, which: tuple[int | None, list[int]], mark: str) -> Iterator[Series]:
    """Yield a series per column of numbers; lines and times are the same lists for all of them."""
    at, columns = which
    kept = rows[:POINTS]
    lines = [n for n, _ in kept]
    times: list[float | None] = moments([row[at] for _, row in kept]) if at is not None else [None] * len(kept)
    for i in columns:
        name, labels = labelled(head[i])
        name, unit = named(name)
        yield Series(name, labels, unit, times, _column([row[i] for _, row in kept], mark), lines)


def labelled(title: str) -> tuple[str, dict[str, str]]:
    """Return name and labels of a column that is titled as Prometheus writes a series."""
    found = SERIES_TITLE.match(title[:TITLE])
    if not found:
        return title, {}
    labels = dict(LABEL.findall(found["labels"]))
    return found["name"] or labels.pop("__name__", title), labels


def named(title: str) -> tuple[str, str]:
    """Return name and unit of a column's title."""
    found = UNIT.match(title[:200])
    return (found["name"], found["unit"]) if found else (title, "")


def _column(texts: list[str], mark: str) -> list[float | None]:
    """Return the numbers of a column, all at once where every cell is a plain number."""
    found = floats(texts)
    return [number(text, mark) for text in texts] if found is None else listed(found)


def _long(head: list[str], rows: Rows, at: tuple[int | None, int], mark: str) -> list[Series]:
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
        series.add(line, moment(row[time_at]) if time_at is not None else None, number(row[value_at].strip(), mark))
    return list(found.values())
