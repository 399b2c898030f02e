"""Numbers behind literals that carry meaning: durations, sizes, statuses, read from whole blocks (evidence.md 6.2)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from math import comb, sqrt
from statistics import median

from domain.evidence.decoding.blocks import EPOCH, Block
from domain.evidence.values import Slot

MOST = 8
FEWEST = 3
ALIKE = 6
FIRST = 24
"""Values of a sixteenth of a block that make its median."""
POINTS = 960
PARTS = 16
FINE = 240
"""Points after which quarters of a block are fine enough, as they are behind the first epoch."""
PLENTY = 96
"""Lines of such a block of which every fourth tells enough; a design value."""
SAMPLED = 4
RATIO = 3.0
"""A median that grows or shrinks by this factor and stays apart is a shift; a design value."""
TINY = 1e-9
CHANCE = 1e-3
"""Probability under which values in random order part, or rank, by themselves."""
TREND = 3.09
"""Standard deviations beyond which lies `CHANCE` of a normal distribution."""
ENOUGH = 10
"""Values on either side that chance never parts: 1 of 184,756 for ten and ten."""
FEW = 32
"""Points of which a trend is looked for."""
REST = rb"\d{0,15}(?:\.\d{1,6})?"
NUMBER = rb"\d{1,15}(?:\.\d{1,6})?"
_NAMED = re.compile(
    rb"(?P<literal>(?:^|[\s\"'({\[,;])(?:[\w./-]{1,40}[\"']?\s?[=:]\s?[\"']?|[A-Za-z][\w./-]{1,40} ))"
    rb"(?P<number>\d{1,12}(?:\.\d{1,6})?)(?P<unit>\s?(?:ms|us|ns|s|sec|seconds|minutes|%|[KMG]i?B|kb|bytes|MB/s))?(?![\w:-])"
)
_STATUS = re.compile(
    rb"(?P<literal>(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) [^\s\"]{1,200} (?:HTTP/[\d.]{1,3}\"? )?|HTTP/\d(?:\.\d)?\" |status(?:[_ ]?code)?[\"']?\s?[=: ]\s?[\"']?)"
    rb"(?P<number>[1-5]\d\d)(?![\d.\w])"
)
_TELLING = re.compile(
    rb"status|code|duration|latency|took|elapsed|time|heap|used|usage|memory|mem|depth|lag|queue|retries|attempt|count|size|rss|cpu|load|pending|active|waiting|connections|threads|free|wait",
    re.IGNORECASE,
)


Point = tuple[int, int, float, float]
"""(line, values, median, maximum) of a sixteenth of a block, or of a line where a block has few."""


@dataclass(slots=True, kw_only=True)
class SlotState:
    """What was read so far behind one literal."""

    status: bool = False
    unit: str = ""
    sampled: bool = False
    """Only the first quarter of the lines of each bucket is read for it."""
    count: int = 0
    """Lines that were read for it."""
    maximum: float = 0.0
    line_of_maximum: int = 0
    minimum: float = float("inf")
    points: list[Point] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)
    """All statuses; of other numbers the first 16 distinct ones until there are more, then none."""
    where: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Status → first line, line at or before the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A slot whose values moved for good."""

    literal: str
    unit: str
    before: float
    after: float
    line: int
    """About where the later level begins."""
    line_of_maximum: int


def learn_slots(samples: Sequence[bytes]) -> dict[bytes, SlotState]:
    """Choose at most eight literals: statuses first, then units and telling names, by frequency."""
    found: dict[bytes, Counter[bytes]] = defaultdict(Counter)
    units: dict[bytes, bytes] = {}
    statuses: set[bytes] = set()
    for row in _varied(samples):
        for match in _STATUS.finditer(row[:1024]):
            literal = _status_literal(match["literal"])
            statuses.add(literal)
            found[literal][match["number"]] += 1
        for match in _NAMED.finditer(row[:1024]):
            if match["unit"] or _TELLING.search(match["literal"]):
                found[match["literal"]][match["number"]] += 1
                units.setdefault(match["literal"], (match["unit"] or b"").strip())
    ranked = sorted(
        (literal for literal, seen in found.items() if _worth(literal, seen, literal in statuses)),
        key=lambda literal: (literal not in statuses, not units.get(literal), -found[literal].total(), literal),
    )
    numbers = [literal for literal in ranked if literal not in statuses]
    chosen = [literal for literal in ranked if literal in statuses][: max(MOST // 2, MOST - len(numbers))] + numbers
    return {literal: SlotState(status=literal in statuses, unit=units.get(literal, b"").decode()) for literal in chosen[:MOST]}


def _varied(samples: Sequence[bytes]) -> list[bytes]:
    """At most `ALIKE` rows that differ in nothing but digits."""
    seen: Counter[bytes] = Counter()
    kept: list[bytes] = []
    for row in samples:
        shape = row.translate(None, b"0123456789abcdefABCDEF")
        seen[shape] += 1
        if seen[shape] <= ALIKE:
            kept.append(row)
    return kept


def _status_literal(literal: bytes) -> bytes:
    """The shortest part that still tells: the protocol where it stands, else the path."""
    place = literal.find(b"HTTP/")
    return literal[place:] if place >= 0 else literal


def _worth(literal: bytes, seen: Counter[bytes], status: bool) -> bool:
    if status:
        return seen.total() >= FEWEST
    return seen.total() >= FEWEST and len(seen) >= 2 and len(literal.strip()) >= 2


def read_slots(slots: dict[bytes, SlotState], rows: Mapping[bytes, Sequence[bytes]], block: Block) -> None:
    """Read every literal's values out of those rows of a block, its lines counted, that may hold it."""
    for literal, held in rows.items():
        state = slots[literal]
        if held and state.status:
            _read_status(state, literal, held, block)
        elif held:
            _read_numbers(state, literal, held, block)
        fine = len(state.points) >= FINE or block.number >= EPOCH
        state.sampled = fine and not state.status and len(held) * (SAMPLED if state.sampled else 1) >= PLENTY


def _read_status(state: SlotState, literal: bytes, rows: Sequence[bytes], block: Block) -> None:
    """Count every status."""
    for raw, count in Counter(_behind(literal, rb"\d{3}(?!\d)").findall(b"\n".join(rows))).items():
        value = raw.decode()
        state.count += count
        state.values[value] += count
        line = block.first_line if value in state.where else _line_of(block, literal + raw)
        state.where[value] = state.where.get(value, (line, line))[0], line


def _read_numbers(state: SlotState, literal: bytes, rows: Sequence[bytes], block: Block) -> None:
    """Medians of sixteenths, each from its first 24 rows, or every value of few rows, and the maximum of all."""
    number = _behind(literal, NUMBER)
    parts = PARTS if len(state.points) < FINE and block.number < EPOCH else PARTS // 4
    size = max(1, len(rows) // parts) if parts == PARTS or len(rows) >= 2 * parts else len(rows)
    for start in range(0, len(rows), size):
        values = sorted(map(float, number.findall(b"\n".join(rows[start : start + min(size, FIRST)]))))
        if values:
            line = block.first_line + block.lines * start // len(rows)
            state.points.append((line, len(values), values[len(values) // 2], values[-1]))
            state.minimum = min(state.minimum, values[0])
    state.count += len(rows)
    high = _behind(literal, _as_high(state.maximum)).findall(b"\n".join(rows))
    top = max(set(high), key=float, default=b"0")
    if float(top) > state.maximum:
        state.maximum = float(top)
        state.line_of_maximum = _line_of(block, literal + top)
    _thin(state)


@lru_cache(maxsize=256)
def _behind(literal: bytes, number: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(literal) + b"(" + number + b")")


def _as_high(known: float) -> bytes:
    """The numbers with more digits than the known one, or as many and a first digit that is no less."""
    digits = str(int(known))
    return b"(?:\\d{%d}|[%s-9]\\d{%d})%s" % (len(digits) + 1, digits[0].encode(), len(digits) - 1, REST)


def _line_of(block: Block, text: bytes) -> int:
    """The first line that holds the text; the block's first where colours stand within it."""
    return block.first_line + block.data.count(b"\n", 0, max(0, block.data.find(text)))


def _thin(state: SlotState) -> None:
    """Join neighbouring points when there are too many."""
    if len(state.points) <= POINTS:
        return
    pairs = zip(state.points[::2], state.points[1::2], strict=False)
    state.points = [(a[0], a[1] + b[1], (a[2] + b[2]) / 2, max(a[3], b[3])) for a, b in pairs]


def move_slots(slots: Mapping[bytes, SlotState], by: int) -> None:
    """Number lines as those behind so many others, in place."""
    for state in slots.values():
        state.line_of_maximum += by
        state.points = [(line + by, count, middle, top) for line, count, middle, top in state.points]
        state.where = {value: (first + by, last + by) for value, (first, last) in state.where.items()}


def merge_slots(left: dict[bytes, SlotState], right: dict[bytes, SlotState]) -> None:
    """Add what a later epoch read, in place."""
    for literal, later in right.items():
        state = left.get(literal)
        if state is None:
            left[literal] = later
            continue
        state.count += later.count
        if later.maximum > state.maximum:
            state.maximum, state.line_of_maximum = later.maximum, later.line_of_maximum
        state.minimum = min(state.minimum, later.minimum)
        state.points += later.points
        state.values.update(later.values)
        for value, (first, last) in later.where.items():
            state.where[value] = state.where.get(value, (first, last))[0], last
        _thin(state)
    for literal in sorted(left, key=lambda name: (-left[name].count, name))[2 * MOST :]:
        del left[literal]


def shift_of(literal: bytes, state: SlotState) -> Shift | None:
    """Return how the values moved, where an early and a late part stay apart by `RATIO` beyond chance; None otherwise."""
    for points in _resolutions(state.points) if _spread(state.points) >= RATIO else ():
        levels = [point[2] for point in points]
        ranked = sorted((-_ratio(levels, place), place) for place in _apart(levels) if _certain(points, place))
        if ranked and -ranked[0][0] >= RATIO:
            place = ranked[0][1]
            return Shift(
                literal=literal.decode("utf-8", "replace").strip(" \"'=:,;({["),
                unit=state.unit,
                before=median(levels[:place]),
                after=median(levels[place:]),
                line=points[place][0],
                line_of_maximum=state.line_of_maximum,
            )
    return None


def _spread(points: Sequence[Point]) -> float:
    """By how much the highest level exceeds the lowest: no two parts lie further apart."""
    levels = [point[2] for point in points] or [0.0]
    return (max(levels) + TINY) / (min(levels) + TINY)


def _resolutions(points: Sequence[Point]) -> Iterator[Sequence[Point]]:
    """Yield the points, then neighbours joined by their median, 2 to 16 at a time: single strays vanish in wider points."""
    size = 1
    while size <= PARTS and len(points) >= 4 * size:
        parts = [points[start : start + size] for start in range(0, len(points), size)]
        yield [(part[0][0], sum(p[1] for p in part), median([p[2] for p in part]), max(p[3] for p in part)) for part in parts]
        size *= 2


def _ratio(levels: Sequence[float], place: int) -> float:
    """By how much the later levels are higher, or lower."""
    ratio = (median(levels[place:]) + TINY) / (median(levels[:place]) + TINY)
    return max(ratio, 1 / ratio)


def _certain(points: Sequence[Point], place: int) -> bool:
    """Tell whether chance would hardly part so many values, or rank so few."""
    before, after = sum(p[1] for p in points[:place]), sum(p[1] for p in points[place:])
    few = min(before, after)
    return few >= ENOUGH or comb(before + after, few) * CHANCE >= 1 or _trends([p[2] for p in points])


@lru_cache(maxsize=64)
def _deviation(count: int) -> float:
    """Standard deviation of Kendall's S of so many values in random order (Mann 1945)."""
    return sqrt(count * (count - 1) * (2 * count + 5) / 18)


def _trends(levels: Sequence[float]) -> bool:
    """Tell whether a short series rises or falls all along: Mann and Kendall's test."""
    if len(levels) > FEW:
        return False
    score = sum((b > a) - (b < a) for place, a in enumerate(levels) for b in levels[place + 1 :])
    return abs(score) - 1 >= TREND * _deviation(len(levels))


def _apart(levels: Sequence[float]) -> Iterator[int]:
    """Places before which all levels are lower, or all higher, than those from there on; not too near the ends."""
    count = len(levels)
    tops, floors = list(accumulate(levels, max)), list(accumulate(levels, min))
    later_tops = list(accumulate(reversed(levels), max))[::-1]
    later_floors = list(accumulate(reversed(levels), min))[::-1]
    edge = max(1, count // 20)
    for place in range(edge, count - edge + 1) if count >= 4 else ():
        if tops[place - 1] < later_floors[place] or floors[place - 1] > later_tops[place]:
            yield place


def slot_of(literal: bytes, state: SlotState) -> Slot:
    """The value that is kept of a slot."""
    medians = sorted(p[2] for p in state.points) or [0.0]
    return Slot(
        literal=literal.decode("utf-8", "replace"),
        unit=state.unit,
        count=state.count,
        minimum=0.0 if state.minimum == float("inf") else state.minimum,
        median=median(medians),
        p95=medians[min(len(medians) - 1, len(medians) * 95 // 100)],
        maximum=state.maximum,
        first_value=state.points[0][2] if state.points else 0.0,
        last_value=state.points[-1][2] if state.points else 0.0,
        line_of_maximum=state.line_of_maximum,
        values=tuple(sorted(state.values.items()))[:16],
    )
