"""Series in JSON: query results, lists of times beside lists of values, lists of points, frames of dashboards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import starmap

from domain.evidence.metrics import clouds
from domain.evidence.metrics.series import POINTS, Series, moment, moments, numbers
from domain.evidence.metrics.tables import METRICS, VALUES
from domain.evidence.structure.delimited import TIMES
from domain.evidence.structure.jsonvalues import NESTED, Raw, Value, held, lines, parts
from domain.evidence.structure.trees import Node, Path, Written, listing, numeric, said

FEWEST = 3
"""Points that make a list of maps a series."""
RUN = 8
"""Numbers, or rows of scalars, that make a run."""
LISTS = frozenset({"datapoints", "pointlist", "points", "values", "data"})
"""Names of lists of pairs."""
NAMES = ("label", "metric_name", "Label", "MetricName", "target", "metric", "display_name", "displayName", "name", "id")
"""Fields that name a series, likeliest first."""


def read(roots: tuple[Node, ...]) -> Iterator[Series]:
    """Yield the series of one document, or of JSON lines."""
    lines = list(_records(roots, "")) if len(roots) > 1 else []
    yield from lines
    for root in () if lines else roots:
        yield from _found(root)


def _found(root: Node) -> Iterator[Series]:
    top = _maps(root.items)
    yield from _records(top, "") if len(top) >= FEWEST else ()
    for path, node in _around(root, ()):
        metric = node.get("metric")
        times = node.get("timestamps") or node.get("Timestamps")
        values = node.get("values") or node.get("Values")
        if times and values and times.shape == values.shape == "list":
            yield _paired(path, node, times, values)
        elif series := clouds.points(node):
            yield series
        elif clouds.is_metric(node):
            yield from clouds.metric(node)
        elif metric and metric.shape == "map":
            yield from _query(metric, node)
        elif fields := node.get("schema", "fields"):
            yield from _frame(node, fields)
        else:
            yield from _listed(path, node)


def _around(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Yield every map with its path, parents first; runs of numbers hold none and are not walked."""
    if node.shape == "map":
        yield path, node
    for name, child in () if _is_run(node) or clouds.is_metric(node) else node.branches():
        yield from _around(child, (*path, name))


def _is_run(node: Node) -> bool:
    """Return whether a list holds numbers or rows of scalars."""
    return node.shape == "list" and _runs(held(node))


def _runs(values: list[Raw]) -> bool:
    first = values[0] if len(values) >= RUN else None
    if isinstance(first, list):
        return not any(isinstance(cell, dict | list) for cell in first)
    return not isinstance(first, str | dict) and numeric(first) is not None


def plain(node: Node) -> Node:
    """Return a document without its runs of numbers: what is left may tell of a fault by its words."""
    if isinstance(node, Value):
        raw = _plain(node.raw)
        return node if raw is node.raw else Value(raw, node.source, node.path)
    if _is_run(node):
        return listing(node.line, [])
    parts = tuple((key, plain(child)) for key, child in node.fields), tuple(map(plain, node.items))
    return node if node.shape == "scalar" else Written(node.shape, node.line, parts)


def _plain(raw: Raw) -> Raw:
    """Return the value itself where it holds no run."""
    if isinstance(raw, list) and _runs(raw):
        return []
    less = {step: rest for step, part in parts(raw) if isinstance(part, NESTED) and (rest := _plain(part)) is not part}
    if isinstance(raw, dict) and less:
        return {name: less.get(name, part) for name, part in raw.items()}
    return list(starmap(less.get, enumerate(raw))) if isinstance(raw, list) and less else raw


def _listed(path: Path, node: Node) -> Iterator[Series]:
    """Yield what the lists of one map hold: pairs of time and value, maps with a time, or rows under named columns."""
    columns = node.get("columns") or node.get("fields")
    for key, child in node.branches():
        values = held(child)
        first = values[0] if values else None
        if isinstance(first, dict) and len(values) >= FEWEST:
            yield from _records(_maps(child.items), f"{key}." if path and not _called(node) else "", _called(node))
        elif isinstance(first, list) and columns and key in {"values", "rows", "data"}:
            yield from _rows(node, columns, child)
        elif key.lower() in LISTS and isinstance(first, list):
            yield from _pairs(path, node, child)


def _called(node: Node) -> str:
    """Return the name that a map gives its series, empty without one."""
    return next((text for key in NAMES if (text := node.text(key))), "")


def _maps(items: Iterable[Node]) -> list[Node]:
    return [item for item in items if item.shape == "map"]


def _query(metric: Node, node: Node) -> Iterator[Series]:
    """Yield a series of Prometheus' HTTP API: matrix, vector, or a native histogram's count."""
    labels = {key: said(child.value) for key, child in metric.fields if child.shape == "scalar"}
    series = Series(labels.get("__name__", "value"), labels, head=metric.line)
    single = node.get("value")
    if points := node.get("values"):
        _fill(series, points, 0)
    elif single and len(pair := held(single)) == 2:
        series.add(single.items[1].line, *(moments([_text(pair[0])]) + numbers([_text(pair[1])])))
    if series.values:
        yield series


def _fill(series: Series, points: Node, first: int) -> None:
    """Add the pairs of a list, `first` being where the time stands in each."""
    pairs = [(place, row) for place, row in enumerate(held(points)) if isinstance(row, list) and len(row) == 2][:POINTS]
    series.times += moments([_text(row[first]) for _, row in pairs])
    series.values += numbers([_text(row[1 - first]) for _, row in pairs])
    series.lines += lines(points, *((place, 1 - first) for place, _ in pairs))


def _text(raw: Raw) -> str:
    return "" if isinstance(raw, dict | list) else said(raw)


def _pairs(path: Path, node: Node, points: Node) -> Iterator[Series]:
    """Yield a list of [time, value] or [value, time], as Datadog and Graphite answer."""
    pair = next((row for row in held(points) if isinstance(row, list) and len(row) == 2), None)
    if not pair:
        return
    first = 0 if _is_time(pair[0]) else 1
    if not _is_time(pair[first]):
        return
    tags = node.get("tags") or node.get("tag_set") or node
    named = {key: said(child.value) for key, child in tags.fields if child.shape == "scalar"} if tags is not node else {}
    listed = dict(said(item.value).split(":", 1) for item in tags.items if ":" in said(item.value))
    scope = dict(part.split(":", 1) for part in node.text("scope").split(",") if ":" in part)
    unit = node.text("unit") or next((one.text("name") for one in (node.get("unit") or node).items), "")
    series = Series(_called(node) or ".".join(path), {**named, **listed, **scope}, unit, head=node.line)
    _fill(series, points, first)
    yield series


def _is_time(raw: Raw) -> bool:
    return moment(_text(raw)) is not None


def _paired(path: Path, node: Node, times: Node, values: Node) -> Series:
    labels = {
        d.text("Name") or d.text("name"): d.text("Value") or d.text("value") for d in (node.get("dimensions") or node).items
    }
    if (metric := node.get("metric")) and metric.shape == "map":
        labels |= {key: said(child.value) for key, child in metric.fields if child.shape == "scalar"}
    name = _called(node) or labels.get("__name__") or ".".join(path)
    head = node.get("label") or node.get("Label") or node
    series = Series(name, labels, unit=node.text("unit"), head=head.line)
    for at, value in zip(times.items, values.items, strict=False):
        series.add(value.line, moment(said(at.value)), numeric(value.value))
    return series


def _frame(node: Node, fields: Node) -> Iterator[Series]:
    """Yield the number fields of a data frame (Grafana's /api/ds/query): columns in `data.values` in the order of the fields."""
    columns = node.get("data", "values")
    if not columns or len(columns.items) != len(fields.items):
        return
    at = next((n for n, one in enumerate(fields.items) if one.text("type") == "time"), None)
    times = [moment(said(one.value)) for one in columns.items[at].items] if at is not None else []
    for about, column in zip(fields.items, columns.items, strict=True):
        if about.text("type") != "number":
            continue
        labels = {key: said(child.value) for key, child in (about.get("labels") or about).fields if child.shape == "scalar"}
        labels = labels if about.get("labels") else {}
        shown = about.text("config", "displayNameFromDS") or about.text("config", "displayName") or about.text("name")
        series = Series(shown, labels, about.text("config", "unit"), head=about.line)
        for n, value in enumerate(column.items):
            series.add(value.line, times[n] if n < len(times) else None, numeric(value.value))
        yield series


def _rows(node: Node, columns: Node, rows: Node) -> Iterator[Series]:
    """Yield the columns of rows, as InfluxDB's query answers and tables of dashboards hold them."""
    names = [said(one.value) if one.shape == "scalar" else one.text("text") or one.text("name") for one in columns.items]
    at = next((n for n, name in enumerate(names) if name.lower() in TIMES), None)
    if at is None:
        return
    tags = {key: said(child.value) for key, child in (node.get("tags") or columns).fields if child.shape == "scalar"}
    whole = [row.items for row in rows.items if len(row.items) == len(names)]
    for n, name in enumerate(names):
        if n == at or not any(numeric(row[n].value) is not None for row in whole[:200]):
            continue
        title = node.text("name")
        series = Series(f"{title}.{name}" if title else name, dict(tags), head=node.line)
        for row in whole:
            series.add(row[n].line, moment(said(row[at].value)), numeric(row[n].value))
        yield series


def _records(maps: list[Node] | tuple[Node, ...], before: str, called: str = "") -> Iterator[Series]:
    """Yield series of maps that carry a time and numbers; their texts part them, a name beside a value names them."""
    maps = _maps(maps)
    if len(maps) < FEWEST:
        return
    at = next((name for name, _ in maps[0].fields if name.lower() in TIMES), None)
    if at is None:
        return
    numbers = [name for name, child in maps[0].fields if name != at and _is_number(child)]
    parts = [name for name, child in maps[0].fields if name != at and isinstance(child.value, str) and name not in numbers]
    groups: dict[tuple[str, ...], list[Node]] = {}
    for item in maps:
        groups.setdefault(tuple(item.text(name) for name in parts), []).append(item)
    if len(groups) > 1 and len(groups) > len(maps) / FEWEST:
        groups = {(): list(maps)}  # a text that differs from point to point is no label
    for key, members in groups.items():
        labels = dict(zip(parts, key, strict=False))
        unit = labels.pop("Unit", "") or labels.pop("unit", "")
        title = next((labels[one] for one in labels if one.lower() in METRICS), called)
        for name in numbers:
            whole = title if title and name.lower() in VALUES else ".".join(filter(None, (title, name)))
            yield _column(Series(before + whole, dict(labels), unit, head=members[0].line), name, at, members)


def _is_number(child: Node) -> bool:
    return child.shape == "scalar" and not isinstance(child.value, str) and numeric(child.value) is not None


def _column(series: Series, name: str, at: str, maps: list[Node]) -> Series:
    for item in maps:
        got = item.get(name)
        series.add(got.line if got else item.line, moment(item.text(at)), item.number(name))
    return series
