"""Series as Google Cloud Monitoring and Azure Monitor answer them (projects.timeSeries.list; Metrics - List)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence.metrics.series import Series, moment
from domain.evidence.structure.trees import Node, said

KINDS = ("doubleValue", "int64Value")
TAKEN = ("average", "maximum", "total", "count", "minimum")
"""Aggregations of Azure, the one that says most first."""
RESOURCE = re.compile(r"(?i)/providers/([\w.]{1,80})/[\w/]{0,120}?([^/]{1,120})/providers/microsoft\.insights\b")
STORE = re.compile(r"(?i)sql|documentdb|dbfor|cache")


def points(node: Node) -> Series | None:
    """Return a map of Google's `timeSeries`, oldest point first, None where it is none."""
    metric, listed = node.get("metric"), node.get("points")
    if metric is None or listed is None or not metric.text("type"):
        return None
    labels = {
        key: said(one.value)
        for part in (node.get("resource", "labels"), metric.get("labels"))
        if part
        for key, one in part.fields
    }
    series = Series(metric.text("type"), labels, head=(metric.get("type") or metric).line)
    rows = [(moment(one.text("interval", "endTime")), _value(one), one.line) for one in listed.items]
    for at, value, line in sorted(rows, key=lambda row: row[0] or 0.0):
        series.add(line, at, value)
    return series


def _value(point: Node) -> float | None:
    return next((found for key in KINDS if (found := point.number("value", key)) is not None), None)


def is_metric(node: Node) -> bool:
    """Return whether a map is a metric of Azure: its series are then not read on their own."""
    return bool(node.text("name", "value") and node.get("timeseries"))


def metric(node: Node) -> Iterator[Series]:
    """Yield the series of a metric of Azure, one per set of dimensions, by the aggregation that they carry."""
    found = RESOURCE.search(node.text("id"))
    labels = {"database_id" if STORE.search(found[1]) else "instance": found[2]} if found else {}
    for one in (node.get("timeseries") or node).items:
        data = one.get("data")
        rows = data.items if data else ()
        taken = next((name for name in TAKEN if any(row.number(name) is not None for row in rows)), "")
        series = Series(
            node.text("name", "value"), dict(labels), node.text("unit"), head=(node.get("name", "value") or node).line
        )
        for row in rows:
            series.add(row.line, moment(row.text("timeStamp")), row.number(taken) if taken else None)
        yield series
