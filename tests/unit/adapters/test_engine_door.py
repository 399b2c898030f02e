"""The door into a case: one call per attempt, two attempts, then a refusal that stores nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.adapters.engine_door import EngineDoor
from domain.case.turns import EvidenceRef
from domain.errors import StoreUnavailable
from tests.builders import a_turn
from workflows import names

FILE = EvidenceRef(case_id=uuid4(), file_id="file_1", blob_key="key", name="app.log", size_bytes=7)


@dataclass
class Engine:
    """What the door needs of the engine's client: each call meets the next weather, and fair weather lasts."""

    weather: deque[RPCStatusCode] = field(default_factory=deque)
    signalled: list[tuple[str, object]] = field(default_factory=list)
    patience: timedelta = timedelta(0)

    async def start_workflow(self, *_: object, **given: Any) -> None:
        self.patience += given["rpc_timeout"]
        if self.weather:
            raise RPCError("away", self.weather.popleft(), b"")
        self.signalled.append((given["start_signal"], *given["start_signal_args"]))


def door(engine: Engine) -> EngineDoor:
    return EngineDoor(cast(Client, engine), names)  # the one method of it that is called


async def test_a_turn_that_meets_bad_weather_once_is_signalled_all_the_same() -> None:
    engine, turn = Engine(deque([RPCStatusCode.UNAVAILABLE])), a_turn("key-00000001")
    await door(engine).post(turn)
    assert engine.signalled == [("post_message", turn)]


async def test_a_file_goes_in_by_the_same_door() -> None:
    engine = Engine()
    await door(engine).add_evidence(FILE)
    assert engine.signalled == [("add_evidence", FILE)]


async def test_an_engine_that_stays_away_is_a_refusal_within_five_seconds() -> None:
    engine = Engine(deque([RPCStatusCode.DEADLINE_EXCEEDED] * 2))
    with pytest.raises(StoreUnavailable):
        await door(engine).post(a_turn("key-00000001"))
    assert engine.patience < timedelta(seconds=5)


async def test_what_waiting_cannot_change_is_not_tried_again() -> None:
    engine = Engine(deque([RPCStatusCode.INVALID_ARGUMENT]))
    with pytest.raises(StoreUnavailable):
        await door(engine).post(a_turn("key-00000001"))
    assert engine.signalled == []
