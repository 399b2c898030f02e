"""What the words of one line have to do with each other: sums that add up, words that agree, names that go with names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, permutations
from operator import eq

from domain.evidence.logs.close.alone import FEWEST, MOST
from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import is_names, numbers, varying
from domain.evidence.logs.close.onsets import begins
from domain.evidence.logs.logged import Remark

COLUMNS = 10
"""Columns of a kind at most that are compared with each other."""
TRIED = 16
"""Lines, from all over, of which a relation must hold nearly always before all are asked."""
NEAR = 1e-9
"""Share by which a sum may differ: numbers are written in decimals."""
REACHED = 0.01
"""Share of lines in which a number equals its bound at least: else it is none."""
OWN = 8
"""Lines of a name from which on it is known what goes with it."""


def relations(close: Close) -> Iterator[Remark]:
    """Return, for each kind of line, the first that breaks what holds in nearly all others."""
    for kept in close.kinds:
        if kept.whole and len(kept.lines) >= FEWEST:
            told = (
                next(_sums(kept), None) or next(_bounds(kept), None) or next(_agreements(kept), None) or next(_pairs(kept), None)
            )
            if told:
                yield told


def _sums(kept: Kept) -> Iterator[Remark]:
    """Numbers that add up but in a line or two."""
    values = [found.values for place in varying(kept) if (found := numbers(kept, place))][:COLUMNS]
    for one, two in combinations(values, 2):
        middle = len(one) // 2
        for whole in (*values, [one[middle] + two[middle]] * len(one)):
            broken = None if whole is one or whole is two else _broken(len(whole), _adds(one, two, whole))
            if broken is not None:
                parts = f"{one[broken]:.15g} + {two[broken]:.15g}"
                yield kept.remark("mismatch", broken, f"{parts} is not {whole[broken]:.15g} as in all other lines")


def _bounds(kept: Kept) -> Iterator[Remark]:
    """A number that reaches another one and exceeds it but in a line or two."""
    values = [found.values for place in varying(kept) if (found := numbers(kept, place))][:COLUMNS]
    for one, two in permutations(values, 2):
        broken = _broken(len(one), _within(one, two))
        if broken is not None and sum(map(eq, one, two)) >= REACHED * len(one):
            yield kept.remark("mismatch", broken, f"{one[broken]:.15g} exceeds {two[broken]:.15g}, as in no other line")


def _within(one: Sequence[float], two: Sequence[float]) -> Callable[[int], bool]:
    return lambda at: one[at] <= two[at]


def _adds(one: Sequence[float], two: Sequence[float], whole: Sequence[float]) -> Callable[[int], bool]:
    return lambda at: abs(one[at] + two[at] - whole[at]) <= NEAR * abs(whole[at])


def _agreements(kept: Kept) -> Iterator[Remark]:
    """Words that are the same but in a line or two."""
    columns = [kept.columns[place] for place in varying(kept)][: 2 * COLUMNS]
    for one, two in combinations(columns, 2):
        broken = _broken(len(one), _agree(one, two))
        if broken is not None:
            yield kept.remark(
                "mismatch", broken, f"“{_text(one[broken])}” and “{_text(two[broken])}” are the same in all other lines"
            )


def _agree(one: Sequence[bytes], two: Sequence[bytes]) -> Callable[[int], bool]:
    return lambda at: one[at] == two[at]


def _broken(size: int, holds: Callable[[int], bool]) -> int | None:
    """Where the first of one or two breaks of a relation lies; none where it always holds, or does not."""
    if sum(not holds(at) for at in range(0, size, max(1, size // TRIED))) > MOST:
        return None
    odd = [at for at in range(size) if not holds(at)]
    return odd[0] if 0 < len(odd) <= MOST else None


def _pairs(kept: Kept) -> Iterator[Remark]:
    """Names that always go with the same other one, but for one that gets another in a line or two, or from some line on."""
    places = [place for place in varying(kept) if is_names(kept, place)][:COLUMNS]
    for one in places:
        for other in places:
            if one != other:
                yield from _pair(kept, one, other)


def _pair(kept: Kept, one: int, other: int) -> Iterator[Remark]:
    goes: dict[bytes, list[int]] = defaultdict(list)
    for index, name in enumerate(kept.columns[one]):
        goes[name].append(index)
    words = kept.columns[other]
    known = {name: hits for name, hits in goes.items() if len(hits) >= OWN}
    mixed = [name for name, hits in known.items() if len({words[index] for index in hits}) > 1]
    if len(mixed) != 1 or len(known) <= MOST:
        return
    hits = known[mixed[0]]
    usual = Counter(words[index] for index in hits[: len(hits) // 2]).most_common(1)[0][0]
    odd = [place for place, index in enumerate(hits) if words[index] != usual]
    if 0 < len(odd) <= MOST < len(hits) // OWN or (begins(odd, len(hits)) and len({words[hits[place]] for place in odd}) == 1):
        index = hits[odd[0]]
        yield kept.remark(
            "mismatch", index, f"“{_text(mixed[0])}” goes with “{_text(words[index])}”, before with “{_text(usual)}”"
        )


def _text(word: bytes) -> str:
    return word.decode("utf-8", "replace")
