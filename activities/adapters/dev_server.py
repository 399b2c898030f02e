"""Temporal's dev server: which binary, with which flags, and when it is ready. For one machine, never for a cluster."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

RETENTION = timedelta(hours=72)
"""How long closed histories stay (reliability.md 16); the dev server's own default is a day."""

POLLS_PER_SECOND = 200
"""Its one history shard reads its queues 20 times a second by default, which stretches every step to 50 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevServer:
    """Where it listens, on loopback only, and where its data lies."""

    database: Path
    port: int = 7233
    ui_port: int = 8233
    namespace: str = "faultmaven"
    attributes: Sequence[SearchAttributeKey[Any]] = ()
    codec: str = ""
    """Address through which its pages decrypt payloads; empty for none."""


def find() -> Path | None:
    """Return the binary on PATH, or the one beside this Python; None when neither exists."""
    beside = Path(sys.executable).parent / "temporal"
    found = shutil.which("temporal")
    if found:
        return Path(found)
    return beside if beside.exists() else None


async def obtain(folder: Path) -> Path:
    """Let the SDK download the binary into an existing folder: the last way, for machines that may reach its site."""
    async with await WorkflowEnvironment.start_local(download_dest_dir=str(folder)):
        return await asyncio.to_thread(lambda: next(folder.glob("temporal*")))


def command(binary: Path, server: DevServer) -> tuple[str, ...]:
    """Return the command line; the same flags may be given again on an existing database.

    Every commit reaches the disk before it is acknowledged: a message that was accepted survives a power cut.
    """
    settings = {
        "--dynamic-config-value": (
            f"history.transferProcessorMaxPollRPS={POLLS_PER_SECOND}",
            f"history.timerProcessorMaxPollRPS={POLLS_PER_SECOND}",
        ),
        "--search-attribute": tuple(f"{key.name}={_kind(key)}" for key in server.attributes),
        "--sqlite-pragma": ("journal_mode=wal", "synchronous=full"),
        "--ui-codec-endpoint": (server.codec,) if server.codec else (),
    }
    return (
        str(binary),
        *("server", "start-dev", "--ip", "127.0.0.1", "--ui-disable-news-fetch", "--log-level", "warn"),
        *("--port", str(server.port), "--ui-port", str(server.ui_port)),
        *("--db-filename", str(server.database), "--namespace", server.namespace),
        *(word for flag, values in settings.items() for value in values for word in (flag, value)),
    )


def _kind(key: SearchAttributeKey[Any]) -> str:
    return key.indexed_value_type.name.capitalize()


async def keep_histories(client: Client, retention: timedelta = RETENTION) -> None:
    """Set how long closed histories stay; safe to repeat. Also the sign that the namespace is there."""
    kept = Duration()
    kept.FromTimedelta(retention)
    request = UpdateNamespaceRequest(namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=kept))
    await client.workflow_service.update_namespace(request)
