"""Progress, exhaustion, limitations and when people must be called (investigation 7, rules D3, S1-S6, ES1-ES3)."""

from __future__ import annotations

from domain.case import circles, hypotheses, needs
from domain.case.findings import TurnFindings
from domain.case.outcome import MessageReading
from domain.case.policy import Policy
from domain.case.state import CaseState, HypothesisStatus

LIMITATION_WORDS = {
    "critical_evidence_missing": "Evidence that would decide about the leading cause cannot be had.",
    "expertise_required": "The next step needs access or a role that is not at hand.",
    "systemic_issue": "Several services began to fail on their own in one window; no common cause is known.",
    "hypothesis_space_exhausted": "The ideas are used up without an identified cause.",
    "general_limitation": "A limit that you stated holds the investigation back.",
}
URGENT = frozenset({"critical"})
ONGOING = frozenset({"ongoing", "intermittent"})


def progressed(before: CaseState, after: CaseState, policy: Policy) -> bool:
    """Tell whether the turn brought the case on (rule D3)."""
    return (
        bool(set(after.milestones) - set(before.milestones))
        or len(after.rows) > len(before.rows)
        or _moved(before, after, policy)
        or _fulfilled(after) > _fulfilled(before)
        or (before.conclusion.level if before.conclusion else "") != (after.conclusion.level if after.conclusion else "")
    )


def is_exhausted(state: CaseState, policy: Policy) -> bool:
    """Tell whether work was done and the ideas are used up: by turns without a result, or by a second deadlock (rules S2, S3)."""
    known = [each for each in state.hypotheses if each.status is not HypothesisStatus.CAPTURED]
    if state.deadlocks and circles.is_deadlocked(state, policy):
        return True
    refuted = hypotheses.in_status(known, HypothesisStatus.REFUTED)
    width = (len(known), len({each.category for each in known}), len(state.rows))
    return (
        state.investigative_turns >= policy.exhausted_turns
        and state.turns_without_progress >= policy.stalled
        and len(refuted) >= policy.exhausted_refuted
        and min(width) >= policy.exhausted_width
        and not hypotheses.in_status(known, HypothesisStatus.VALIDATED)
    )


def limitations(state: CaseState, policy: Policy) -> tuple[str, ...]:
    """Return the limitations that hold now, the one that caps most first; recomputed every turn."""
    if hypotheses.in_status(state.hypotheses, HypothesisStatus.VALIDATED):
        return ()
    leading = hypotheses.leader(state.hypotheses, policy)
    own = [need for need in state.needs if leading and need.hypothesis_id == leading.hypothesis_id and need.kind == needs.CAUSE]
    holds = {
        "hypothesis_space_exhausted": state.exhausted,
        "systemic_issue": state.systemic,
        "expertise_required": state.limit_stated == "expertise_required",
        "critical_evidence_missing": any(need.state == "pending" and not needs.is_open(need) for need in own),
        "general_limitation": state.limit_stated == "general_limitation",
    }
    return tuple(name for name, true in holds.items() if true)


def alarm(state: CaseState, reading: MessageReading, findings: TurnFindings | None, policy: Policy) -> str:
    """Return what calls for people now; the same trigger again after three investigative turns at the earliest (ES1, ES3)."""
    found_breach, found_loss = (findings.breach, findings.data_loss) if findings else (False, False)
    ongoing = "historical" not in {reading.temporal_word, state.temporal}
    triggers = {
        "security breach": reading.breach or found_breach,
        "data loss": (reading.data_loss or found_loss) and ongoing,
        "no mitigation": state.critical_turns >= policy.unmitigated_turns,
        "exhausted": state.exhausted,
        "a person was asked for": reading.asks_for_human,
    }
    last = dict(state.alarms)
    due = (name for name, true in triggers.items() if true and _is_due(last.get(name), state.investigative_turns, policy))
    return next(due, "")


def is_unmitigated(state: CaseState) -> bool:
    """Tell whether a critical, ongoing fault has no accepted mitigation (ES1)."""
    eased = {"mitigation_accepted", "solution_accepted"} & set(state.gates)
    return state.urgency in URGENT and state.temporal in ONGOING and not eased


def repeated(state: CaseState, name: str, policy: Policy) -> bool:
    """Tell whether an action was proposed so often that it is not proposed again (rule S6)."""
    return dict(state.proposed).get(name, 0) >= policy.repeats_of_action


def _is_due(last: int | None, now: int, policy: Policy) -> bool:
    return last is None or now - last >= policy.repair_pause


def _moved(before: CaseState, after: CaseState, policy: Policy) -> bool:
    known = {each.hypothesis_id: each for each in before.hypotheses}
    for each in after.hypotheses:
        old = known.get(each.hypothesis_id)
        if old is None or old.status is not each.status:
            return True
        if round(abs(each.likelihood - old.likelihood), 6) >= policy.likelihood_step:
            return True
    return False


def _fulfilled(state: CaseState) -> int:
    return sum(need.state == "fulfilled" for need in state.needs)
