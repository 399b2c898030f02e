"""Metrics: which series moved, when, by how much on its own scale, and which are at their limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.evidence import changes
from domain.evidence.changes import Values
from domain.evidence.commands import json_values
from domain.evidence.commands.stores import loads
from domain.evidence.levels import Level
from domain.evidence.metrics import curves, holes, limits, reader, standing, suspects
from domain.evidence.metrics.names import owner, unit
from domain.evidence.metrics.points import plain
from domain.evidence.metrics.rates import quantiles, rate
from domain.evidence.metrics.series import Series, instant, zone_assumed
from domain.evidence.metrics.shifts import SHIFTED, Levels, Shift, levels, main, ordered, strongest
from domain.evidence.reading import Fact, Reading
from domain.evidence.values import Context, Curve, Document, Parsed, Text

MOST = 3.9
"""Severity of the strongest shifts: 2.5 for the weakest that counts, 3.5 at four times that, then little more with every doubling."""
LEADS = 0.05
"""Severity of the service that rose most of several above the strongest shift: it is what the shifts are about."""
DEPARTED = 0.25
"""Share of its range that a series must have moved to have left where it was: what tells who moved first."""
TOP = 40
"""Shifts and limits kept of one file."""
TOLD = 3
"""Groups told beside the one that moved most."""
GROUP = 3
"""Series that make a group when they move together."""


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return shifts, limits and trends of all series, the strongest first, and their curves."""
    found, tree, notes = reader.read(text.lines)
    reading = Reading(document=document, lines=text.lines, notes=notes)
    words = tuple(map(plain, tree.roots))
    json_values.read(reading, words)
    loads.read(reading, words)
    if loads.light((one.name, one.values) for one in found):
        reading.findings = [one for one in reading.findings if one.attributes.get("reason") != "dominant statement"]
    every = (*found, *quantiles(found))
    shown = [rate(one) for one in every]
    seen = [levels(one) for one in shown]
    for one in seen:
        _series(reading, one)
    shifts = sorted((s for one in seen for s in one.shifts), key=lambda s: (-abs(s.score), s.series.lines[s.index]))
    for moved in shifts[:TOP]:
        _shift(reading, moved)
    groups = ordered(seen)
    known = suspects.levels(every, strongest(groups).time if groups else None)
    if groups:
        _suspect(reading, known, strongest(groups), shifts[0])
        _together(reading, groups)
    limits.find(reading, shown, 2 * TOP)
    holes.find(reading, shown)
    standing.find(reading, found, document.command or document.hint.command)
    for one in seen[:TOP]:
        _unusual(reading, one)
    names = list(dict.fromkeys(s.series.name for s in shifts))[:3]
    summary = f"{len(found)} series" + (f", moved most: {', '.join(names)}" if names else ", no change of level")
    drawn = _curves(reading, seen)
    parsed = _spanned(replace(reading.parsed(summary, 1.0 if found else 0.0), curves=drawn, levels=known), found)
    return _assumed(parsed) if parsed.first_time and zone_assumed(text.lines) else parsed


def _spanned(parsed: Parsed, found: Sequence[Series]) -> Parsed:
    """Return the same with the times of its first and last points."""
    times = [time for one in found for time in one.times if time]
    return replace(parsed, first_time=instant(min(times, default=None)), last_time=instant(max(times, default=None)))


def _assumed(parsed: Parsed) -> Parsed:
    """Return the same with times that are UTC by assumption alone."""
    events = tuple(replace(one, certainty="zone assumed") if one.certainty == "exact" else one for one in parsed.events)
    return replace(parsed, events=events, times_certain="zone assumed", assumed_zone="UTC")


def _curves(reading: Reading, seen: Sequence[Levels]) -> tuple[Curve, ...]:
    """Return the curves of the series that moved most; the note says how many others there are and that long ones are thinned."""
    order = sorted(seen, key=lambda one: (-one.moved, one.series.lines[:1], one.series.title))
    drawn = [curve for one in order if (curve := curves.curve(one.series, one.points, reading.document.evidence))]
    if len(drawn) > curves.CURVES:
        reading.notes.append(f"{len(drawn) - curves.CURVES} series that moved less are not drawn")
    return tuple(drawn[: curves.CURVES])


def _series(reading: Reading, one: Levels) -> None:
    """Keep a series as an object with what its values are like."""
    series = one.series
    points = len(series.values) - series.values.count(None)
    fields = {"name": series.name, "owner": owner(series), "unit": unit(series), "points": str(points)}
    if not points:
        if line := series.head or next(iter(series.lines), 0):
            reading.observe("series", series.title, line, fields)
            reading.find(
                "no_data", owner(series), line, 1.5, f"{series.name} is not reported: it has no values", metric=series.name
            )
        return
    departed = series.when(_departed(one.values))
    fields |= {
        "first": f"{one.values[0]:.6g}",
        "last": f"{one.values[-1]:.6g}",
        "median": f"{np.median(one.values):.6g}",
        "minimum": f"{one.values.min():.6g}",
        "maximum": f"{one.values.max():.6g}",
        "scale": f"{changes.scale(one.values):.4g}",
        "departed": departed.isoformat() if departed else "",
    }
    reading.observe("series", series.title, series.head or series.lines[0], fields)


def _departed(values: Values) -> int:
    """Return the first place that is a quarter of the whole range away from the first value."""
    away = np.abs(values - values[0]) >= DEPARTED * (values.max() - values.min())
    return int(np.argmax(away))


def _shift(reading: Reading, one: Shift) -> None:
    at, line = one.time, one.series.lines[one.index]
    severity = _severity(one)
    when = f" at {at.isoformat()}" if at else ""
    measured = f" {unit(one.series)}" if one.series.unit or one.series.rated else ""
    facts: dict[str, Fact] = {"metric": one.series.name, "before": one.before, "after": one.after, "score": round(one.score, 2)}
    if at:
        facts["time"] = at
    statement = (
        f"{one.series.name} {'rose' if one.score > 0 else 'fell'} from {one.before:.4g} to {one.after:.4g}{measured}{when}"
    )
    reading.find("level_shift", owner(one.series), line, severity, statement, **facts)
    if one.series.head and one.series.head != line:
        reading.also(one.series.head)
    reading.happened(line, statement, owner(one.series), at, severity)


def _severity(one: Shift) -> float:
    doublings = math.log2(abs(one.score) / SHIFTED)
    return round(min(MOST, 2.5 + min(doublings, 2.0) / 2 + max(doublings - 2.0, 0.0) / 20), 2)


def _together(reading: Reading, groups: Sequence[Sequence[Shift]]) -> None:
    """Tell in which order groups of series moved, where there is an order or a group to tell."""
    chosen, leader = main(groups), strongest(groups)
    if len(groups) < 2 and len(chosen) < GROUP:
        return
    facts: dict[str, Fact] = {"first": owner(groups[0][0].series) or groups[0][0].series.name, "groups": float(len(groups))}
    facts |= {"series": float(len(chosen))} | ({"time": leader.time} if leader.time else {})
    statement = f"most moved at {_at(chosen)}: {_who(chosen)}"
    others = [group for group in groups if group is not chosen][:TOLD]
    if others:
        statement += "; before and after it " + ", ".join(f"{_who(group)} at {_at(group)}" for group in others)
    reading.find("onset", owner(leader.series), leader.series.lines[leader.index], 3.0, statement, **facts)
    for group in others:
        reading.also(group[0].series.lines[group[0].index])


def _suspect(reading: Reading, known: Sequence[Level], moved: Shift, most: Shift) -> None:
    """Tell which of several services rose most when most moved, and by which of its measures."""
    best = suspects.between(known)
    if len(best) < suspects.SERVICES or best[0].times < suspects.TIMES:
        return
    first, *others = best
    names = ", ".join(one.service for one in others[:2])
    statement = f"of {len(best)} services {first.service} rose most: {first.level.name} from {first.before:.4g} to {first.after:.4g}; then {names}"
    facts: dict[str, Fact] = {
        "metric": first.level.name,
        "measure": first.level.measure,
        "before": first.before,
        "after": first.after,
    }
    facts |= {"time": moved.time} if moved.time else {}
    reading.find("suspect", first.level.subject, moved.series.lines[moved.index], _severity(most) + LEADS, statement, **facts)


def _at(group: Sequence[Shift]) -> str:
    return group[0].time.isoformat() if group[0].time else ""


def _who(group: Sequence[Shift]) -> str:
    """Return the names of a group, the strongest first."""
    ranked = sorted(group, key=lambda s: (-abs(s.score), s.series.title))
    names = list(dict.fromkeys(s.series.name for s in ranked))
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def _unusual(reading: Reading, one: Levels) -> None:
    """Find stretches that stand out of a series that keeps its level."""
    if one.shifts or len(one.values) < changes.WATCHED:
        return
    for index in changes.alarms(one.values):
        series, value = one.series, float(one.values[index])
        at = series.when(index)
        when = f" around {at.isoformat()}" if at else ""
        facts: dict[str, Fact] = {"metric": series.name, "value": value}
        if at:
            facts["time"] = at
        statement = f"{series.name} is unusual{when}: {value:.4g}, usually {np.median(one.values):.4g}"
        reading.find("peak", owner(series), series.lines[index], 2.0, statement, **facts)
