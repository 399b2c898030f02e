"""The five steps of an investigation as coverage, and the order in which actions come (rules DO1, DO2, U3)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.case import belief, hypotheses
from domain.case import rows as evidence
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, Hypothesis, HypothesisStatus

STEPS = ("blast_radius", "timeline", "hypothesis", "validate", "solution")
NOT_ESTABLISHED = {
    "blast_radius": "who and what is affected, and what is not",
    "timeline": "when it began and what changed before",
    "hypothesis": "at least two possible causes of different kinds",
    "validate": "a test that separates the likeliest cause from the others",
    "solution": "a remedy for the identified cause",
}
MITIGATION_FIRST, CAUSE_FIRST, ASK = "mitigation_first", "cause_first", "ask"
PATH = "path"
"""Advice that was given: the path was asked for."""


def coverage(state: CaseState, policy: Policy = DEFAULT) -> Mapping[str, bool]:
    """Return which steps are covered, in their order; nothing waits for that order (DO1)."""
    reached = set(state.milestones)
    return {
        "blast_radius": "scope_assessed" in reached,
        "timeline": {"timeline_established", "changes_identified"} <= reached,
        "hypothesis": _has_breadth(state.hypotheses),
        "validate": _is_tested(state, policy),
        "solution": "solution_proposed" in reached,
    }


def gaps(state: CaseState) -> tuple[str, ...]:
    """Return what is not established, in words, for conclusions, hand-overs and reports (DO2)."""
    return tuple(NOT_ESTABLISHED[step] for step, covered in coverage(state).items() if not covered)


def completeness(state: CaseState, policy: Policy) -> float:
    """Return how complete the picture is, 0..1 (investigation 8)."""
    reached = set(state.milestones)
    weights = {"symptom_verified": 0.25, "scope_assessed": 0.15, "timeline_established": 0.20, "changes_identified": 0.10}
    known = sum(weight for name, weight in weights.items() if name in reached)
    leading = hypotheses.leader(state.hypotheses, policy)
    return round(known + 0.30 * (_backing(state, leading) if leading else 0.0), 4)


def path(state: CaseState) -> str:
    """Return whether mitigation or cause comes first, or whether to ask once (U3); it orders, it never forks."""
    urgency, temporal = state.urgency, state.temporal
    ongoing = temporal in {"ongoing", "intermittent"}
    if ongoing and urgency in {"critical", "high"}:
        return MITIGATION_FIRST
    unclear = (ongoing and urgency == "medium") or (temporal == "historical" and urgency in {"critical", "high"})
    return ASK if unclear and PATH not in state.advised else CAUSE_FIRST


def _has_breadth(known: tuple[Hypothesis, ...]) -> bool:
    validated = any(each.status is HypothesisStatus.VALIDATED for each in known)
    return validated or len({each.category for each in known}) >= 2


def _is_tested(state: CaseState, policy: Policy) -> bool:
    leading = hypotheses.leader(state.hypotheses, policy)
    return leading is not None and _backing(state, leading) >= 1.0


def _backing(state: CaseState, leading: Hypothesis) -> float:
    supporting = evidence.support(state.rows, leading.hypothesis_id)
    if supporting >= 2 and belief.has_mechanism(state.rows, leading.hypothesis_id):
        return 1.0
    return 0.5 if supporting else 0.0
