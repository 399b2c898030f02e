"""A fork: another case's turns are taken again, one by one, by a case of its own."""

from __future__ import annotations

from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import ActivityError

from activities.forks import EndFork, ForkActivities
from domain.case.orders import Fork
from domain.errors import FaultMavenError
from workflows.guard import failure_type, unless_cancelled
from workflows.options import RECORD, RETAKE, named


@workflow.defn(failure_exception_types=[FaultMavenError])
class ForkWorkflow:
    """Feeds the fork's case, which answers; the origin is only read."""

    @workflow.run
    async def run(self, fork: Fork) -> int:
        """Return how many turns the fork got; fewer than asked for when the origin is erased meanwhile."""
        step, case = workflow.execute_activity_method, fork.case
        await step(ForkActivities.open_fork, case, **named("enter the fork", RECORD))
        for number in range(fork.number, case.forked_turn + 1):
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(replace(fork, number=number))
            try:
                await step(ForkActivities.retake, replace(fork, number=number), **named(f"take turn {number} again", RETAKE))
            except ActivityError as failure:
                unless_cancelled(failure)
                workflow.logger.warning("fork ends early", extra={"turn": number, "failure": failure_type(failure)})
                ended = EndFork(case_id=case.case_id, turns=number - 1)
                await step(ForkActivities.end_fork, ended, **named(f"end the fork at turn {number - 1}", RECORD))
                return number - 1
        return case.forked_turn
