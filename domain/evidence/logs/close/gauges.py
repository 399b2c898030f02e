"""Numbers that leave their usual course: run back, stand still, leap, near their limit, or are another kind of number from some line on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from domain.evidence.logs.close.alone import APART as APEX
from domain.evidence.logs.close.alone import alone, stands_out
from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import Series, by_name, is_names, numbers, varying
from domain.evidence.logs.close.onsets import EARLY, onset_of, sure
from domain.evidence.logs.logged import Remark
from domain.evidence.logs.slots import SlotState, shift_of

FEWEST = 8
KNOWN = 200
"""Values of which a few of another sign are odd."""
COUNTED = 20
"""Values from which on a course is known."""
UPWARD = 0.97
"""Share of steps upward that make a counter."""
GROWING = 0.65
"""Share of changes upward from which on numbers are given out rather than measured."""
GIVEN = 0.9
"""How far numbers that are given out reach, one for each line."""
FEW = 2
"""Steps at most that may differ from all others to be told as odd."""
STILL, LONGER = 10, 5
"""Equal values at the end, and times the longest run before, that are a stand-still."""
EVEN = 100
"""Equal steps from which on another one is odd."""
FALL = 5.0
"""Times a large step upward: a smaller fall is of writers that overtake each other."""
LEAP = 20.0
"""Times the next largest step."""
FULL, ROOM = 0.9, 0.75
"""Share of its limit that is nearly all, and that a number begins below."""
FAR = 3.0
"""Times the usual value, or its inverse, from which on a number is of another kind."""
POINTS, PARTS = 64, 16
APART = 2.0
"""Times the lowest of sixteen parts: below it no level has moved by the factor of a shift."""
MOST_NAMES = 24
MANY = 3
"""Kinds of line whose numbers at one place all move: the place of a process or thread."""


def gauges(close: Close) -> Iterator[Remark]:
    """Return what is odd about numbers, once per kind of line; a column that moves in many kinds alike is no measurement of theirs."""
    found = [told for kept in close.kinds if len(kept.lines) >= FEWEST and (told := _of(kept))]
    places = Counter(place for place, remark in found if remark.kind == "slot_shift")
    yield from (remark for place, remark in found if remark.kind != "slot_shift" or places[place] < MANY)
    yield from _peaks(close)


def _peaks(close: Close) -> Iterator[Remark]:
    """The one value behind a literal of many kinds of line that is far above the highest of all stretches but its own."""
    for literal, state in close.log.scan.slots.items():
        tops = sorted(point[3] for point in state.points)
        tops = tops[: len(tops) - (bool(tops) and tops[-1] == state.maximum)]
        if not state.status and state.count >= KNOWN and len(tops) >= FEWEST and state.maximum > APEX * tops[-1]:
            least = min(point[2] for point in state.points)
            if stands_out(state.maximum, tops[-1], min(least, tops[0])):
                name = literal.decode("utf-8", "replace").strip(" \"'=:,;({[")
                yield Remark(
                    kind="peak",
                    line=state.line_of_maximum,
                    statement=f"{name}: {state.maximum:.15g} once among {state.count}, {tops[-1]:.15g} at most elsewhere",
                    severity=2.5,
                    numbers={"count": 1},
                    attributes={"field": name},
                )


def _of(kept: Kept) -> tuple[int, Remark] | None:
    """The first column of a kind with something odd; the whole of it speaks before the things it is about."""
    names = [place for place in varying(kept) if is_names(kept, place) and len(kept.distinct[place]) <= MOST_NAMES]
    for place in varying(kept):
        whole = numbers(kept, place)
        told = _first(whole, [other for other in names if other != place]) if whole else None
        if told:
            return place, told
    return None


def _first(whole: Series, names: Sequence[int]) -> Remark | None:
    told = odd(whole)
    for place in names if whole.kept.whole and not told else ():
        parts = [one for one in by_name(whole, place) if len(one.values) >= FEWEST]
        found = [remark for one in parts if (remark := odd(one))]
        if found and len(found) <= max(1, len(parts) // 3):
            return found[0]
    return told


def odd(one: Series) -> Remark | None:
    """Return the first that is odd about a series; what mostly grows is a counter, or ids given out one after the other."""
    steps = [after - before for before, after in pairwise(one.values)]
    upward, changes = sum(step > 0 for step in steps), sum(step != 0 for step in steps)
    if one.limit is None and len(one.values) >= COUNTED and upward >= UPWARD * len(steps):
        return None if one.name else _back(one, steps) or _leap(one, steps)
    told = _limit(one) or _still(one) or _negative(one)
    given = upward >= GROWING * changes and max(one.values) - min(one.values) >= GIVEN * len(one.values)
    return told if told or given else _moved(one) or _strays(one) or _alone(one)


def _alone(one: Series) -> Remark | None:
    """A number or two far from all others."""
    index = alone(one.values)
    if index is None:
        return None
    others = sorted(one.values)[2:-2]
    return _told(
        one, "stray", index, f"{one.values[index]:.15g} where all others lie between {others[0]:.15g} and {others[-1]:.15g}"
    )


def _told(one: Series, kind: str, index: int, text: str, severity: float = 2.5) -> Remark:
    what = f"{one.name}: " if one.name else ""
    return Remark(
        kind=kind,
        line=one.lines[index],
        statement=f"{what}{text}, in {len(one.values)} × {one.kept.group.template}",
        severity=severity,
        group=one.kept.group,
        numbers={"count": 1},
    )


def _back(one: Series, steps: Sequence[float]) -> Remark | None:
    """A counter that runs back, or stays once where it always grows."""
    falls = [place for place, step in enumerate(steps) if step <= 0]
    if not 0 < len(falls) <= FEW:
        return None
    place = falls[0] + 1
    before, after = one.values[place - 1 : place + 1]
    if 0 < before - after < FALL * sorted(steps)[len(steps) * 9 // 10]:
        return None
    if before == after:
        return _told(one, "twice", place, f"{after:.15g} comes twice where each number comes once")
    return _told(one, "backwards", place, f"runs back from {before:.15g} to {after:.15g}")


def _leap(one: Series, steps: Sequence[float]) -> Remark | None:
    """A counter that leaves numbers out."""
    ranked = sorted(steps)
    place = max(range(len(steps)), key=lambda index: steps[index])
    even = len(steps) >= EVEN and ranked[0] == ranked[-1 - FEW] and ranked[-1] > ranked[0] and one.kept.whole
    if not even and ranked[-1] < LEAP * ranked[-2]:
        return None
    return _told(one, "leap", place + 1, f"leaps from {one.values[place]:.15g} to {one.values[place + 1]:.15g}")


def _still(one: Series) -> Remark | None:
    """A number that no longer changes."""
    if len(set(one.values[-STILL:])) > 1:
        return None
    runs = [(value, len(list(run))) for value, run in groupby(one.values)]
    last = runs[-1][1]
    longest = max((length for _, length in runs[:-1]), default=0)
    if len(runs) < COUNTED or last < max(STILL, LONGER * longest):
        return None
    index = len(one.values) - last
    return _told(one, "stuck", index, f"stands still at {one.values[index]:.15g}, {last} times until the end", 3.0)


def _negative(one: Series) -> Remark | None:
    """A number below nought where nearly all are above."""
    below = [index for index, value in enumerate(one.values) if value < 0]
    if len(one.values) < KNOWN or not 0 < len(below) <= FEW:
        return None
    return _told(one, "stray", below[0], f"{one.values[below[0]]:g} where all others but {len(below) - 1} are not negative")


def _limit(one: Series) -> Remark | None:
    """A share that comes near its limit from well below."""
    early = one.values[: max(2, len(one.values) // 4)]
    if one.limit is None or max(early) > ROOM * one.limit or min(one.values[-2:]) < FULL * one.limit:
        return None
    index = one.values.index(max(one.values))
    return _told(one, "saturation", index, f"{early[0]:g} → {one.values[index]:g} of {one.limit:g}", 3.0)


def level(values: Sequence[float]) -> bool:
    """Tell cheaply whether parts of the values lie so far apart that their level may have moved."""
    size = max(1, len(values) // PARTS)
    middles = [sorted(values[start : start + size])[size // 2] for start in range(0, len(values) - size + 1, size)]
    return min(values) >= 0 and max(middles) >= APART * min(middles)


def _moved(one: Series) -> Remark | None:
    """A level that grows or shrinks for good."""
    if not level(one.values):
        return None
    size = -(-len(one.values) // POINTS)
    cuts = [(start, one.values[start : start + size]) for start in range(0, len(one.values) - size + 1, size)]
    shift = shift_of(b"", SlotState(points=[(start, len(part), median(part), max(part)) for start, part in cuts]))
    if not shift or not sure(one.values, shift.line):
        return None
    index = one.values.index(max(one.values) if shift.after > shift.before else min(one.values[shift.line :]))
    return _told(one, "slot_shift", index, f"{shift.before:g} → {shift.after:g}, {one.values[index]:g} at most or least", 3.0)


def _strays(one: Series) -> Remark | None:
    """Numbers of another size that come from some line on, among usual ones or instead of them."""
    usual = median(one.values)
    early = one.values[: max(1, int(EARLY * len(one.values)))]
    for low, high in ((usual / FAR, float("inf")), (float("-inf"), usual * FAR)) if usual > 0 else ():
        if low <= min(early) and max(early) <= high:
            far = [not low <= value <= high for value in one.values]
            begin = onset_of(far)
            if begin is not None:
                count, rest = sum(far), len(far) - begin
                return _told(
                    one,
                    "slot_shift",
                    begin,
                    f"{one.values[begin]:g} where {usual:g} is usual, from here in {count} of {rest}",
                    3.0,
                )
    return None
