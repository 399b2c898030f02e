"""One turn of a case as a pure function: what to do, what it changed, and what its reply must carry."""

from __future__ import annotations

from dataclasses import replace

from domain.case.findings import TurnFindings
from domain.case.outcome import Advanced, ResponseType, TurnInput, TurnOutcome, TurnPlan
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, EvidenceNews
from domain.case.turns import IntentType


def plan(state: CaseState, turn: TurnInput) -> TurnPlan:
    """Return which optional steps the turn takes (rule J7)."""
    reading = turn.reading
    quiet = turn.intent.type is not IntentType.CONVERSATION or reading.is_status_question or reading.is_greeting
    return TurnPlan(investigate=not quiet or bool(turn.files))


def advance(state: CaseState, turn: TurnInput, findings: TurnFindings | None, policy: Policy = DEFAULT) -> Advanced:
    """Return the state after the turn and the frame of its reply."""
    after = replace(state, turn=turn.number, revision=state.revision + 1, updated_at=turn.now)
    return Advanced(state=after, outcome=TurnOutcome(response_type=ResponseType.ANSWER, case_state=after.status))


def apply_news(state: CaseState, news: tuple[EvidenceNews, ...]) -> CaseState:
    """Return the state with files that finished outside a turn."""
    return replace(state, revision=state.revision + 1) if news else state


def failed(state: CaseState, turn: TurnInput) -> Advanced:
    """Return the state after a turn that could not be carried out."""
    after = replace(state, turn=turn.number, revision=state.revision + 1, updated_at=turn.now)
    return Advanced(state=after, outcome=TurnOutcome(response_type=ResponseType.ERROR, case_state=after.status))
