"""Chains of candidates: every effect ends in a cause, also where families explain each other in a ring."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.diagnosis.candidates import OUTCOMES, chained
from domain.diagnosis.catalogue.families import FAMILIES
from domain.diagnosis.graph import graph
from domain.diagnosis.values import Candidate
from domain.evidence.values import Edge
from tests.unit.domain.diagnosis.values import a_candidate, an_analysis, cite

EXPLAINING = sorted(family.id for family in FAMILIES if family.effects)
DEPTH = {family.id: family.depth for family in FAMILIES}
JOINED = graph((replace(an_analysis(), edges=(Edge(source="pod/mill", relation="calls", target="pod/kiln", citation=cite(1)),)),))


def of(family: str, score: float, subject: str) -> Candidate:
    return a_candidate(family=family, score=score, subject=subject, depth=DEPTH[family])


@given(
    st.lists(
        st.builds(
            of,
            st.sampled_from([*EXPLAINING, *sorted(OUTCOMES)]),
            st.sampled_from([1.0, 3.0, 5.0]),
            st.sampled_from(["", "pod/mill", "pod/kiln", "node/n1"]),
        ),
        max_size=40,
    )
)
def test_every_chain_ends_whatever_explains_what(found: list[Candidate]) -> None:
    kept = chained(found, JOINED)
    assert len(kept) <= len(found)
    assert bool(kept) == bool(found)


def test_two_that_crash_because_the_other_is_down_are_one_ring_with_one_head() -> None:
    crashed, down = (lambda name: of("crash_loop", 5.0, name)), (lambda name: of("dependency_down", 1.0, name))
    (head,) = chained([crashed("pod/mill"), down("pod/kiln"), crashed("pod/kiln"), down("pod/mill")], JOINED)
    assert head.chain
