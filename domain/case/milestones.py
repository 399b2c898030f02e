"""Milestones, gates and stage: recomputed from the state every turn, in any order (investigation 3)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case import conclusion
from domain.case import rows as evidence
from domain.case.state import CaseState, CaseStatus, HypothesisStatus, RowCategory, Scope, Solution

INDICATORS = (
    "symptom_verified",
    "scope_assessed",
    "timeline_established",
    "changes_identified",
    "root_cause_identified",
    "solution_proposed",
)
TAKEN = frozenset({"accepted", "applied", "verified"})
DEAD = frozenset({"rejected", "failed"})
DESCRIPTIONS = {
    "symptom_verified": "a symptom in a file, or an error, measure or failing operation in your words",
    "scope_assessed": "two of: affected services, users, place, share of requests",
    "timeline_established": "when it began, and one more dated event",
    "changes_identified": "what changed before it began, or that nothing did",
    "root_cause_identified": "a cause with two independent observations, one of them its mechanism, and no near rival",
    "solution_proposed": "a remedy for the identified cause",
}


def reached(state: CaseState) -> tuple[str, ...]:
    """Return the milestones that hold, in their order (M1-M6)."""
    holds = (
        bool(evidence.in_category(state.rows, RowCategory.SYMPTOM)),
        facets(state.scope) >= 2,
        _has_timeline(state),
        _knows_changes(state),
        conclusion.cause_state(state.hypotheses) == "identified",
        _has_solution(state),
    )
    return tuple(name for name, true in zip(INDICATORS, holds, strict=True) if true)


def gates(state: CaseState) -> tuple[str, ...]:
    """Return the gates that hold (G1-G4)."""
    mitigation = taken(state.solutions, "mitigation")
    remedy = taken(state.solutions, "remediation", "workaround")
    holds = {
        "mitigation_accepted": mitigation is not None,
        "mitigation_verified": mitigation is not None and absent_since(state, since(mitigation)),
        "solution_accepted": remedy is not None,
        "solution_verified": state.status is CaseStatus.RESOLVED,
    }
    return tuple(name for name, true in holds.items() if true)


def stage(state: CaseState) -> str:
    """Return diagnosis, mitigation or treatment; empty outside investigating (G5)."""
    if state.status is not CaseStatus.INVESTIGATING:
        return ""
    held = gates(state)
    if "solution_accepted" in held and "solution_verified" not in held:
        return "treatment"
    if "mitigation_accepted" in held and "mitigation_verified" not in held:
        return "mitigation"
    return "diagnosis"


def facets(scope: Scope) -> int:
    """Return how many of the four facets are known (M2)."""
    return sum(bool(facet) for facet in (scope.services, scope.users, scope.places, scope.share))


def taken(solutions: Iterable[Solution], *kinds: str) -> Solution | None:
    """Return the latest of the kinds that is neither rejected nor failed, if a user accepted or applied it."""
    live = [each for each in solutions if each.kind in kinds and each.state in TAKEN]
    return max(live, key=since, default=None)


def since(solution: Solution) -> int:
    """Return the turn in which a solution was applied, else accepted."""
    return solution.applied_turn or solution.accepted_turn or solution.turn


def last_failure(solutions: Iterable[Solution]) -> int:
    """Return the turn of the newest failed fix, 0 for none."""
    return max((each.failed_turn for each in solutions), default=0)


def absent_since(state: CaseState, turn: int) -> bool:
    """Tell whether the symptom was seen gone at or after the turn and after the last failed fix."""
    failed = last_failure(state.solutions)
    gone = evidence.in_category(state.rows, RowCategory.SYMPTOM_ABSENCE)
    return any(row.turn >= turn and row.turn > failed for row in gone)


def _has_timeline(state: CaseState) -> bool:
    others = [entry for entry in state.timeline if entry.time is not None and entry != state.onset]
    return state.onset is not None and state.onset_precise and bool(others) and state.zones_known


def _knows_changes(state: CaseState) -> bool:
    onset = state.onset.time if state.onset else None
    placed = onset is not None and any(entry.change and entry.time is not None for entry in state.timeline)
    return placed or state.changes_searched


def _has_solution(state: CaseState) -> bool:
    causes = {each.hypothesis_id for each in state.hypotheses if each.status is HypothesisStatus.VALIDATED}
    remedies = [each for each in state.solutions if each.kind != "mitigation" and each.state not in DEAD]
    return any(each.hypothesis_id in causes or (causes and each.by_user and not each.hypothesis_id) for each in remedies)
