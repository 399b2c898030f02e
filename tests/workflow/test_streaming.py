"""A turn while it runs: cancelled, followed and followed again, with a model over real HTTP and the engine's own streams."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.client import Client

from activities.adapters.model_router import open_router
from activities.adapters.openai_model import open_openai_model
from activities.adapters.turn_stream import StreamedFeeds
from activities.processes import Processes
from tests.stubs.models import ModelStub, Received, Reply
from tests.waiting import PATIENCE_S, eventually
from tests.workflow.front import api_ports, open_case, served, sign_in
from tests.workflow.stage import Stage

STOPPED_WITHIN_S = 2.0
"""From the wish to stop until nobody pays any more and the turn is answered (issue 5)."""
BEAT_S = 2.1
"""After that the first beat of a step has gone out; held back by the engine's own default, the next would take 4 s more."""
SUMMARY = "".join(f"word{number:03} " for number in range(120))
PROPOSAL = json.dumps({"summary": SUMMARY, "causes": []})


@dataclass(frozen=True)
class Event:
    """One server-sent event as a client reads it."""

    place: str
    name: str
    data: dict[str, Any]


@dataclass
class House:
    """A running product with a model that speaks as slowly as it is told to."""

    stage: Stage
    client: httpx.AsyncClient
    stub: ModelStub
    replies: list[Reply] = field(default_factory=list)
    """What the next calls get; the last repeats."""

    async def post(self, case_id: str, query: str = "checkout fails since noon") -> str:
        """Post without waiting, in words that no paid answer was given to; return the turn's place."""
        headers, said = {"Prefer": "respond-async"}, f"{query} (order {uuid4()})"
        posted = await self.client.post(f"/api/v1/cases/{case_id}/turns", data={"query": said}, headers=headers)
        assert posted.status_code == 202, posted.text
        return str(posted.headers["Location"])

    async def answered(self, place: str) -> dict[str, Any]:
        told: list[httpx.Response] = []

        async def over() -> bool:
            told[:] = [await self.client.get(place)]
            return told[0].status_code != 202

        await eventually(over, what="an answer")
        return dict(told[0].json())

    async def follow(self, place: str, last_id: str = "") -> AsyncIterator[Event]:
        """Yield events; leaving cuts the connection."""
        headers = {"Last-Event-ID": last_id} if last_id else {}
        async with self.client.stream("GET", f"{place}/events", headers=headers) as response:
            assert response.status_code == 200
            told: dict[str, str] = {}
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                told |= {name: value} if name else {}
                if not line and told.get("event"):
                    yield Event(told.get("id", ""), told["event"], json.loads(told["data"]))
                    told = {}

    async def seen(self, place: str, last_id: str = "", most: int = 10_000) -> list[Event]:
        """Return at most so many events, then cut the connection."""
        found: list[Event] = []
        async with aclosing(self.follow(place, last_id)) as events:
            async for event in events:
                found.append(event)
                if len(found) == most:
                    break
        return found


@pytest.fixture(scope="module")
async def house(client: Client, processes: Processes) -> AsyncIterator[House]:
    replies: list[Reply] = []

    def script(_received: Received) -> Reply:
        return replies.pop(0) if len(replies) > 1 else replies[0]

    async with ModelStub(script) as stub:
        model = open_openai_model("local", "stub", "", stub.openai_url)
        stage = Stage(client, processes=processes, feeds=StreamedFeeds(), model=open_router([("local", model)]))
        async with model.client, stage.workers(), served(api_ports(stage)) as visitor:
            yield House(stage, await sign_in(visitor), stub, replies)


def drafted(events: list[Event]) -> str:
    """Return what a client shows that drops everything at `restarted`."""
    last = max((at for at, event in enumerate(events) if event.name == "restarted"), default=-1)
    return "".join(event.data["text"] for event in events[last + 1 :] if event.name == "draft")


async def cut_and_resumed(house: House, place: str, chance: random.Random) -> list[Event]:
    """Return all that a client sees whose connection breaks again and again."""
    seen: list[Event] = []
    while not seen or seen[-1].name != "answer":
        known = next((event.place for event in reversed(seen) if event.place), "")
        fresh = await house.seen(place, known, chance.randint(1, 14))
        assert fresh, "a connection that told nothing"
        seen += fresh
    return seen


async def cancelled(house: House, case_id: str) -> tuple[float, dict[str, Any]]:
    """Cancel a turn in the middle of its answer; return the seconds until nobody pays and it is answered, and its answer."""
    house.stub.left.clear()
    place, began = await house.post(case_id), time.monotonic()
    async with aclosing(house.follow(place)) as events:
        async for event in events:
            if event.name == "draft" and time.monotonic() - began > BEAT_S:
                break
    wished = time.monotonic()
    assert (await house.client.post(f"{place}/cancel")).status_code == 202
    async with asyncio.timeout(PATIENCE_S):
        await house.stub.left.wait()
    hung_up = time.monotonic() - wished
    reply = await house.answered(place)
    ended = time.monotonic() - wished
    print(f"cancel: the provider was left after {hung_up:.2f} s, the turn answered after {ended:.2f} s")
    return max(hung_up, ended), reply


async def test_cancel_stops_a_streaming_turn_within_two_seconds_and_the_case_goes_on(house: House) -> None:
    """A machine that stands still spoils a try: one of three is in time."""
    house.replies[:] = [Reply(text=PROPOSAL, pace_s=0.2), Reply(text=PROPOSAL)]
    case_id, before = await open_case(house.client), len(house.stub.received)
    took, reply = await cancelled(house, case_id)
    assert (reply["response_type"], reply["error"]["code"]) == ("ERROR", "CANCELLED")
    assert len(house.stub.received) == before + 1
    assert house.stage.ledger.answers == {}
    assert len(house.stage.budgets.settled) == len(house.stage.budgets.rows) == 1
    after = await house.answered(await house.post(case_id, "and now?"))
    assert after["response_type"] != "ERROR"
    assert (len(house.stub.received), len(house.stage.ledger.answers)) == (before + 2, 1)
    assert len(house.stage.budgets.settled) == len(house.stage.budgets.rows) == 2
    rows = (await house.client.get(f"/api/v1/cases/{case_id}/messages")).json()["messages"]
    assert [row["role"] for row in rows] == ["user", "assistant"] * 2
    assert "cancelled" in rows[1]["content"]
    for _ in range(2):
        if took > STOPPED_WITHIN_S:
            house.replies[:] = [Reply(text=PROPOSAL, pace_s=0.2)]
            took, _ = await cancelled(house, await open_case(house.client))
    assert took < STOPPED_WITHIN_S


async def test_a_turn_behind_others_is_told_as_accepted_and_then_as_started(house: House) -> None:
    house.replies[:] = [Reply(text=PROPOSAL, pace_s=0.01), Reply(text=PROPOSAL)]
    case_id = await open_case(house.client)
    await house.post(case_id)
    seen = await house.seen(await house.post(case_id, "and what else?"))
    assert [(event.name, event.place) for event in seen[:2]] == [("accepted", ""), ("started", "0")]
    assert (seen[0].data["ahead"], seen[1].data["turn_number"]) == (1, 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_stream_cut_anywhere_resumes_without_a_lost_or_repeated_token(house: House, seed: int) -> None:
    house.replies[:] = [Reply(text=PROPOSAL, pace_s=0.01)]
    place = await house.post(await open_case(house.client))
    seen = await cut_and_resumed(house, place, random.Random(seed))
    assert drafted(seen) == SUMMARY
    places = [int(event.place) for event in seen if event.place]
    assert places == list(range(places[-1] + 1))
    assert [event.name for event in seen].count("answer") == 1


async def test_an_ended_turn_tells_the_rest_after_the_last_event_id_and_all_of_it_after_none_of_its_own(house: House) -> None:
    house.replies[:] = [Reply(text=PROPOSAL)]
    place = await house.post(await open_case(house.client))
    await house.answered(place)
    whole = await house.seen(place)
    assert drafted(whole) == SUMMARY
    assert whole[-1].name == "answer"
    middle = len(whole) // 2
    rest = await house.seen(place, whole[middle].place)
    assert [event.place for event in rest] == [event.place for event in whole[middle + 1 :]]
    for strange in ("1000000", "abc", "-1", "1.5", "9" * 5_000):
        again = await house.seen(place, strange)
        assert [(event.place, event.name) for event in again] == [(event.place, event.name) for event in whole], strange
    assert [event.name for event in await house.seen(place, whole[-2].place)] == ["answer"]


async def test_a_second_attempt_says_that_it_begins_anew_also_to_who_comes_back(house: House) -> None:
    house.replies[:] = [Reply(text=PROPOSAL, pace_s=0.01, cut_after=5_000), Reply(text=PROPOSAL, pace_s=0.01)]
    place = await house.post(await open_case(house.client))
    seen = await cut_and_resumed(house, place, random.Random(7))
    names = [event.name for event in seen]
    assert names.count("restarted") == 1
    assert "draft" in names[: names.index("restarted")]
    assert drafted(seen) == SUMMARY
