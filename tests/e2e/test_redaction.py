"""The redactor holds: what is planted in messages, files and names is in no byte that leaves or stays, but for the vault."""

from __future__ import annotations

import asyncio
import gzip
import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from activities.adapters.temporal import Address, connect
from tests import servers
from tests.e2e import canaries
from tests.e2e.asking import ask, upload
from tests.e2e.canaries import Canaries
from tests.e2e.house import House, house, open_case, signed_in
from tests.e2e.provider import Provider, provider
from tests.e2e.test_journey import a_failing_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One case with values planted everywhere, and what its owner saw."""

    house: House
    provider: Provider
    seed: int
    planted: Mapping[str, Canaries]
    case_id: str
    turns: list[dict]
    pages: Mapping[str, str]
    errors: list[str]
    metrics: bytes


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """Tell the whole story once: every test looks at what it left."""
    seed, port = secrets.randbits(32), servers.free_port()
    planted = canaries.plant(seed)
    with provider() as model:
        settings = {**model.environment("openai"), "FAULTMAVEN_WORKER__METRICS_PORT": str(port)}
        with house(settings) as opened, signed_in(opened) as client:
            case_id, turns = _investigate(client, planted)
            paths = ("", "/ui", "/messages", "/uploaded-files")
            pages = {path: client.get(f"/api/v1/cases/{case_id}{path}").text for path in paths}
            errors = _provoke(client, case_id, planted["error"])
            metrics = b"".join(
                httpx.get(f"{url}/metrics", trust_env=False).content for url in (f"http://127.0.0.1:{port}", opened.url)
            )
            yield Told(
                house=opened,
                provider=model,
                seed=seed,
                planted=planted,
                case_id=case_id,
                turns=turns,
                pages=pages,
                errors=errors,
                metrics=metrics,
            )


def _log(values: Canaries) -> bytes:
    return (a_failing_log() + values.lines("2026-11-20T14:05:00Z") + "\n").encode()


def _investigate(client: httpx.Client, planted: Mapping[str, Canaries]) -> tuple[str, list[dict]]:
    body = {"title": planted["title"].words(), "description": planted["description"].sentence()}
    case_id = client.post("/api/v1/cases", json=body).json()["case_id"]
    name = f"{planted['name'].words()} Bearer {planted['name'].bearer}.log"
    files = [("files", (name, _log(planted["file"]))), ("files", ("packed.log.gz", gzip.compress(_log(planted["gzip"]))))]
    page = f"https://wiki.example.org/x?user={planted['url'].email}&access_token={planted['url'].bearer}"
    reason = json.dumps({"hypothesis_id": "hyp_unknown", "action": "refute", "reason": planted["reason"].words()})
    said = "checkout is failing since 14:00. " + planted["message"].sentence()
    first = ask(client, case_id, said, files, source_url=page)
    second = ask(client, case_id, "and this?", pasted_content=_log(planted["pasted"]).decode())
    third = ask(client, case_id, intent_type="hypothesis_action", intent_data=reason)
    upload(client, case_id, {f"late {name}": _log(planted["file"]) + b"late\n"})
    return case_id, [first, second, third, ask(client, case_id, "what is the cause of the failing checkout?")]


def _provoke(client: httpx.Client, case_id: str, values: Canaries) -> list[str]:
    """Return the bodies of refused requests that hold planted values in every place where a client can put one."""
    case, words, sentence = f"/api/v1/cases/{case_id}", values.words(), values.sentence()
    posted = [
        client.post(f"{case}/turns", data={"query": words}, files=[("files", (f"{words} {values.bearer}.log", b""))]),
        client.post(f"{case}/turns", data={"query": sentence, "intent_type": words}),
        client.post(f"{case}/turns", data={"query": sentence, "intent_type": "confirmation", "intent_data": sentence}),
        client.post(
            f"{case}/turns",
            data={
                "query": words,
                "intent_type": "hypothesis_action",
                "intent_data": json.dumps({"hypothesis_id": words, "action": words}),
            },
        ),
        client.post(f"{case}/turns", data={"query": sentence, "observed_at": words}),
        client.post(f"{case}/turns", data={"query": sentence, "source_url": sentence}),
        client.post(f"{case}/turns", data={"query": sentence}, headers={"Idempotency-Key": words}),
        client.post(f"{case}/turns", content=sentence.encode(), headers={"Content-Type": words}),
        client.post("/api/v1/cases", json={"title": sentence * 20, "priority": words, words: sentence}),
        client.post("/api/v1/cases", content=b'{"title": ' + sentence.encode(), headers={"Content-Type": "application/json"}),
        client.post("/api/v1/sessions", json={"metadata": {"x": sentence * 60}, "client_id": words, "timeout_minutes": words}),
        client.post("/api/v1/auth/login", json={"username": values.cloud, "password": values.password}),
        client.post("/api/v1/auth/refresh", json={"refresh_token": values.bearer}),
        client.post("/api/v1/auth/oauth/token", data={"grant_type": words, "refresh_token": values.bearer}),
        client.post("/api/v1/auth/register", json={"username": words, "password": values.password, "email": words * 20}),
        client.get(f"/api/v1/cases/{words}"),
        client.get(f"{case}/uploaded-files/{values.cloud}"),
        client.get(f"{case}/turns/{values.email}"),
        client.get(f"{case}/messages", params={"limit": words}),
        client.get(f"/{values.email}/nowhere", params={"access_token": values.bearer, "password": values.password}),
        client.get("/api/v1/cases", headers={"X-Session-Id": words}),
        client.get("/api/v1/cases", headers={"Authorization": f"Bearer {values.bearer}"}),
        client.request(values.cloud, f"{case}/turns"),
    ]
    assert all(one.status_code >= 400 for one in posted), [(one.request.url.path, one.status_code) for one in posted]
    return [one.text + str(one.headers) for one in posted]


async def _histories(opened: House) -> list[str]:
    """Return the history of every run that the engine knows."""
    client = await connect(Address(target=f"127.0.0.1:{opened.temporal_port}"))
    runs = [run async for run in client.list_workflows()]
    handles = [client.get_workflow_handle(run.id, run_id=run.run_id) for run in runs]
    return [(await handle.fetch_history()).to_json() for handle in handles]


def _stored(folder: Path) -> dict[str, bytes]:
    """Return every file of the house: databases with their logs, objects, Temporal's file, the logs of the processes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_no_planted_value_is_in_any_byte_that_left_or_stays(told: Told) -> None:
    histories = asyncio.run(_histories(told.house))
    stored = _stored(told.house.folder)
    sinks = {
        "model": b"\n".join(each.body + str(each.headers).encode() + each.path.encode() for each in told.provider.heard),
        "histories": "\n".join(histories).encode(),
        "metrics": told.metrics,
        "errors": "\n".join(told.errors).encode(),
        **stored,
    }
    leaks = [leak for place, data in sinks.items() for leak in canaries.found(told.planted, place, data)]
    count = sum(len(values.all) for values in told.planted.values())
    print(
        f"seed {told.seed}: {count} values planted in {len(told.planted)} places, {len(leaks)} found in {len(sinks)} sinks "
        f"({len(told.provider.received)} model calls, {len(histories)} histories, {len(told.errors)} error bodies, {len(stored)} files, "
        f"{sum(map(len, sinks.values())) >> 10} KiB)"
    )
    assert len(told.provider.received) >= 2
    assert len(histories) >= 7
    assert {"temporal.db", "api.log", "worker.log", "data/faultmaven.db", "data/passages.db"} <= stored.keys()
    assert any(name.startswith("data/objects/") for name in stored)
    assert not leaks, f"seed {told.seed}: {leaks}"


def test_the_owner_sees_persons_restored_and_secrets_never(told: Told) -> None:
    turns, messages = json.dumps(told.turns), told.pages["/messages"]
    whole = "\n".join((turns, *told.pages.values()))
    for kind in canaries.RESTORED:
        assert told.planted["message"].all[kind] in messages
        assert any(told.planted[place].all[kind] in turns for place in ("file", "gzip", "pasted"))
        assert told.planted["name"].all[kind] in told.pages["/uploaded-files"]
        assert told.planted["title"].all[kind] in told.pages[""]
        assert told.planted["description"].all[kind] in told.pages[""]
    assert "[SECRET]" in messages
    for place, values in told.planted.items():
        for kind in canaries.DROPPED:
            assert values.all[kind] not in whole, f"seed {told.seed}: {place}/{kind}"


def test_the_model_saw_placeholders_and_its_quotes_of_them_were_kept(told: Told) -> None:
    prompt = told.provider.received[-1].prompt
    assert "<EMAIL_" in prompt
    assert "<SECRET_" in prompt
    assert set(told.turns[-1]["degraded"]) <= {"lexical_only"}


def test_a_redactor_that_raises_means_no_model_call_and_the_text_nowhere() -> None:
    seed = secrets.randbits(32)
    planted = canaries.plant(seed)
    roots = {part: (sys.executable, "-m", "tests.e2e.broken_redaction", part) for part in ("api", "worker")}
    with provider() as model, house(model.environment("openai"), **roots) as opened, signed_in(opened) as client:
        case_id = open_case(client)
        files = [("files", (f"{planted['name'].words()}.log", _log(planted["file"])))]
        answer = ask(client, case_id, planted["message"].sentence(), files)
        page = client.get(f"/api/v1/cases/{case_id}/messages").text
        health = client.get("/health").json()
        sinks = {
            "histories": "\n".join(asyncio.run(_histories(opened))).encode(),
            **_stored(opened.folder),
            "page": page.encode(),
        }
        leaks = [leak for place, data in sinks.items() for leak in canaries.found(planted, place, data)]
        print(f"seed {seed}: {len(leaks)} found in {len(sinks)} sinks, {len(model.received)} model calls")
        assert "redaction_unavailable" in answer["degraded"]
        assert answer["attachments_processed"][0]["filename"].startswith("file-")
        assert model.received == []
        assert health["components"]["redaction"]["status"] == "unhealthy"
        assert not leaks, f"seed {seed}: {leaks}"
