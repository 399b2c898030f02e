"""The second look at a log: which lines it needs, and what all its rules say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from domain.evidence.decoding.blocks import text_blocks
from domain.evidence.logs.close.beats import beats
from domain.evidence.logs.close.clock import backwards
from domain.evidence.logs.close.gauges import gauges
from domain.evidence.logs.close.ids import ids
from domain.evidence.logs.close.journeys import journeys
from domain.evidence.logs.close.kept import Close, Keeper
from domain.evidence.logs.close.kinds import kinds, steady
from domain.evidence.logs.close.names import names
from domain.evidence.logs.close.relations import relations
from domain.evidence.logs.close.settings import settings
from domain.evidence.logs.close.strays import strays
from domain.evidence.logs.logged import Log, Remark
from domain.evidence.values import Document

LEAST = 3_000
"""Lines below which people read a log themselves, and chance has no room."""
LARGEST, PLAIN = 9 << 20, 24 << 20
"""Bytes of a log above which it is not read a second time as a whole: the time for ten megabytes is bounded (evidence.md 17, E4).
The second for one of few kinds of line, in which much stands out, and of long lines, of which each costs as much as a short one."""
FEW_KINDS, FEW_LINES = 100, 80_000
MOST = 2
"""Remarks of one rule and kind that are told: what is odd in more places of one log is its nature, not a fault."""
MANY = 12
"""Remarks of one rule from which on it has nothing to tell."""
RULES: tuple[Callable[[Close], Iterator[Remark]], ...] = (
    kinds,
    journeys,
    ids,
    gauges,
    names,
    strays,
    relations,
    beats,
    settings,
    backwards,
)
"""Of a line that several tell of, the first."""


def closely(document: Document, log: Log, said: list[Remark]) -> list[Remark]:
    """Return what was said and what a second look at the lines of a log of moderate size tells."""
    most = PLAIN if len(log.groups) <= FEW_KINDS and log.scan.lines <= FEW_LINES else LARGEST
    if log.scan.lines < LEAST or log.scan.size_bytes > most:
        return said
    keeper = Keeper(log)
    for block in text_blocks(document.chunks):
        keeper.see(block)
    close = keeper.close()
    for remark in said:
        if remark.kind == "severe_template" and remark.group and steady(log, remark.group):
            remark.numbers["steady"] = 1.0
    return joined(said, [remark for rule in RULES for remark in _few(rule(close))])


def joined(said: Sequence[Remark], found: Sequence[Remark]) -> list[Remark]:
    """Both; of a line seen twice the first remark, as grave as the worst, of a shift the one in the lines of one kind, which knows them."""
    lines: dict[int, Remark] = {}
    for remark in (*said, *found):
        first = lines.setdefault(remark.line, remark)
        first.severity = max(first.severity, remark.severity)
        if remark.kind == "lone":
            first.numbers["lone"] = 1.0
    new = [remark for remark in found if lines[remark.line] is remark]
    kept = [remark for remark in said if len(_same(remark, new)) != 1]
    known = {id(other) for remark in kept for other in _same(remark, new)}
    return [*kept, *(remark for remark in new if id(remark) not in known)]


def _same(shift: Remark, found: Sequence[Remark]) -> list[Remark]:
    """Shifts of numbers behind the words of this one."""
    field = shift.attributes.get("field")
    return [one for one in found if field and one.kind == "slot_shift" and one.group and field in one.group.sample]


def _few(found: Iterator[Remark]) -> list[Remark]:
    """The remarks of a rule in order of lines; none of a kind of which there are many."""
    told = sorted(islice(found, MANY), key=lambda one: one.line)
    kinds = Counter(one.kind for one in told)
    return [one for one in told if kinds[one.kind] <= MOST] if len(told) < MANY else []
