"""How each component is looked at: cheap, and never a paid call."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from api.health import Probe
from domain.errors import NotFound, StoreUnavailable
from domain.knowledge.documents import ScopeFilter
from domain.ports import BlobStore, PassageIndex, People, Redactor
from workflows import names

NOBODY = UUID(int=0)
SILENT = timedelta(seconds=65)
"""The engine lists pollers for minutes; one that lives asks again after a long poll of 60 s (reliability.md 8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """One look per component; each returns its status or raises."""

    temporal: Client
    people: People
    blobs: BlobStore
    redactor: Redactor
    passages: PassageIndex
    models: bool

    def all(self) -> Mapping[str, Probe]:
        """Return the looks by component."""
        return {
            "temporal": self.engine,
            "workers": self.workers,
            "database": self.database,
            "blobs": self.objects,
            "redaction": self.redaction,
            "models": self.language_models,
            "passages": self.index,
        }

    async def engine(self) -> str:
        """Ask the workflow engine whether it serves."""
        try:
            healthy = await self.temporal.service_client.check_health()
        except RPCError as failure:
            raise StoreUnavailable("the workflow engine did not answer") from failure
        return "healthy" if healthy else "unhealthy"

    async def workers(self) -> str:
        """Look for a poller on every queue."""
        missing = [queue for queue in names.QUEUES if not await _polled(self.temporal, queue)]
        if missing:
            raise StoreUnavailable(f"no worker polls {', '.join(missing)}")
        return "healthy"

    async def database(self) -> str:
        """Read a row that does not exist."""
        await self.people.by_id("-")
        return "healthy"

    async def objects(self) -> str:
        """Read an object that does not exist: an answer is an answer."""
        with suppress(NotFound):
            async for _ in self.blobs.stream(NOBODY, "0" * 64):
                break
        return "healthy"

    async def redaction(self) -> str:
        """Redact a word."""
        await self.redactor.redact(NOBODY, ["probe"])
        return "healthy"

    async def index(self) -> str:
        """Search for a word that nobody wrote, as nobody."""
        await self.passages.search(ScopeFilter(team_id="-", user_id="-", case_id=""), ["probe"], 1)
        return "healthy"

    async def language_models(self) -> str:
        """Say whether one is configured; a paid call is never made to find out."""
        return "healthy" if self.models else "disabled"


async def _polled(temporal: Client, queue: str) -> bool:
    request = DescribeTaskQueueRequest(
        namespace=temporal.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    try:
        answer = await temporal.workflow_service.describe_task_queue(request)
    except RPCError as failure:
        raise StoreUnavailable("the workflow engine did not answer") from failure
    newest = max((poller.last_access_time.ToDatetime(tzinfo=UTC) for poller in answer.pollers), default=None)
    return newest is not None and datetime.now(UTC) - newest < SILENT
