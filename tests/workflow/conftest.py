"""A client of the run's dev server, and a stage per test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from activities.adapters.temporal import Address, connect
from tests import servers
from tests.workflow.stage import Stage


@pytest.fixture(scope="session")
async def client(temporal_server: servers.Temporal) -> Client:
    """Return a client with the product's converter."""
    return await connect(Address(target=temporal_server.address, namespace=temporal_server.namespace))


@pytest.fixture
async def stage(client: Client) -> AsyncIterator[Stage]:
    """Return a stage whose workers run."""
    stage = Stage(client)
    async with stage.workers():
        yield stage
    stage.processes.close()


@pytest.fixture
async def cold_stage(client: Client) -> AsyncIterator[Stage]:
    """Return a stage whose workers the story starts itself."""
    stage = Stage(client)
    yield stage
    stage.processes.close()
