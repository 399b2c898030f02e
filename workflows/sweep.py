"""What a lost process left behind: turns that were never answered are posted again, money that was set aside is freed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

from activities.sweep import SweepActivities, SweepTurns
from workflows.options import UPKEEP

AGE = timedelta(minutes=1)
"""What is younger may still be on its way (temporal.md 5)."""
MOST = 1_000
LOST = timedelta(minutes=5)
"""No call takes so long (100 s, reliability.md 4): who reserved it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How many turns one sweep posts at most; the next one takes what is left."""

    limit: int = MOST


@workflow.defn
class TurnSweepWorkflow:
    """Runs by schedule."""

    @workflow.run
    async def run(self, wanted: Sweep) -> int:
        """Post again what is old enough; return how many turns."""
        if workflow.patched("release-reservations"):
            before = workflow.now() - LOST
            await workflow.execute_activity_method(SweepActivities.release_reservations, before, **UPKEEP)
        page = SweepTurns(before=workflow.now() - AGE, limit=wanted.limit)
        return await workflow.execute_activity_method(SweepActivities.post_again, page, **UPKEEP)
