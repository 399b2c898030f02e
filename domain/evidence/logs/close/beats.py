"""What comes regularly and once did not, or came once too often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import is_names, varying
from domain.evidence.logs.logged import Remark

FEWEST, MOST = 12, 600
"""Beats between which a rhythm is known, and above which single ones are not told."""
EVEN = 1.35
"""Times the median gap, or its inverse, within which nine of ten gaps lie."""
APART = 20
"""Lines between beats at least: what comes more often is no schedule."""
MISSED, EXTRA = 1.7, 0.5
FEW = 2
MOST_NAMES = 24


def beats(close: Close) -> Iterator[Remark]:
    """Return the beats that were missed, by kind of line, and by name where a kind has several."""
    for kept in close.kinds:
        if kept.whole and len(kept.lines) >= FEWEST:
            told = _beat(kept, kept.lines, "") or next(_named(kept), None)
            if told:
                yield told


def _named(kept: Kept) -> Iterator[Remark]:
    """The same of each thing that a column names."""
    for place in varying(kept):
        if is_names(kept, place) and len(kept.distinct[place]) <= MOST_NAMES:
            parts: dict[bytes, list[int]] = defaultdict(list)
            for word, line in zip(kept.columns[place], kept.lines, strict=True):
                parts[word].append(line)
            yield from filter(None, (_beat(kept, lines, name.decode("utf-8", "replace")) for name, lines in parts.items()))


def _beat(kept: Kept, lines: Sequence[int], name: str) -> Remark | None:
    if not FEWEST <= len(lines) <= MOST:
        return None
    gaps = [after - before for before, after in pairwise(lines)]
    ranked = sorted(gaps)
    middle = ranked[len(ranked) // 2]
    usual = [gap for gap in gaps if middle / EVEN <= gap <= middle * EVEN]
    wide = [place for place, gap in enumerate(gaps) if gap >= MISSED * middle]
    close = [place for place, gap in enumerate(gaps) if gap <= EXTRA * middle]
    odd = len(wide) + len(close)
    if middle < APART or not 0 < odd <= FEW or len(usual) + odd < len(gaps):
        return None
    place = (wide or close)[0]
    what = (
        f"missed: nothing for {gaps[place]} lines where it comes every {middle}"
        if wide
        else f"came once too often: after {gaps[place]} lines instead of {middle}"
    )
    return Remark(
        kind="missed_beat" if wide else "extra_beat",
        line=lines[place] if wide else lines[place + 1],
        statement=f"{name + ': ' if name else ''}{what}, {len(lines)} × {kept.group.template}",
        severity=2.5,
        group=kept.group,
        numbers={"count": 1},
    )
