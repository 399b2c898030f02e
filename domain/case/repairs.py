"""What brings a stuck investigation on: other categories, and causes left out of the next test (rules AN2, S5)."""

from __future__ import annotations

from dataclasses import replace

from domain.case import hypotheses, journal
from domain.case.findings import CauseDraft, TurnFindings
from domain.case.policy import Policy
from domain.case.state import CaseState, Category, HypothesisStatus

ORDER = (
    Category.CONFIG,
    Category.CODE,
    Category.NETWORK,
    Category.DATABASE,
    Category.ENVIRONMENT,
    Category.DATA,
    Category.EXTERNAL,
    Category.HARDWARE,
    Category.SECURITY,
    Category.HUMAN,
)
STATEMENTS = {
    Category.CONFIG: "A configuration value is wrong or was changed",
    Category.CODE: "A defect in the running version of the software",
    Category.NETWORK: "Connections between the parts fail or are slow",
    Category.DATABASE: "The database refuses, blocks or slows what the service asks of it",
    Category.ENVIRONMENT: "The platform lacks a resource or restarts what runs on it",
    Category.DATA: "Some data makes the processing fail",
    Category.EXTERNAL: "A service outside the system fails or limits",
    Category.HARDWARE: "A machine, disk or link is failing",
    Category.SECURITY: "A certificate, credential or permission is refused",
    Category.HUMAN: "A manual action had an unexpected effect",
}
BREADTH = 2
"""Alternatives, each of another category."""


def due(state: CaseState, policy: Policy) -> str:
    """Return the repair that is due: fix_failure_cycle before hypothesis_anchoring, one per pause (S5, AN1, AN2)."""
    waited = not state.repair_turn or state.investigative_turns - state.repair_turn >= policy.repair_pause
    if not waited or hypotheses.in_status(state.hypotheses, HypothesisStatus.VALIDATED):
        return ""
    failed_now = any(each.failed_turn == state.turn for each in state.solutions)
    if failed_now and state.failed_fixes >= policy.fix_failures:
        return "fix_failure_cycle"
    return "hypothesis_anchoring" if hypotheses.anchored(state, policy) else ""


def widened(state: CaseState, repair: str, findings: TurnFindings | None, policy: Policy) -> CaseState:
    """Return the state with alternatives of other categories, and without the leader as the next test target (AN2)."""
    leading = hypotheses.leader(state.hypotheses, policy)
    failed = tuple(each.hypothesis_id for each in state.solutions if each.failed_turn == state.turn)
    left_out = (*((leading.hypothesis_id,) if leading else ()), *failed)
    stuck = _stuck_categories(state, left_out)
    wider = replace(
        state,
        hypotheses=_with_alternatives(state, stuck, findings, policy),
        repair=repair,
        repair_turn=state.investigative_turns,
        excluded=left_out,
    )
    return journal.note(wider, "decision", f"Looking elsewhere ({repair.replace('_', ' ')}): other kinds of causes come first")


def _stuck_categories(state: CaseState, left_out: tuple[str, ...]) -> frozenset[Category]:
    return frozenset(each.category for each in state.hypotheses if each.hypothesis_id in left_out)


def _with_alternatives(
    state: CaseState, stuck: frozenset[Category], findings: TurnFindings | None, policy: Policy
) -> hypotheses.Hypotheses:
    """Add ideas until two other categories are represented: those with findings first, then the fixed order."""
    live = hypotheses.in_status(state.hypotheses, HypothesisStatus.CAPTURED, HypothesisStatus.ACTIVE)
    covered = {each.category for each in live} - stuck
    seen = tuple(cause.category for cause in findings.causes) if findings else ()
    known = state.hypotheses
    for category in dict.fromkeys((*seen, *ORDER)):
        if len(covered) >= BREADTH:
            break
        if category in stuck | covered or category not in STATEMENTS:
            continue
        idea = hypotheses.captured(state.case_id, _idea(category), state.turn, policy)
        if hypotheses.found(known, idea.hypothesis_id) is None:
            covered.add(category)
            known = (*known, idea)
    return known


def _idea(category: Category) -> CauseDraft:
    statement = STATEMENTS[category]
    return CauseDraft(
        rank=len(ORDER), family=f"any_{category}", category=category, subject="", statement=statement, origin="rule"
    )
