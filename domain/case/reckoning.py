"""The account after a turn: hypotheses, milestones, needs, conclusion, counters, repairs, alarms."""

from __future__ import annotations

from dataclasses import replace

from domain.case import conclusion, doctrine, hypotheses, journal, milestones, needs, repairs, solutions, stall
from domain.case.draft import TurnDraft
from domain.case.hearing import is_new_scope
from domain.case.outcome import Transparency
from domain.case.policy import Policy
from domain.case.state import CaseState, CaseStatus, HypothesisStatus, LoopBack
from domain.case.turns import IntentType

REPORTED_TURNS = 3
"""A closed case with fewer turns and neither row nor hypothesis has nothing to report (rule RP1)."""


def settled(draft: TurnDraft) -> TurnDraft:
    """Return the draft with everything recomputed that follows from its rows, clicks and words."""
    if draft.state.status is not CaseStatus.INVESTIGATING:
        return _alarmed(replace(draft, state=measured(draft.state)))
    draft = replace(draft, investigative=is_investigative(draft))
    draft = _weighed(draft)
    draft = _repaired(draft) if draft.investigative else draft
    drafts = draft.findings.needs if draft.findings else ()
    wanted = needs.wanted(draft.state, drafts, draft.policy)
    state = replace(draft.state, needs=needs.tired(wanted, draft.policy))
    draft = _counted(replace(draft, state=concluded(state, draft.policy)))
    return _alarmed(_oriented(_reminded(draft)))


def is_investigative(draft: TurnDraft) -> bool:
    """Tell whether the turn counts: text or a new file of an investigation, and no click or small talk (rule D2)."""
    turn = draft.turn
    if draft.before.status is not CaseStatus.INVESTIGATING or not draft.normal:
        return False
    if turn.intent.type is not IntentType.CONVERSATION or turn.reading.is_status_question:
        return False
    return bool(turn.files) or (turn.has_text and not turn.reading.is_greeting)


def measured(state: CaseState) -> CaseState:
    """Return the state with milestones, gates and stage recomputed."""
    reached = replace(state, milestones=milestones.reached(state), gates=milestones.gates(state))
    return replace(reached, stage=milestones.stage(reached))


def concluded(state: CaseState, policy: Policy) -> CaseState:
    """Return the state with limitations, conclusion and the header's word recomputed."""
    limits = stall.limitations(state, policy)
    state = replace(state, limitations=limits, limitation=limits[0] if limits else "")
    state = replace(state, conclusion=conclusion.concluded(state, conclusion.momentum(state, policy), policy))
    return replace(state, verification_status=conclusion.verification(state, policy))


def transparency(draft: TurnDraft) -> Transparency | None:
    """Return what stalls and what would help, once the case is investigated (rule S1)."""
    state = draft.state
    if state.status is CaseStatus.INQUIRY:
        return None
    pending = next((name for name in milestones.INDICATORS if name not in state.milestones), "")
    active = state.turns_without_progress >= draft.policy.stalled and not state.status.terminal
    return Transparency(
        active=active,
        pending_milestone=pending if active else "",
        milestone_description=milestones.DESCRIPTIONS.get(pending, "") if active else "",
        repair_type=state.repair,
        verification_status=state.verification_status,
        cause_assurance=state.conclusion.assurance if state.conclusion else "",
    )


def report(before: CaseState, state: CaseState) -> str:
    """Return the report that is due now that the case ended, empty for none (rule RP1)."""
    return "" if before.status.terminal else due(state)


def due(state: CaseState) -> str:
    """Return the report that a case in this state has, empty while it goes on or without substance (rule RP1)."""
    if not state.status.terminal:
        return ""
    if state.status is CaseStatus.RESOLVED:
        return "resolution_summary"
    empty = state.turn < REPORTED_TURNS or not (state.rows or state.hypotheses)
    return "" if empty else "closure_summary"


def _weighed(draft: TurnDraft) -> TurnDraft:
    """Move hypotheses, then all that hangs on them (H2-H9, M1-M6, LB)."""
    state, policy = draft.state, draft.policy
    if draft.investigative:
        older = hypotheses.aged(state.hypotheses, state.turn, state.test_target, policy)
        state = replace(state, hypotheses=older, investigative_turns=state.investigative_turns + 1, test_target="")
    slots = policy.active_at_start if draft.transition else policy.active
    state = replace(state, hypotheses=hypotheses.settle(state, policy, slots))
    if draft.findings is not None:
        state = replace(state, solutions=solutions.proposed(state, draft.findings.actions, policy))
    return _looped(replace(draft, state=measured(state)))


def _looped(draft: TurnDraft) -> TurnDraft:
    """Count why the case goes back to diagnosis (rule LB): failed fix, refuted leader, new scope."""
    reason = draft.loop_back
    leading = hypotheses.leader(draft.before.hypotheses, draft.policy)
    if not reason and leading is not None:
        now = hypotheses.found(draft.state.hypotheses, leading.hypothesis_id)
        reason = "refuted_leader" if now is not None and now.status is HypothesisStatus.REFUTED else ""
    if not reason and is_new_scope(draft.before, draft.state):
        reason = "new_scope"
    if not reason:
        return draft
    count = draft.state.loop_back.count + 1 if draft.state.loop_back else 1
    back = LoopBack(reason=reason, count=count, turn=draft.state.turn)
    return replace(draft, loop_back=reason, state=replace(draft.state, loop_back=back))


def _repaired(draft: TurnDraft) -> TurnDraft:
    state = draft.state
    repair = repairs.due(state, draft.findings, draft.policy)
    if not repair:
        over = state.investigative_turns - state.repair_turn >= draft.policy.repair_pause
        return replace(draft, state=replace(state, repair="", excluded=())) if over else draft
    repaired = repairs.made(state, repair, draft.findings, draft.policy)
    filled = hypotheses.settle(repaired, draft.policy, draft.policy.active)
    return replace(draft, repaired=True, state=replace(repaired, hypotheses=filled)).say(repairs.SAID[repair])


def _counted(draft: TurnDraft) -> TurnDraft:
    """Count progress and what is due because of its absence (D3, AN1, C7, C8, S2)."""
    policy, before, state = draft.policy, draft.before, draft.state
    progress = stall.progressed(before, state, policy)
    if draft.investigative:
        recent = (*state.progress_turns, state.investigative_turns)[-3:] if progress else state.progress_turns
        state = replace(state, progress_turns=recent, turns_without_progress=0 if progress else state.turns_without_progress + 1)
        state = _watched(state, policy)
    elif progress:
        state = replace(state, turns_without_progress=0)
    state = replace(state, exhausted=stall.is_exhausted(state, policy))
    if state.exhausted and not draft.repaired:
        state = replace(state, repair="exhausted")
    return replace(draft, progress=progress, state=concluded(state, policy))


def _watched(state: CaseState, policy: Policy) -> CaseState:
    leading = hypotheses.leader(state.hypotheses, policy)
    leader_id = leading.hypothesis_id if leading else ""
    weak = leading is not None and leading.likelihood < policy.validate_at
    same = state.leader_turns + 1 if leader_id == state.leader_id else 1
    treated = "solution_accepted" in state.gates
    remedy = milestones.taken(state.solutions, "remediation", "workaround")
    gone = remedy is not None and milestones.absent_since(state, milestones.since(remedy))
    return replace(
        state,
        leader_id=leader_id,
        leader_turns=same if weak else 0,
        unverified_turns=state.unverified_turns + 1 if treated and not gone else 0,
        critical_turns=state.critical_turns + 1 if stall.is_unmitigated(state) else 0,
    )


def _reminded(draft: TurnDraft) -> TurnDraft:
    """Say a limitation at its entry and every third investigative turn."""
    state = draft.state
    new = state.limitation != draft.before.limitation
    due = state.investigative_turns - state.limitation_turn >= draft.policy.repair_pause
    if not state.limitation or not (new or (due and draft.investigative)):
        return draft
    reminded = replace(state, limitation_turn=state.investigative_turns)
    return replace(draft, state=reminded).say(stall.LIMITATION_WORDS[state.limitation])


def _oriented(draft: TurnDraft) -> TurnDraft:
    """Ask once whether relief or the cause comes first, where urgency and time leave it open (rule U3)."""
    if not draft.investigative or doctrine.path(draft.state) != doctrine.ASK:
        return draft
    asked = replace(draft.state, advised=(*draft.state.advised, doctrine.PATH))
    return replace(draft, state=asked).say("Tell me if you want relief or the cause first; I go for the cause.")


def _alarmed(draft: TurnDraft) -> TurnDraft:
    """Call for people when it is time (ES1, ES3)."""
    state = draft.state
    trigger = stall.alarm(state, draft.turn.reading, draft.findings, draft.policy) if draft.normal else ""
    if not trigger:
        return draft
    now = state.investigative_turns
    alarms = (*(each for each in state.alarms if each[0] != trigger), (trigger, now))
    noted = journal.note(state, "blocker", f"People are needed: {trigger}")
    called = replace(noted, escalated=True, escalation_turn=now, alarms=alarms)
    return replace(draft, state=called, alarm=trigger).say(f"People should be called in: {trigger}.")
