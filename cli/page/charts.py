"""Measured series over time, with the places at which a new level begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.page.scales import Mark, Scale, moment, number, time_marks
from domain.evidence.values import Analysis, Curve

LEFT, RIGHT, TOP, BOTTOM = 52.0, 460.0, 10.0, 104.0
MOST = 24
"""Charts of one page; those that moved most come first."""
CALENDAR = 1e8
"""Below so many seconds since the epoch (1973) the axis counts points and is no calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new level."""

    x: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything that the page draws of one series."""

    name: str
    place: str
    """File and line."""
    points: str
    """Of an SVG polyline."""
    low: str
    high: str
    changes: tuple[Change, ...]
    marks: tuple[Mark, ...]
    onset: float | None


def charts(analyses: Sequence[Analysis], onset_s: float | None) -> tuple[tuple[Chart, ...], int]:
    """Return the first charts of all files in turn, and how many were left out."""
    lists = [[(one, curve) for curve in one.curves if len(curve.values) > 1] for one in analyses]
    depth = max(map(len, lists), default=0)
    turned = [row[place] for place in range(depth) for row in lists if place < len(row)]
    return tuple(_chart(one, curve, onset_s) for one, curve in turned[:MOST]), max(0, len(turned) - MOST)


def titled(curve: Curve) -> str:
    """Return the name of a series with its labels and unit."""
    labels = ", ".join(f"{name}={value}" for name, value in curve.labels.items())
    return curve.name + (f" {{{labels}}}" if labels else "") + (f" ({curve.unit})" if curve.unit else "")


def _chart(one: Analysis, curve: Curve, onset_s: float | None) -> Chart:
    low, high = min(curve.values), max(curve.values)
    across = Scale(low=curve.times[0], high=curve.times[-1], first=LEFT, last=RIGHT)
    up = Scale(low=low, high=high, first=BOTTOM, last=TOP)
    dated = curve.times[0] >= CALENDAR
    marks = time_marks(across)[::2] if dated else (Mark(at=LEFT, label="1"), Mark(at=RIGHT, label=number(across.high + 1)))
    shown = onset_s is not None and dated and across.low <= onset_s <= across.high
    return Chart(
        name=titled(curve),
        place=f"{one.name}:{curve.citation.first}",
        points=" ".join(f"{across.at(x)},{up.at(y)}" for x, y in zip(curve.times, curve.values, strict=True)),
        low=number(low),
        high=number(high),
        changes=tuple(_change(curve, place, across, dated=dated) for place in curve.changes if place < len(curve.times)),
        marks=marks,
        onset=across.at(onset_s) if shown and onset_s is not None else None,
    )


def _change(curve: Curve, place: int, across: Scale, *, dated: bool) -> Change:
    when = moment(curve.times[place]) if dated else f"point {place + 1}"
    before = curve.values[max(0, place - 1)]
    return Change(x=across.at(curve.times[place]), told=f"{when}: {number(before)} → {number(curve.values[place])}")
