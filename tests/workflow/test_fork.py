"""Forks over real workflows: turns taken again without something, nothing read twice, nothing of the origin touched."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from activities.processes import Processes
from tests.fakes import MemoryCaseErasure, ScriptedModel
from tests.unit.domain.evidence.bundles import zipped
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.shapes import read, take
from tests.workflow.stage import Stage

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ASYNC = {"Prefer": "respond-async"}


def a_log(text: str, count: int, minute: int = 0) -> bytes:
    begin = START + timedelta(minutes=minute)
    return "".join(f"{begin + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ} {text}\n" for n in range(count)).encode()


HERRING = a_log("ERROR checkout order failed: FATAL: sorry, too many clients already", 40)
DISK = a_log("ERROR payment write failed: No space left on device", 3, 5)
BOTH = [("files", ("clients.log", HERRING)), ("files", ("payment.log", DISK))]
PROPOSAL = json.dumps({"summary": "", "causes": []})


STORY = (
    ("checkout is failing for all users since 14:00", None),
    ("yes", None),
    ("here is the log of the database clients", BOTH[:1]),
    ("what is the cause?", None),
    ("here is the log of payment", BOTH[1:]),
    ("what should we check next?", None),
    ("nothing was deployed before that", None),
    ("since when is it broken?", None),
    ("which services are affected?", None),
    ("what is the cause now?", None),
)


class Idle(Processes):
    """A pool that nobody may ask for an analysis."""

    async def run(self, function, *arguments, **named):
        raise AssertionError(f"{function} was run again")


@asynccontextmanager
async def visit(stage: Stage) -> AsyncGenerator[httpx.AsyncClient]:
    async with front(api_ports(stage)) as visitor:
        yield await sign_in(visitor)


async def investigated(visitor: httpx.AsyncClient, files: list[Any]) -> str:
    """Return a case of three turns: a symptom, the click that starts the investigation, files."""
    case_id = await open_case(visitor, title="Checkout fails")
    asked = await take(visitor, case_id, "checkout is failing for all users since 14:00")
    yes = next(action["intent"] for action in asked["suggested_actions"] if action["label"].startswith("Yes"))
    started = await take(visitor, case_id, intent_type="confirmation", intent_data=json.dumps(yes))
    assert started["case_state"] == "investigating"
    await take(visitor, case_id, "here are the logs", files=files)
    return case_id


async def files_of(visitor: httpx.AsyncClient, case_id: str) -> dict[str, str]:
    """Return name → id of a case's files."""
    files = (await read(visitor, f"/api/v1/cases/{case_id}/uploaded-files"))["files"]
    return {file["filename"]: file["file_id"] for file in files}


async def fork(visitor: httpx.AsyncClient, case_id: str, **body: Any) -> dict[str, Any]:
    answer = await visitor.post(f"/api/v1/cases/{case_id}/fork", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def finished(visitor: httpx.AsyncClient, fork_id: str) -> dict[str, Any]:
    """Wait until a fork has taken its turns; return its case."""

    async def over() -> bool:
        case = await read(visitor, f"/api/v1/cases/{fork_id}")
        return case["current_turn"] == case["forked_from"]["turn"]

    await eventually(over, what="the fork's turns", every=0.1)
    return await read(visitor, f"/api/v1/cases/{fork_id}")


async def screen(visitor: httpx.AsyncClient, case_id: str) -> dict[str, Any]:
    return await read(visitor, f"/api/v1/cases/{case_id}/ui")


async def said(visitor: httpx.AsyncClient, case_id: str) -> list[tuple[int, str, str]]:
    """Return what people read of a conversation."""
    page = await read(visitor, f"/api/v1/cases/{case_id}/messages")
    return [(row["turn_number"], row["role"], row["content"]) for row in page["messages"]]


async def test_the_fork_of_a_ten_turn_case_without_its_red_herring_shows_what_that_changes(stage: Stage) -> None:
    async with visit(stage) as visitor:
        case_id = await open_case(visitor, title="Checkout fails")
        for text, files in STORY:
            await take(visitor, case_id, text, files=files)
        herring = (await files_of(visitor, case_id))["clients.log"]
        fork_id = (await fork(visitor, case_id, without=[herring]))["case_id"]
        assert (await finished(visitor, fork_id))["current_turn"] == 10
        found = await read(visitor, f"/api/v1/cases/{fork_id}/diff")
    assert [found[side]["case_id"] for side in ("before", "after")] == [case_id, fork_id]
    assert [found[side]["turn"] for side in ("before", "after")] == [10, 10]
    assert found["before"]["conclusion"]["text"].startswith("The database has no connection left")
    assert found["after"]["conclusion"]["text"].startswith("The disk of the service behind payment.log is full")
    assert (found["leader_changed"], found["turns_left"]) == (True, 0)
    moves = {cause["statement"].split(":")[0]: cause["move"] for cause in found["causes"]}
    assert moves["The database has no connection left"] == "gone"
    disk = next(cause for cause in found["causes"] if cause["statement"].startswith("The disk"))
    assert (disk["move"], disk["before"]["rank"], disk["after"]["rank"]) == ("up", 2, 1)
    assert disk["after"]["likelihood"] > disk["before"]["likelihood"]
    assert [file["name"] for file in found["files"]["before"]] == ["clients.log"]
    for part in ("evidence", "claims"):
        assert {one["file"] for one in found[part]["before"]} == {"clients.log"}
    assert found["actions"]["before"]
    assert found["files"]["after"] == []
    assert "**Another cause leads.**" in found["markdown"]


async def test_a_whole_fork_says_what_its_origin_says_and_reads_no_file_again(cold_stage: Stage) -> None:
    async with visit(cold_stage) as visitor:
        async with cold_stage.workers():
            case_id = await investigated(visitor, BOTH)
        before = (await said(visitor, case_id), await files_of(visitor, case_id))
        real, cold_stage.processes = cold_stage.processes, Idle(1)
        async with cold_stage.workers():
            opened = await fork(visitor, case_id)
            case = await finished(visitor, opened["case_id"])
            assert await said(visitor, opened["case_id"]) == before[0]
            same = await read(visitor, f"/api/v1/cases/{opened['case_id']}/diff")
            assert {cause["move"] for cause in same["causes"]} == {"stays"}
            assert not any(
                same[part][side] for part in ("files", "evidence", "claims", "actions") for side in ("before", "after")
            )
            assert (await screen(visitor, opened["case_id"]))["working_conclusion"]["summary"].startswith("The database")
        cold_stage.processes = real
        assert (case["forked_from"], case["title"]) == ({"case_id": case_id, "turn": 3}, "Checkout fails (fork)")
        assert (await files_of(visitor, opened["case_id"])).keys() == before[1].keys()
        assert not set((await files_of(visitor, opened["case_id"])).values()) & set(before[1].values())
        assert (await said(visitor, case_id), await files_of(visitor, case_id)) == before
        listed = (await read(visitor, "/api/v1/cases"))["cases"]
        assert [row["forked_from"] and row["forked_from"]["case_id"] for row in listed] == [case_id, None]


async def test_a_fork_without_an_archives_member_has_the_others(stage: Stage) -> None:
    bundle = zipped([("clients.log", HERRING), ("payment.log", DISK)])
    async with visit(stage) as visitor:
        case_id = await investigated(visitor, [("files", ("bundle.zip", bundle))])
        files = await files_of(visitor, case_id)
        opened = await fork(visitor, case_id, without=[files["bundle.zip/clients.log"]])
        await finished(visitor, opened["case_id"])
        assert set(await files_of(visitor, opened["case_id"])) == {"bundle.zip/payment.log"}
        assert "disk" in (await screen(visitor, opened["case_id"]))["working_conclusion"]["summary"]


async def test_only_the_last_turn_asks_a_model_and_the_fork_goes_on_as_a_case_of_its_own(cold_stage: Stage) -> None:
    cold_stage.model = ScriptedModel(lambda _request: PROPOSAL)
    async with cold_stage.workers(), visit(cold_stage) as visitor:
        case_id = await open_case(visitor)
        for text in ("checkout is failing since 14:00", "the cart fails too", "and the search fails as well"):
            await take(visitor, case_id, text)
        cold_stage.model.asked.clear()
        for turn in (1, 3):
            opened = await fork(visitor, case_id, title="another way", at_turn=turn, model="scripted/large")
            await finished(visitor, opened["case_id"])
            asked = [(request.key, request.model) for request in cold_stage.model.asked]
            assert asked == [(f"case-{opened['case_id']}-turn-{turn}:propose", "scripted/large")]
            cold_stage.model.asked.clear()
        alone = [record for record in cold_stage.rows.turns.values() if '"degraded":["model_unavailable"]' in record.response]
        assert [(str(record.case_id), record.number) for record in alone] == [(opened["case_id"], 1)]
        await take(visitor, opened["case_id"], "what is the cause?")
        assert (await read(visitor, f"/api/v1/cases/{opened['case_id']}"))["current_turn"] == 4
        assert (await read(visitor, f"/api/v1/cases/{case_id}"))["current_turn"] == 3


async def test_a_fork_takes_no_other_turn_before_those_of_its_origin(cold_stage: Stage) -> None:
    async with visit(cold_stage) as visitor:
        async with cold_stage.workers():
            case_id = await open_case(visitor)
            await take(visitor, case_id, "checkout is failing since 14:00")
        fork_id = (await fork(visitor, case_id))["case_id"]
        for route, given in (
            ("turns", {"data": {"query": "and now?"}, "headers": ASYNC}),
            ("evidence", {"files": [("file", ("a.log", DISK))]}),
        ):
            early = await visitor.post(f"/api/v1/cases/{fork_id}/{route}", **given)
            assert (early.status_code, early.headers["x-error-code"], early.headers["Retry-After"]) == (
                429,
                "CASE_QUEUE_FULL",
                "5",
            )
        async with cold_stage.workers():
            await finished(visitor, fork_id)
            assert (await take(visitor, fork_id, "and now?"))["turn_number"] == 2


async def test_the_same_key_is_one_fork_and_another_body_is_refused(stage: Stage) -> None:
    async with visit(stage) as visitor:
        case_id, headers = await open_case(visitor), {"Idempotency-Key": "a-key-of-mine"}
        await take(visitor, case_id, "checkout is failing since 14:00")
        first = await visitor.post(f"/api/v1/cases/{case_id}/fork", json={}, headers=headers)
        await finished(visitor, first.json()["case_id"])
        again = await visitor.post(f"/api/v1/cases/{case_id}/fork", json={}, headers=headers)
        other = await visitor.post(f"/api/v1/cases/{case_id}/fork", json={"title": "x"}, headers=headers)
        assert (again.json()["case_id"], again.headers["Location"]) == (first.json()["case_id"], first.headers["Location"])
        assert again.headers["X-Idempotency-Replayed"] == "true"
        assert (other.status_code, other.headers["x-error-code"]) == (409, "IDEMPOTENCY_KEY_REUSE")
        assert (await read(visitor, "/api/v1/cases"))["total_count"] == 2


async def test_a_bad_fork_is_refused_by_name_and_nothing_is_opened(stage: Stage) -> None:
    async with visit(stage) as visitor:
        case_id, other = await open_case(visitor), await open_case(visitor)
        await take(visitor, case_id, "checkout is failing since 14:00")
        await take(visitor, other, "search fails", files=[("files", ("payment.log", DISK))])
        (foreign,) = (await files_of(visitor, other)).values()
        for body, named in (
            ({"at_turn": 0}, "at_turn"),
            ({"at_turn": 2}, "1 answered turns; name one of 1 to 1"),
            ({"without": [foreign]}, "without[0]: no such file in this case; GET"),
            ({"model": "elsewhere/large"}, "not a provider of this deployment; it has none"),
        ):
            answer = await visitor.post(f"/api/v1/cases/{case_id}/fork", json=body)
            assert (answer.status_code, named in answer.text) == (422, True), answer.text
        untold = await visitor.post(f"/api/v1/cases/{await open_case(visitor)}/fork", json={})
        assert (untold.status_code, "send a message first" in untold.json()["detail"]) == (422, True)
        assert (await read(visitor, "/api/v1/cases"))["total_count"] == 3
        async with visit(stage) as stranger:
            assert (await stranger.post(f"/api/v1/cases/{case_id}/fork", json={})).status_code == 404


async def test_any_two_cases_of_ones_own_are_compared_and_no_other(stage: Stage) -> None:
    async with visit(stage) as visitor, visit(stage) as stranger:
        case_id, other, foreign = await open_case(visitor), await open_case(visitor), await open_case(stranger)
        place = f"/api/v1/cases/{case_id}/diff"
        assert (await read(visitor, f"{place}?with={other}"))["before"]["case_id"] == other
        for asked, status, named in (
            ("", 422, "with: this case is no fork"),
            (f"?with={foreign}", 404, "no such case"),
            ("?with=nonsense", 404, "no such case"),
        ):
            answer = await visitor.get(place + asked)
            assert (answer.status_code, named in answer.json()["detail"]) == (status, True), answer.text


async def test_a_fork_outlives_its_origin_and_one_that_is_gone_too_soon_leaves_a_case_that_takes_turns(cold_stage: Stage) -> None:
    async with visit(cold_stage) as visitor:
        async with cold_stage.workers():
            case_id = await investigated(visitor, BOTH)
            whole = (await fork(visitor, case_id))["case_id"]
            await finished(visitor, whole)
        empty = (await fork(visitor, case_id))["case_id"]
        await MemoryCaseErasure(cold_stage.rows).erase(UUID(case_id))
        del cold_stage.rows.cases[UUID(case_id)]
        cold_stage.blobs.blobs = {place: data for place, data in cold_stage.blobs.blobs.items() if place[0] != UUID(case_id)}
        async with cold_stage.workers():
            reply = await take(visitor, whole, "what is the cause?")
            assert reply["causes"][0]["evidence"][0]["file"] == "clients.log"
            gone = await visitor.get(f"/api/v1/cases/{whole}/diff")
            assert (gone.status_code, "?with=" in gone.json()["detail"]) == (404, True)
            case = await finished(visitor, empty)
            assert (case["current_turn"], case["forked_from"]) == (0, {"case_id": case_id, "turn": 0})
            assert (await take(visitor, empty, "search fails since 15:00"))["turn_number"] == 1
