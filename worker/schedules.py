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

SESSIONS = "cleanup-sessions"
SESSIONS_EVERY = timedelta(minutes=5)
"""As reliability.md 16 has it; a run that was missed for an hour is made up for."""


async def create_schedules(client: Client) -> None:
    """Create each schedule, or set the one that exists; safe to repeat and to race."""
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(
            SessionCleanupWorkflow.run, Cleaned(), id=SESSIONS, task_queue=names.KNOWLEDGE, priority=UPKEEP_LAST
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=SESSIONS_EVERY)], jitter=timedelta(seconds=30)),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(hours=1)),
    )
    try:
        await client.create_schedule(SESSIONS, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(SESSIONS).update(lambda _: ScheduleUpdate(schedule))
