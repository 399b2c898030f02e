"""Steps that follow each other for every id: where one is left out, or comes before its turn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from domain.evidence.logs.close.alone import alone
from domain.evidence.logs.close.kept import Close, Kept
from domain.evidence.logs.close.numbers import is_ids, is_names, varying
from domain.evidence.logs.logged import Remark

FEWEST = 20
FEW = 3
"""Ids at most for which a step may be missing."""
ALMOST = 0.01
"""Share of them at most."""
ALIKE = 0.1
"""By how much of the larger one the numbers of lines of two steps may differ."""
FAR = 3
"""Times the usual number of lines between two steps that is never told as late."""
FEWEST_IDS = 3
ROUNDS = 4
"""Times that the steps of one id come at most for one of them to be late: whoever comes all the time follows on anything by chance."""
SAMPLE = 40
"""Ids that are compared before all are."""
OWNERS = 12
"""Columns with one id above which it is a word like any other."""
MOST_PAIRS = 200


@dataclass(frozen=True, kw_only=True)
class Step:
    """A kind of line and the column that says whom it is about."""

    kept: Kept
    column: int

    @property
    def words(self) -> Sequence[bytes]:
        """Whom each line is about."""
        return self.kept.columns[self.column]


def journeys(close: Close) -> Iterator[Remark]:
    """Return ids whose lines leave a step out that all others take, or take far longer; each id once, by its first step."""
    met: set[bytes] = set()
    for left, right in _pairs(_steps(close)):
        for remark, word in _broken(left, right):
            if word not in met:
                met.add(word)
                yield remark


def _steps(close: Close) -> list[Step]:
    return [
        Step(kept=kept, column=place)
        for kept in close.kinds
        if kept.whole and len(kept.lines) >= FEWEST
        for place in varying(kept)
        if is_ids(kept, place) or is_names(kept, place)
    ]


def _pairs(steps: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """Steps of two kinds that are about the same ones equally often."""
    owners: dict[bytes, list[int]] = defaultdict(list)
    for number, step in enumerate(steps):
        for word in list(dict.fromkeys(step.words))[:SAMPLE]:
            owners[word].append(number)
    shared = Counter(pair for numbers in owners.values() if len(numbers) <= OWNERS for pair in permutations(numbers, 2))
    found = 0
    for (one, other), count in sorted(shared.items()):
        left, right = steps[one], steps[other]
        sizes = sorted((len(left.words), len(right.words)))
        known = min(SAMPLE, len(left.kept.distinct[left.column]))
        if left.kept is not right.kept and count * 2 >= known and sizes[1] - sizes[0] <= ALIKE * sizes[1]:
            found += 1
            if found > MOST_PAIRS:
                return
            yield left, right


def _broken(left: Step, right: Step) -> Iterator[tuple[Remark, bytes]]:
    """Lines of `left` that no line of `right` follows before the next of the same id, where that is rare."""
    seen: dict[bytes, list[tuple[int, bool]]] = defaultdict(list)
    for step, second in ((left, False), (right, True)):
        for word, line in zip(step.words, step.kept.lines, strict=True):
            seen[word].append((line, second))
    followed, lost = _followed(seen)
    if len(followed) < FEWEST or len(seen) < FEWEST_IDS:
        return
    delays = [delay for delay, _, _ in followed]
    usual = sorted(delays)[len(delays) // 2]
    late = alone([max(delay, FAR * usual) for delay in delays]) if len(followed) < ROUNDS * len(seen) else None
    end = max(left.kept.lines[-1], right.kept.lines[-1]) - 2 * sorted(delays)[-1 - (late is not None)]
    lost = [one for one in lost if one[0] < end]
    if 0 < len(lost) <= min(FEW, max(1, ALMOST * len(delays))):
        for line, word in lost:
            yield _told(left, right, (line, word), len(delays)), word
    if late is not None:
        yield _late(left, right, followed[late], usual), followed[late][2]


def _followed(seen: Mapping[bytes, list[tuple[int, bool]]]) -> tuple[list[tuple[int, int, bytes]], list[tuple[int, bytes]]]:
    """After how many lines second steps follow on first ones, each with line and id, and the first steps that none follows."""
    followed, lost = [], []
    for word, events in seen.items():
        events.sort()
        for (line, second), (after, follows) in pairwise([*events, (0, False)]):
            if not second and follows:
                followed.append((after - line, line, word))
            elif not second:
                lost.append((line, word))
    return followed, lost


def _late(left: Step, right: Step, one: tuple[int, int, bytes], usual: int) -> Remark:
    delay, line, word = one
    return left.kept.remark(
        "late_step",
        left.kept.lines.index(line),
        f"{word.decode('utf-8', 'replace')}: “{right.kept.group.template}” comes {delay} lines later, where {usual} are usual",
    )


def _told(left: Step, right: Step, lost: tuple[int, bytes], count: int) -> Remark:
    line, word = lost
    before = [other for other, one in zip(right.kept.lines, right.words, strict=True) if one == word and other < line]
    early = bool(before) and len([one for one in left.words if one == word]) == len(before)
    return Remark(
        kind="out_of_order" if early else "missing_step",
        line=before[-1] if early else line,
        statement=f"{word.decode('utf-8', 'replace')}: “{right.kept.group.template}” {'comes before its turn' if early else 'is missing'};"
        f" {count} others follow on “{left.kept.group.template}”",
        severity=2.5,
        group=left.kept.group,
        numbers={"count": 1, "others": count},
    )
