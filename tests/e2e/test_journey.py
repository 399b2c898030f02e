"""A user's journey over HTTP, on the product as it runs on one machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.e2e.asking import ask
from tests.e2e.house import House, house, open_case, signed_in
from tests.waiting import ASK_AGAIN_S, until

START = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def opened() -> Iterator[House]:
    with house() as running:
        yield running


@pytest.fixture
def client(opened: House) -> Iterator[httpx.Client]:
    with signed_in(opened) as one:
        yield one


def a_failing_log() -> str:
    """Return two quiet hours, then a database that takes no more connections."""
    quiet = [
        f"{START + timedelta(seconds=30 * n):%Y-%m-%dT%H:%M:%SZ} INFO checkout order {n} accepted in {20 + n % 7} ms"
        for n in range(120)
    ]
    failing = [
        f"{START + timedelta(hours=1, seconds=5 * n):%Y-%m-%dT%H:%M:%SZ} ERROR checkout order failed: "
        "FATAL: sorry, too many clients already"
        for n in range(40)
    ]
    return "\n".join([*quiet, *failing]) + "\n"


def test_a_log_is_answered_with_a_cause_that_cites_its_lines(client: httpx.Client) -> None:
    case_id = open_case(client)
    files = [("files", ("app.log", a_failing_log()))]
    answer = ask(client, case_id, "checkout is failing since 14:00", files=files)
    first = answer["causes"][0]
    assert first["family"] == "db_connections"
    assert {line["file"] for line in first["evidence"]} == {"app.log"}
    assert "too many clients already" in first["evidence"][0]["text"]
    assert "app.log:" in answer["agent_response"]
    assert all({"state_change", "reversible", "blast_radius", "verify"} <= action.keys() for action in answer["actions"])
    assert answer["actions"]
    assert "model_unavailable" in answer["degraded"]


def test_the_case_goes_on_and_its_rows_are_all_there(client: httpx.Client) -> None:
    case_id = open_case(client)
    ask(client, case_id, "checkout is failing since 14:00", files=[("files", ("app.log", a_failing_log()))])
    second = ask(client, case_id, "what should I check first?")
    assert second["turn_number"] == 2
    page = client.get(f"/api/v1/cases/{case_id}/messages").json()
    assert [(row["turn_number"], row["role"]) for row in page["messages"]] == [
        (1, "user"),
        (1, "assistant"),
        (2, "user"),
        (2, "assistant"),
    ]
    until(lambda: client.get(f"/api/v1/cases/{case_id}").headers["X-State-Source"] == "live", what="a case that is asked itself")
    files = client.get(f"/api/v1/cases/{case_id}/uploaded-files").json()
    assert [(file["filename"], file["analysis_status"]) for file in files["files"]] == [("app.log", "completed")]


def test_progress_is_streamed_and_ends_with_the_answer(client: httpx.Client) -> None:
    case_id = open_case(client)
    data = {"query": "checkout is failing since 14:00"}
    posted = client.post(f"/api/v1/cases/{case_id}/turns", data=data, headers={"Prefer": "respond-async"})
    assert posted.status_code == 202
    names, last = [], ""
    with client.stream("GET", posted.headers["Location"] + "/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("event:"):
                names.append(line[6:].strip())
            elif line.startswith("data:"):
                last = line[5:]
    assert names[-1] == "answer"
    assert json.loads(last)["turn_number"] == 1


def test_a_repeated_key_gives_the_same_answer_and_another_body_is_refused(client: httpx.Client) -> None:
    case_id, headers = open_case(client), {"Idempotency-Key": "journey-key-0001"}
    first = ask(client, case_id, "the API answers 503", headers=headers)
    again = client.post(f"/api/v1/cases/{case_id}/turns", data={"query": "the API answers 503"}, headers=headers)
    assert again.json() == first
    assert again.headers["X-Idempotency-Replayed"] == "true"
    other = client.post(f"/api/v1/cases/{case_id}/turns", data={"query": "something else"}, headers=headers)
    assert (other.status_code, other.headers["x-error-code"]) == (409, "IDEMPOTENCY_KEY_REUSE")
    assert client.get(f"/api/v1/cases/{case_id}/messages").json()["total_count"] == 2


def test_a_deleted_case_is_gone_at_once_and_everywhere(client: httpx.Client) -> None:
    case_id = open_case(client)
    ask(client, case_id, "the API answers 503", files=[("files", ("app.log", a_failing_log()))])
    assert client.delete(f"/api/v1/cases/{case_id}").status_code == 204
    assert client.get(f"/api/v1/cases/{case_id}").status_code == 404
    assert client.post(f"/api/v1/cases/{case_id}/turns", data={"query": "hello"}).status_code == 404
    assert client.delete(f"/api/v1/cases/{case_id}").status_code == 204


def test_a_stranger_sees_nothing_of_a_case(opened: House, client: httpx.Client) -> None:
    case_id = open_case(client)
    with signed_in(opened) as stranger:
        for path in ("", "/ui", "/messages", "/uploaded-files"):
            missing = stranger.get(f"/api/v1/cases/00000000-0000-4000-8000-000000000000{path}")
            hidden = stranger.get(f"/api/v1/cases/{case_id}{path}")
            assert (hidden.status_code, hidden.json()["detail"]) == (404, missing.json()["detail"])
        assert stranger.post(f"/api/v1/cases/{case_id}/turns", data={"query": "hello"}).status_code == 404


def test_a_case_closes_by_two_turns_and_then_takes_no_files(client: httpx.Client) -> None:
    case_id = open_case(client)
    ask(client, case_id, "the API answers 503 since 10:00")
    wish = '{"to_state": "closed", "user_confirmed": true}'
    asked = ask(client, case_id, intent_type="status_transition", intent_data=wish)
    assert (asked["response_type"], asked["case_state"]) == ("CONFIRMATION_REQUEST", "inquiry")
    confirmed = ask(client, case_id, "yes")
    assert confirmed["case_state"] == "closed"
    refused = client.post(f"/api/v1/cases/{case_id}/turns", data={"query": "more"}, files=[("files", ("a.log", b"x\n"))])
    assert refused.status_code == 409
    assert "x-error-code" not in refused.headers
    assert ask(client, case_id, "what was it?")["response_type"] in {"ANSWER", "STATUS_UPDATE"}
    until(lambda: client.get(f"/api/v1/cases/{case_id}/ui").json()["state"] == "closed")


def a_log(service: str, failing: str, minute: int = 60) -> str:
    """Return two quiet hours of a service, and its failure from that minute on."""
    quiet = [f"{START + timedelta(seconds=30 * n):%Y-%m-%dT%H:%M:%SZ} INFO {service} request {n} served" for n in range(120)]
    loud = [f"{START + timedelta(minutes=minute, seconds=5 * n):%Y-%m-%dT%H:%M:%SZ} {failing}" for n in range(40)]
    return "\n".join([*quiet, *loud]) + "\n"


TABLE = (
    ("help me please", {}, "CLARIFICATION_REQUEST", ["FREE_SPEECH"]),
    ("checkout is failing since 14:00", {}, "CONFIRMATION_REQUEST", ["DECIDE", "DECIDE"]),
    ("yes", {}, "STATUS_UPDATE", []),
    ("orders time out again and again", {}, "NEEDS_MORE_DATA", ["EVIDENCE"]),
    ("here is a log", {"app.log": a_failing_log()}, "ANSWER", ["RUN", "RUN", "FREE_SPEECH"]),
    (
        "here is the log of the cart",
        {"cart.log": a_log("cart", "ERROR cart: write /var/lib/cart/queue: no space left on device", 70)},
        "PLAN_PROPOSAL",
        ["RUN", "RUN"],
    ),
    ("12 % of the requests of the payments service in eu-west fail, nothing changed before", {}, "PLAN_PROPOSAL", ["RUN", "RUN"]),
    (
        "here is the log of the database",
        {"postgres.log": a_log("db", "UTC [4242] FATAL:  sorry, too many clients already")},
        "SOLUTION_READY",
        ["DECIDE"],
    ),
    ("an attacker has a shell on the host", {}, "ESCALATION_REQUIRED", ["DECIDE", "DECIDE", "DECIDE"]),
)
"""One story: what is said and sent, the kind of the reply, and the kinds of its first actions (investigation.md 8)."""


def test_each_of_the_nine_kinds_of_reply_is_reached_with_what_it_must_carry(client: httpx.Client) -> None:
    case_id, told = open_case(client), {}
    for text, files, kind, first in TABLE:
        answer = ask(client, case_id, text, files=[("files", file) for file in files.items()])
        assert answer["response_type"] == kind, text
        actions = answer["suggested_actions"]
        assert [action["type"] for action in actions][: len(first)] == first, text
        told[kind] = actions
    assert told["STATUS_UPDATE"] == []
    assert told["NEEDS_MORE_DATA"][0]["evidence_need_id"].startswith("eneed_")
    assert all(action["risk"]["read_only"] for action in told["PLAN_PROPOSAL"])
    assert "Verify:" in told["SOLUTION_READY"][0]["body"]
    told["ERROR"] = cancelled(client, case_id)["suggested_actions"]
    assert told["ERROR"] == []
    assert len(told) == 9


def cancelled(client: httpx.Client, case_id: str) -> dict:
    """Return the answer to a turn that is taken back while it waits behind another."""
    later = {"Prefer": "respond-async"}
    place, large = f"/api/v1/cases/{case_id}/turns", a_log("search", "ERROR search: timed out") * 200
    client.post(place, data={"query": "one more"}, files=[("files", ("search.log", large))], headers=later)
    unwanted = client.post(place, data={"query": "never mind"}, headers=later).headers["Location"]
    assert client.post(f"{unwanted}/cancel").status_code == 202
    until(lambda: client.get(unwanted).status_code == 200, what="an answer to the cancelled turn", every=ASK_AGAIN_S)
    answer = client.get(unwanted).json()
    assert (answer["response_type"], answer["error"]["code"]) == ("ERROR", "CANCELLED")
    return answer
