"""What brings a stuck investigation on: other categories, and causes left out of the next test (rules AN2, S5)."""

from __future__ import annotations

from dataclasses import replace

from domain.case import circles, hypotheses, journal, stall
from domain.case.findings import CauseDraft, TurnFindings
from domain.case.policy import Policy
from domain.case.state import CaseState, Category, HypothesisStatus
from domain.case.texts import normal

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


SAID = {
    "fix_failure_cycle": "To avoid fixing on one idea, other kinds of causes are looked at next.",
    "hypothesis_deadlock": "None of the ideas could be decided; they are put aside and the search begins anew.",
    "hypothesis_anchoring": "To avoid fixing on one idea, other kinds of causes are looked at next.",
    "action_loop": "What was proposed again and again is not proposed any more.",
}
"""What the reply says of each repair, in the order in which they come first (rule S8)."""


def due(state: CaseState, findings: TurnFindings | None, policy: Policy) -> str:
    """Return the one repair of this turn, the first that is due; wider searches have a pause between them (S5-S8, AN1-AN3)."""
    if hypotheses.in_status(state.hypotheses, HypothesisStatus.VALIDATED):
        return ""
    waited = not state.repair_turn or state.investigative_turns - state.repair_turn >= policy.repair_pause
    failed_now = any(each.failed_turn == state.turn for each in state.solutions)
    table = {
        "fix_failure_cycle": waited and failed_now and state.failed_fixes >= policy.fix_failures,
        "hypothesis_deadlock": not state.deadlocks and circles.is_deadlocked(state, policy),
        "hypothesis_anchoring": waited and _is_anchored(state, policy),
        "action_loop": findings is not None and any(_is_worn(state, each.command, policy) for each in findings.actions),
    }
    return next((name for name, true in table.items() if true), "")


def made(state: CaseState, repair: str, findings: TurnFindings | None, policy: Policy) -> CaseState:
    """Return the state with its repair."""
    match repair:
        case "action_loop":
            return replace(state, repair=repair)
        case "hypothesis_deadlock":
            aside = hypotheses.in_status(state.hypotheses, HypothesisStatus.INCONCLUSIVE)
            retired = tuple(
                replace(each, status=HypothesisStatus.RETIRED) if each in aside else each for each in state.hypotheses
            )
            anew = replace(state, hypotheses=retired, deadlocks=state.deadlocks + 1)
            return widened(anew, repair, findings, policy, tuple(each.hypothesis_id for each in aside))
        case _:
            return widened(state, repair, findings, policy)


def _is_anchored(state: CaseState, policy: Policy) -> bool:
    """Tell whether attention is stuck: on ideas, on a category that is spent, or on one topic (AN1, AN3, S7)."""
    leading = hypotheses.leader(state.hypotheses, policy)
    spent = leading is not None and circles.is_closed(state.hypotheses, leading.category, policy)
    return spent or hypotheses.anchored(state, policy) or state.topic_turns >= policy.topic_turns


def _is_worn(state: CaseState, command: str, policy: Policy) -> bool:
    return bool(command) and stall.repeated(state, normal(command)[:100], policy)


def widened(
    state: CaseState, repair: str, findings: TurnFindings | None, policy: Policy, aside: tuple[str, ...] = ()
) -> CaseState:
    """Return the state with alternatives of other categories, and without the leader as the next test target (AN2)."""
    leading = hypotheses.leader(state.hypotheses, policy)
    failed = tuple(each.hypothesis_id for each in state.solutions if each.failed_turn == state.turn)
    left_out = (*((leading.hypothesis_id,) if leading else ()), *failed, *aside)
    stuck = _stuck_categories(state, left_out)
    wider = replace(
        state,
        hypotheses=_with_alternatives(state, stuck, findings, policy),
        repair=repair,
        repair_turn=state.investigative_turns,
        topic_turns=0,
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
        if category in stuck | covered or category not in STATEMENTS or circles.is_closed(known, category, policy):
            continue
        idea = hypotheses.captured(state.root, _idea(category), state.turn, policy)
        if hypotheses.found(known, idea.hypothesis_id) is None:
            covered.add(category)
            known = (*known, idea)
    return known


def _idea(category: Category) -> CauseDraft:
    statement = STATEMENTS[category]
    return CauseDraft(
        rank=len(ORDER), family=f"any_{category}", category=category, subject="", statement=statement, origin="rule"
    )
