"""One ordered time-line across all evidence, with what is uncertain about it (evidence.md 11.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.evidence.chronicle.skews import Skew, skews
from domain.evidence.values import Analysis, Certainty, Event

MOST = 200
JOIN_S = 1.0
"""Seconds between two reports of one event."""
NEAR_S = 600.0
"""Seconds from the onset at which nearness counts half."""
NEARNESS = 1.5
"""Grades of severity that an event at the onset gains over one far from it."""
CHANGE = 3.0
"""Grades that a change of the system gains: what is done to it comes before what it suffers."""
_ORDER: Mapping[Certainty, int] = {"exact": 0, "zone assumed": 1, "bucket": 2, "order only": 3, "weak": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What happened, in order."""

    events: tuple[Event, ...]
    """At most 200, and one event in place of each run that was left out."""
    left_out: int = 0
    skews: tuple[Skew, ...] = ()
    corrections: tuple[str, ...] = ()
    """Which clocks were off, in words."""
    notes: tuple[str, ...] = ()
    """What is assumed."""


def timeline(analyses: Sequence[Analysis], onset: datetime | None = None) -> Timeline:
    """Return the events of all evidence on one clock; severe ones, changes and those near the onset stay."""
    found = skews(analyses)
    ahead = {one.evidence: timedelta(seconds=one.seconds) for one in found}
    events = [_corrected(event, ahead.get(one.evidence)) for one in analyses for event in one.events]
    joined = _joined(events)
    shown = shortened(joined, onset, MOST)
    return Timeline(
        events=shown,
        left_out=max(0, len(joined) - MOST),
        skews=found,
        corrections=_corrections(analyses, found),
        notes=tuple(_notes(analyses, joined)),
    )


def shortened(events: Sequence[Event], onset: datetime | None, most: int) -> tuple[Event, ...]:
    """Return at most so many of these ordered events, with one that sums up each run left out."""
    ranked = sorted(range(len(events)), key=lambda place: (-_weight(events[place], onset), place))
    kept = set(ranked[:most])
    found: list[Event] = []
    run: list[Event] = []
    for place, event in enumerate(events):
        if place not in kept:
            run.append(event)
            continue
        found += [*_summed(run), event]
        run = []
    return (*found, *_summed(run))


def _corrected(event: Event, ahead: timedelta | None) -> Event:
    return event if ahead is None or event.time is None else replace(event, time=event.time - ahead)


def _joined(events: Iterable[Event]) -> list[Event]:
    """Return the events in order, each once: what several documents report within a second is one event, told by the most severe."""
    same: dict[tuple[str, str], list[Event]] = {}
    for event in sorted(events, key=place_of):
        runs = same.setdefault((event.what, event.subject), [])
        if runs and _is_same(runs[-1], event):
            runs[-1] = max(runs[-1], event, key=lambda one: one.severity)
        else:
            runs.append(event)
    return sorted((event for runs in same.values() for event in runs), key=place_of)


def _is_same(known: Event, event: Event) -> bool:
    if known.time is None or event.time is None:
        return known.time is event.time
    apart = (event.time - known.time).total_seconds()
    return apart == 0 or (apart <= JOIN_S and event.citation.evidence != known.citation.evidence)


def place_of(event: Event) -> tuple[bool, float, int, str, int, str, str]:
    """Where an event stands: by time, certainty, evidence and line; undated ones behind all others."""
    stamp = event.time.timestamp() if event.time else 0.0
    cited = event.citation
    return event.time is None, stamp, _ORDER[event.certainty], cited.evidence, cited.first, event.what, event.subject


def _weight(event: Event, onset: datetime | None) -> float:
    """Severity, with what a change and nearness to the onset add."""
    near = 0.0
    if onset is not None and event.time is not None:
        near = NEARNESS / (1 + abs((event.time - onset).total_seconds()) / NEAR_S)
    return event.severity + CHANGE * event.change + near


def _summed(run: Sequence[Event]) -> list[Event]:
    """One event in place of a run."""
    if not run:
        return []
    first, last = run[0], run[-1]
    worst = max(run, key=lambda one: one.severity)
    until = f" until {last.time:%H:%M:%S}" if last.time and first.time != last.time else ""
    many = f"{len(run)} further events{until}, the most severe" if len(run) > 1 else "1 further event"
    what = f"{many}: {worst.what}"
    return [Event(time=first.time, certainty=_least(run), what=what[:300], subject="", citation=worst.citation)]


def _least(run: Sequence[Event]) -> Certainty:
    return max((one.certainty for one in run), key=lambda one: _ORDER[one])


def _corrections(analyses: Sequence[Analysis], found: Sequence[Skew]) -> tuple[str, ...]:
    names = {one.evidence: one.name for one in analyses}
    return tuple(
        f"the clock of {names[one.evidence]} stands {abs(one.seconds):.1f} s {'ahead of' if one.seconds > 0 else 'behind'} that of"
        f" {names[one.against]}, by {one.shared} shared requests: its times are corrected on the time-line"
        for one in found
    )


def _notes(analyses: Sequence[Analysis], events: Sequence[Event]) -> Iterable[str]:
    for assumed in (one for one in analyses if one.events and one.coverage.times_certain == "zone assumed"):
        yield f"the times of {assumed.name} name no zone: {assumed.coverage.assumed_zone or 'UTC'} is assumed"
    undated = sum(event.time is None for event in events)
    if undated:
        yield f"{undated} of {len(events)} events carry no time and stand last, in the order of their lines"
