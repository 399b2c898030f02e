"""Recordings of the same system, calm ones and those of the fault: which belong together, and which is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.evidence.metrics.suspects import Suspect, compared
from domain.evidence.values import Analysis, Kind

CALM = re.compile(r"(?i)(?:^|[^a-z])(?:normal|baseline|before|healthy|good|calm|reference)(?:[^a-z]|$)")
"""How people name the recording that nothing is wrong in."""
FAULTY = re.compile(r"(?i)(?:^|[^a-z])(?:ab-?normal|anomal\w*|fault\w*|fail\w*|after|bad|broken|incident)(?:[^a-z]|$)")
"""How people name the other one."""
SHARED = 0.5
"""Share of its series that another recording must have, too, to be one of the same system."""
CLEAR = 1.5
"""Times that services rise further from one recording to another than back, from which on the first is taken for the calm one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A calm recording and one of the fault."""

    calm: Analysis
    fault: Analysis
    assumed: bool = False
    """Whether neither name nor time says which is which."""


def pairs(analyses: Sequence[Analysis]) -> tuple[Pair, ...]:
    """Return the newest recording of each kind, with the newest one of the same system that ended before it, or is named as calm."""
    found = []
    rest = sorted((one for one in analyses if one.levels), key=_place)
    while rest:
        *others, fault = rest
        alike = [one for one in reversed(others) if _is_alike(one, fault)]
        calm = next((one for one in alike if _is_earlier(one, fault)), None)
        if calm:
            found.append(Pair(calm=calm, fault=fault))
        elif alike and (assumed := _by_content(alike[0], fault)):
            found.append(assumed)
        rest = [one for one in others if one not in alike]
    return tuple(found)


def undecided(analyses: Sequence[Analysis]) -> tuple[str, ...]:
    """Return the names of the first two recordings of one system that nothing tells apart."""
    rest = [one for one in analyses if one.levels]
    told = {one.evidence for pair in pairs(analyses) for one in (pair.calm, pair.fault)}
    alike = ((one, two) for n, one in enumerate(rest) for two in rest[n + 1 :] if _is_alike(one, two))
    return next(((one.name, two.name) for one, two in alike if not {one.evidence, two.evidence} & told), ())


def logs(analyses: Sequence[Analysis], known: Sequence[Pair]) -> tuple[tuple[Analysis, ...], tuple[Analysis, ...]]:
    """Return the logs of the calm time and those of the fault, beside recordings of both."""
    every = [one for one in analyses if one.classification.kind is Kind.LOGS and one.keys]
    calm = tuple(one for one in every if any(_belongs(one, pair) for pair in known))
    return calm, tuple(one for one in every if one not in calm)


def risen(calm: Analysis, fault: Analysis) -> list[Suspect]:
    """Return the services of two recordings by how far they rose, furthest first."""
    return compared(calm.levels, fault.levels)


def _place(one: Analysis) -> tuple[int, float, str]:
    first = one.coverage.first_time
    return _named(one), first.timestamp() if first else 0.0, one.evidence


def _named(one: Analysis) -> int:
    """Return -1 for what is named as calm, 1 for what is named as faulty, 0 for anything else."""
    return bool(FAULTY.search(one.name)) - bool(CALM.search(one.name))


def _is_earlier(one: Analysis, fault: Analysis) -> bool:
    ended, begins = one.coverage.last_time, fault.coverage.first_time
    return _named(one) < _named(fault) or (ended is not None and begins is not None and ended < begins)


def _belongs(log: Analysis, pair: Pair) -> bool:
    """Tell whether a log is of the calm time of a pair."""
    ended, begins = log.coverage.last_time, pair.fault.coverage.first_time
    if _named(log):
        return _named(log) < 0
    return ended is not None and begins is not None and ended <= begins


def _by_content(one: Analysis, two: Analysis) -> Pair | None:
    """Return which of two is steadier: towards the fault services rise, back from it they fall."""
    there, back = (best[0].score if (best := risen(*way)) else 0.0 for way in ((one, two), (two, one)))
    if max(there, back) < CLEAR * max(min(there, back), 1e-9):
        return None
    calm, fault = (one, two) if there > back else (two, one)
    return Pair(calm=calm, fault=fault, assumed=True)


def _is_alike(one: Analysis, fault: Analysis) -> bool:
    titles = {level.title for level in fault.levels}
    return sum(level.title in titles for level in one.levels) >= SHARED * max(len(titles), len(one.levels))
