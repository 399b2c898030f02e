"""What a clause says about the course of a series, measured again: rise, fall, peak, range, bound, calm."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from domain.diagnosis.claims.parts import Clause, Number
from domain.diagnosis.claims.units import Figure, scales

ABOUT, CALM, FAR, MOST = 0.05, 0.15, 2.0, 0.9
"""Rounding of "~"; spread of a stable series; factor of a spike or collapse; part of the values that a range must hold."""
Values = Sequence[Figure]

TRENDS = {
    "up": r"rose|rising|climb\w*|grew|grow\w*|increas\w*|doubl\w*|resum\w*",
    "down": r"fell|fall\w*|dropp?\w*|decreas\w*|declin\w*|shrank|shrink\w*",
    "peak": r"peaked|topped out|maximum of",
    "low": r"bottomed|minimum of",
    "spike": r"spik\w+|surg\w+|jump\w+|burst\w*",
    "collapse": r"collaps\w+|plummet\w+|ceas\w+|plung\w+",
    "calm": r"stable|unchanged|flat|steady|steadily at|constant",
    "range": r"ranged|ranging|oscillat\w+|fluctuat\w+|varied|sustained|between|returning to",
    "mean": r"averag\w+|on average",
    "kept": r"stayed|remained|kept|held",
}
TREND = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in TRENDS.items()}
UNDER = frozenset({"under", "below", "less than", "at most", "up to", "<", "≤"})


def trend(clause: Clause) -> str:
    """Return the kind of course that a clause tells first, if any."""
    found = [(hit.start(), kind) for kind, pattern in TREND.items() if (hit := pattern.search(clause.text))]
    return min(found, default=(0, ""))[1]


def course_words(clause: Clause) -> tuple[str, ...]:
    """Return the words of a clause that tell a course."""
    return tuple(hit[0] for pattern in TREND.values() for hit in pattern.finditer(clause.text))


def fits(number: Number, figure: Figure) -> bool:
    """Tell whether a figure, in the number's unit and rounded as written, is the number or lies beyond its bound."""
    scaled = [figure.value * scale for scale in scales(number.unit, figure)]
    if number.bound:
        return bool(scaled) and all(one <= number.value if number.bound in UNDER else one >= number.value for one in scaled)
    slack = max(0.5 * 10**-number.digits, ABOUT * number.value if number.about else 0.0) * (1 + 1e-9)
    exact = not number.unit and not number.about and (figure.value.is_integer() or not figure.measured)
    return any(abs(one - number.value) <= (1e-9 if exact and not number.digits else slack) for one in scaled)


def course_holds(clause: Clause, values: Values) -> bool:
    """Tell whether the series does what the clause says of it."""
    return RULES[trend(clause)](clause, values)


def _plain(values: Values) -> list[float]:
    """Return the bare values."""
    return [one.value for one in values]


def _told(clause: Clause) -> list[Number]:
    """Return the numbers of a clause that are values, not lengths of time."""
    return [one for one in clause.numbers if not is_span(one)]


def _ends(values: Values) -> tuple[float, float]:
    """Return the means of the first and the last third."""
    part = max(1, len(values) // 3)
    bare = _plain(values)
    return sum(bare[:part]) / part, sum(bare[-part:]) / part


def _moved(clause: Clause, values: Values, *, up: bool) -> bool:
    """From a to b: both are passed in this order, in this direction; without two numbers the ends decide."""
    told = _told(clause)
    first, last = _ends(values)
    if len(told) >= 2 and re.search(r"\bfrom\b", clause.text):
        starts = [place for place, one in enumerate(values) if fits(told[0], one)]
        passed = [(values[start].value, one.value) for start in starts[:1] for one in values[start + 1 :] if fits(told[1], one)]
        return any((b > a) is up and a != b for a, b in passed)
    return (last > first) is up and first != last and _all_told(clause, values)


def _extreme(clause: Clause, values: Values, pick: Callable[[list[float]], float]) -> bool:
    """Peaked or bottomed out at a number: the first number told is the extreme."""
    told, bare = _told(clause), _plain(values)
    return bool(told) and min(bare) != max(bare) and fits(told[0], values[bare.index(pick(bare))])


def _spiked(clause: Clause, values: Values) -> bool:
    """Far above where it began."""
    bare = _plain(values)
    return max(bare) >= FAR * max(min(bare[:2]), 1e-12) and _all_told(clause, values)


def _collapsed(clause: Clause, values: Values) -> bool:
    """Ends far below where it began."""
    first, last = _ends(values)
    return first > 0 and last * FAR <= first and _all_told(clause, values)


def _calm(clause: Clause, values: Values) -> bool:
    """Every value near the middle, which is the number told."""
    middle = sum(_plain(values)) / len(values)
    return all(abs(value - middle) <= CALM * abs(middle) for value in _plain(values)) and _all_told(clause, values)


def _ranged(clause: Clause, values: Values) -> bool:
    """Nearly all values lie between two numbers, and come near both; after a return only the last ones do."""
    told = _told(clause)
    if len(told) < 2:
        return _all_told(clause, values)
    low, high = sorted(told[:2], key=lambda one: one.value)
    back = re.search(r"\breturn", clause.text) is not None
    part = values[-max(1, len(values) // 8) :] if back else values
    return any(
        _between([one.value * scale for one in part], low, high, near=not back)
        for scale in scales(high.unit or low.unit, values[0])
    )


def _between(values: Sequence[float], low: Number, high: Number, *, near: bool) -> bool:
    """Tell whether nearly all values lie between two numbers as written, and come near them."""
    slack = 0.5 * 10 ** -max(low.digits, high.digits)
    inside = [value for value in values if low.value - slack <= value <= high.value + slack]
    reach = ABOUT * high.value + slack
    return len(inside) >= MOST * len(values) and (
        not near or (min(inside) - low.value <= reach and high.value - max(inside) <= reach)
    )


def _kept(clause: Clause, values: Values) -> bool:
    """Stayed above or below: every value does; "remained stable" and "kept rising" are judged by their second word."""
    for kind in ("calm", "up", "down", "spike"):
        if TREND[kind].search(clause.text):
            return RULES[kind](clause, values)
    return bool(_told(clause)) and all(fits(number, one) for number in _told(clause) for one in values)


def _averaged(clause: Clause, values: Values) -> bool:
    """Every number told is the mean of the values."""
    middle = Figure(sum(_plain(values)) / len(values), values[0].unit, measured=True)
    return all(fits(number, middle) for number in _told(clause))


def _all_told(clause: Clause, values: Values) -> bool:
    """Tell whether every number told is one of the values."""
    return all(any(fits(number, one) for one in values) for number in _told(clause))


def is_span(number: Number) -> bool:
    """Tell whether a number is a length of time, not a value."""
    return number.unit in {"minute", "hour", "day"} or re.match(r"(?:minute|hour|day)", number.noun) is not None


RULES: dict[str, Callable[[Clause, Values], bool]] = {
    "": _all_told,
    "up": lambda clause, values: _moved(clause, values, up=True),
    "down": lambda clause, values: _moved(clause, values, up=False),
    "peak": lambda clause, values: _extreme(clause, values, max),
    "low": lambda clause, values: _extreme(clause, values, min),
    "spike": _spiked,
    "collapse": _collapsed,
    "calm": _calm,
    "range": _ranged,
    "mean": _averaged,
    "kept": _kept,
}
