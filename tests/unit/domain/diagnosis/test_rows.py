from __future__ import annotations

from dataclasses import replace

import pytest

from domain.case.findings import CauseDraft
from domain.case.state import Category, Stance
from domain.diagnosis.rows import cause_drafts
from domain.diagnosis.values import Candidate, Diagnosis
from tests.unit.domain.diagnosis.values import a_candidate, a_signal


def seen(depth: int, rank: int) -> Candidate:
    """A candidate that three rows of three files speak for."""
    signals = tuple(replace(a_signal(), evidence=f"file_{n}", witness=f"row {n}") for n in range(3))
    return replace(a_candidate(), depth=depth, rank=rank, signals=signals)


def level(rank: int, score: float) -> Candidate:
    """A fault with a score."""
    return replace(seen(2, rank), score=score)


def drafts(*found: Candidate) -> tuple[CauseDraft, ...]:
    return cause_drafts(Diagnosis(status="candidates", candidates=found))


def supporting(*found: Candidate) -> list[tuple[int, int]]:
    """Return the rank, three for any later one, and how many rows support, of every draft."""
    return [(min(one.rank, 3), sum(row.stance is Stance.SUPPORTS for row in one.rows)) for one in drafts(*found)]


def test_where_no_cause_is_known_seeing_a_symptom_again_makes_none_likelier() -> None:
    assert supporting(seen(1, 1), seen(0, 2), seen(0, 4)) == [(3, 0), (3, 0), (3, 0)]
    assert {one.origin for one in drafts(seen(1, 1), seen(0, 2))} == {"symptom"}


def test_what_gauges_show_starts_as_a_cause_does() -> None:
    gauge = replace(seen(1, 1), signals=(a_signal(kind="vital"), a_signal(witness="another")))
    both = replace(seen(0, 2), signals=(a_signal(more=(replace(a_signal().citation, evidence="calm.csv"),)),))
    assert supporting(gauge, both) == [(1, 1), (2, 1)]
    assert {one.origin for one in drafts(gauge, both)} == {"rule"}


def test_causes_that_explain_as_much_share_the_rank_and_gain_nothing_by_repetition() -> None:
    assert supporting(level(1, 5.0), level(2, 4.6)) == [(2, 1), (2, 1)]
    assert supporting(level(1, 5.0), level(2, 4.6), level(3, 4.8)) == [(3, 1), (3, 1), (3, 1)]
    assert supporting(level(1, 5.0), level(2, 4.5), seen(1, 3)) == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("family", "category", "kind", "files", "told"),
    [
        ("dns_failure", Category.NETWORK, "severe_template", 2, (3, 1)),
        ("dns_failure", Category.NETWORK, "severe_template", 3, (1, 3)),
        ("dns_failure", Category.NETWORK, "integrity", 2, (1, 3)),
        ("cluster_partition", Category.NETWORK, "field", 2, (1, 3)),
        ("db_connections", Category.DATABASE, "severe_template", 1, (1, 3)),
    ],
    ids=["a caller's log", "three programs", "a check", "made by one other", "its own log"],
)
def test_words_of_one_program_about_what_lies_beyond_it_are_a_guess(
    family: str, category: Category, kind: str, files: int, told: tuple[int, int]
) -> None:
    signs = tuple(a_signal(kind=kind, evidence=f"file_{n % files}", witness=f"row {n}") for n in range(3))
    assert supporting(a_candidate(family=family, category=category, rank=1, signals=signs)) == [told]


def test_beside_a_cause_every_row_of_what_it_leaves_unexplained_counts() -> None:
    assert supporting(seen(2, 1), seen(1, 2), seen(0, 3)) == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("kind", "depth", "decisive"), [("exit", 2, True), ("vital", 2, True), ("event", 2, False), ("exit", 1, False)]
)
def test_what_is_read_at_the_thing_itself_decides_for_a_fault(kind: str, depth: int, decisive: bool) -> None:
    (draft,) = drafts(a_candidate(depth=depth, signals=(a_signal(kind=kind), a_signal(witness="beside it", decisive=False))))
    assert [row.decisive for row in draft.rows] == [decisive, False]
