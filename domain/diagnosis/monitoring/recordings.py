"""Two recordings of the same measures, one of a calm time and one of the fault: which service rose most between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.evidence.metrics.suspects import SERVICES, TIMES, Suspect, compared
from domain.evidence.values import Analysis, Citation, Finding

CALM = re.compile(r"(?i)(?:^|[^a-z])(?:normal|baseline|before|healthy|good|calm|reference)(?:[^a-z]|$)")
"""How people name the recording that nothing is wrong in."""
SHARED = 0.5
"""Share of its series that another recording must have, too, to be one of the same system."""
SEVERITY = 4.0
"""What rose between two recordings is what the evidence is about: it stands above what moved within one."""


def suspected(analyses: Sequence[Analysis]) -> Iterator[Finding]:
    """Yield the service that rose most, where one of several stands out."""
    pair = _pair(analyses)
    best = risen(*pair) if pair else []
    if pair and len(best) >= SERVICES and best[0].times >= TIMES:
        yield _finding(pair, best)


def risen(calm: Analysis, fault: Analysis) -> list[Suspect]:
    """Return the services of two recordings by how far they rose, furthest first."""
    return compared(calm.levels, fault.levels)


def _pair(analyses: Sequence[Analysis]) -> tuple[Analysis, Analysis] | None:
    """Return the newest recording, and of those that ended before it, or are named as calm, the newest one of the same system."""
    ordered = sorted((one for one in analyses if one.levels and one.curves), key=_place)
    if not ordered:
        return None
    *others, fault = ordered
    return next(((one, fault) for one in reversed(others) if _is_earlier(one, fault) and _is_alike(one, fault)), None)


def _place(one: Analysis) -> tuple[bool, float, str]:
    first = one.coverage.first_time
    return not CALM.search(one.name), first.timestamp() if first else 0.0, one.evidence


def _is_earlier(one: Analysis, fault: Analysis) -> bool:
    ended, begins = one.coverage.last_time, fault.coverage.first_time
    named = bool(CALM.search(one.name)) and not CALM.search(fault.name)
    return named or (ended is not None and begins is not None and ended < begins)


def _is_alike(one: Analysis, fault: Analysis) -> bool:
    titles = {level.title for level in fault.levels}
    return sum(level.title in titles for level in one.levels) >= SHARED * max(len(titles), len(one.levels))


def _finding(pair: tuple[Analysis, Analysis], best: Sequence[Suspect]) -> Finding:
    """Return what rose, with the lines of its series in both recordings."""
    first, *others = best
    calm, fault = pair
    names = ", ".join(one.service for one in others[:2])
    told = (
        f"of {len(best)} services {first.service} rose most since {calm.name}: {first.level.name} "
        f"from {first.before:.4g} to {first.after:.4g}; then {names}"
    )
    return Finding(
        id=f"recordings:{first.service}"[:200],
        kind="suspect",
        subject=first.level.subject,
        statement=told[:300],
        severity=SEVERITY,
        citations=(_place_of(fault, first), _place_of(calm, first)),
        text=told[:1_000],
        time=fault.coverage.first_time,
        attributes={"metric": first.level.name, "measure": first.level.measure, "from": calm.name},
        numbers={"before": first.before, "after": first.after},
    )


def _place_of(one: Analysis, suspect: Suspect) -> Citation:
    """Return the lines of the series that rose most; of another series of the same table where that is not drawn."""
    same = (curve for curve in one.curves if curve.name == suspect.level.name)
    return next(same, one.curves[0]).citation
