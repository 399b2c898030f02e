"""The second look at a log: which lines it needs, and what all its rules say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from domain.evidence.decoding.blocks import text_blocks
from domain.evidence.logs.close.beats import beats
from domain.evidence.logs.close.clock import backwards
from domain.evidence.logs.close.gauges import gauges
from domain.evidence.logs.close.journeys import journeys
from domain.evidence.logs.close.kept import Close, Keeper
from domain.evidence.logs.close.names import names
from domain.evidence.logs.close.settings import settings
from domain.evidence.logs.logged import Log, Remark
from domain.evidence.values import Document

LEAST = 3_000
"""Lines below which people read a log themselves, and chance has no room."""
LARGEST = 9 << 20
"""Bytes of a log above which it is not read a second time as a whole: the time for ten megabytes is bounded (evidence.md 17, E4)."""
MOST = 2
"""Remarks of one rule that are told: what is odd in more places of one log is its nature, not a fault."""
RULES: tuple[Callable[[Close], Iterator[Remark]], ...] = (journeys, gauges, names, beats, settings, backwards)


def closely(document: Document, log: Log, said: list[Remark]) -> list[Remark]:
    """Return what was said and what a second look at the lines of a log of moderate size tells."""
    if log.scan.lines < LEAST or log.scan.size_bytes > LARGEST:
        return said
    keeper = Keeper(log)
    for block in text_blocks(document.chunks):
        keeper.see(block)
    close = keeper.close()
    return joined(said, [remark for rule in RULES for remark in _few(rule(close))])


def joined(said: Sequence[Remark], found: Sequence[Remark]) -> list[Remark]:
    """Both; of a shift seen twice the one in the lines of one kind, which knows them, or else that of the whole log."""
    lines = {remark.line for remark in said}
    new = [remark for remark in found if remark.line not in lines]
    kept = [remark for remark in said if len(_same(remark, new)) != 1]
    known = {id(other) for remark in kept for other in _same(remark, new)}
    return [*kept, *(remark for remark in new if id(remark) not in known)]


def _same(shift: Remark, found: Sequence[Remark]) -> list[Remark]:
    """Shifts of numbers behind the words of this one."""
    field = shift.attributes.get("field")
    return [one for one in found if field and one.kind == "slot_shift" and one.group and field in one.group.sample]


def _few(found: Iterator[Remark]) -> list[Remark]:
    """The remarks of a rule in order of lines; none where they are many."""
    told = list(islice(found, MOST + 1))
    return sorted(told, key=lambda one: one.line) if len(told) <= MOST else []
