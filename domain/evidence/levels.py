"""Where a measured quantity stands in one recording: what two recordings are compared by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

Stand = tuple[float, float]
"""Median and robust scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The usual value of one series of one service."""

    title: str
    """Name and labels, equal only for the same series."""
    name: str
    service: str
    subject: str
    """The service as an object id."""
    measure: str
    """cpu, memory, latency and the like, empty where no word says it."""
    alike: str
    """What series of the same measure of other services have in common."""
    middle: float
    scale: float
    """Median and robust scale, in the unit of the series."""
    rate: Stand | None = None
    """The same of its rate, where it counts."""
    halves: tuple[Stand, Stand] | None = None
    """The same before and after the onset of its own recording, as a rate where it counts; None without one."""


def parted(levels: Iterable[Level]) -> tuple[list[Level], list[Level]]:
    """Return where the series of one recording stood before its onset and after it."""
    known = [(one, one.halves) for one in levels if one.halves]
    before = [replace(one, middle=first[0], scale=first[1], rate=None) for one, (first, _) in known]
    after = [replace(one, middle=second[0], scale=second[1], rate=None) for one, (_, second) in known]
    return before, after
