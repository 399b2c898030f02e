"""Cases in lists and alone (contract 5.3)."""

from __future__ import annotations

from dataclasses import dataclass

from api.views.wire import at, when
from domain.case import transitions
from domain.case.milestones import INDICATORS
from domain.case.projection import CaseRecord, CaseView
from domain.case.state import CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The case that a fork comes from, which may be gone, and how many of its turns the fork takes again."""

    case_id: str
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A case in a list."""

    case_id: str
    user_id: str
    organization_id: str
    title: str
    description: str
    state: str
    stage: str | None
    source: str
    created_at: str
    updated_at: str
    last_activity_at: str
    resolved_at: str | None
    closed_at: str | None
    closure_reason: str | None
    is_terminal: bool
    current_turn: int
    turns_without_progress: int
    shared_team_ids: list[str]
    valid_next_states: list[str]
    priority: str | None
    forked_from: Origin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail(CaseSummary):
    """A case alone."""

    current_stage: str | None
    milestones_completed: list[str]
    pending_milestones: list[str]
    evidence_count: int
    hypothesis_count: int
    solution_count: int
    escalated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """A page of cases; `total_count` is the true total."""

    cases: list[CaseSummary]
    total_count: int
    limit: int
    offset: int
    has_more: bool


def _common(record: CaseRecord) -> dict[str, object]:
    investigating = record.state == CaseStatus.INVESTIGATING
    return {
        "case_id": str(record.case_id),
        "user_id": record.owner_id,
        "organization_id": record.team_id,
        "title": record.title,
        "description": record.description,
        "state": record.state,
        "stage": record.stage or "diagnosis" if investigating else None,
        "source": record.source,
        "created_at": at(record.created_at),
        "updated_at": at(record.updated_at),
        "last_activity_at": at(record.last_activity_at),
        "resolved_at": when(record.resolved_at),
        "closed_at": when(record.closed_at),
        "closure_reason": record.closure_reason or None,
        "is_terminal": record.state in {"resolved", "closed"},
        "current_turn": record.current_turn,
        "turns_without_progress": record.turns_without_progress,
        "shared_team_ids": [],
        "valid_next_states": list(transitions.NEXT.get(CaseStatus(record.state), ())),
        "priority": record.priority,
        "forked_from": origin(record),
    }


def origin(record: CaseRecord) -> Origin | None:
    """Return where a fork comes from; None for any other case."""
    return Origin(case_id=str(record.forked_from), turn=record.forked_turn) if record.forked_from else None


def summary(record: CaseRecord) -> CaseSummary:
    """Return the row of a list; all of it comes from the projection."""
    return CaseSummary(**_common(record))  # type: ignore[arg-type]  # the keys are the fields, tested against the contract


def page(records: tuple[CaseRecord, ...], total: int, limit: int, offset: int) -> CaseList:
    """Return a page."""
    return CaseList(
        cases=[summary(record) for record in records],
        total_count=total,
        limit=limit,
        offset=offset,
        has_more=offset + len(records) < total,
    )


def detail(record: CaseRecord, view: CaseView | None) -> CaseDetail:
    """Return the case with what its live state adds; without a state it has had no turn yet."""
    common = _common(record)
    if view is None:
        return _detail(common, (), 0, 0, 0, escalated=False)
    state = view.state
    common |= {
        "state": state.status,
        "stage": state.stage or "diagnosis" if state.status is CaseStatus.INVESTIGATING else None,
        "is_terminal": state.status.terminal,
        "current_turn": state.turn,
        "turns_without_progress": state.turns_without_progress,
        "closure_reason": state.closure_reason or None,
        "resolved_at": when(state.resolved_at),
        "closed_at": when(state.closed_at),
        "valid_next_states": list(transitions.valid_next_states(state)),
        "priority": record.priority or (state.urgency if state.urgency != "unknown" else None),
    }
    if state.status is not CaseStatus.INQUIRY and state.statement:
        common["description"] = state.statement
    return _detail(
        common, state.milestones, len(state.rows), len(state.hypotheses), len(state.solutions), escalated=state.escalated
    )


def _detail(  # ruff: ignore[too-many-arguments]  # one argument per count
    common: dict[str, object], milestones: tuple[str, ...], rows: int, hypotheses: int, solutions: int, *, escalated: bool
) -> CaseDetail:
    return CaseDetail(
        **common,  # type: ignore[arg-type]  # the keys are the fields, tested against the contract
        current_stage=common["stage"],  # type: ignore[arg-type]  # the same value beside its old name
        milestones_completed=list(milestones),
        pending_milestones=[name for name in INDICATORS if name not in milestones],
        evidence_count=rows,
        hypothesis_count=hypotheses,
        solution_count=solutions,
        escalated=escalated,
    )
