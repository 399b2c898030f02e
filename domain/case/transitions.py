"""The four states of a case, the edges between them, and what each needs (investigation 2.1, 2.4, 2.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import conclusion, hypotheses, milestones
from domain.case import rows as evidence
from domain.case.journal import note
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, CaseStatus

NEXT: dict[CaseStatus, tuple[str, ...]] = {
    CaseStatus.INQUIRY: ("investigating", "closed"),
    CaseStatus.INVESTIGATING: ("resolved", "closed"),
}
WORDS = {
    "investigating": "Start the investigation",
    "resolved": "Mark the case resolved",
    "closed": "Close the case",
}
ADVICE = {
    "cause": "The cause is not identified yet. Which observation shows why it happened?",
    "fix": "No fix is recorded as applied yet. What was changed to fix it?",
    "gone": "Nothing shows yet that the symptom is gone after the fix. Has it stayed away, and since when?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """How ready each ending is: ready, needs_info, suggests_alternative or not_eligible."""

    resolved: str
    closed: str


def valid_next_states(state: CaseState) -> tuple[str, ...]:
    """Return the states that a request may name (rule L5)."""
    return NEXT.get(state.status, ())


def missing_grounds(state: CaseState) -> tuple[str, ...]:
    """Return which of R1 (cause), R2 (fix) and R3 (gone) are missing, in that order."""
    applied = [each for each in state.solutions if each.kind != "mitigation" and each.state in {"applied", "verified"}]
    since = max((each.applied_turn for each in applied), default=0)
    holds = {
        "cause": conclusion.cause_state(state.hypotheses) == "identified",
        "fix": bool(applied),
        "gone": milestones.absent_since(state, since),
    }
    return tuple(name for name, true in holds.items() if not true)


def eligibility(state: CaseState) -> Eligibility:
    """Return what the menu may offer (table of 2.4)."""
    if state.status.terminal or state.status is CaseStatus.UNKNOWN:
        return Eligibility(resolved="not_eligible", closed="not_eligible")
    if state.status is CaseStatus.INQUIRY:
        return Eligibility(resolved="not_eligible", closed="ready")
    missing = len(missing_grounds(state))
    if not missing:
        return Eligibility(resolved="ready", closed="suggests_alternative")
    return Eligibility(resolved="needs_info" if missing < len(ADVICE) else "not_eligible", closed="ready")


def allowed(state: CaseState, target: str) -> bool:
    """Tell whether a transition's guard holds; checked at the request and again at the confirmation."""
    if target not in valid_next_states(state):
        return False
    if target == "investigating":
        return bool(state.statement)
    return target == "closed" or not missing_grounds(state)


def refusal(state: CaseState, target: str, from_state: str) -> str:
    """Return why a request is refused without any change, empty when it may go on (rules L5, L8)."""
    if from_state and from_state != state.status:
        return f"That menu was made when the case was {from_state}; it is {state.status} now. Nothing was changed."
    legal = valid_next_states(state)
    if target in legal:
        return ""
    names = " or ".join(legal) or "none"
    return f"A case that is {state.status} cannot become {target or 'that'}; possible next: {names}."


def closure_reason(state: CaseState) -> str:
    """Return why a case that closes now is closed, first match of 2.5; never chosen by a model or a user."""
    if state.status is CaseStatus.INQUIRY:
        return "inquiry_only"
    recorded = any(each.kind != "mitigation" and each.state in {"proposed", *milestones.TAKEN} for each in state.solutions)
    if recorded and "cause" not in missing_grounds(state):
        return "solution_deferred"
    if "mitigation_verified" not in milestones.gates(state):
        return "closed_insufficient_evidence"
    wanted = [need for need in state.needs if need.kind == "causal_verification" and need.state == "pending"]
    infeasible = bool(wanted) and all(need.obtainability == "unobtainable" for need in wanted)
    return "closed_rca_infeasible" if state.exhausted or infeasible else "mitigation_sufficient"


def applied(state: CaseState, target: str, now: datetime, policy: Policy = DEFAULT) -> CaseState:
    """Return the state after a confirmed transition whose guard holds (L1-L4)."""
    if target == "investigating":
        return _started(state, policy)
    if target == "resolved":
        gone = note(state, "decision", "The case is resolved")
        return replace(gone, status=CaseStatus.RESOLVED, resolved_at=now, pending=None)
    reason = closure_reason(state)
    ended = note(state, "decision", f"The case is closed: {reason}")
    return replace(ended, status=CaseStatus.CLOSED, closed_at=now, closure_reason=reason, pending=None)


def _started(state: CaseState, policy: Policy) -> CaseState:
    """Findings become rows, and the three best ideas become active (L1, E2, H4)."""
    begun = replace(
        note(state, "decision", f"Investigation started: {state.statement}"),
        status=CaseStatus.INVESTIGATING,
        statement_confirmed=True,
        rows=evidence.united(state.rows, (replace(row, turn=state.turn) for row in state.held)),
        held=(),
        held_quotes={},
        pending=None,
    )
    return replace(begun, hypotheses=hypotheses.settle(begun, policy, policy.active_at_start))
