"""Kinds of evidence: accuracy on the development data, and on seeded pieces where it is absent."""

from collections import defaultdict
from collections.abc import Iterable

from domain.evidence.kinds.classify import classify
from domain.evidence.values import Hint, Kind
from tests.unit.domain.evidence.samples import labelled

FLOOR, TARGET = 0.98, 0.98
"""Share of pieces whose kind is right; evidence.md 17, E7."""
WORST_FLOOR, WORST_TARGET = 0.90, 0.90
"""The same for the kind that does worst."""
PROSE = {Kind.TEXT, Kind.DOCUMENTATION}


def scored(pieces: Iterable[tuple[Kind, bytes]]) -> tuple[float, float, int, int]:
    """(accuracy, worst kind, logs taken for prose, pieces); text and documentation count as one."""
    right: dict[Kind, list[bool]] = defaultdict(list)
    lost = 0
    for kind, data in pieces:
        half = len(data) // 2
        long = len(data) > 60_000
        found = classify(
            data[:20_480], data[half : half + 20_480] if long else data[20_480:40_960], data[-20_480:] if long else b"", Hint()
        ).kind
        right[kind].append(found is kind or {found, kind} <= PROSE)
        lost += kind is Kind.LOGS and found in PROSE
    total = [hit for hits in right.values() for hit in hits]
    return sum(total) / len(total), min(sum(hits) / len(hits) for hits in right.values()), lost, len(total)


def gate(name: str, figures: tuple[float, float, int, int]) -> None:
    accuracy, worst, lost, count = figures
    print(
        f"\n{name}: accuracy {accuracy:.3f} (target {TARGET}), worst kind {worst:.3f} (target {WORST_TARGET}), logs as prose {lost}, N={count}"
    )
    assert accuracy >= FLOOR
    assert worst >= WORST_FLOOR
    assert lost == 0


def test_seeded_pieces_of_every_kind_are_recognised() -> None:
    gate("seed 20260504", scored((kind, data) for kind, _, data in labelled(seed=20260504, each=12)))
