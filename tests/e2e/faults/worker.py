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
from datetime import datetime
from random import Random
from uuid import uuid4

from sqlalchemy import text
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import PayloadCodec

from activities.adapters.settings import Settings
from activities.adapters.settings_check import read_settings
from activities.adapters.sql_cases import append_row
from activities.adapters.sql_engine import Database
from activities.adapters.sql_store import open_database
from activities.adapters.telemetry import configure_logging
from activities.adapters.temporal import CONVERTER
from domain.case.projection import Message, TurnRecord
from domain.errors import StoreUnavailable
from domain.ports.cases import Claimed, TurnIntake
from worker.build import build_workers
from worker.main import open_ports, patiently

UNSURE = 0.15
"""Share of accepted turns whose step is told that their row was not written."""


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
class UnsureIntake:
    """A TurnIntake that sometimes reports a failure after it has applied what it was told."""

    inner: TurnIntake
    dice: Random

    async def claim(self, record: TurnRecord, limit: int) -> Claimed:
        return await self.inner.claim(record, limit)

    async def refuse(self, turn_id: str) -> bool:
        return await self.inner.refuse(turn_id)

    async def accept(self, turn_id: str, row: Message | None = None) -> bool:
        accepted = await self.inner.accept(turn_id, row)
        if self.dice.random() < UNSURE:
            raise StoreUnavailable("the harness says that this row was not written")
        return accepted

    async def unrecorded(self, before: datetime, limit: int) -> tuple[TurnRecord, ...]:
        return await self.inner.unrecorded(before, limit)


@dataclass(frozen=True, slots=True)
class UncheckedIntake:
    """A TurnIntake that appends whatever row it is told, as often as it is told."""

    inner: TurnIntake
    database: Database

    async def claim(self, record: TurnRecord, limit: int) -> Claimed:
        return await self.inner.claim(record, limit)

    async def refuse(self, turn_id: str) -> bool:
        return await self.inner.refuse(turn_id)

    async def accept(self, turn_id: str, row: Message | None = None) -> bool:
        accepted = await self.inner.accept(turn_id)
        if accepted and row is not None:
            async with self.database.writing() as connection:
                await append_row(connection, replace(row, message_id=f"m_{uuid4().hex[:20]}"))
        return accepted

    async def unrecorded(self, before: datetime, limit: int) -> tuple[TurnRecord, ...]:
        return await self.inner.unrecorded(before, limit)


async def serve(settings: Settings, switches: list[str]) -> None:
    async with AsyncExitStack() as stack:
        database = await patiently(lambda: open_database(settings))
        converter = replace(CONVERTER, payload_codec=Forgetting()) if "forget" in switches else CONVERTER
        client = await patiently(
            lambda: Client.connect(settings.temporal.address, namespace=settings.temporal.namespace, data_converter=converter)
        )
        ports = open_ports(settings, database, client)
        intake: TurnIntake = ports.intake
        if "unchecked" in switches:
            async with database.writing() as connection:
                await connection.execute(text("DROP INDEX IF EXISTS uq_messages_turn_role"))
            intake = UncheckedIntake(intake, database)
        if "unsure" in switches:
            intake = UnsureIntake(intake, Random(settings.api.port))
        stack.callback(ports.processes.close)
        for worker in build_workers(client, replace(ports, intake=intake)):
            await stack.enter_async_context(worker)
        await asyncio.Event().wait()


if __name__ == "__main__":
    told = read_settings(os.environ)
    configure_logging(told.log)
    asyncio.run(serve(told, sys.argv[1:]))
