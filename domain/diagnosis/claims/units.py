"""Figures with their units, and what to multiply one by to write it in another unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

TIME = {
    "ns": 1e-9,
    "nanosecond": 1e-9,
    "us": 1e-6,
    "microsecond": 1e-6,
    "ms": 1e-3,
    "millisecond": 1e-3,
    "msec": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "second": 1.0,
}
"""Units of time in seconds."""
SIZE = re.compile(r"(?:([kmgt])(i?)b?|(kilo|mega|giga|tera)?b(?:yte)?)", re.IGNORECASE)
SHARE = frozenset({"%", "percent", "pct"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the evidence with its unit, if it has one; `measured` when it is a value of a series."""

    value: float
    unit: str = ""
    measured: bool = False


def scales(unit: str, figure: Figure) -> tuple[float, ...]:
    """Return what turns a figure into a unit: none where the units differ in kind; a bare share may be a fraction."""
    told, own = _kinds(unit), _kinds(figure.unit)
    if not told:
        return (1.0,)
    if own:
        return tuple(dict.fromkeys(have / want for kind, have in own for other, want in told if kind == other))
    if "share" in {kind for kind, _ in told}:
        return (100.0,) if figure.value <= 1 else ((1.0,) if figure.measured else ())
    return tuple(1.0 / want for _, want in told) if figure.measured else ()


def _kinds(unit: str) -> tuple[tuple[str, float], ...]:
    """Return kind and size of a unit; one of bytes may count in thousands or in 1024s."""
    plain = unit.lower().split("/")[0].strip()
    single = plain if plain in TIME else plain.rstrip("s")
    if single in TIME:
        return (("time", TIME[single]),)
    if plain in SHARE:
        return (("share", 1.0),)
    size = SIZE.fullmatch(plain.removesuffix("s")) if plain else None
    power = " kmgt".index((size[1] or size[3] or " ")[0].lower()) if size else 0
    return tuple(("size", base**power) for base in ((1000.0, 1024.0) if power else (1.0,))) if size else ()
