"""Metrics: which series moved, when, by how much on its own scale, and which are at their limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from domain.evidence import changes, series
from domain.evidence.commands import json_values
from domain.evidence.reading import Fact, Reading
from domain.evidence.series import Series
from domain.evidence.values import Context, Document, Parsed, Text

SHIFTED = 4.0
"""Robust scales from which on a shift is a finding."""
TOP = 40
"""Shifts and limits kept of one file."""
FULL = 0.95
"""Share of a limit at which a resource counts as used up."""
PERCENT = re.compile(r"(?i)(?:percent|pct|util|%|usage$|busy)")
FREE = re.compile(r"(?i)(?:free|available|remaining|headroom)")
RESOURCES = (
    ("inodes", re.compile(r"(?i)inode|filesfree")),
    ("disk", re.compile(r"(?i)storage|disk|filesystem|volume|^fs_")),
    ("memory", re.compile(r"(?i)mem|heap|rss|swap")),
    ("cpu", re.compile(r"(?i)cpu|load")),
    ("connections", re.compile(r"(?i)connection|session|sockets?|pool")),
)
"""Word → names of series that measure it."""
SOON = 0.5
"""Of the time looked at: what runs out within that much more is at its limit."""
COUNTER = re.compile(r"(?:_total|_count|_sum|_bucket)$")
METRIC = re.compile(
    r"(?i)[_.\-](?:cpu|mem|memory|load|lod|lat|latency|rps|qps|err|error|errors|disk|net|network|io|success|p\d\d|count|rate|usage|requests|"
    r"restarts?|time|duration|bytes|receive|transmit|cfs|throttl\w*|workload|socket|diskio).*$"
)
"""The part of a column's name that says what was measured; the part before it names what was measured on."""
OWNERS = ("service", "pod", "container", "job", "app", "instance", "node", "host", "deployment", "DBInstanceIdentifier", "device")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A change of level of one series."""

    series: Series
    index: int
    before: float
    after: float
    score: float


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return shifts, limits and trends of all series, the strongest first."""
    found, tree, notes = series.read(text.lines)
    reading = Reading(document=document, lines=text.lines, notes=notes)
    json_values.read(reading, tree.roots)
    rates = [rate(one) for one in found]
    shifts = sorted((s for one in rates for s in strongest(one)), key=lambda s: (-abs(s.score), s.series.lines[s.index]))
    for one in shifts[:TOP]:
        _shift(reading, one)
    for used in rates:
        if len(reading.findings) < 2 * TOP:
            _limit(reading, used)
            _runs_out(reading, used)
    times = [t for one in found for t in one.times if t]
    moved = ", ".join(s.series.name for s in shifts[:3])
    summary = f"{len(found)} series" + (f", moved most: {moved}" if moved else ", no change of level")
    parsed = reading.parsed(summary, 1.0 if found else 0.0)
    return replace(parsed, first_time=min(times, default=None), last_time=max(times, default=None))


def rate(one: Series) -> Series:
    """Return a counter as increases per point, resets as zero; any other series as it is."""
    values = [v for v in one.values if v is not None]
    grows = sum(b >= a for a, b in pairwise(values))
    if not COUNTER.search(one.name) or len(values) < 4 or grows < 0.9 * (len(values) - 1):
        return one
    steps = [max(0.0, (b or 0.0) - (a or 0.0)) if a is not None and b is not None else None for a, b in pairwise(one.values)]
    return Series(one.name, one.labels, one.unit, one.times[1:], list(steps), one.lines[1:])


def strongest(one: Series) -> list[Shift]:
    """Return the largest change of level of a series, none when it is steady."""
    values = changes.clean(one.values)
    points = changes.change_points(values)
    found: list[Shift] = []
    for n, point in enumerate(points):
        start, end = ([0, *points])[n], ([*points, len(values)])[n + 1]
        before, after = values[start:point], values[point:end]
        score = changes.shift(before, after)
        if abs(score) >= SHIFTED:
            found.append(
                Shift(series=one, index=point, before=float(np.median(before)), after=float(np.median(after)), score=score)
            )
    return sorted(found, key=lambda s: -abs(s.score))[:1]


def resource(one: Series) -> str:
    """Return what a series measures in the word that diagnoses use, else its name."""
    return next((word for word, pattern in RESOURCES if pattern.search(one.name)), one.name)


def owner(one: Series) -> str:
    """Return what a series was measured on, as an object id, empty when nothing names it."""
    for name in OWNERS:
        if one.labels.get(name):
            return f"{name.lower()}/{one.labels[name]}".lower() if name.islower() else f"database/{one.labels[name]}".lower()
    before = METRIC.sub("", one.name)
    return f"service/{before}".lower() if before and before != one.name else ""


def _shift(reading: Reading, one: Shift) -> None:
    at, line = one.series.times[one.index], one.series.lines[one.index]
    severity = 3.5 if abs(one.score) >= 4 * SHIFTED else 3.0 if abs(one.score) >= 2 * SHIFTED else 2.5
    when = f" at {at.isoformat()}" if at else ""
    unit = f" {one.series.unit}" if one.series.unit else ""
    facts: dict[str, Fact] = {"metric": one.series.name, "before": one.before, "after": one.after, "score": round(one.score, 2)}
    if at:
        facts["time"] = at
    statement = f"{one.series.name} {'rose' if one.score > 0 else 'fell'} from {one.before:.4g} to {one.after:.4g}{unit}{when}"
    reading.find("level_shift", owner(one.series), line, severity, statement, **facts)
    if one.series.head and one.series.head != line:
        reading.also(one.series.head)
    reading.happened(line, statement, owner(one.series), at, severity)


def _limit(reading: Reading, one: Series) -> None:
    """Find a share that stays at its limit."""
    values = changes.clean(one.values)
    if len(values) < 3 or not (PERCENT.search(one.name) or one.unit.lower() == "percent"):
        return
    most = float(values.max())
    limit = 1.0 if most <= 1.0 else 100.0
    high = values >= FULL * limit
    if most > 1.05 * limit or FREE.search(one.name) or high.sum() < max(2, 0.1 * len(values)):
        return
    index = int(np.argmax(high))
    facts: dict[str, Fact] = {"resource": resource(one), "metric": one.name, "used": most, "limit": limit}
    if time := one.times[index]:
        facts["time"] = time
    reading.find("saturation", owner(one), one.lines[index], 3.5, f"{one.name} reached {most:.4g} of {limit:g}", **facts)


def _runs_out(reading: Reading, one: Series) -> None:
    """Find something free that falls steadily towards zero."""
    values = changes.clean(one.values)
    if len(values) < 5 or not FREE.search(one.name) or values[0] <= 0:
        return
    left = float(values[-1] / values[0])
    falling = float(np.mean(np.diff(values) <= 0))
    if left >= 0.5 or falling < 0.8:
        return
    ahead = left / (1 - left)  # of the time looked at, when it goes on like that
    kind = "saturation" if ahead <= SOON else "trend"
    facts: dict[str, Fact] = {
        "resource": resource(one),
        "metric": one.name,
        "before": float(values[0]),
        "after": float(values[-1]),
    }
    statement = f"{one.name} fell from {values[0]:.4g} to {values[-1]:.4g}, {left:.0%} is left"
    reading.find(kind, owner(one), one.lines[-1], 3.5, statement, **facts)
    if one.head:
        reading.also(one.head)


def ranked(normal: Sequence[Series], after: Sequence[Series]) -> list[tuple[str, float]]:
    """Return what the series were measured on, by its strongest shift between two recordings, strongest first."""
    before = {one.name: one for one in normal}
    scores: dict[str, float] = {}
    for one in after:
        base = before.get(one.name)
        name = owner(one).partition("/")[2]
        if base is None or not name:
            continue
        score = abs(changes.shift(changes.clean(base.values), changes.clean(one.values)))
        scores[name] = max(scores.get(name, 0.0), score)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
