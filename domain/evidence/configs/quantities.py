"""What a value measures: durations, sizes and plain numbers, in seconds, bytes and ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.evidence.structure.trees import Scalar, numeric, said

SECONDS: Mapping[str, float] = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0,
    "m": 60.0, "min": 60.0, "mins": 60.0, "minute": 60.0, "minutes": 60.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "hours": 3600.0, "d": 86400.0,
    "day": 86400.0, "days": 86400.0, "w": 604800.0, "week": 604800.0, "weeks": 604800.0, "y": 31536000.0,
}  # fmt: skip
"""Units of time as systemd.time, Go, Prometheus and most settings write them."""
BYTES: Mapping[str, float] = {
    "b": 1.0, "k": 1e3, "kb": 1e3, "ki": 1024.0, "kib": 1024.0, "m": 1e6, "mb": 1e6, "mi": 1024.0**2, "mib": 1024.0**2, "g": 1e9, "gb": 1e9,
    "gi": 1024.0**3, "gib": 1024.0**3, "t": 1e12, "tb": 1e12, "ti": 1024.0**4, "tib": 1024.0**4,
}  # fmt: skip
"""Units of size; `k` or `m` may mean 1,024 of them, which changes no comparison here by more than 5 %."""
PART = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s?([A-Za-zµ]{1,8})\s?")
WHOLE = re.compile(r"^\s*[-+]?(?:\d{1,15}(?:\.\d{1,9})?\s?[A-Za-zµ]{1,8}\s?){1,4}$")
TIME = re.compile(
    r"(?i)time_?out|interval|period|delay|\bttl|_ttl|ttl$|duration|back_?off|_age$|maxage|lifetime|grace|leeway|deadline|wait"
)
"""Names whose values are times."""
NAMED_UNIT = re.compile(r"(?:Seconds?|Secs?|_seconds?|_secs?|_s|(?i:[_.]?(millis|milliseconds|_ms|inms|msecs?)))$")
"""Names that say the unit of a bare number; the group is there for milliseconds."""


def seconds(name: str, value: Scalar) -> float | None:
    """Return a duration in seconds, None where it is none or its unit is not known."""
    text = said(value).strip()
    if WHOLE.match(text[:80]):
        parts = [(float(number), unit) for number, unit in PART.findall(text)]
        known = [number * SECONDS[unit] for number, unit in parts if unit in SECONDS]
        return (-sum(known) if text.startswith("-") else sum(known)) if known and len(known) == len(parts) else None
    number, unit = numeric(text or None), NAMED_UNIT.search(name)
    if number is None or not unit:
        return None
    return number / 1000 if unit.group(1) or unit.group().lower().endswith("ms") else number


def size(value: Scalar) -> float | None:
    """Return a size in bytes, None where no unit of size stands behind the number."""
    text = said(value).strip()
    found = PART.fullmatch(text[:40])
    unit = found.group(2).lower() if found else ""
    return float(found.group(1)) * BYTES[unit] if found and unit in BYTES else None


def comparable(name: str, one: Scalar, other: Scalar) -> tuple[float, float] | None:
    """Return two values in one unit: both plain numbers, both durations or both sizes; None where they are not alike."""
    measures = (
        lambda v: numeric(v) if said(v).strip() else None,
        lambda v: seconds(name, v) if TIME.search(name) else None,
        size,
    )
    for measure in measures:
        first, second = measure(one), measure(other)
        if first is not None and second is not None:
            return first, second
    return None


def shape(value: Scalar) -> str:
    """Return what a value looks like: "number", "truth", "duration", "size", "text" or "" for none and for placeholders."""
    text = said(value).strip()
    if not text or "$" in text or "{" in text:
        return ""
    if text.lower() in {"true", "false", "yes", "no", "on", "off"}:
        return "truth"
    if numeric(text) is not None:
        return "number"
    if seconds("", text) is not None:
        return "duration"
    return "size" if size(text) is not None else "text"
