"""What is said again word for word, but for one number or word among many: a list of settings read anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.logged import Remark

SAID = (2, 12)
"""Times that each line of a list is said."""
FAMILY = 8
"""Lines of a list at least."""
SAME = 0.85
"""Share of them that never change."""


def settings(close: Close) -> Iterator[Remark]:
    """Return the few lines of a list that changed when it was said again."""
    families: dict[tuple[int, int], list[Kept]] = defaultdict(list)
    for kept in close.kinds:
        if SAID[0] <= len(kept.lines) <= SAID[1] and kept.whole:
            families[len(kept.lines), len(kept.columns)].append(kept)
    for family in families.values():
        if len(family) >= FAMILY:
            yield from _changed(family)


def _changed(family: Sequence[Kept]) -> Iterator[Remark]:
    for place in range(len(family[0].columns)):
        moved = [one for one in family if len(one.distinct[place]) > 1]
        if 0 < len(moved) <= (1 - SAME) * len(family):
            for one in moved:
                words = one.columns[place]
                index = next(at for at, word in enumerate(words) if word != words[0])
                yield _told(one, index, words[0], words[index], len(family))


def _told(kept: Kept, index: int, before: bytes, after: bytes, others: int) -> Remark:
    was, now = (word.decode("utf-8", "replace") for word in (before, after))
    return Remark(
        kind="change",
        line=kept.lines[index],
        statement=f"{was} → {now}, alone among {others} lines that are said again, in {kept.group.template}",
        severity=2.5,
        group=kept.group,
        numbers={"count": 1},
    )
