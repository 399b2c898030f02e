"""A worker process over stores that outlive it: forked from a warm parent, killed at will, started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.safety import open_blobs, open_vault
from activities.adapters.settings_check import read_settings
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_engine import Database
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_store import open_database
from activities.adapters.temporal import Address, connect
from domain.case.turns import EvidenceRef
from domain.ports.sealing import BlobStore
from tests import builders, servers
from tests.waiting import eventually

PARENT = "from tests.e2e.warm_worker import serve; serve()"
"""Not a module's main: the children of a worker would import that anew."""


LOOK_S = 0.003
"""Between two looks at the workflow: few of its points last so short, and who looks without a break takes half a core from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a workflow stands: its last event, and the step that runs, which is no event before it has ended."""

    events: int
    running: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The stores, the engine's client, and the parent that forks workers."""

    database: Database
    blobs: BlobStore
    client: Client
    parent: asyncio.subprocess.Process
    environment: str

    async def start_worker(self) -> int:
        """Fork a worker; return the id of its process group."""
        pipe_in, pipe_out = self.parent.stdin, self.parent.stdout
        assert pipe_in, "the parent reads what to start"
        assert pipe_out, "the parent tells what it started"
        pipe_in.write(f"{self.environment}\n".encode())
        await pipe_in.drain()
        return int(await pipe_out.readline())

    async def a_case_with_a_file(self, content: bytes) -> EvidenceRef:
        """Do what the API does before it signals: rows and bytes."""
        case_id = uuid4()
        await SqlCaseRecords(self.database).insert(builders.a_case_record(case_id=case_id))
        key = await self.blobs.put(case_id, content)
        file = builders.a_file_record(case_id=case_id, blob_key=key, size_bytes=len(content))
        await SqlFiles(self.database).insert(file)
        return EvidenceRef(case_id=case_id, file_id=file.file_id, blob_key=key, name=file.name, size_bytes=len(content))

    async def killed_at_every_point(self, workflow_id: str) -> list[Point]:
        """Kill a worker, with all its children, at each point that the workflow comes to, the last one too."""
        met: list[Point] = []
        while not (met and met[-1].ended):
            worker = await self.start_worker()
            met.append(await self._next_point(workflow_id, met))
            os.killpg(worker, signal.SIGKILL)
        return met

    async def _next_point(self, workflow_id: str, met: list[Point]) -> Point:
        """Return the first point that is new, as soon as the workflow is there."""
        found: list[Point] = []

        async def moved() -> bool:
            point = await self._point(workflow_id)
            if point and point not in met:
                found.append(point)
            return bool(found)

        await eventually(moved, what=f"a step of {workflow_id}", every=LOOK_S)
        return found[0]

    async def _point(self, workflow_id: str) -> Point | None:
        """Return where a workflow stands; None before it has started."""
        try:
            seen = await self.client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return None
        ended = seen.status is not WorkflowExecutionStatus.RUNNING
        return Point(events=seen.history_length, running=_running(seen), ended=ended)


def _running(seen: WorkflowExecutionDescription) -> str:
    """Return the name of the step that a worker has begun, empty for none; a turn's steps run one by one."""
    pending = seen.raw_description.pending_activities
    begun = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    return "".join(step.activity_type.name for step in pending if step.state == begun)


@asynccontextmanager
async def a_bench(folder: Path, server: servers.Temporal) -> AsyncGenerator[Bench, None]:
    """Open the stores and the warm parent; what it forked dies with it."""
    given = {"FAULTMAVEN_DATA": str(folder), "FAULTMAVEN_TEMPORAL__ADDRESS": server.address, "FAULTMAVEN_WORKER__PROCESSES": "1"}
    given |= {"FAULTMAVEN_TEMPORAL__NAMESPACE": server.namespace, "FAULTMAVEN_LOG__LEVEL": "ERROR"}
    settings = read_settings(given)
    database = await open_database(settings)
    with (folder / "workers.log").open("wb") as log:
        parent = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PARENT),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Bench(
            database=database,
            blobs=open_blobs(settings, open_vault(settings, database)),
            client=await connect(Address(target=server.address, namespace=server.namespace)),
            parent=parent,
            environment=" ".join(f"{name}={value}" for name, value in given.items()),
        )
    finally:
        if parent.stdin:
            parent.stdin.close()
        await parent.wait()
        await database.close()
