"""When nothing is wrong now: faults that ended, and evidence without any fault."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.diagnosis.graph import Graph
from domain.diagnosis.health import observed, ready_now, restarts, settled, sources
from domain.diagnosis.signals import Observation
from domain.diagnosis.values import Candidate
from domain.evidence.values import Analysis, ObservedObject

HISTORICAL = timedelta(minutes=30)
"""A fault whose last sign is older than this before the newest observation is over (diagnosis.md 6.4)."""
SOURCES = 2
"""Independent current sources that must be healthy before "nothing is wrong" may be said (diagnosis.md, family recovered)."""
SEVERE = 3.0
"""Below it a line is a warning, which healthy systems write, too."""
STATE_KINDS = frozenset({"unhealthy_object", "condition", "quota", "capacity", "partition", "reference", "resource", "exit"})


def recovered(found: Sequence[Candidate]) -> Candidate | None:
    """Return the recovery that comes after every sign of every other candidate, if there is one."""
    over = next((one for one in found if one.family == "recovered"), None)
    if over is None:
        return None
    others = [one for one in found if one.family != "recovered" and one.depth > 0]
    return over if all(_before(one, over) for one in others) else None


def _before(fault: Candidate, over: Candidate) -> bool:
    """Tell whether each sign of the fault stands before the newest sign of recovery."""
    return all(_sign_before(one.time, (one.evidence, one.citation.last), over) for one in fault.signals if one.decisive)


def _sign_before(time: datetime | None, place: tuple[str, int], over: Candidate) -> bool:
    """Compare by time where both have one, by line within one file otherwise; unknown order counts as after."""
    times = [one.time for one in over.signals if one.time]
    if time and times:
        return time <= max(times)
    lines = [one.citation.first for one in over.signals if one.evidence == place[0]]
    return bool(lines) and place[1] < max(lines)


def all_well(whole: Graph, seen: Sequence[Observation]) -> str:
    """Return why nothing is wrong: all objects of at least two files are ready and no severe line is left; empty otherwise."""
    told = [item for item in observed(whole.objects) if ready_now(item) is not None]
    quiet = settled(whole.objects)
    left = [
        item
        for item in seen
        if item.finding.severity >= SEVERE
        and not item.untrusted
        and not any(name in item.finding.text or item.subject.endswith(f"/{name}") for name in quiet)
    ]
    if left or sources(told) < SOURCES or not all(ready_now(item) for item in told):
        return ""
    return f"all {len(told)} objects whose state was read are ready, in {sources(told)} files{_restarted(told)}"


def _restarted(told: Sequence[ObservedObject]) -> str:
    """Return how often what is ready now was restarted before, the pod with the most restarts: what an alert may speak of."""
    pods = [(restarts(item), item.id.partition("/")[2]) for item in told if item.id.startswith("pod/")]
    most, name = max(pods, default=(0, ""))
    return f"; {name} was restarted {'once' if most == 1 else f'{most} times'} and is running again" if most else ""


def ongoing(found: Sequence[Candidate], analyses: Sequence[Analysis], seen: Sequence[Observation]) -> str:
    """Return ongoing, historical or unknown for the leader: current state is ongoing, else times decide."""
    if not found:
        return "unknown"
    if any(one.kind in STATE_KINDS for one in found[0].signals):
        return "ongoing"
    newest = max((one.coverage.last_time for one in analyses if one.coverage.last_time), default=None)
    cited = {one.finding for one in found[0].signals}
    ends = [item.finding.last_time or item.finding.time for item in seen if item.finding.id in cited]
    last = max((end for end in ends if end), default=None)
    if newest is None or last is None:
        return "unknown"
    return "historical" if newest - last > HISTORICAL else "ongoing"
