"""Turns that were claimed and never answered are posted again: what heals a dropped signal or a lost engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

from activities.sweep import SweepActivities, SweepTurns
from workflows.options import UPKEEP

AGE = timedelta(minutes=1)
"""What is younger may still be on its way (temporal.md 5)."""
MOST = 1_000


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
        page = SweepTurns(before=workflow.now() - AGE, limit=wanted.limit)
        return await workflow.execute_activity_method(SweepActivities.post_again, page, **UPKEEP)
