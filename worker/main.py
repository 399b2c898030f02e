"""Composition root of the worker: settings → adapters → workers → run."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from itertools import chain, repeat
from typing import TypeVar

from temporalio.client import Client
from temporalio.service import RPCError

from activities.adapters.document_text import open_documents
from activities.adapters.embedded_passages import open_passages
from activities.adapters.engine_door import EngineDoor
from activities.adapters.engine_erasure import EngineErasure
from activities.adapters.models import open_models, open_vision
from activities.adapters.outside_tools import open_outside
from activities.adapters.prices import limits_of
from activities.adapters.ruff_linter import open_linter
from activities.adapters.safety import open_blobs, open_redactor, open_vault
from activities.adapters.settings import Settings
from activities.adapters.settings_check import SettingsInvalid, read_settings
from activities.adapters.sql_budgets import SqlBudgets
from activities.adapters.sql_cached_answers import SqlCachedAnswers
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_cases import SqlCases
from activities.adapters.sql_conversation import SqlConversation, SqlEvidence
from activities.adapters.sql_engine import Database
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_intake import SqlIntake
from activities.adapters.sql_knowledge import SqlKnowledge
from activities.adapters.sql_ledger import SqlLedger
from activities.adapters.sql_reports import SqlCaseErasure, SqlReports
from activities.adapters.sql_sessions import SqlSessions
from activities.adapters.sql_store import open_database
from activities.adapters.telemetry import configure_logging
from activities.adapters.temporal import Address, connect
from activities.adapters.turn_stream import StreamedFeeds
from activities.processes import Processes
from activities.scratch import Scratch
from domain.errors import StoreUnavailable
from worker.build import Options, Ports, build_workers
from worker.schedules import create_schedules
from workflows import names

Opened = TypeVar("Opened")

LAST_BREATH_S = 0.3
"""A process that ends within milliseconds of closing its last client sometimes aborts in native code."""


WAITS_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Between attempts to open a store or reach the engine at the start; the last one repeats."""

logger = logging.getLogger(__name__)


def open_ports(settings: Settings, database: Database, client: Client) -> Ports:
    """Return every port of a worker, as the settings choose them."""
    vault = open_vault(settings, database)
    return Ports(
        blobs=open_blobs(settings, vault),
        answers_kept=timedelta(hours=settings.models.cache_hours),
        budgets=SqlBudgets(database),
        cached=SqlCachedAnswers(database),
        cases=SqlCases(database),
        documents=SqlKnowledge(database),
        door=EngineDoor(client, names),
        engine=EngineErasure(client, names.case),
        erasure=SqlCaseErasure(database),
        evidence=SqlEvidence(database),
        feeds=StreamedFeeds(),
        files=SqlFiles(database),
        intake=SqlIntake(database),
        conversation=SqlConversation(database),
        ledger=SqlLedger(database),
        model=open_models(settings),
        outside=open_outside(settings),
        passages=open_passages(settings.folder / "passages.db"),
        processes=Processes(settings.worker.processes),
        records=SqlCaseRecords(database),
        linter=open_linter(),
        reader=open_documents(),
        redactor=open_redactor(settings, vault),
        reports=SqlReports(database),
        scratch=open_scratch(settings),
        sessions=SqlSessions(database),
        vault=vault,
        vision=open_vision(settings),
    )


def open_scratch(settings: Settings) -> Scratch:
    """Return the folder of plain bytes, emptied of what killed workers left."""
    scratch = Scratch(settings.folder / "scratch")
    scratch.open()
    return scratch


async def serve(settings: Settings) -> None:
    """Run the workers of the chosen queues until cancelled; running steps then get a few seconds to finish."""
    metrics = f"127.0.0.1:{settings.worker.metrics_port}" if settings.worker.metrics_port else ""
    address = Address(target=settings.temporal.address, namespace=settings.temporal.namespace)
    async with AsyncExitStack() as stack:
        database = await patiently(lambda: open_database(settings))
        stack.push_async_callback(database.close)
        client = await patiently(lambda: connect(address, metrics))
        await patiently(lambda: create_schedules(client))
        ports = open_ports(settings, database, client)
        stack.callback(ports.processes.close)
        options = Options(queues=settings.worker.queues, slots=settings.worker.slots, limits=limits_of(settings.budgets))
        for worker in build_workers(client, ports, options):
            await stack.enter_async_context(worker)
        settle_memory()
        logger.info("worker ready", extra={"queues": settings.worker.queues})
        await asyncio.Event().wait()


def settle_memory() -> None:
    """Spare the collector what stays for the life of the process: it would look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def patiently(attempt: Callable[[], Awaitable[Opened]]) -> Opened:
    """Return what opens at last: processes start in any order, and a worker never ends because something is away."""
    for wait_s in chain(WAITS_S, repeat(WAITS_S[-1])):
        try:
            return await attempt()
        except (StoreUnavailable, RPCError, RuntimeError) as away:
            logger.warning("not there yet", extra={"failure": type(away).__name__, "again_after_s": wait_s})
            await asyncio.sleep(wait_s)
    raise AssertionError("waits for ever")


async def _run(settings: Settings) -> None:
    served = asyncio.create_task(serve(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, served.cancel)
    with suppress(asyncio.CancelledError):
        await served
    await asyncio.sleep(LAST_BREATH_S)


def main() -> int:
    """Run until told to stop; 2 for mistakes in the settings, each on a line of its own."""
    try:
        settings = read_settings(os.environ)
    except SettingsInvalid as invalid:
        sys.stderr.writelines(f"{line}\n" for line in invalid.lines)
        return 2
    configure_logging(settings.log)
    asyncio.run(_run(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
