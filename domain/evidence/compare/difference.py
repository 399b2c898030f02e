"""What one log says that another does not, or says far more often (evidence.md 12)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from domain.evidence.blocks import text_blocks
from domain.evidence.compare.build import line_key
from domain.evidence.compare.roles import bare
from domain.evidence.counting import Scan
from domain.evidence.groups import FURTHER, Group, bucket_counts, groups_of
from domain.evidence.keys import scan_all
from domain.evidence.values import Document

RARE = 1e-6
"""Chance of a ratio among equal logs below which it counts (evidence.md 12)."""


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

    @property
    def kind(self) -> str:
        """new, gone, more or fewer; the last two only where frequencies were compared."""
        return "gone" if not self.after else "new" if not self.before else "more or fewer"


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

    groups: tuple[Group, ...]
    lines: int
    keys: frozenset[bytes]
    """Digests of its lines without their numbers."""

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Template → lines."""
        return {one.template: one.count for one in self.groups}

    def has(self, one: Group) -> bool:
        """True when this kind of line, or one of its sampled lines, stands in the baseline."""
        return one.template in self.counts or any(map(self.has_line, bare([text for _, text in one.samples])))

    def has_line(self, text: str) -> bool:
        """True when a bare line stands there, whatever its numbers."""
        return _digest(text) in self.keys


def baseline_of(document: Document) -> Baseline:
    """Read a log in one pass for later comparisons."""
    return remembered(scan_all(text_blocks(document.chunks), observed_at=document.observed_at))


def remembered(scan: Scan) -> Baseline:
    """Return what to compare with, from a scan."""
    rows = bare([row.decode("utf-8", "replace") for _, row in scan.firsts.values()])
    return Baseline(groups=told(groups_of(scan)), lines=scan.lines, keys=frozenset(map(_digest, rows)))


def told(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return the groups that are kinds of line with words."""
    return tuple(one for one in groups if one.template != FURTHER and one.sample.strip())


def _digest(text: str) -> bytes:
    return hashlib.blake2b(line_key(text), digest_size=8).digest()


def compare(before: Scan, after: Scan) -> Difference:
    """Return what `after` says that `before` does not, and the other way round, and whose share moved."""
    return against(remembered(before), told(groups_of(after)), after.lines)


def against(baseline: Baseline, groups: Iterable[Group], lines: int) -> Difference:
    """The same for a log that was grouped already."""
    here = {one.template: one for one in groups}
    new = [_change(one, 0, one.count) for one in here.values() if not baseline.has(one)]
    common = [(baseline.counts[name], one) for name, one in here.items() if name in baseline.counts]
    shifted = [_change(one, count, one.count) for count, one in common if differs(count, baseline.lines, one.count, lines)]
    seen = remembered_lines(here.values())
    gone = [_change(one, one.count, 0) for one in baseline.groups if one.template not in here and not _among(one, seen)]
    return _ranked(new, gone, shifted)


def remembered_lines(groups: Iterable[Group]) -> frozenset[bytes]:
    """Return the digests of the sampled lines of these groups."""
    return frozenset(_digest(text) for one in groups for text in bare([row for _, row in one.samples]))


def _among(one: Group, seen: frozenset[bytes]) -> bool:
    return any(_digest(text) in seen for text in bare([row for _, row in one.samples]))


def windows(groups: Iterable[Group], span: tuple[int, int], border: int) -> Difference:
    """Compare one log before and from the bucket `border` on: around an onset."""
    low, high = span
    parts = [(one, bucket_counts(one, low, high)) for one in told(groups)]
    sides = [(one, sum(counts[: border - low]), sum(counts[border - low :])) for one, counts in parts]
    total_before, total_after = sum(side[1] for side in sides), sum(side[2] for side in sides)
    new = [_change(one, 0, after) for one, before, after in sides if after and not before]
    gone = [_change(one, before, 0) for one, before, after in sides if before and not after]
    shifted = [
        _change(one, before, after)
        for one, before, after in sides
        if before and after and differs(before, total_before, after, total_after)
    ]
    return _ranked(new, gone, shifted)


def _change(one: Group, before: int, after: int) -> Change:
    return Change(template=one.template, severity=one.severity, before=before, after=after, first=one.first, last=one.last)


def _ranked(new: list[Change], gone: list[Change], shifted: list[Change]) -> Difference:
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
