"""The front door over real workflows and fake stores: accounts, sessions, cases, turns, bad input."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from api.intake import WAITING_TURNS
from domain.errors import StoreUnavailable
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage

LOG = b"2026-11-20T14:00:00Z INFO started\n2026-11-20T14:01:00Z ERROR checkout failed: connection refused by db:5432\n"


@pytest.fixture
async def visitor(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with front(api_ports(stage)) as visitor:
        yield await sign_in(visitor)


def turns(case_id: str) -> str:
    return f"/api/v1/cases/{case_id}/turns"


async def test_a_message_is_answered_and_every_read_shows_it_at_once(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    answer = await visitor.post(turns(case_id), data={"query": "checkout fails since 14:00"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["turn_number"] == 1
    assert answer.json()["attachments_processed"] == []
    assert (await visitor.get(f"/api/v1/cases/{case_id}/messages")).json()["total_count"] == 2
    assert (await visitor.get(f"/api/v1/cases/{case_id}")).json()["current_turn"] == 1
    assert (await visitor.get(f"/api/v1/cases/{case_id}/ui")).json()["current_turn"] == 1
    assert (await visitor.get("/api/v1/cases")).json()["cases"][0]["current_turn"] == 1


async def test_urlencoded_and_multipart_turns_have_the_same_fields(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    plain = await visitor.post(turns(case_id), data={"query": "one", "intent_type": "", "intent_data": ""})
    mixed = await visitor.post(turns(case_id), data={"query": "two"}, files=[("files", ("app.log", LOG))])
    assert (plain.status_code, mixed.status_code) == (200, 200)
    (attachment,) = mixed.json()["attachments_processed"]
    assert (attachment["filename"], attachment["processing_status"]) == ("app.log", "completed")
    assert attachment["file_id"] == attachment["evidence_id"]


async def test_an_impatient_client_gets_202_and_polls_to_the_same_answer(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    posted = await visitor.post(turns(case_id), data={"query": "checkout fails"}, headers={"Prefer": "respond-async"})
    assert posted.status_code == 202
    assert posted.headers["Retry-After"] == "2"
    assert "agent_response" not in posted.json()
    place = posted.headers["Location"]

    async def over() -> bool:
        return (await visitor.get(place)).status_code == 200

    await eventually(over)
    assert (await visitor.get(place)).json()["turn_id"] == posted.json()["turn_id"]


async def test_the_event_stream_ends_with_the_answer(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    posted = await visitor.post(turns(case_id), data={"query": "checkout fails"}, headers={"Prefer": "respond-async"})
    stream = await visitor.get(posted.headers["Location"] + "/events")
    names = [line[7:] for line in stream.text.splitlines() if line.startswith("event: ")]
    last = [line[6:] for line in stream.text.splitlines() if line.startswith("data: ")][-1]
    assert names[-1] == "answer"
    assert json.loads(last)["turn_number"] == 1
    assert stream.headers["X-Accel-Buffering"] == "no"


async def test_the_same_key_is_one_turn_and_another_body_is_refused(visitor: httpx.AsyncClient) -> None:
    case_id, headers = await open_case(visitor), {"Idempotency-Key": "a-key-of-mine"}
    first = await visitor.post(turns(case_id), data={"query": "checkout fails"}, headers=headers)
    again = await visitor.post(turns(case_id), data={"query": "checkout fails"}, headers=headers)
    other = await visitor.post(turns(case_id), data={"query": "search fails"}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["X-Idempotency-Replayed"] == "true"
    assert (other.status_code, other.headers["x-error-code"]) == (409, "IDEMPOTENCY_KEY_REUSE")


async def test_the_same_file_again_is_named_as_a_duplicate(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    for query in ("first", "second"):
        answer = await visitor.post(turns(case_id), data={"query": query}, files=[("files", ("app.log", LOG))])
    (attachment,) = answer.json()["attachments_processed"]
    assert attachment["duplicate_of"] == attachment["file_id"]
    assert (await visitor.get(f"/api/v1/cases/{case_id}/uploaded-files")).json()["total_count"] == 1


async def test_twenty_waiting_turns_are_taken_and_the_next_is_refused(cold_stage: Stage) -> None:
    async with front(api_ports(cold_stage)) as client:
        await sign_in(client)
        case_id = await open_case(client)
        headers = {"Prefer": "respond-async"}
        for number in range(WAITING_TURNS):
            assert (await client.post(turns(case_id), data={"query": f"m{number}"}, headers=headers)).status_code == 202
        full = await client.post(turns(case_id), data={"query": "one more"}, headers=headers)
        assert (full.status_code, full.headers["x-error-code"]) == (429, "CASE_QUEUE_FULL")
        assert 5 <= int(full.headers["Retry-After"]) <= 60
        reading = await client.get(f"/api/v1/cases/{case_id}")
        assert reading.headers["X-State-Source"] == "projection"
        async with cold_stage.workers():

            async def answered() -> bool:
                page = (await client.get(f"/api/v1/cases/{case_id}/messages", params={"limit": 100})).json()
                return page["total_count"] == 2 * WAITING_TURNS

            await eventually(answered)


@pytest.mark.parametrize(
    ("fields", "files", "status", "named"),
    [
        ({"query": ""}, [], 422, "empty turn"),
        ({"query": "x", "intent_type": "teleport"}, [], 422, "intent_type"),
        ({"query": "x", "intent_type": "confirmation", "intent_data": "{"}, [], 422, "intent_data"),
        ({"query": "x" * 200_001}, [], 413, "200 000"),
        ({"query": "x", "observed_at": "2026-01-31T14:00:00"}, [], 422, "zone"),
        ({"query": "x", "source_url": "file:///etc/passwd"}, [], 422, "source_url"),
        ({"query": "x"}, [("files", ("empty.log", b""))], 422, "empty"),
        ({"query": "x"}, [("files", ("big.log", b"x" * ((10 << 20) + 1)))], 413, "10 MiB"),
    ],
)
async def test_bad_turns_are_refused_by_name_and_nothing_is_kept(
    visitor: httpx.AsyncClient, fields: dict[str, str], files: list[object], status: int, named: str
) -> None:
    case_id = await open_case(visitor)
    answer = await visitor.post(turns(case_id), data=fields, files=files or None)
    assert (answer.status_code, named in answer.json()["detail"]) == (status, True), answer.text
    assert (await visitor.get(f"/api/v1/cases/{case_id}/messages")).json()["total_count"] == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("utf16.log", "2026-11-20T14:01:00Z ERROR refused\n".encode("utf-16")),
        ("mixed.log", b"caf\xe9 ERROR refused\ncaf\xc3\xa9 ERROR refused\n"),
        ("packed.log.gz", gzip.compress(LOG)),
        ("broken.log.gz", gzip.compress(LOG)[:-12]),
        ("noclock.log", b"ERROR refused\nERROR refused\n"),
        ("one-line.txt", b"x" * (1 << 20)),
        ("core.bin", bytes(range(256)) * 64),
        ("../../etc/passwd", LOG + b"\n"),
    ],
)
async def test_odd_files_are_read_or_said_to_be_unreadable_and_never_fail_the_turn(
    visitor: httpx.AsyncClient, name: str, content: bytes
) -> None:
    case_id = await open_case(visitor)
    answer = await visitor.post(turns(case_id), data={"query": "what is this?"}, files=[("files", (name, content))])
    assert answer.status_code == 200, answer.text
    (attachment,) = answer.json()["attachments_processed"]
    assert attachment["processing_status"] == "completed"
    assert "/" not in attachment["filename"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "BAD_JSON"),
        (b'{"title": NaN}', 400, "BAD_JSON"),
        (b"[" * 70 + b"]" * 70, 400, "BAD_JSON"),
        (b'{"title": 7}', 422, "VALIDATION"),
        (b'{"priority": "asap"}', 422, "VALIDATION"),
        (b'{"description": "' + b"x" * (1 << 20) + b'"}', 413, "PAYLOAD_TOO_LARGE"),
    ],
)
async def test_bad_json_is_refused_by_name(visitor: httpx.AsyncClient, body: bytes, status: int, code: str) -> None:
    answer = await visitor.post("/api/v1/cases", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"]


@pytest.mark.parametrize("blank", ["undefined", "null", "%20"])
async def test_a_blank_id_in_the_path_is_400(visitor: httpx.AsyncClient, blank: str) -> None:
    assert (await visitor.get(f"/api/v1/cases/{blank}")).status_code == 400


async def test_an_unknown_case_and_a_strangers_case_look_alike(stage: Stage) -> None:
    ports = api_ports(stage)
    async with front(ports) as owner, front(ports) as stranger:
        case_id = await open_case(await sign_in(owner))
        await sign_in(stranger)
        hidden = await stranger.get(f"/api/v1/cases/{case_id}/ui")
        missing = await stranger.get("/api/v1/cases/00000000-0000-4000-8000-000000000000/ui")
        assert (hidden.status_code, hidden.json()["detail"]) == (missing.status_code, missing.json()["detail"])
        assert hidden.status_code == 404
        assert (await stranger.delete(f"/api/v1/cases/{case_id}")).status_code == 204
        assert (await owner.get(f"/api/v1/cases/{case_id}")).status_code == 200


async def test_a_row_that_is_gone_is_answered_by_the_case_itself(stage: Stage, visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    await visitor.post(turns(case_id), data={"query": "checkout fails since 14:00"})
    stage.rows.cases.clear()
    answer = await visitor.get(f"/api/v1/cases/{case_id}")
    assert (answer.status_code, answer.headers["X-State-Source"]) == (200, "live")
    assert answer.json()["current_turn"] == 1


async def test_a_token_is_needed_and_its_absence_says_so_in_one_string(visitor: httpx.AsyncClient) -> None:
    del visitor.headers["Authorization"]
    for path in ("/api/v1/cases", "/api/v1/auth/me", "/api/v1/sessions"):
        answer = await visitor.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID")
        assert isinstance(answer.json()["detail"], str)


async def test_a_dead_session_is_told_in_the_words_that_clients_look_for(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/api/v1/cases", headers={"X-Session-Id": "sess_unknown"})
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (401, "SESSION_EXPIRED", "Session expired")


async def test_sessions_resume_by_client_id_and_live_by_heartbeat(visitor: httpx.AsyncClient) -> None:
    first = await visitor.post("/api/v1/sessions", json={"client_id": "ext-1", "timeout_minutes": 60, "metadata": {"v": 1}})
    again = await visitor.post("/api/v1/sessions", json={"client_id": "ext-1"})
    assert (first.status_code, again.json()["session_id"]) == (201, first.json()["session_id"])
    assert (first.json()["session_resumed"], again.json()["session_resumed"]) == (False, True)
    beat = await visitor.post(f"/api/v1/sessions/{first.json()['session_id']}/heartbeat")
    assert (beat.status_code, beat.json()["status"]) == (200, "active")
    assert (await visitor.delete(f"/api/v1/sessions/{first.json()['session_id']}")).status_code == 204
    assert (await visitor.post(f"/api/v1/sessions/{first.json()['session_id']}/heartbeat")).status_code == 401
    assert (await visitor.post("/api/v1/sessions", json={"timeout_minutes": 5})).status_code == 422
    assert (await visitor.post("/api/v1/sessions")).status_code == 201


async def test_sign_in_locks_after_five_failures_and_a_stranger_costs_the_same_words(stage: Stage) -> None:
    async with front(api_ports(stage)) as visitor:
        await sign_in(visitor, "grace")
        unknown = await visitor.post("/api/v1/auth/login", json={"username": "nobody-here", "password": "x"})
        for _ in range(5):
            wrong = await visitor.post("/api/v1/auth/login", json={"username": "grace", "password": "wrong"})
            assert (wrong.status_code, wrong.json()["detail"]) == (401, unknown.json()["detail"])
        locked = await visitor.post("/api/v1/auth/login", json={"username": "grace", "password": "wrong"})
        assert (locked.status_code, locked.json()["code"]) == (429, "ACCOUNT_LOCKED")
        assert int(locked.headers["Retry-After"]) > 0


async def test_refresh_gives_the_same_successor_for_a_minute_and_sign_out_ends_every_token(stage: Stage) -> None:
    async with front(api_ports(stage)) as visitor:
        body = {"username": "grace", "password": "a long password of hers"}
        token = (await visitor.post("/api/v1/auth/register", json=body)).json()
        assert token["expires_at"] > datetime.now(UTC).timestamp() * 1000
        grant = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"], "client_id": "faultmaven-slack-agent"}
        first = await visitor.post("/api/v1/auth/refresh", json={"refresh_token": token["refresh_token"]})
        again = await visitor.post("/api/v1/auth/oauth/token", data=grant)
        assert first.json()["refresh_token"] == again.json()["refresh_token"]
        assert "user" not in again.json()
        wrong = await visitor.post("/api/v1/auth/oauth/token", data={**grant, "client_id": "someone"})
        assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_client")
        visitor.headers["Authorization"] = f"Bearer {first.json()['access_token']}"
        assert (await visitor.get("/api/v1/auth/me")).json()["username"] == "grace"
        assert (await visitor.post("/api/v1/auth/logout")).json()["all_sessions_ended"] is True
        assert (await visitor.get("/api/v1/auth/me")).status_code == 401
        assert (await visitor.post("/api/v1/auth/oauth/revoke", json={"token": "unknown"})).status_code == 200


async def test_passwordless_sign_in_exists_only_where_it_is_switched_on(stage: Stage) -> None:
    async with front(api_ports(stage)) as closed, front(api_ports(stage, dev_login=True)) as opened:
        assert (await closed.post("/api/v1/auth/dev-login", json={"username": "slack"})).status_code == 404
        token = await opened.post("/api/v1/auth/dev-login", json={"username": "slack"})
        assert (token.status_code, token.json()["user"]["is_dev_user"]) == (200, True)


async def test_a_case_opened_twice_with_one_key_is_one_case(visitor: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "open-once-please"}
    first = await visitor.post("/api/v1/cases", json={"title": "", "description": "d"}, headers=headers)
    again = await visitor.post("/api/v1/cases", json={"title": "", "description": "d"}, headers=headers)
    other = await visitor.post("/api/v1/cases", json={"title": "x"}, headers=headers)
    assert first.json()["case_id"] == again.json()["case_id"]
    assert first.json()["title"].startswith("Case-")
    assert (other.status_code, other.json()["code"]) == (409, "IDEMPOTENCY_KEY_REUSE")
    assert (await visitor.get("/api/v1/cases")).json()["total_count"] == 1


async def test_a_first_message_becomes_turn_one(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor, initial_message="checkout fails since 14:00")

    async def answered() -> bool:
        return bool((await visitor.get(f"/api/v1/cases/{case_id}/messages")).json()["total_count"] == 2)

    await eventually(answered)


async def test_a_title_given_by_hand_stands_and_a_made_one_needs_substance(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    empty = await visitor.post(f"/api/v1/cases/{case_id}/title")
    assert (empty.status_code, empty.json()["code"]) == (422, "NOT_ENOUGH_CONTEXT")
    long = "checkout service answers 503 for half of the requests in production since the deployment of this morning"
    await visitor.post(turns(case_id), data={"query": long})
    made = await visitor.post(f"/api/v1/cases/{case_id}/title", json={"max_words": 5})
    assert (made.status_code, made.headers["x-title-source"]) == (200, "extractive")
    assert 2 <= len(made.json()["title"].split()) <= 5
    renamed = await visitor.put(f"/api/v1/cases/{case_id}", json={"title": "Mine"})
    assert renamed.json()["title"] == "Mine"
    assert (await visitor.post(f"/api/v1/cases/{case_id}/title")).headers["x-title-source"] == "existing"
    assert (await visitor.put(f"/api/v1/cases/{case_id}", json={"state": "closed"})).status_code == 422


async def test_an_explicit_close_is_request_and_confirmation_in_one(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    await visitor.post(turns(case_id), data={"query": "checkout fails since 14:00"})
    key = {"Idempotency-Key": "close-key-0001"}
    closed = await visitor.post(f"/api/v1/cases/{case_id}/close", headers=key)
    assert (closed.status_code, closed.json()["case_state"]) == (200, "closed")
    repeated = await visitor.post(f"/api/v1/cases/{case_id}/close", headers=key)
    assert (repeated.status_code, repeated.json()) == (200, closed.json())
    view = (await visitor.get(f"/api/v1/cases/{case_id}/ui")).json()
    assert (view["state"], view["root_cause"]["present"]) == ("closed", False)
    again = await visitor.post(f"/api/v1/cases/{case_id}/close")
    assert (again.status_code, again.json()["code"]) == (409, "CASE_TERMINAL")
    file = await visitor.post(turns(case_id), data={"query": "x"}, files=[("files", ("app.log", LOG))])
    assert (file.status_code, file.json()["case_state"], "x-error-code" in file.headers) == (409, "closed", False)
    late = await visitor.post(f"/api/v1/cases/{case_id}/evidence", files=[("file", ("app.log", LOG))])
    assert (late.status_code, late.json()["code"]) == (409, "CASE_TERMINAL")


async def test_evidence_outside_a_turn_is_read_by_itself(visitor: httpx.AsyncClient) -> None:
    case_id = await open_case(visitor)
    taken = await visitor.post(f"/api/v1/cases/{case_id}/evidence", files=[("file", ("app.log", LOG))])
    assert taken.status_code == 201
    file_id = taken.json()["files"][0]["file_id"]

    async def read() -> bool:
        detail = await visitor.get(f"/api/v1/cases/{case_id}/uploaded-files/{file_id}")
        assert 0 <= detail.json()["analysis_percent"] <= 100
        return bool((detail.json()["analysis_status"], detail.json()["analysis_percent"]) == ("completed", 100))

    await eventually(read)
    assert (await visitor.get(f"/api/v1/cases/{case_id}/uploaded-files/file_nobody")).status_code == 404


async def test_a_store_that_is_away_refuses_and_the_key_stays_free(stage: Stage) -> None:
    ports = api_ports(stage)
    async with front(ports) as client:
        case_id = await open_case(await sign_in(client))

        async def away(*_: object) -> None:
            raise StoreUnavailable("the object store did not answer; nothing was stored, send it again")

        stage.blobs.put, kept = away, stage.blobs.put
        headers = {"Idempotency-Key": "later-please"}
        refused = await client.post(turns(case_id), data={"query": "checkout fails"}, headers=headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        stage.blobs.put = kept
        answered = await client.post(turns(case_id), data={"query": "checkout fails"}, headers=headers)
        assert answered.status_code == 200


async def test_buckets_refuse_by_name_and_polling_is_exempt(stage: Stage) -> None:
    per_minute = {"reads": 3, "writes": 10_000, "turns": 10_000, "titles": 1}
    async with front(api_ports(stage, per_minute=per_minute)) as client:
        case_id = await open_case(await sign_in(client))
        answers = [(await client.get("/api/v1/cases")).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
        limited = await client.get("/api/v1/cases")
        assert (limited.json()["code"], int(limited.headers["Retry-After"])) == ("RATE_LIMITED", 5)
        assert (await client.get(f"/api/v1/cases/{case_id}/turns/{'x' * 22}")).status_code == 404
        assert (await client.get("/health")).status_code == 200


async def test_health_and_capabilities_say_what_is_served(stage: Stage) -> None:
    ports = api_ports(stage)
    async with front(ports) as visitor:
        await ports.board.look()
        health = (await visitor.get("/health")).json()
        assert health["status"] == "healthy"
        assert health["components"]["models"]["status"] == "disabled"
        assert (await visitor.get("/readiness")).status_code == 200
        assert (await visitor.get("/health/live")).status_code == 200
        capabilities = (await visitor.get("/v1/meta/capabilities")).json()
        assert capabilities["contractVersion"] == "2.0.0"
        assert "language model" in capabilities["unavailable"][0]
        assert "faultmaven_http_request_duration_seconds" in (await visitor.get("/metrics")).text
        assert (await visitor.get("/api/v1/auth/config")).json()["supports_registration"] is True
        assert (await visitor.get("/docs")).status_code == 200


async def test_browser_extensions_may_call_with_credentials_and_read_the_headers(visitor: httpx.AsyncClient) -> None:
    origin = "chrome-extension://abcdefghijklmnop"
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-session-id"}
    allowed = await visitor.options("/api/v1/cases", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == origin
    assert allowed.headers["access-control-allow-credentials"] == "true"
    read = await visitor.get("/api/v1/cases", headers={"Origin": origin})
    assert "X-State-Source" in read.headers["access-control-expose-headers"]
    stranger = await visitor.get("/api/v1/cases", headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in stranger.headers
