"""What one log says that another does not, or says far more often (evidence.md 12)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import starmap

from domain.evidence.decoding.blocks import text_blocks
from domain.evidence.logs.compare.build import line_key
from domain.evidence.logs.compare.roles import bare
from domain.evidence.logs.counting import Scan
from domain.evidence.logs.groups import FURTHER, Group, groups_of
from domain.evidence.logs.keys import scan_all
from domain.evidence.values import Document

RARE = 1e-6
"""Chance of a ratio among equal logs below which it counts (evidence.md 12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A kind of line in one log, or in a part of it."""

    template: str
    severity: float
    count: int
    first: int
    last: int
    samples: tuple[str, ...]
    """Raw lines, at most five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A kind of line that is new, gone or of another frequency."""

    template: str
    severity: float
    before: int
    """Lines in the baseline."""
    after: int
    first: int
    """First line here; of what is gone, there."""
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed, severe and frequent kinds of line first."""

    new: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    shifted: tuple[Change, ...] = ()
    """On both sides, at rates that differ with p < 10⁻⁶."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a log says, for comparing another one with it."""

    kinds: tuple[Seen, ...]
    lines: int
    keys: frozenset[bytes]
    """Digests of its lines without their numbers."""

    @cached_property
    def by_template(self) -> Mapping[str, Seen]:
        """Template → kind of line."""
        return {one.template: one for one in self.kinds}

    @cached_property
    def by_line(self) -> Mapping[bytes, Seen]:
        """Digest of a sampled line → its kind."""
        return {digest: one for one in reversed(self.kinds) for digest in digests(one.samples)}

    def twin(self, one: Seen) -> Seen | None:
        """Return the same kind of line here: of the same template, or with a sampled line in common where a template reads otherwise."""
        if found := self.by_template.get(one.template):
            return found
        return next((self.by_line[digest] for digest in sorted(digests(one.samples)) if digest in self.by_line), None)

    def has(self, one: Seen) -> bool:
        """True when this kind of line, or one of its sampled lines, stands in the baseline."""
        return one.template in self.by_template or not self.keys.isdisjoint(digests(one.samples))


def baseline_of(document: Document) -> Baseline:
    """Read a log in one pass for later comparisons."""
    return remembered(scan_all(text_blocks(document.chunks), observed_at=document.observed_at))


def remembered(scan: Scan) -> Baseline:
    """Return what to compare with, from a scan."""
    rows = [row.decode("utf-8", "replace") for _, row in scan.firsts.values()]
    return Baseline(kinds=seen(groups_of(scan)), lines=scan.lines, keys=digests(rows))


def seen(groups: Iterable[Group]) -> tuple[Seen, ...]:
    """Return the groups that are kinds of line with words."""
    return tuple(seen_of(one) for one in groups if one.template != FURTHER and one.sample.strip())


def seen_of(one: Group) -> Seen:
    """Return one group for comparing."""
    samples = tuple(text for _, text in one.samples)
    return Seen(template=one.template, severity=one.severity, count=one.count, first=one.first, last=one.last, samples=samples)


def digests(rows: Sequence[str]) -> frozenset[bytes]:
    """Return what tells lines apart whatever their numbers and the time before them."""
    return frozenset(hashlib.blake2b(line_key(text), digest_size=8).digest() for text in bare(rows))


def compare(before: Scan, after: Scan) -> Difference:
    """Return what `after` says that `before` does not, and the other way round, and whose share moved."""
    return against(remembered(before), seen(groups_of(after)), after.lines)


def against(baseline: Baseline, kinds: Iterable[Seen], lines: int) -> Difference:
    """The same for a log whose kinds of line are known already."""
    here = tuple(kinds)
    twins = [(one, twin) for one in here if (twin := baseline.twin(one))]
    met = {twin.template for _, twin in twins}
    rows = digests([row for one in here for row in one.samples])
    new = [_change(one, 0, one.count) for one in here if not baseline.has(one)]
    gone = [
        _change(one, one.count, 0) for one in baseline.kinds if one.template not in met and rows.isdisjoint(digests(one.samples))
    ]
    shifted = [
        _change(one, twin.count, one.count) for one, twin in twins if differs(twin.count, baseline.lines, one.count, lines)
    ]
    return ranked(new, gone, shifted)


def parts(sides: Sequence[tuple[Seen, int, int]]) -> Difference:
    """Compare two parts of one log, given how often each kind of line stands in either: around an onset, or any two windows."""
    before, after = sum(side[1] for side in sides), sum(side[2] for side in sides)
    changes = list(starmap(_change, sides))
    moved = [one for one in changes if one.before and one.after and differs(one.before, before, one.after, after)]
    new, gone = [one for one in changes if one.after and not one.before], [one for one in changes if one.before and not one.after]
    return ranked(new, gone, moved)


def _change(one: Seen, before: int, after: int) -> Change:
    return Change(template=one.template, severity=one.severity, before=before, after=after, first=one.first, last=one.last)


def ranked(new: Iterable[Change], gone: Iterable[Change], shifted: Iterable[Change]) -> Difference:
    """Return the changes, severe and frequent ones first."""

    def order(one: Change) -> tuple[float, int, int]:
        return -one.severity, -max(one.before, one.after), one.first

    return Difference(
        new=tuple(sorted(new, key=order)), gone=tuple(sorted(gone, key=order)), shifted=tuple(sorted(shifted, key=order))
    )


def differs(before: int, lines_before: int, after: int, lines_after: int) -> bool:
    """True when two counts differ by more than chance in logs of these sizes: a G-test with one degree of freedom."""
    return _chance(before, lines_before, after, lines_after) < RARE


def _chance(before: int, lines_before: int, after: int, lines_after: int) -> float:
    """Probability of shares at least as different among logs that are alike."""
    table = (before, after, max(0, lines_before - before), max(0, lines_after - after))
    both = sum(table)
    columns = (before + table[2], after + table[3])
    rows = (before + after, table[2] + table[3])
    expected = (rows[0] * columns[0], rows[0] * columns[1], rows[1] * columns[0], rows[1] * columns[1])
    g = 2 * sum(seen * math.log(seen * both / wanted) for seen, wanted in zip(table, expected, strict=True) if seen)
    return math.erfc(math.sqrt(max(0.0, g) / 2))
