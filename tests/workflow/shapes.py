"""Keys and bounds of the contract's values, and the few requests with which a test reaches them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.workflow.front import open_case

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
LOG = "".join(
    f"{START + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ} ERROR checkout order failed: FATAL: sorry, too many clients already\n"
    for n in range(30)
).encode()
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

SUMMARY = (
    "case_id user_id organization_id title description state source created_at updated_at last_activity_at is_terminal "
    "current_turn turns_without_progress shared_team_ids valid_next_states"
)
SUMMARY_MAYBE = "stage resolved_at closed_at closure_reason priority forked_from"
DETAIL = "milestones_completed pending_milestones evidence_count hypothesis_count solution_count escalated"
TURN = (
    "agent_response turn_number milestones_completed case_state progress_made attachments_processed suggested_actions response_type "
    "turn_id message_ids citations causes checks actions timeline degraded"
)
TURN_MAYBE = "progress_transparency cause_assurance cause_overclaim context_notice reasoning error"
ATTACHMENT = "file_id evidence_id filename file_size processing_status source_type data_type upload_source uploaded_at"
ACTION, ACTION_MAYBE = "type label hints", "payload body intent evidence_need_id risk"
MESSAGE, MESSAGE_MAYBE = "message_id turn_number role content created_at", "author_id token_count metadata"
PAGE, PAGE_MAYBE = "messages total_count retrieved_count has_more", "next_offset debug_info"
SCREEN = (
    "case_id title state created_at updated_at current_turn uploaded_files_count valid_next_states disposition_eligibility "
    "state_source as_of coverage escalated"
)
INVESTIGATING = "progress active_hypotheses latest_evidence next_actions agent_status"
INVESTIGATING_MAYBE = "working_conclusion problem_verification progress_transparency"
SIDE, SIDE_MAYBE = "case_id title turn state", "conclusion"
MOVED, MOVED_MAYBE = "statement move", "before after"
ENDED = "root_cause solution_applied verification_status resolution_summary reports_available resolved_at"
ROOT_CAUSE = "root_cause_id description category severity cause_assurance cause_overclaim present"
SUMMED_UP = "total_duration_minutes milestones_completed hypotheses_tested evidence_collected key_insights"
PROGRESS = "current_stage completed_indicators completed_stage_gates active_hypotheses total_evidence turns_without_progress"
FILE = "file_id filename uploaded_at size_bytes size_display uploaded_at_turn source_type analysis_status evidence_count data_type content_hash"
FILE_MAYBE = "summary source_metadata"
FILE_DETAIL, FILE_DETAIL_MAYBE = "upload_source evidence_count derived_evidence", "content_type content_hash digest coverage"
SESSION = "session_id user_id created_at session_type expires_at last_activity message status session_resumed timeout_minutes schema_version"
TOKEN = "access_token token_type expires_in session_id user refresh_token expires_at"
PROFILE = "user_id username display_name created_at email is_dev_user roles is_active"
HEALTH = "status timestamp version components dependencies sessions"
COMPONENT, COMPONENT_MAYBE = "status checked_at uptime_seconds", "response_time_ms last_error sla_current"
CAPABILITIES = "deploymentMode kbManagement dashboardUrl features limits contractVersion unavailable"


def holds(body: dict[str, Any], required: str, maybe: str = "") -> None:
    """Required keys are there and not null; the others are there."""
    missing = [key for key in required.split() if body.get(key) is None]
    absent = [key for key in maybe.split() if key not in body]
    assert (missing, absent) == ([], []), body


async def take(client: httpx.AsyncClient, case_id: str, query: str = "", **more: Any) -> dict[str, Any]:
    files = more.pop("files", None)
    answer = await client.post(f"/api/v1/cases/{case_id}/turns", data={"query": query, **more}, files=files)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def investigated(client: httpx.AsyncClient, query: str = "checkout is failing for all users since 14:00") -> str:
    """Return a case that read a log and was told to investigate."""
    case_id = await open_case(client)
    await take(client, case_id, query, files=[("files", ("app.log", LOG))])
    await take(client, case_id, intent_type="status_transition", intent_data='{"to_state": "investigating"}')
    await take(client, case_id, "yes")
    return case_id


async def closed(client: httpx.AsyncClient) -> str:
    case_id = await investigated(client)
    assert (await client.post(f"/api/v1/cases/{case_id}/close")).status_code == 200
    return case_id


def hold_turn(answer: dict[str, Any]) -> None:
    holds(answer, TURN, TURN_MAYBE)
    assert answer["agent_response"].strip()
    assert answer["message_ids"].keys() == {"user", "assistant"}
    for item in answer["attachments_processed"]:
        holds(item, ATTACHMENT, "duplicate_of duplicate_turn confidence summary error")
        assert TIME.fullmatch(item["uploaded_at"])
    for item in answer["suggested_actions"]:
        hold_action(item)
    assert len(answer["suggested_actions"]) <= 5


def hold_action(item: dict[str, Any]) -> None:
    """Bounds of contract 5.5."""
    holds(item, ACTION, ACTION_MAYBE)
    assert item["type"] in {"DECIDE", "RUN", "EVIDENCE", "FREE_SPEECH"}
    assert 1 <= len(item["label"]) <= 75
    assert len(item["payload"] or "") <= {"DECIDE": 500, "RUN": 600}.get(item["type"], 0)
    assert len(item["body"] or "") <= 300
    assert len(item["hints"]) <= 5
    assert all(len(hint) <= 120 for hint in item["hints"])
    assert len(json.dumps([item["payload"], item["intent"]]).encode()) <= 1_500


def hold_ended(screen: dict[str, Any]) -> None:
    holds(screen, f"{SCREEN} {ENDED}", "problem_statement")
    holds(screen["root_cause"], ROOT_CAUSE)
    holds(screen["solution_applied"], "description applied_at applied_by present")
    holds(screen["verification_status"], "verified verification_method details")
    holds(screen["resolution_summary"], SUMMED_UP)
    for report in screen["reports_available"]:
        holds(report, "report_type status", "reason")
        assert report["status"] in {"auto_generated", "skipped", "draft", "available", "in_progress", "failed"}
