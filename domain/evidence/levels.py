"""Where a measured quantity stands in one recording: what two recordings are compared by."""

from __future__ import annotations

from dataclasses import dataclass


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
    rate: tuple[float, float] | None = None
    """The same of its rate, where it counts."""
