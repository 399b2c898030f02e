"""Kills a part when a step has started and not finished, and starts it again where it was."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random
from uuid import UUID

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from tests.e2e.faults.journal import Journal
from tests.e2e.faults.load import Load
from tests.e2e.house import House
from tests.waiting import eventually
from workflows import names

AIM_SECONDS = 60.0
MODEL_STEP, ANY = "propose", ""
AIMS = (MODEL_STEP, MODEL_STEP, ANY)
"""What strikes aim at, in turn: two of three at the step that takes longest, so that most hit it while it runs."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A step that had started when it was looked at."""

    workflow_id: str
    step: str
    activity_id: str


@dataclass(slots=True)
class Nemesis:
    """Strikes as often as told, spread over the load by its progress."""

    house: House
    client: Client
    journal: Journal
    load: Load
    dice: Random

    async def run(self, part: str, kills: int) -> None:
        """Kill the part each time another share of the messages is answered."""
        whole = len(self.load.plan.messages)
        for strike in range(1, kills + 1):
            await eventually(self._reached(strike * whole // (kills + 1)), 180, f"share {strike} of the load")
            flight = await self._in_flight(AIMS[strike % len(AIMS)])
            await asyncio.to_thread(self._kill, part, flight)
            await asyncio.to_thread(self.house.start, part)
            self.journal.note("restarted", part=part)

    def _reached(self, messages: int):
        async def reached() -> bool:
            return self.load.done >= messages

        return reached

    def _kill(self, part: str, flight: Flight) -> None:
        self.journal.note("kill", part=part, workflow_id=flight.workflow_id, step=flight.step, activity_id=flight.activity_id)
        self.house.kill(part)

    async def _in_flight(self, step: str) -> Flight:
        """Return a step that a worker has started, any or this one; looks at the cases in a random order until there is one."""
        found: list[Flight] = []

        async def looked() -> bool:
            cases = list(enumerate(self.load.cases))
            self.dice.shuffle(cases)
            for number, case_id in cases:
                turn = names.turn(UUID(case_id), self.load.answered.get(number, 0) + 1)
                running = await started(self.client.get_workflow_handle(turn))
                found.extend(flight for flight in running if flight.step.startswith(step))
                if found:
                    return True
            return False

        await eventually(looked, AIM_SECONDS, "a step in flight")
        return found[0]


async def started(turn: WorkflowHandle) -> list[Flight]:
    """Return the steps of a turn that run now; none when there is no such turn or the engine is away."""
    try:
        described = await turn.describe()
    except RPCError as failure:
        if failure.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED}:
            raise
        return []
    return [
        Flight(workflow_id=turn.id, step=pending.activity_type.name, activity_id=pending.activity_id)
        for pending in described.raw_description.pending_activities
        if pending.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    ]
