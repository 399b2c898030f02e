"""The case view `/ui`, one shape per state (contract 5.7); unknown things are null or empty, never filled in."""

from __future__ import annotations

from dataclasses import asdict

from api.views.cases import origin
from api.views.turns import transparency
from api.views.wire import Json, at, when
from domain.case import doctrine, hypotheses, milestones, reckoning, transitions
from domain.case.outcome import Transparency
from domain.case.policy import DEFAULT
from domain.case.projection import CaseRecord, CaseView, EvidenceRecord
from domain.case.state import CaseState, CaseStatus, Hypothesis, HypothesisStatus, RowCategory
from domain.reports.report import Report

EVIDENCE_TYPES: dict[str, str] = {
    "logs_and_errors": "log_file",
    "metrics_and_performance": "metrics_data",
    "structured_config": "config_file",
    "trace_data": "trace_data",
    "error_report": "error_output",
    "visual_evidence": "screenshot",
    "source_code": "code_review",
}

REASONS = {
    "skipped": "not enough happened to write about",
    "failed": "the report could not be written",
}


def screen(
    record: CaseRecord,
    view: CaseView,
    source: str,
    rows: tuple[EvidenceRecord, ...] = (),
    reports: tuple[Report, ...] = (),
) -> Json:
    """Return the whole view; `source` is live or projection."""
    state = view.state
    body = _common(record, view) | {"state_source": source, "as_of": when(state.updated_at) or at(record.updated_at)}
    if state.status is CaseStatus.INQUIRY:
        return body | {"inquiry": _inquiry(state)}
    if state.status is CaseStatus.INVESTIGATING:
        return body | _investigating(state, view, rows)
    return body | _ended(record, state, reports)


def _common(record: CaseRecord, view: CaseView) -> dict[str, Json]:
    state = view.state
    return {
        "case_id": str(record.case_id),
        "title": record.title,
        "state": state.status,
        "created_at": at(record.created_at),
        "updated_at": when(state.updated_at) or at(record.updated_at),
        "current_turn": state.turn,
        "uploaded_files_count": len(state.files),
        "problem_statement": state.statement if state.statement_confirmed else None,
        "valid_next_states": list(transitions.valid_next_states(state)),
        "disposition_eligibility": asdict(transitions.eligibility(state)),
        "coverage": doctrine.coverage(state),
        "escalated": state.escalated,
        "forked_from": asdict(came) if (came := origin(record)) else None,
    }


def _inquiry(state: CaseState) -> Json:
    known = state.turn > 0
    severity = state.urgency if state.urgency != "unknown" else None
    return {
        "proposed_problem_statement": state.statement or None,
        "problem_statement_confirmed": state.statement_confirmed,
        "decided_to_investigate": False,
        "inquiry_turns": state.turn,
        "problem_confirmation": {"problem_type": state.problem_type, "severity_guess": severity} if known else None,
    }


def _investigating(state: CaseState, view: CaseView, rows: tuple[EvidenceRecord, ...]) -> dict[str, Json]:
    shown = [h for h in state.hypotheses if h.status is not HypothesisStatus.RETIRED]
    return {
        "progress": {
            "current_stage": state.stage or "diagnosis",
            "completed_indicators": [name for name in milestones.INDICATORS if name in state.milestones],
            "completed_stage_gates": list(state.gates),
            "active_hypotheses": sum(h.status is HypothesisStatus.ACTIVE for h in shown),
            "total_evidence": len(state.rows),
            "turns_without_progress": state.turns_without_progress,
            "loop_back": asdict(state.loop_back) if state.loop_back else None,
        },
        "working_conclusion": _conclusion(state),
        "active_hypotheses": [_hypothesis(h, state) for h in sorted(shown, key=lambda h: h.rank or 99)[:10]],
        "latest_evidence": [_evidence(row, state) for row in rows[-5:][::-1]],
        "next_actions": [need.text[:200] for need in state.needs if need.state == "pending"][:5],
        "agent_status": _agent_status(state, view),
        "problem_verification": _verification(state),
        "progress_transparency": transparency(_transparency(state)),
    }


def _conclusion(state: CaseState) -> Json:
    held = state.conclusion
    if held is None:
        return None
    return {
        "summary": held.text,
        "confidence": held.confidence,
        "last_updated": when(state.updated_at),
        "level": held.level,
        "momentum": held.momentum,
    }


def _hypothesis(h: Hypothesis, state: CaseState) -> Json:
    return {
        "hypothesis_id": h.hypothesis_id,
        "text": h.statement,
        "likelihood": h.likelihood,
        "state": h.status,
        "evidence_count": sum(any(link.hypothesis_id == h.hypothesis_id for link in row.links) for row in state.rows),
        "refutation_reason": (h.refutation_reason or None) if h.status is HypothesisStatus.REFUTED else None,
        "category": h.category,
    }


def _evidence(row: EvidenceRecord, state: CaseState) -> Json:
    file = next((f for f in state.files if f.file_id == row.file_id), None)
    return {
        "evidence_id": row.evidence_id,
        "type": EVIDENCE_TYPES.get(file.kind, "api_response") if file else "user_report",
        "category": category(row.category),
        "summary": row.summary[:500],
        "timestamp": at(row.collected_at),
        "relevance_score": 0,
        "collected_at_turn": row.turn_number,
        "source_filename": file.name if file else None,
    }


def category(word: str) -> str:
    """Return a row's category in the wire's upper case."""
    return "OTHER" if word == RowCategory.OTHER else f"{word.upper()}_EVIDENCE"


def _agent_status(state: CaseState, view: CaseView) -> str:
    if view.running:
        return f"working on message {view.running}"
    if state.pending is not None:
        return f"waiting for a yes or no: {state.pending.target}"
    need = next((n for n in state.needs if n.state == "pending"), None)
    return f"waiting for evidence: {need.text}"[:500] if need else "waiting for the next message"


def _verification(state: CaseState) -> Json:
    scope = state.scope
    impact = {
        "affected_services": list(scope.services) or None,
        "affected_users": scope.users or scope.share or None,
        "affected_regions": list(scope.places) or None,
    }
    started = state.onset.time if state.onset else None
    temporal = state.temporal if state.temporal != "unknown" else None
    return {
        "urgency_level": state.urgency,
        "severity": None,
        "user_impact": scope.users or scope.share or None,
        "impact": impact if any(impact.values()) else None,
        "temporal_state": {"state": temporal, "started_at": when(started), "last_occurrence_at": None},
    }


def _transparency(state: CaseState) -> Transparency:
    return Transparency(
        active=state.turns_without_progress >= 5,
        repair_type=state.repair,
        verification_status=state.verification_status,
        cause_assurance=state.conclusion.assurance if state.conclusion else "",
    )


def _ended(record: CaseRecord, state: CaseState, reports: tuple[Report, ...]) -> dict[str, Json]:
    ended = state.resolved_at or state.closed_at
    minutes = int((ended - record.created_at).total_seconds() // 60) if ended else 0
    return {
        "root_cause": _root_cause(state),
        "solution_applied": _solution(state),
        "verification_status": {
            "verified": state.status is CaseStatus.RESOLVED,
            "verification_method": "evidence after the fix" if state.status is CaseStatus.RESOLVED else "",
            "details": "",
        },
        "resolution_summary": {
            "total_duration_minutes": max(minutes, 0),
            "milestones_completed": len(state.milestones),
            "hypotheses_tested": sum(h.status is not HypothesisStatus.CAPTURED for h in state.hypotheses),
            "evidence_collected": len(state.rows),
            "key_insights": [e.text for e in state.journal if e.kind in {"decision", "ruled_out"}][:5],
        },
        "reports_available": _reports(state, reports),
        "resolved_at": when(ended) or at(record.updated_at),
    }


def _root_cause(state: CaseState) -> Json:
    leader = hypotheses.leader(state.hypotheses, DEFAULT)
    held = state.conclusion
    return {
        "root_cause_id": leader.hypothesis_id if leader and held else "",
        "description": held.text if held else "",
        "category": leader.category if leader and held else "other",
        "severity": state.urgency,
        "cause_assurance": held.assurance if held else "no_root",
        "cause_overclaim": False,
        "present": held is not None,
    }


def _solution(state: CaseState) -> Json:
    applied = next((s for s in reversed(state.solutions) if s.applied_turn), None)
    ended = state.resolved_at or state.closed_at or state.updated_at
    return {
        "description": applied.text if applied else "",
        "applied_at": when(applied.applied_at if applied else ended),
        "applied_by": state.owner_id if applied else "",
        "present": applied is not None,
    }


def _reports(state: CaseState, reports: tuple[Report, ...]) -> list[Json]:
    wanted = "resolution_summary" if state.status is CaseStatus.RESOLVED else "closure_summary"
    made = next((r for r in reports if r.report_type == wanted), None)
    status = _report_status(made.status) if made else _without_report(state)
    return [{"report_type": wanted, "status": status, "reason": REASONS.get(status)}]


def _report_status(word: str) -> str:
    return "auto_generated" if word == "completed" else "failed"


def _without_report(state: CaseState) -> str:
    """Tell a report that is still being written from one that is not due: turns after the end change nothing of that."""
    just_ended = state.updated_at == (state.resolved_at or state.closed_at)
    return "in_progress" if just_ended and reckoning.due(state) else "skipped"
