"""The API over a stage's fakes, spoken to without a socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
import uvicorn

from activities.adapters.engine_door import EngineDoor
from activities.adapters.turn_stream import StreamedProgress
from api.app import create_app
from api.dependencies import Deployment, Ports
from api.health import HealthBoard
from api.probes import Probes
from tests.fakes import (
    MemoryCaseRecords,
    MemoryConversation,
    MemoryEvidence,
    MemoryFiles,
    MemoryIntake,
    MemoryPeople,
    MemoryRefreshTokens,
    MemoryReplies,
    MemoryReports,
    MemorySessions,
    MemorySignInAttempts,
)
from tests.fakes.people import PlainPasswords, PlainTokens
from tests.workflow.stage import Stage
from workflows import names

PLENTY = {"reads": 10_000, "writes": 10_000, "turns": 10_000, "titles": 10_000}


def api_ports(stage: Stage, **changes: object) -> Ports:
    """Return the API's ports over the stage's rows; changes replace fields of the deployment."""
    providers = ("scripted",) if stage.model.configured else ()
    base = Deployment(version="0", dashboard_url="", per_minute=PLENTY, patience_s=20, providers=providers)
    deployment = replace(base, **changes)
    people = MemoryPeople()
    probes = Probes(
        temporal=stage.client,
        people=people,
        blobs=stage.blobs,
        redactor=stage.redactor,
        passages=stage.passages,
        models=bool(deployment.providers),
    )
    return Ports(
        deployment=deployment,
        temporal=stage.client,
        board=HealthBoard(probes.all()),
        people=people,
        sessions=MemorySessions(),
        refresh_tokens=MemoryRefreshTokens(),
        attempts=MemorySignInAttempts(),
        passwords=PlainPasswords(),
        tokens=PlainTokens(),
        replies=MemoryReplies(),
        cases=MemoryCaseRecords(stage.rows),
        conversation=MemoryConversation(stage.rows),
        files=MemoryFiles(stage.rows),
        evidence=MemoryEvidence(stage.rows),
        reports=MemoryReports(stage.rows),
        turns=MemoryIntake(stage.rows),
        door=EngineDoor(stage.client, names),
        blobs=stage.blobs,
        redactor=stage.redactor,
        knowledge=stage.documents,
        progress=StreamedProgress(stage.client, names.turn),
    )


@asynccontextmanager
async def front(ports: Ports) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Return a client without an account."""
    transport = httpx.ASGITransport(create_app(ports), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://front", timeout=120) as client:
        yield client


@asynccontextmanager
async def served(ports: Ports) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Return a client without an account over a real connection, which a test may cut in the middle of an answer."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(create_app(ports), log_config=None, lifespan="off", timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve([door]))
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=120, trust_env=False
        ) as client:
            yield client
        server.should_exit = True
        await serving


async def sign_in(client: httpx.AsyncClient, name: str = "") -> httpx.AsyncClient:
    """Register an account and put its token on every request."""
    body = {"username": name or f"ada-{uuid4().hex[:8]}", "password": uuid4().hex}
    answer = await client.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


async def open_case(client: httpx.AsyncClient, **body: object) -> str:
    """Return the id of a new case."""
    answer = await client.post("/api/v1/cases", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])
