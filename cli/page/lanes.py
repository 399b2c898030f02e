"""What happened when: one lane per file, one dot per event, on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cli.page.scales import Mark, Scale, moment, time_marks
from domain.evidence.values import Analysis, Event

LEFT, RIGHT, TOP, LANE = 180.0, 950.0, 14.0, 22.0
LANES = 20
"""Files drawn; the rest is in the table below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One event."""

    x: float
    y: float
    level: str
    told: str
    change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One file."""

    name: str
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Everything that the page draws of a time-line."""

    height: float
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    marks: tuple[Mark, ...]
    onset: float | None


def level(severity: float) -> str:
    """Return the colour class of a severity."""
    return "fatal" if severity >= 5 else "error" if severity >= 3 else "warn" if severity >= 2 else "info"


def lanes(events: Sequence[Event], analyses: Sequence[Analysis], onset_s: float | None) -> Lanes | None:
    """Return the drawing of the dated events over the whole time that the files cover; None where fewer than two are dated."""
    dated = [(one, one.time) for one in events if one.time is not None]
    if len(dated) < 2:
        return None
    names = {one.evidence: one.name for one in analyses}
    ends = [time for one in analyses for time in (one.coverage.first_time, one.coverage.last_time) if time]
    seconds = [time.timestamp() for time in (*ends, *(time for _, time in dated))]
    across = Scale(low=min(seconds), high=max(seconds), first=LEFT + 6, last=RIGHT - 6)
    files = list(dict.fromkeys(one.citation.evidence for one, _ in dated))[:LANES]
    rows = {file: round(TOP + LANE * (number + 0.5), 1) for number, file in enumerate(files)}
    dots = tuple(_dot(one, time, across, rows) for one, time in dated if one.citation.evidence in rows)
    shown = onset_s is not None and across.low <= onset_s <= across.high
    return Lanes(
        height=TOP + LANE * len(files) + 22,
        lanes=tuple(Lane(name=names.get(file, file), y=y) for file, y in rows.items()),
        dots=dots,
        marks=time_marks(across),
        onset=across.at(onset_s) if shown and onset_s is not None else None,
    )


def _dot(one: Event, time: datetime, across: Scale, rows: dict[str, float]) -> Dot:
    at = time.timestamp()
    told = f"{moment(at)} {one.what} (line {one.citation.first})"
    return Dot(x=across.at(at), y=rows[one.citation.evidence], level=level(one.severity), told=told, change=one.change)
