"""Lines of a log over time, stacked by severity, with bursts marked above the bars."""

from __future__ import annotations

from dataclasses import dataclass

from cli.page.scales import Mark, Scale, clock, moment, number, time_marks
from domain.evidence.values import Analysis, KeyStat, Volume

WIDTH, HEIGHT = 960.0, 170.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 950.0, 26.0, 146.0
LEVELS = (("info", (0, 1)), ("warn", (2,)), ("error", (3, 4)), ("fatal", (5,)))
"""Layers from below, each with the severities that it holds."""
MOST_BURSTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One coloured piece of a bar."""

    level: str
    y: float
    height: float
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch of time."""

    x: float
    width: float
    lines: int
    told: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A burst, above the bars that it covers."""

    x: float
    width: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Everything that the page draws of one log."""

    name: str
    lines: int
    peak: int
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    onset: float | None
    unit: str
    """What a bar stands for, such as "60 s"."""


def histogram(one: Analysis, onset_s: float | None) -> Histogram | None:
    """Return the drawing of a log; None where the analysis has no volume."""
    volume = one.volume
    if volume is None or not volume.counts:
        return None
    start = volume.start.timestamp() if volume.start else 0.0
    across = Scale(low=start, high=start + volume.width * len(volume.counts), first=LEFT, last=RIGHT)
    peak = max(sum(counts) for counts in volume.counts)
    shown = onset_s is not None and volume.start is not None and across.low <= onset_s <= across.high
    return Histogram(
        name=one.name,
        lines=sum(map(sum, volume.counts)),
        peak=peak,
        bars=_bars(volume, across, peak),
        bands=_bands(one.keys, across) if volume.start else (),
        marks=time_marks(across) if volume.start else _line_marks(across),
        onset=across.at(onset_s) if shown and onset_s is not None else None,
        unit=f"{volume.width:g} s" if volume.start else f"{volume.width:g} lines",
    )


def _bars(volume: Volume, across: Scale, peak: int) -> tuple[Bar, ...]:
    start = across.low
    up = Scale(low=0, high=max(1, peak), first=0, last=BOTTOM - TOP)
    found = []
    for place, counts in enumerate(volume.counts):
        left = across.at(start + place * volume.width)
        width = max(0.5, round(across.at(start + (place + 1) * volume.width) - left - 0.4, 1))
        where = moment(start + place * volume.width) if volume.start else f"line {place * volume.width + 1:.0f}"
        found.append(Bar(x=left, width=width, lines=sum(counts), told=_told(where, counts), layers=_layers(counts, up)))
    return tuple(found)


def _layers(counts: tuple[int, ...], up: Scale) -> tuple[Layer, ...]:
    below, found = 0, []
    for level, severities in LEVELS:
        lines = sum(counts[one] for one in severities)
        top = up.at(below + lines)
        if lines:
            found.append(Layer(level=level, y=round(BOTTOM - top, 1), height=round(max(0.6, top - up.at(below)), 1), lines=lines))
        below += lines
    return tuple(found)


def _told(where: str, counts: tuple[int, ...]) -> str:
    parts = [f"{sum(counts[one] for one in severities):,} {level}" for level, severities in LEVELS]
    return f"{where}: {sum(counts):,} lines ({', '.join(parts)})"


def _bands(keys: tuple[KeyStat, ...], across: Scale) -> tuple[Band, ...]:
    """Return the strongest bursts, the most severe ones first."""
    bursting = sorted((key for key in keys if key.burst), key=lambda key: (-key.severity, key.first))[:MOST_BURSTS]
    found = []
    for key in bursting:
        start, end, peak, ratio = key.burst or (None, None, 0, 0.0)
        if start is None or end is None:
            continue
        left = across.at(start.timestamp())
        width = max(3.0, round(across.at(end.timestamp()) - left, 1))
        told = f"burst from {clock(start.timestamp())} to {clock(end.timestamp())}, {peak} at its peak, {number(ratio)} × the usual: {key.template}"
        found.append(Band(x=left, width=width, told=told))
    return tuple(found)


def _line_marks(across: Scale) -> tuple[Mark, ...]:
    places = [across.low + (across.high - across.low) * quarter / 4 for quarter in range(5)]
    return tuple(Mark(at=across.at(place), label=f"line {number(place + 1)}") for place in places)
