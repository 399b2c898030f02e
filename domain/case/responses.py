"""The kind of a reply, chosen before any wording (investigation 8)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.case import doctrine, hypotheses, needs
from domain.case.confirmation import Move, read
from domain.case.draft import TurnDraft
from domain.case.outcome import ResponseType
from domain.case.state import CaseStatus
from domain.case.turns import IntentType

WIDE = frozenset({"cluster", "node", "region", "zone", "system", "all", "everything", "database", "cluster-wide"})
"""Blast radii beyond one service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides about the kind of a reply."""

    error: bool = False
    escalated: bool = False
    confirming: bool = False
    carried_only: bool = False
    """Status question, or a turn of clicks only, or files whose analysis has not finished."""
    solved: bool = False
    """M6 became true this turn."""
    unclear: bool = False
    question_answered: bool = False
    lacks_data: bool = False
    plan_size: int = 0
    terminal: bool = False


def choose_response_type(facts: Facts) -> ResponseType:
    """Return the kind of the reply, first match of the table; terminal cases answer, report a status or an error."""
    table = (
        (facts.error, ResponseType.ERROR),
        (facts.terminal and not facts.carried_only, ResponseType.ANSWER),
        (facts.escalated, ResponseType.ESCALATION_REQUIRED),
        (facts.confirming, ResponseType.CONFIRMATION_REQUEST),
        (facts.carried_only, ResponseType.STATUS_UPDATE),
        (facts.solved, ResponseType.SOLUTION_READY),
        (facts.unclear, ResponseType.CLARIFICATION_REQUEST),
        (facts.question_answered, ResponseType.ANSWER),
        (facts.lacks_data, ResponseType.NEEDS_MORE_DATA),
        (facts.plan_size >= 2, ResponseType.PLAN_PROPOSAL),
    )
    return next((kind for true, kind in table if true), ResponseType.ANSWER)


def facts(draft: TurnDraft, plan_size: int) -> Facts:
    """Return what the finished rules say about the reply."""
    state, reading, findings = draft.state, draft.turn.reading, draft.findings
    terminal = state.status.terminal
    return Facts(
        escalated=bool(draft.alarm),
        confirming=draft.shown or is_grave(draft),
        carried_only=_carried_only(draft),
        solved=is_solved(draft),
        unclear=not terminal and _is_unclear(draft),
        question_answered=reading.is_question and findings is not None and findings.answers_question,
        lacks_data=_lacks_data(draft),
        plan_size=plan_size if state.status is CaseStatus.INVESTIGATING else 0,
        terminal=terminal,
    )


def is_solved(draft: TurnDraft) -> bool:
    """Tell whether a remedy for an identified cause became known this turn."""
    return "solution_proposed" in draft.state.milestones and "solution_proposed" not in draft.before.milestones


def is_grave(draft: TurnDraft) -> bool:
    """Tell whether the remedy that became known cannot be undone or reaches beyond one service."""
    if not is_solved(draft) or draft.findings is None:
        return False
    leading = hypotheses.leader(draft.state.hypotheses, draft.policy)
    fixes = [
        action
        for action in draft.findings.actions
        if action.kind == "fix" and leading is not None and action.family == leading.family
    ]
    return bool(fixes) and (fixes[0].reversible == "no" or fixes[0].blast_radius.casefold() in WIDE)


def _carried_only(draft: TurnDraft) -> bool:
    turn, reading = draft.turn, draft.turn.reading
    if turn.intent.type is not IntentType.CONVERSATION or reading.is_status_question:
        return True
    if read(draft.before.pending, turn) in {Move.CONFIRM, Move.DECLINE}:
        return True
    nothing_read = not turn.files and not turn.duplicates and not turn.has_text
    return bool(turn.unread) and (nothing_read or not turn.files)


def _is_unclear(draft: TurnDraft) -> bool:
    reading = draft.turn.reading
    if reading.is_greeting or not draft.normal:
        return False
    empty = not draft.turn.files and not draft.turn.duplicates
    without_symptom = draft.state.status is CaseStatus.INQUIRY and not draft.state.statement
    return empty and draft.turn.has_text and (not reading.has_referent or (without_symptom and not reading.is_question))


def _lacks_data(draft: TurnDraft) -> bool:
    state, policy = draft.state, draft.policy
    if state.status is not CaseStatus.INVESTIGATING or doctrine.completeness(state, policy) >= policy.complete_enough:
        return False
    return needs.next_ask(state, policy) is not None
