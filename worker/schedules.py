"""What runs by the clock; every start of a worker sets it to what stands here."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)

from workflows import names
from workflows.cleanup import Cleaned, SessionCleanupWorkflow
from workflows.options import UPKEEP_LAST
from workflows.sweep import Sweep, TurnSweepWorkflow

SESSIONS = "cleanup-sessions"
TURNS = "sweep-turns"
EVERY = timedelta(minutes=5)
"""As reliability.md 16 and temporal.md 5 have it; a run that was missed for an hour is made up for."""


async def create_schedules(client: Client) -> None:
    """Create each schedule, or set the one that exists; safe to repeat and to race."""
    queue, last = names.KNOWLEDGE, UPKEEP_LAST
    sessions = ScheduleActionStartWorkflow(SessionCleanupWorkflow.run, Cleaned(), id=SESSIONS, task_queue=queue, priority=last)
    turns = ScheduleActionStartWorkflow(TurnSweepWorkflow.run, Sweep(), id=TURNS, task_queue=queue, priority=last)
    await _set(client, SESSIONS, sessions)
    await _set(client, TURNS, turns)


async def _set(client: Client, name: str, action: ScheduleActionStartWorkflow) -> None:
    schedule = Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)], jitter=timedelta(seconds=30)),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=1)),
    )
    try:
        await client.create_schedule(name, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(lambda _: ScheduleUpdate(schedule))
