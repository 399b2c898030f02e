"""What clients do, and what the server therefore does: the traps of the contract by their number."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from domain.errors import StoreUnavailable
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.shapes import LOG, TIME, closed, hold_action, hold_ended, hold_turn, investigated, read, take
from tests.workflow.stage import Stage


@pytest.fixture
async def visitor(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    ports = api_ports(stage)
    await ports.board.look()
    async with front(ports) as visitor:
        yield await sign_in(visitor)


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
        named = {"X-Request-ID": "request-of-trap"}  # a made one may hold those digits by chance
        answer = await visitor.post("/api/v1/sessions", json=body, headers=named)
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

            await eventually(over)
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
