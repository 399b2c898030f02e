"""The contract's shapes and traps against the live API: what is required is there and never null; traps by their number."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from domain.case.state import CarriedCase, CaseStatus
from domain.errors import StoreUnavailable
from tests import builders
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage

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
SUMMARY_MAYBE = "stage resolved_at closed_at closure_reason priority"
DETAIL = "milestones_completed pending_milestones evidence_count hypothesis_count solution_count escalated"
TURN = (
    "agent_response turn_number milestones_completed case_state progress_made attachments_processed suggested_actions response_type "
    "turn_id message_ids citations causes checks actions timeline degraded"
)
TURN_MAYBE = "progress_transparency cause_assurance cause_overclaim context_notice error"
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
MILESTONES = {
    "symptom_verified",
    "scope_assessed",
    "timeline_established",
    "changes_identified",
    "root_cause_identified",
    "solution_proposed",
}


@pytest.fixture
async def visitor(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    ports = api_ports(stage)
    await ports.board.look()
    async with front(ports) as visitor:
        yield await sign_in(visitor)


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


async def test_a_turn_has_its_keys(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    answer = await take(visitor, case_id, "checkout is failing since 14:00", files=[("files", ("app.log", LOG))])
    hold_turn(answer)
    assert answer["attachments_processed"]
    assert answer["citations"]
    for citation in answer["citations"]:
        holds(citation, "n file_id filename first_line last_line quote", "evidence_id document_id")
        assert len(citation["quote"]) <= 300
    assert answer["cause_assurance"]


async def test_cases_have_their_keys_in_lists_and_alone(visitor: httpx.AsyncClient) -> None:
    case_id = await investigated(visitor)
    listed = await read(visitor, "/api/v1/cases")
    holds(listed, "cases total_count limit offset has_more")
    (row,) = listed["cases"]
    alone = await read(visitor, f"/api/v1/cases/{case_id}")
    holds(row, SUMMARY, SUMMARY_MAYBE)
    holds(alone, f"{SUMMARY} {DETAIL}", f"{SUMMARY_MAYBE} current_stage")
    assert all(TIME.fullmatch(alone[name]) for name in ("created_at", "updated_at", "last_activity_at"))


async def test_the_view_of_an_inquiry_has_its_keys(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    for screen in (await read(visitor, f"/api/v1/cases/{case_id}/ui"), await _screen_after(visitor, case_id)):
        holds(screen, f"{SCREEN} inquiry", "problem_statement")
        holds(
            screen["inquiry"],
            "problem_statement_confirmed decided_to_investigate inquiry_turns",
            "proposed_problem_statement problem_confirmation",
        )
        assert screen["disposition_eligibility"].keys() == {"resolved", "closed"}
    confirmation = screen["inquiry"]["problem_confirmation"]
    assert confirmation["problem_type"] in {"error", "slowness", "unavailability", "data_issue", "other"}


async def _screen_after(client: httpx.AsyncClient, case_id: str) -> dict[str, Any]:
    await take(client, case_id, "checkout is failing for all users since 14:00")
    return await read(client, f"/api/v1/cases/{case_id}/ui")


async def test_the_view_of_an_investigation_has_its_keys(visitor: httpx.AsyncClient) -> None:
    screen = await read(visitor, f"/api/v1/cases/{await investigated(visitor)}/ui")
    assert screen["state"] == "investigating"
    holds(screen, f"{SCREEN} {INVESTIGATING}", f"problem_statement {INVESTIGATING_MAYBE}")
    holds(screen["progress"], PROGRESS, "loop_back")
    for hypothesis in screen["active_hypotheses"]:
        holds(hypothesis, "hypothesis_id text likelihood state evidence_count category", "refutation_reason")
    for row in screen["latest_evidence"]:
        holds(row, "evidence_id type category summary timestamp relevance_score collected_at_turn", "source_filename")
    assert 1 <= len(screen["agent_status"]) <= 500


def hold_ended(screen: dict[str, Any]) -> None:
    holds(screen, f"{SCREEN} {ENDED}", "problem_statement")
    holds(screen["root_cause"], ROOT_CAUSE)
    holds(screen["solution_applied"], "description applied_at applied_by present")
    holds(screen["verification_status"], "verified verification_method details")
    holds(screen["resolution_summary"], SUMMED_UP)
    for report in screen["reports_available"]:
        holds(report, "report_type status", "reason")
        assert report["status"] in {"auto_generated", "skipped", "draft", "available", "in_progress", "failed"}


async def closed(client: httpx.AsyncClient) -> str:
    case_id = await investigated(client)
    assert (await client.post(f"/api/v1/cases/{case_id}/close")).status_code == 200
    return case_id


async def test_the_view_of_a_closed_case_has_its_keys(visitor: httpx.AsyncClient) -> None:
    screen = await read(visitor, f"/api/v1/cases/{await closed(visitor)}/ui")
    assert screen["state"] == "closed"
    hold_ended(screen)


async def test_the_view_of_a_resolved_case_has_its_keys(visitor: httpx.AsyncClient, stage: Stage) -> None:
    case_id = await open_case(visitor)
    state = builders.a_state(case_id=UUID(case_id), status=CaseStatus.RESOLVED, resolved_at=START, updated_at=START, turn=3)
    stage.rows.snapshots[UUID(case_id)] = CarriedCase(state=state)
    answer = await visitor.get(f"/api/v1/cases/{case_id}/ui")
    assert (answer.json()["state"], answer.headers["X-State-Source"]) == ("resolved", "projection")
    hold_ended(answer.json())
    assert answer.json()["verification_status"]["verified"] is True


async def test_messages_have_their_keys(visitor: httpx.AsyncClient) -> None:
    case_id = await investigated(visitor)
    page = await read(visitor, f"/api/v1/cases/{case_id}/messages")
    holds(page, PAGE, PAGE_MAYBE)
    for row in page["messages"]:
        holds(row, MESSAGE, MESSAGE_MAYBE)
        assert row["content"].strip()
        assert TIME.fullmatch(row["created_at"])
    assert [row["author_id"] is not None for row in page["messages"]] == [row["role"] == "user" for row in page["messages"]]


async def test_files_have_their_keys_in_lists_and_alone(visitor: httpx.AsyncClient) -> None:
    case_id = await investigated(visitor)
    (row,) = (await read(visitor, f"/api/v1/cases/{case_id}/uploaded-files"))["files"]
    alone = await read(visitor, f"/api/v1/cases/{case_id}/uploaded-files/{row['file_id']}")
    holds(row, FILE, FILE_MAYBE)
    holds(alone, f"{FILE} {FILE_DETAIL}", f"{FILE_MAYBE} {FILE_DETAIL_MAYBE}")
    for evidence in alone["derived_evidence"]:
        holds(evidence, "evidence_id category source_type summary collected_at_turn related_hypothesis_ids", "primary_purpose")


async def test_people_have_their_keys(stage: Stage) -> None:
    async with front(api_ports(stage)) as client:
        body = {"username": "grace", "password": "a long password of hers"}
        registered = (await client.post("/api/v1/auth/register", json=body)).json()
        signed_in = (await client.post("/api/v1/auth/login", json=body)).json()
        for token in (registered, signed_in):
            holds(token, TOKEN, "idp_logout_url")
            holds(token["user"], PROFILE)
            assert token["token_type"] == "bearer"
        client.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        holds(await read(client, "/api/v1/auth/me"), PROFILE, "last_login organization")
        session = await client.post("/api/v1/sessions", json={})
        holds(session.json(), SESSION, "client_id metadata")
        assert session.json()["schema_version"] == "3.1.0"


async def test_health_and_capabilities_have_their_keys(visitor: httpx.AsyncClient) -> None:
    health = await read(visitor, "/health")
    holds(health, HEALTH, "overall_sla")
    assert health["components"].keys() == {"temporal", "workers", "database", "blobs", "passages", "models", "redaction"}
    for component in health["components"].values():
        holds(component, COMPONENT, COMPONENT_MAYBE)
    holds(health["components"]["models"], "active_providers failed_providers")
    holds(health["sessions"], "active expired_last_run", "last_cleanup_at")
    capabilities = await read(visitor, "/v1/meta/capabilities")
    holds(capabilities, CAPABILITIES, "branding")
    holds(capabilities["limits"], "maxFileBytes allowedExtensions", "maxDocuments")
    assert capabilities["features"].keys() == {
        "extensionKB", "adminKB", "teamSharing", "caseHistory", "sso", "managementConsole",
    }  # fmt: skip


async def test_trap_1_the_detail_of_every_401_is_a_string(visitor: httpx.AsyncClient) -> None:
    dead = {"Authorization": "Bearer dead"}
    refused = [
        await visitor.get("/api/v1/cases", headers=dead),
        await visitor.get("/api/v1/auth/me", headers={"Authorization": "Basic x"}),
        await visitor.post("/api/v1/auth/login", json={"username": "nobody", "password": "wrong"}),
        await visitor.post("/api/v1/auth/refresh", json={"refresh_token": "dead"}),
        await visitor.get("/api/v1/cases", headers={"X-Session-Id": "sess_dead"}),
    ]
    for answer in refused:
        assert answer.status_code == 401, answer.request.url
        assert isinstance(answer.json()["detail"], str)
        assert answer.json()["detail"].strip()


async def test_trap_2_only_a_dead_session_says_so_and_a_dead_token_does_not(visitor: httpx.AsyncClient) -> None:
    session = (await visitor.get("/api/v1/cases", headers={"X-Session-Id": "sess_dead"})).json()
    token = (await visitor.get("/api/v1/cases", headers={"Authorization": "Bearer dead"})).json()
    assert (session["code"], session["detail"]) == ("SESSION_EXPIRED", "Session expired")
    assert token["code"] == "TOKEN_INVALID"
    assert not any(words in token["detail"].lower() for words in ("session expired", "session not found"))


async def test_trap_4_errors_of_sessions_never_use_the_words_that_forget_a_client(visitor: httpx.AsyncClient) -> None:
    bad: Sequence[Any] = ({"timeout_minutes": 5}, {"client_id": ""}, {"metadata": {"x": "y" * 5000}}, {"session_type": 7})
    for body in bad:
        answer = await visitor.post("/api/v1/sessions", json=body)
        assert answer.status_code == 422
        assert isinstance(answer.json()["detail"], str)
        for words in ("404", "410", "session not found", "session expired", "invalid session"):
            assert words not in answer.text.lower()
    first = (await visitor.post("/api/v1/sessions", json={"client_id": "ext-1"})).json()
    assert (await visitor.delete(f"/api/v1/sessions/{first['session_id']}")).status_code == 204
    again = await visitor.post("/api/v1/sessions", json={"client_id": "ext-1"})
    assert (again.status_code, again.json()["session_resumed"]) == (201, False)


async def test_trap_5_a_running_turn_is_202_and_a_finished_one_the_bare_answer(cold_stage: Stage) -> None:
    async with front(api_ports(cold_stage)) as client:
        case_id = await open_case(await sign_in(client))
        posted = await client.post(
            f"/api/v1/cases/{case_id}/turns", data={"query": "checkout fails"}, headers={"Prefer": "respond-async"}
        )
        polled = await client.get(posted.headers["Location"])
        for answer in (posted, polled):
            assert answer.status_code == 202
            assert answer.headers["Location"]
            assert answer.headers["Retry-After"] == "2"
            assert answer.json().keys() == {"status", "turn_id", "turn_number", "stage", "ahead"}
        async with cold_stage.workers():

            async def over() -> bool:
                return (await client.get(posted.headers["Location"])).status_code == 200

            await eventually(over, 30)
        body = (await client.get(posted.headers["Location"])).json()
        assert isinstance(body["agent_response"], str)
        assert isinstance(body["turn_number"], int)
        assert not body.keys() & {"result", "status"}


async def test_trap_6_a_poll_never_answers_5xx_408_409_or_429(stage: Stage) -> None:
    ports = api_ports(stage, per_minute={"reads": 2, "writes": 100, "turns": 100, "titles": 1})
    async with front(ports) as client:
        case_id = await open_case(await sign_in(client))
        posted = await client.post(f"/api/v1/cases/{case_id}/turns", data={"query": "checkout fails"})
        place = f"/api/v1/cases/{case_id}/turns/{posted.json()['turn_id']}"
        assert [(await client.get(place)).status_code for _ in range(10)] == [200] * 10

        async def away(*_: object) -> None:
            raise StoreUnavailable("the database did not answer")

        ports.conversation.turn = away
        unknown = await client.get(place)
        assert (unknown.status_code, unknown.json()["status"]) == (202, "unknown")
        ports.people.by_id = away
        polled = await client.get(place)
        assert (polled.status_code, polled.headers["Location"], polled.json()["turn_id"]) == (
            202,
            place,
            posted.json()["turn_id"],
        )
        assert (await client.get(place + "/events")).status_code == 503


async def test_trap_7_the_end_of_a_case_is_the_one_409_without_a_label(visitor: httpx.AsyncClient) -> None:
    case_id = await closed(visitor)
    place = f"/api/v1/cases/{case_id}/turns"
    wish = {"query": "", "intent_type": "status_transition", "intent_data": '{"to_state": "resolved"}'}
    for answer in (
        await visitor.post(place, data={"query": "x"}, files=[("files", ("b.log", LOG + b"b"))]),
        await visitor.post(place, data={"query": "", "pasted_content": "more of it"}),
        await visitor.post(place, data=wish),
    ):
        assert answer.status_code == 409
        assert "x-error-code" not in answer.headers
        assert (answer.json()["code"], answer.json()["case_state"]) == (None, "closed")
    keyed = {"Idempotency-Key": "trap-seven-key"}
    await visitor.post(place, data={"query": "what was it?"}, headers=keyed)
    reused = await visitor.post(place, data={"query": "and then?"}, headers=keyed)
    assert (reused.status_code, reused.headers["x-error-code"]) == (409, "IDEMPOTENCY_KEY_REUSE")


async def test_trap_8_attachments_are_always_a_list(visitor: httpx.AsyncClient, stage: Stage) -> None:
    case_id = await open_case(visitor)
    assert (await take(visitor, case_id, "checkout fails"))["attachments_processed"] == []
    kept = stage.blobs.put

    async def lost(case: Any, data: bytes) -> str:
        key = await kept(case, data)
        del stage.blobs.blobs[case, key]
        return key

    stage.blobs.put = lost
    failed = await take(visitor, case_id, "this text is lost")
    assert (failed["response_type"], failed["attachments_processed"]) == ("ERROR", [])
    hold_turn(failed)


async def test_trap_9_forms_of_both_kinds_are_taken_and_an_empty_field_is_absent(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    empty = {"intent_type": "", "intent_data": "", "pasted_content": "", "source_url": "", "observed_at": "", "input_type": ""}
    plain = await visitor.post(f"/api/v1/cases/{case_id}/turns", data={"query": "checkout fails", **empty})
    parts = {name: (None, text) for name, text in ({"query": "checkout fails"} | empty).items()}
    mixed = await visitor.post(f"/api/v1/cases/{case_id}/turns", files=parts)
    for answer in (plain, mixed):
        assert answer.status_code == 200, answer.text
        assert answer.json()["attachments_processed"] == []


async def test_trap_10_null_and_absence_are_alike(visitor: httpx.AsyncClient) -> None:
    nothing = dict.fromkeys(("title", "description", "initial_message", "session_id", "priority", "metadata"))
    assert (await visitor.post("/api/v1/cases", json=nothing)).status_code == 201
    blank = dict.fromkeys(("client_id", "session_type", "timeout_minutes", "metadata"))
    assert (await visitor.post("/api/v1/sessions", json=blank)).status_code == 201
    assert (await visitor.post("/api/v1/sessions", json=None)).status_code == 201
    case_id = await open_case(visitor)
    assert (await visitor.put(f"/api/v1/cases/{case_id}", json={"title": None, "description": None})).status_code == 200
    intent = json.dumps({"to_state": "closed", "from_state": None, "pending_id": None, "user_confirmed": None})
    await take(visitor, case_id, intent_type="status_transition", intent_data=intent)


async def test_trap_11_the_first_click_asks_whatever_it_claims_and_the_second_confirms(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    click = {"type": "status_transition", "from_state": "inquiry", "to_state": "closed", "user_confirmed": True, "extra": 1}
    asked = await take(visitor, case_id, intent_type="status_transition", intent_data=json.dumps(click))
    assert (asked["response_type"], asked["case_state"]) == ("CONFIRMATION_REQUEST", "inquiry")
    again = await take(visitor, case_id, intent_type="status_transition", intent_data=json.dumps(click))
    assert again["case_state"] == "closed"


async def test_trap_13_replies_have_no_brackets_that_clients_delete_or_turn_into_badges(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    log = (
        LOG
        + b"2026-11-20T14:01:00Z [ERROR] [12] failed for <USER_ID> [\xe2\x9c\x85 Yes] [\xe2\x9d\x8c No] too many clients already\n"
    )
    answer = await take(visitor, case_id, "checkout fails since 14:00 [ERROR] <TICKET>", files=[("files", ("app.log", log))])
    for text in (answer["agent_response"], *(item["label"] for item in answer["suggested_actions"])):
        assert not re.search(r"\[\d+\]|\[(?:ERROR|WARN|INFO)\]|<[A-Z_]+>|\[[^\]]*Yes\] \[[^\]]*No\]", text), text
    assert re.search(r"app\.log:\d+", answer["agent_response"])


async def test_trap_14_every_button_has_a_payload_within_its_bounds(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    asked = await take(visitor, case_id, intent_type="status_transition", intent_data='{"to_state": "closed"}')
    first = await take(visitor, case_id, "checkout is failing since 14:00", files=[("files", ("app.log", LOG))])
    actions = [*asked["suggested_actions"], *first["suggested_actions"]]
    assert any(item["type"] == "DECIDE" for item in actions)
    for item in actions:
        hold_action(item)
        assert bool(item["payload"]) is (item["type"] in {"DECIDE", "RUN"})
        assert (item["risk"] is not None) or item["type"] != "RUN"


async def test_trap_15_questions_show_the_same_in_body_and_hints(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    answer = await take(visitor, case_id, "checkout is slow")
    for item in answer["suggested_actions"]:
        if item["type"] == "EVIDENCE":
            assert item["body"]
            assert item["hints"]


async def test_trap_18_a_view_always_has_its_state_and_an_end_without_fillers(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    assert (await read(visitor, f"/api/v1/cases/{case_id}/ui"))["state"] == "inquiry"
    await take(visitor, case_id, "hello")
    assert (await visitor.post(f"/api/v1/cases/{case_id}/close")).status_code == 200
    screen = await read(visitor, f"/api/v1/cases/{case_id}/ui")
    assert (screen["root_cause"]["present"], screen["root_cause"]["description"]) == (False, "")
    assert (screen["solution_applied"]["present"], screen["solution_applied"]["description"]) == (False, "")
    assert TIME.fullmatch(screen["resolved_at"])
    hold_ended(screen)


async def test_trap_20_a_file_that_gave_evidence_says_so_in_the_list(visitor: httpx.AsyncClient) -> None:
    case_id = await investigated(visitor)
    (row,) = (await read(visitor, f"/api/v1/cases/{case_id}/uploaded-files"))["files"]
    alone = await read(visitor, f"/api/v1/cases/{case_id}/uploaded-files/{row['file_id']}")
    assert row["evidence_count"] > 0
    assert alone["evidence_count"] == len(alone["derived_evidence"]) == row["evidence_count"]


async def test_trap_21_a_new_case_has_id_and_title_and_a_list_is_a_list(visitor: httpx.AsyncClient) -> None:
    assert (await read(visitor, "/api/v1/cases"))["cases"] == []
    for body in ({}, {"title": ""}, {"title": "   "}, {"title": None}):
        made = (await visitor.post("/api/v1/cases", json=body)).json()
        assert made["case_id"]
        assert made["title"].strip()
    assert isinstance((await read(visitor, "/api/v1/cases"))["cases"], list)


async def test_trap_26_health_is_an_object_that_says_healthy_or_degraded(visitor: httpx.AsyncClient) -> None:
    health = await read(visitor, "/health")
    assert health["status"] in {"healthy", "degraded"}
