"""The worker with faults put in and protections switched off: `python -m tests.e2e.faults.worker SWITCH…`.

- `forget`: the memory of answered keys is lost with each hand-over of a case;
- `unsure`: now and then a message row is written and the step is told that it was not;
- `unchecked`: one row per turn and role is no longer kept: neither looked for nor unique in the database.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import PayloadCodec

from activities.adapters.settings import Settings
from activities.adapters.settings_check import read_settings
from activities.adapters.sql_engine import Database, row_of
from activities.adapters.sql_store import open_database
from activities.adapters.sql_tables import messages
from activities.adapters.telemetry import configure_logging
from activities.adapters.temporal import CONVERTER
from domain.case.projection import Message
from domain.case.state import CarriedCase
from domain.errors import StoreUnavailable
from domain.ports import CaseStore, TurnRecording
from worker.build import build_workers
from worker.main import open_ports, patiently

UNSURE = 0.15
"""Share of appended rows whose writer is told that they were not written."""


class Forgetting(PayloadCodec):
    """Takes the answered keys out of what a case is started with; everything else passes."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [_forgotten(payload) for payload in payloads]


def _forgotten(payload: Payload) -> Payload:
    if b'"carried"' not in payload.data:
        return payload
    start = json.loads(payload.data)
    if start.keys() != {"case_id", "carried"} or not start["carried"]:
        return payload
    start["carried"]["queue"]["answered"] = {}
    return Payload(metadata=payload.metadata, data=json.dumps(start).encode())


@dataclass(frozen=True, slots=True)
class UnsureCases:
    """A CaseStore that sometimes reports a failure after it has applied what it was told."""

    inner: CaseStore
    dice: Random

    async def load(self, case_id: UUID) -> CarriedCase | None:
        return await self.inner.load(case_id)

    async def record(self, carried: CarriedCase, stage: str) -> None:
        await self.inner.record(carried, stage)

    async def append(self, message: Message) -> Message:
        written = await self.inner.append(message)
        if self.dice.random() < UNSURE:
            raise StoreUnavailable("the harness says that this row was not written")
        return written

    async def finish(self, recording: TurnRecording) -> None:
        await self.inner.finish(recording)


@dataclass(frozen=True, slots=True)
class UncheckedCases:
    """A CaseStore that appends whatever it is told, as often as it is told."""

    inner: CaseStore
    database: Database

    async def load(self, case_id: UUID) -> CarriedCase | None:
        return await self.inner.load(case_id)

    async def record(self, carried: CarriedCase, stage: str) -> None:
        await self.inner.record(carried, stage)

    async def append(self, message: Message) -> Message:
        async with self.database.writing() as connection:
            newest = await connection.scalar(select(func.max(messages.c.seq)).where(messages.c.case_id == message.case_id))
            appended = replace(message, seq=(newest or 0) + 1, message_id=f"m_{uuid4().hex[:20]}")
            await connection.execute(messages.insert().values(**row_of(appended)))
        return appended

    async def finish(self, recording: TurnRecording) -> None:
        await self.inner.finish(recording)


async def serve(settings: Settings, switches: list[str]) -> None:
    async with AsyncExitStack() as stack:
        database = await patiently(lambda: open_database(settings))
        converter = replace(CONVERTER, payload_codec=Forgetting()) if "forget" in switches else CONVERTER
        client = await patiently(
            lambda: Client.connect(settings.temporal.address, namespace=settings.temporal.namespace, data_converter=converter)
        )
        ports = open_ports(settings, database, client)
        cases: CaseStore = ports.cases
        if "unchecked" in switches:
            async with database.writing() as connection:
                await connection.execute(text("DROP INDEX IF EXISTS uq_messages_turn_role"))
            cases = UncheckedCases(cases, database)
        if "unsure" in switches:
            cases = UnsureCases(cases, Random(settings.api.port))
        stack.callback(ports.processes.close)
        for worker in build_workers(client, replace(ports, cases=cases)):
            await stack.enter_async_context(worker)
        await asyncio.Event().wait()


if __name__ == "__main__":
    told = read_settings(os.environ)
    configure_logging(told.log)
    asyncio.run(serve(told, sys.argv[1:]))
