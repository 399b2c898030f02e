"""A client of the run's dev server, and a stage per test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.client import Client

from activities.adapters.temporal import Address, connect
from activities.processes import Processes
from tests import servers
from tests.workflow.stage import Stage

STANDSTILL_S = 60.0
"""The SDK gives a step of a workflow two seconds, which a machine that stands still passes: no story asks how fast it is."""


@pytest.fixture(scope="session")
async def client(temporal_server: servers.Temporal) -> AsyncIterator[Client]:
    """Return a client with the product's converter; the SDK has no option for its bound but to run steps in another way."""
    patient = property(lambda _worker: STANDSTILL_S, lambda _worker, _seconds: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("temporalio.worker._workflow._WorkflowWorker._deadlock_timeout_seconds", patient, raising=False)
        yield await connect(Address(target=temporal_server.address, namespace=temporal_server.namespace))


@pytest.fixture(scope="session")
def processes() -> Iterator[Processes]:
    """One child for all stories: it takes a second or two to start."""
    pool = Processes(1)
    yield pool
    pool.close()


@pytest.fixture
async def stage(client: Client, processes: Processes) -> AsyncIterator[Stage]:
    """Return a stage whose workers run."""
    stage = Stage(client, processes=processes)
    async with stage.workers():
        yield stage


@pytest.fixture
async def cold_stage(client: Client, processes: Processes) -> AsyncIterator[Stage]:
    """Return a stage whose workers the story starts itself; a pool that it brings is closed behind it."""
    stage = Stage(client, processes=processes)
    yield stage
    if stage.processes is not processes:
        stage.processes.close()
