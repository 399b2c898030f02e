"""Names that appear, or come far more often from some place on: one client, one shard, one version among several."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import is_names, numbers, varying
from domain.evidence.logs.close.onsets import begins, onset_of
from domain.evidence.logs.compare.difference import differs
from domain.evidence.logs.logged import Remark

FEWEST = 40
PARTS = 16
HOT, MORE = 1.3, 3.0
"""Times the mean of a part that is hot, and times as large a share."""
OFTEN, ODD = 10, 12
"""Lines that make a name a usual one, and of how many names one may be odd."""
THROUGHOUT = 0.3
"""Share of the lines, at either end, in which a name that comes throughout stands at least once."""
DIGITS = b"0123456789"
SHAPES = 6


def names(close: Close) -> Iterator[Remark]:
    """Return the names, and forms of words, whose share changes."""
    for kept in close.kinds:
        if len(kept.lines) < FEWEST:
            continue
        for place in varying(kept):
            if is_names(kept, place):
                yield from _names(kept, place)
            elif not numbers(kept, place):
                yield from _forms(kept, kept.columns[place])


def _names(kept: Kept, column: int) -> Iterator[Remark]:
    """What begins, or gains most, in a column whose other names come throughout."""
    size, where = len(kept.lines), defaultdict(list)
    for index, word in enumerate(kept.columns[column]):
        where[word].append(index)
    fresh = [name for name, hits in where.items() if begins(hits, size)]
    often = [] if fresh else [(name, hits) for name, hits in where.items() if len(hits) >= OFTEN]
    gains = [(gain, name) for name, hits in often if (gain := _gained(hits, size))]
    gone = [] if fresh else [name for name, hits in often if begins([size - 1 - hit for hit in reversed(hits)], size)]
    odd = {*fresh, *gone, *(name for _, name in gains)}
    if len(odd) > max(1, len(where) // ODD) or not _steady([hits for name, hits in where.items() if name not in odd], size):
        return
    for name in fresh:
        yield _told(kept, where[name][0], f"“{_text(name)}” from here on, never before, {len(where[name])} times")
    for name in gone:
        yield _told(kept, where[name][-1], f"“{_text(name)}” for the last time here, after {len(where[name])} times")
    if gains and not gone:
        (ratio, low, high), name = max(gains)
        first = next(index for index in where[name] if index >= low)
        span = f"between lines {kept.lines[low]} and {kept.lines[high - 1]}"
        yield _told(kept, first, f"“{_text(name)}” {ratio:.3g} times as often {span}")


def _steady(others: Sequence[Sequence[int]], size: int) -> bool:
    """True where the other names come throughout: else names come and go in this column anyway; of rare ones half must reach so far."""
    often = [hits for hits in others if len(hits) >= 2 * OFTEN]
    edge = THROUGHOUT * size
    if not often:
        spans = [hits[-1] - hits[0] for hits in others if len(hits) > 1]
        return len(spans) >= OFTEN and median(spans) >= edge
    return all(hits[0] < edge and (len(others) == 1 or hits[-1] > size - edge) for hits in often)


def _gained(hits: Sequence[int], size: int) -> tuple[float, int, int] | None:
    """By how much the share within a run of parts exceeds that outside it, where that is beyond chance, and where the run lies."""
    edges = [size * part // PARTS for part in range(PARTS + 1)]
    sums = [bisect_left(hits, edge) for edge in edges]
    parts = [after - before for before, after in pairwise(sums)]
    mean = len(hits) / PARTS
    hot = [part > HOT * mean for part in parts]
    if not any(hot):
        return None
    low = hot.index(True)
    high = PARTS - hot[::-1].index(True)
    inside, lines = sums[high] - sums[low], edges[high] - edges[low]
    outside, rest = len(hits) - inside, size - lines
    ratio = inside / lines / max(outside, 0.5) * rest if rest else 0.0
    found = ratio >= MORE and differs(outside, rest, inside, lines)
    return (ratio, edges[low], edges[high]) if found else None


def _forms(kept: Kept, words: Sequence[bytes]) -> Iterator[Remark]:
    """Words that hold numbers in another form from some line on."""
    forms = [word.translate(None, DIGITS) for word in words]
    if len(set(forms)) > SHAPES:
        return
    for form in sorted(set(forms)):
        begin = onset_of([one == form for one in forms])
        if begin is not None:
            yield _told(kept, begin, f"“{_text(words[begin])}” has another form than “{_text(words[0])}”, from here on")


def _told(kept: Kept, index: int, text: str, severity: float = 2.5) -> Remark:
    return kept.remark("share_shift", index, text, severity)


def _text(word: bytes) -> str:
    return word.decode("utf-8", "replace")
