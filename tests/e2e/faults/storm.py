"""One run: the whole product under load, one part killed again and again, everything recorded and checked."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import httpx
from temporalio.client import Client
from temporalio.service import RPCError

from tests.e2e.faults import record
from tests.e2e.faults.checker import violations
from tests.e2e.faults.journal import Journal
from tests.e2e.faults.load import Load
from tests.e2e.faults.nemesis import Nemesis
from tests.e2e.faults.plan import plan
from tests.e2e.house import House, house, signed_in
from tests.servers import NAMESPACE
from tests.stubs.models import ModelStub, Received, Reply
from tests.waiting import eventually
from workflows import names

NOTE = re.compile(r"note (\d+) of book (\d+)\.")
MODEL_SECONDS = (0.1, 0.3)
"""How long the model thinks: long enough for a step to be in flight."""
SOON_LONG = {"limit.historyCount.suggestContinueAsNew": 150}
"""A case hands over every few turns, so that its memory of keys is carried many times."""
WHOLE_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What to run."""

    seed: int
    cases: int
    turns: int
    part: str = ""
    """Which part dies: worker, api or temporal."""
    kills: int = 0
    roots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Composition roots of the harness, instead of the product's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it."""

    storm: Storm
    journal: Journal
    hits: int
    seconds: float
    violations: tuple[str, ...]

    @property
    def kills(self) -> int:
        return len(self.journal.of("kill"))

    def __str__(self) -> str:
        """Return the figures of the run in one line."""
        count = {what: len(self.journal.of(what)) for what in ("planned", "acknowledged", "refused", "retold", "model_call")}
        steps = dict(Counter(kill["step"] for kill in self.journal.of("kill")))
        runs = sum(line["runs"] - 1 for line in self.journal.of("case"))
        return (
            f"{self.storm.part or 'nothing'} killed: seed {self.storm.seed}, N {count['planned']} messages in "
            f"{self.storm.cases} cases, {count['acknowledged']} acknowledgements, {count['refused']} refusals, "
            f"{count['retold']} signals delivered again, {runs} hand-overs, {count['model_call']} model calls; "
            f"{self.kills} kills, {self.hits} hit a step in flight {steps}; {self.seconds:.0f} s; "
            f"{len(self.violations)} violations {self.violations[:5]}"
        )


async def run(storm: Storm, lines: Path | None = None) -> Outcome:
    """Run the storm until every message is answered, or its time is up; record, check and print."""
    journal, agreed, begun = Journal(), plan(storm.seed, storm.cases, storm.turns), time.monotonic()
    async with _opened(storm, journal) as (opened, http, client):
        load = Load(http=http, journal=journal, plan=agreed, redeliver=_Redelivery(opened, client, journal).tell)
        nemesis = Nemesis(house=opened, client=client, journal=journal, load=load, dice=Random(storm.seed))
        try:
            async with asyncio.timeout(WHOLE_SECONDS), asyncio.TaskGroup() as parts:
                parts.create_task(load.run())
                parts.create_task(nemesis.run(storm.part, storm.kills))
        except* (TimeoutError, AssertionError) as stuck:
            journal.note("unexpected", key="run", status=0, detail=f"not done: {stuck.exceptions}")
        await record.rows(http, journal, load.cases)
        await record.histories(client, journal, load.cases)
        hits = await record.hits(client, journal)
    if lines is not None:
        journal.write(lines)
    seconds = time.monotonic() - begun
    outcome = Outcome(storm=storm, journal=journal, hits=hits, seconds=seconds, violations=violations(journal.lines))
    print(f"\n{outcome}")
    return outcome


@asynccontextmanager
async def _opened(storm: Storm, journal: Journal) -> AsyncGenerator[tuple[House, httpx.AsyncClient, Client]]:
    """Open a house whose only model is a stub on this machine."""
    dice = Random(storm.seed)

    def think(received: Received) -> Reply:
        number, case = NOTE.search(received.prompt).groups()
        journal.note("model_call", key=f"seed{storm.seed}-case{case}-message{number}")
        text = '{"summary": "The lines name no cause yet.", "causes": []}'
        return Reply(text=text, silence_s=dice.uniform(*MODEL_SECONDS))

    async with ModelStub(think) as stub:
        environment = {
            "OPENAI_BASE_URL": stub.openai_url,
            "OPENAI_API_KEY": secrets.token_hex(16),
        }
        options = {"limits": SOON_LONG, "in_memory": storm.part != "temporal", **storm.roots}
        with house(environment, **options) as opened, signed_in(opened) as person:
            client = await Client.connect(f"127.0.0.1:{opened.temporal_port}", namespace=NAMESPACE)
            limits = httpx.Limits(max_connections=4 * storm.cases)
            async with httpx.AsyncClient(
                base_url=opened.url, headers=person.headers, timeout=30, trust_env=False, limits=limits
            ) as http:
                yield opened, http, client


@dataclass(frozen=True, slots=True)
class _Redelivery:
    """Delivers a turn's signal a second time, as a sender does that missed the engine's answer."""

    house: House
    client: Client
    journal: Journal

    async def tell(self, case_id: str, turn_id: str) -> None:
        path = f"file:{self.house.folder}/data/faultmaven.db?mode=ro"
        with sqlite3.connect(path, uri=True) as database:
            (turn,) = database.execute("select turn from turns where turn_id = ?", (turn_id,)).fetchone()
        case = self.client.get_workflow_handle(names.case(UUID(case_id)))

        async def told() -> bool:
            try:
                await case.signal(names.POST_MESSAGE, json.loads(turn))
            except RPCError:
                return False
            return True

        await eventually(told, what="the engine's ear")
        self.journal.note("retold", turn_id=turn_id)
