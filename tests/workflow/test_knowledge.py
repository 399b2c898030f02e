"""Documents: taken, indexed, and cited where they apply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from temporalio.client import Client

from activities.adapters.embedded_passages import open_passages
from activities.knowledge import IngestDocument
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage
from workflows import names
from workflows.knowledge import IngestDocumentWorkflow

DOCUMENTS = "/api/v1/knowledge/documents"
RUNBOOK = """# Connection pool of the ledger service is exhausted

## Symptoms

Requests to the ledger service wait and end with a pool timeout.

## Fix

Raise `ledger.pool.size` and restart the ledger service.
"""


@pytest.fixture
async def library(client: Client, tmp_path: Path) -> AsyncIterator[Stage]:
    """Return a stage with the real index."""
    stage = Stage(client, passages=open_passages(tmp_path / "passages.db"))
    async with stage.workers():
        yield stage
    stage.processes.close()


@pytest.fixture
async def reader(library: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with front(api_ports(library)) as reader:
        yield await sign_in(reader)


async def is_processed(reader: httpx.AsyncClient, place: str) -> bool:
    return (await reader.get(place)).json()["status"] == "processed"


async def ask(reader: httpx.AsyncClient, query: str) -> dict[str, object]:
    """Return the answer to a message in a new case."""
    case_id = await open_case(reader)
    return (await reader.post(f"/api/v1/cases/{UUID(case_id)}/turns", data={"query": query})).json()


async def test_an_ingested_runbook_is_cited_by_a_turn_that_it_matches(reader: httpx.AsyncClient) -> None:
    taken = await reader.post(DOCUMENTS, files={"file": ("ledger.md", RUNBOOK)}, data={"scope": "team", "tags": "db, pool"})
    assert taken.status_code == 201, taken.text
    document = taken.json()
    assert (document["status"], document["scope"], document["tags"]) == ("pending", "team", ["db", "pool"])
    assert document["title"] == "Connection pool of the ledger service is exhausted"
    await eventually(lambda: is_processed(reader, taken.headers["Location"]), what="the document")
    answer = await ask(reader, "the ledger service fails: its connection pool is exhausted, requests end with a pool timeout")
    assert "From the knowledge base" in answer["agent_response"]
    assert document["document_id"] in {each["document_id"] for each in answer["citations"]}


async def test_a_personal_document_is_never_cited_to_others(library: Stage, reader: httpx.AsyncClient) -> None:
    taken = await reader.post(DOCUMENTS, json={"content": RUNBOOK})
    assert (taken.status_code, taken.json()["scope"]) == (201, "personal")
    await eventually(lambda: is_processed(reader, taken.headers["Location"]), what="the document")
    async with front(api_ports(library)) as stranger:
        await sign_in(stranger)
        assert (await stranger.get(taken.headers["Location"])).status_code == 404
        answer = await ask(stranger, "the connection pool of the ledger service is exhausted")
    assert "From the knowledge base" not in answer["agent_response"]


async def test_a_document_sent_again_is_the_same_one(reader: httpx.AsyncClient) -> None:
    first, again = [(await reader.post(DOCUMENTS, json={"title": "Ledger", "content": RUNBOOK})).json() for _ in range(2)]
    assert first["document_id"] == again["document_id"]
    assert first["title"] == "Ledger"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {}}, 422),
        ({"json": {"content": "no heading"}}, 422),
        ({"json": {"content": RUNBOOK, "scope": "global"}}, 422),
        ({"content": "text", "headers": {"content-type": "text/plain"}}, 415),
        ({"files": {"file": ("a.md", b"\xff\xfe\x00")}}, 415),
        ({"files": {"file": ("a.md", b"a\x00b")}}, 415),
    ],
)
async def test_what_is_no_document_is_refused(reader: httpx.AsyncClient, sent: dict[str, object], status: int) -> None:
    assert (await reader.post(DOCUMENTS, **sent)).status_code == status


async def test_a_document_that_is_gone_is_marked_and_fails_nobody(library: Stage) -> None:
    done = await library.client.execute_workflow(
        IngestDocumentWorkflow.run,
        IngestDocument(document_id="doc_none"),
        id=names.ingest("doc_none"),
        task_queue=names.KNOWLEDGE,
    )
    assert (done.status, done.passages) == ("failed", 0)
