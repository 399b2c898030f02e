from __future__ import annotations

from dataclasses import replace

from domain.case.state import Stance
from domain.diagnosis.rows import cause_drafts
from domain.diagnosis.values import Candidate, Diagnosis
from tests.unit.domain.diagnosis.values import a_candidate, a_signal


def seen(depth: int, rank: int) -> Candidate:
    """A candidate that three rows of three files speak for."""
    signals = tuple(replace(a_signal(), evidence=f"file_{n}", witness=f"row {n}") for n in range(3))
    return replace(a_candidate(), depth=depth, rank=rank, signals=signals)


def supporting(*found: Candidate) -> list[tuple[int, int]]:
    """Return the rank and how many rows support, of every draft."""
    drafts = cause_drafts(Diagnosis(status="candidates", candidates=found))
    return [(one.rank, sum(row.stance is Stance.SUPPORTS for row in one.rows)) for one in drafts]


def test_where_no_cause_is_known_seeing_a_symptom_again_makes_none_likelier() -> None:
    assert supporting(seen(1, 1), seen(0, 2), seen(0, 4)) == [(3, 1), (3, 1), (4, 1)]


def test_beside_a_cause_every_row_of_what_it_leaves_unexplained_counts() -> None:
    assert supporting(seen(2, 1), seen(1, 2), seen(0, 3)) == [(1, 3), (2, 3), (3, 3)]
