"""One ranking of services from all that was recorded of them: metrics, traces and logs, of two times or around one onset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.diagnosis.monitoring import voices
from domain.diagnosis.monitoring.recordings import Pair, logs, pairs
from domain.evidence.levels import Level, parted
from domain.evidence.metrics.series import EPOCH
from domain.evidence.metrics.suspects import SERVICES, TIMES, Suspect, compared
from domain.evidence.values import Analysis, Citation, Curve, Finding, Kind

SEVERITY = 4.0
"""What rose between two recordings is what the evidence is about: it stands above what moved within one."""
TOLD = 3
"""Services told as findings of their own."""
PLACES = ("most", "second most", "third most")
RESOURCES = {"cpu": "cpu", "memory": "memory", "disk": "disk", "connections": "connections"}
"""Measures of a resource → the word that families know it by."""
WAITS = frozenset({"latency", "own time", "way"})
FAILS, TELLS = frozenset({"errors", "failures"}), frozenset({"said"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Services, furthest risen first, and where their levels stand."""

    best: tuple[Suspect, ...] = ()
    pairs: tuple[Pair, ...] = ()
    files: tuple[Analysis, ...] = ()
    """Those whose levels were compared, of the fault first."""
    services: frozenset[str] = frozenset()
    """Of which some log speaks."""
    cited: Mapping[str, Citation] = field(default_factory=dict)
    """Title of a level of logs → its line."""
    time: datetime | None = None

    @property
    def calm(self) -> frozenset[str]:
        """The evidence ids of the calm recordings: what they show is not of the fault."""
        return frozenset(pair.calm.evidence for pair in self.pairs)


def ranking(analyses: Sequence[Analysis]) -> Ranking:
    """Return the ranking of two times; of one recording where traces or the logs of its services stand beside its metrics.

    Metrics alone tell theirs by themselves.
    """
    known = pairs(analyses)
    if known:
        return _of_times(analyses, known)
    halved = [one for one in analyses if any(level.halves for level in one.levels)]
    spoken = [one for one in analyses if one.classification.kind is Kind.LOGS and one.keys]
    return _of_onset(halved, spoken) if halved else Ranking()


def _of_times(analyses: Sequence[Analysis], known: tuple[Pair, ...]) -> Ranking:
    before = [level for pair in known for level in pair.calm.levels]
    after = [level for pair in known for level in pair.fault.levels]
    calm, fault = logs(analyses, known)
    cited: Mapping[str, Citation] = {}
    services = _services(after)
    if calm and fault:
        said, now = voices.between(calm, fault, services)
        before, after = [*before, *voices.levels(said, services)], [*after, *voices.levels(now, services)]
        cited = voices.cited(now)
    files = (*(pair.fault for pair in known), *(pair.calm for pair in known))
    return Ranking(best=tuple(compared(before, after)), pairs=known, files=files, services=frozenset(services), cited=cited)


def _of_onset(halved: Sequence[Analysis], spoken: Sequence[Analysis]) -> Ranking:
    before, after = parted(level for one in halved for level in one.levels)
    onset = next((finding.time for one in halved for finding in one.findings if finding.kind in {"suspect", "onset"}), None)
    services = _services(after)
    said, now = voices.since(spoken if onset else (), onset or EPOCH, services)
    if len(said.heard | now.heard) >= SERVICES:
        before, after = [*before, *voices.levels(said, services)], [*after, *voices.levels(now, services)]
    elif not any(one.classification.kind is Kind.TRACE for one in halved):
        return Ranking()
    best, cited = tuple(compared(before, after)), voices.cited(now)
    return Ranking(best=best, files=tuple(halved), services=frozenset(services), cited=cited, time=onset)


def _services(levels: Sequence[Level]) -> list[str]:
    return sorted({one.service for one in levels})


def suspected(found: Ranking) -> Iterator[Finding]:
    """Yield the services that rose most, where one of several stands out."""
    if len(found.best) < SERVICES or found.best[0].times < TIMES:
        return
    for place, one in enumerate(found.best[:TOLD]):
        if not place or one.times >= TIMES:
            yield _finding(found, place)


def _finding(found: Ranking, place: int) -> Finding:
    """Return what rose, with the lines of its series in all recordings."""
    one = found.best[place]
    since = f" since {found.pairs[0].calm.name}" if found.pairs else ""
    names = ", ".join(other.service for other in found.best[1:TOLD])
    told = (
        f"of {len(found.best)} services {one.service} rose {PLACES[place]}{since}: {one.level.name} from {one.before:.4g} to {one.after:.4g}"
        + (f"; then {names}" if not place else "")
        + _assumption(found)
    )
    return Finding(
        id=f"recordings:{one.service}"[:200],
        kind="suspect",
        subject=one.level.subject,
        statement=told[:300],
        severity=SEVERITY - place / 10,
        citations=_places(found, one),
        text=told[:1_000],
        time=_began(found, one),
        attributes={
            "metric": one.level.name,
            "measure": one.level.measure,
            "fault": fault(one),
            "place": PLACES[place],
            **({"from": found.pairs[0].calm.name} if found.pairs else {}),
        },
        numbers={"before": one.before, "after": one.after},
    )


def _assumption(found: Ranking) -> str:
    assumed = next((pair for pair in found.pairs if pair.assumed), None)
    return f" (assuming that {assumed.calm.name}, the steadier one, is the calm recording)" if assumed else ""


def fault(one: Suspect) -> str:
    """Return the resource whose use rose, else how its answers suffer; empty where its measures do not tell."""
    risen = {measure: times for measure, times in one.measures.items() if times >= TIMES}
    used = {measure: times for measure, times in risen.items() if measure in RESOURCES}
    if used:
        return RESOURCES[max(used, key=lambda measure: used[measure])]
    if not risen.keys() & WAITS:
        return "failures" if risen.keys() & (FAILS | TELLS) else ""
    return "loss" if risen.keys() & FAILS else "delay"


def _began(found: Ranking, one: Suspect) -> datetime | None:
    """Return when the series that rose did so within the faulty recording, else when that begins."""
    if not found.pairs:
        return found.time
    fault = _holder(found, one)
    rises = (
        shift.time
        for shift in fault.findings
        if shift.kind == "level_shift"
        and shift.time
        and (shift.attributes.get("metric"), shift.subject) == (one.level.name, one.level.subject)
        and shift.numbers.get("after", 0.0) > shift.numbers.get("before", 0.0)
    )
    return min(rises, default=fault.coverage.first_time)


def _holder(found: Ranking, one: Suspect) -> Analysis:
    """Return the recording of the fault that holds a level; the first one where it is of a log."""
    return next((file for file in found.files if any(level.title == one.level.title for level in file.levels)), found.files[0])


def _places(found: Ranking, one: Suspect) -> tuple[Citation, ...]:
    """Return where the series that rose most stands in each recording."""
    if line := found.cited.get(one.level.title):
        return (line,)
    holders = [file for file in found.files if any(level.title == one.level.title for level in file.levels)]
    return tuple(_place(file, one.level) for file in holders)


def _place(file: Analysis, level: Level) -> Citation:
    """Return the lines of the curve of a series, else the line that its object, its service or the first object was read from."""
    names = (f"series/{level.title}".lower(), f"service/{level.service}")
    curves = [one.citation for one in file.curves if _is_of(one, level)]
    things = [one.citation for name in names for one in file.objects if one.id == name]
    others = [one.citation for one in file.curves[:1]] or [one.citation for one in file.objects[:1]]
    return next(iter((*curves, *things, *others)))


def _is_of(one: Curve, level: Level) -> bool:
    labels = (f"{key}={value}" for key, value in one.labels.items() if value != one.name)
    return one.name == level.name and all(label in level.title for label in labels)
