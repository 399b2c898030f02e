"""A turn that the rules answered while every provider was away: a model's part in it is added once one is back (rule DG2)."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.diagnosis import CheckClaims, Diagnosed, DiagnosisActivities
from activities.upgrades import AddUpgrade, UpgradeActivities
from domain.case import upgrades
from domain.case.orders import ModelPart
from domain.errors import FaultMavenError

with workflow.unsafe.imports_passed_through():  # the sandbox would make them anew for every turn
    from workflows import names
    from workflows.guard import failure_type, unless_cancelled
    from workflows.options import STORAGE, named
    from workflows.reasoning import Reasoned, reason


@workflow.defn(failure_exception_types=[FaultMavenError])
class UpgradeWorkflow:
    """Sleeps until a provider is due, asks, adds a row to the conversation; it changes no row and may outlive its case's run."""

    @workflow.run
    async def run(self, part: ModelPart) -> bool:
        """Return whether a row was added: not when nobody wants it any more, nor when no model answered for days."""
        end, due_s, attempt = workflow.now() + upgrades.PATIENCE, part.due_s, 0
        while workflow.now() < end:
            await workflow.sleep(upgrades.pause(attempt, due_s))
            step, name = UpgradeActivities.is_upgrade_wanted, f"look whether turn {part.number} still waits for a model"
            if not await workflow.execute_activity_method(step, part, **named(name, STORAGE)):
                return False
            reasoned = await reason(part)
            if reasoned.due_s is None:
                return bool(reasoned.proposal_key) and await self._add(part, reasoned)
            attempt, due_s = attempt + 1, reasoned.due_s
        return False

    async def _add(self, part: ModelPart, reasoned: Reasoned) -> bool:
        """Check every claim as in the turn, add what holds, tell the case."""
        diagnosed = Diagnosed(
            answer_key=part.answer_key, diagnosis_key=part.diagnosis_key, status=part.status, files_key=part.files_key
        )
        check = CheckClaims(
            case_id=part.case_id,
            files=(),
            diagnosed=diagnosed,
            proposal_key=reasoned.proposal_key,
            used_keys=reasoned.used_keys,
        )
        name = "check every claim against its lines"
        findings = await workflow.execute_activity_method(DiagnosisActivities.check_claims, check, **named(name, STORAGE))
        read = reasoned.told.sources if reasoned.told else ()
        add = AddUpgrade(part=part, answer_key=findings.answer_key, now=workflow.now(), sources=read)
        name = f"add a model's part to turn {part.number}"
        if not await workflow.execute_activity_method(UpgradeActivities.add_upgrade, add, **named(name, STORAGE)):
            return False
        try:
            await workflow.get_external_workflow_handle(names.case(part.case_id)).signal(names.TURN_UPGRADED, part.number)
        except FailureError as failure:
            unless_cancelled(failure)
            workflow.logger.info("the case has ended meanwhile", extra={"reason": failure_type(failure)})
        return True
