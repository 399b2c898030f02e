"""The contract's shapes against the live API: what is required is there and never null."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from domain.case.state import CarriedCase, CaseStatus
from tests import builders
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.shapes import (
    CAPABILITIES,
    COMPONENT,
    COMPONENT_MAYBE,
    DETAIL,
    FILE,
    FILE_DETAIL,
    FILE_DETAIL_MAYBE,
    FILE_MAYBE,
    HEALTH,
    INVESTIGATING,
    INVESTIGATING_MAYBE,
    LOG,
    MESSAGE,
    MESSAGE_MAYBE,
    MOVED,
    MOVED_MAYBE,
    PAGE,
    PAGE_MAYBE,
    PROFILE,
    PROGRESS,
    SCREEN,
    SESSION,
    SIDE,
    SIDE_MAYBE,
    START,
    SUMMARY,
    SUMMARY_MAYBE,
    TIME,
    TOKEN,
    closed,
    hold_ended,
    hold_turn,
    holds,
    investigated,
    read,
    take,
)
from tests.workflow.stage import Stage


@pytest.fixture
async def visitor(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    ports = api_ports(stage)
    await ports.board.look()
    async with front(ports) as visitor:
        yield await sign_in(visitor)


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


async def test_a_fork_and_its_difference_have_their_keys(visitor: httpx.AsyncClient) -> None:
    case_id = await investigated(visitor)
    answer = await visitor.post(f"/api/v1/cases/{case_id}/fork", json={"at_turn": 1})
    fork = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/cases/{fork['case_id']}")
    holds(fork, SUMMARY, SUMMARY_MAYBE)
    assert fork["forked_from"] == {"case_id": case_id, "turn": 1}
    found = await read(visitor, f"/api/v1/cases/{fork['case_id']}/diff")
    holds(found, "before after leader_changed causes files evidence claims actions turns_left markdown")
    for side in ("before", "after"):
        holds(found[side], SIDE, SIDE_MAYBE)
    for cause in found["causes"]:
        holds(cause, MOVED, MOVED_MAYBE)
    holds(found["before"]["conclusion"], "text confidence level assurance")
    for part, keys in (
        ("files", "name sha256"),
        ("evidence", "said file first_line last_line text"),
        ("claims", "said file first_line last_line text sha256"),
        ("actions", "text command"),
    ):
        assert found[part].keys() == {"before", "after"}
        for item in (*found[part]["before"], *found[part]["after"]):
            holds(item, keys)


async def test_the_view_of_an_inquiry_has_its_keys(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    for screen in (await read(visitor, f"/api/v1/cases/{case_id}/ui"), await _screen_after(visitor, case_id)):
        holds(screen, f"{SCREEN} inquiry", "problem_statement forked_from")
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
