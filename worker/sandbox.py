"""The sandboxes of workflows, without a detour of the SDK that costs more than the rest of a workflow task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from temporalio import workflow
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

NO_STORE = StorageDriverStoreContext()


@dataclass(frozen=True)
class _WithoutContexts(WorkflowInstance):
    """An instance that is not asked for whom each payload is meant.

    The SDK asks some seven times per payload, each time by compiling code inside the sandbox: a third of what a turn cost
    its worker. The answer matters only to converters, codecs and payload stores that read contexts, and there are none here.
    """

    inside: WorkflowInstance

    def activate(self, act: Any) -> Any:
        """Run the workflow."""
        return self.inside.activate(act)

    def get_info(self) -> Info:
        """Return the workflow's own."""
        return self.inside.get_info()

    def get_thread_id(self) -> int | None:
        """Return the thread that runs it now, for the report of a deadlock."""
        return self.inside.get_thread_id()

    def get_serialization_context(self, _command: object) -> None:
        """Return nothing: converters are the same for every payload."""

    def get_external_store_context(self, _command: object) -> StorageDriverStoreContext:
        """Return nothing: payloads are in history."""
        return NO_STORE


@dataclass(frozen=True)
class Sandbox(SandboxedWorkflowRunner):
    """The SDK's sandbox around the instances above."""

    tried: set[type] = field(default_factory=set, compare=False)
    """Workflows that were imported once to see whether the sandbox takes them: another worker of this process knows."""

    def prepare_workflow(self, defn: workflow._Definition) -> None:
        """Raise for a workflow that the sandbox does not take."""
        if defn.cls not in self.tried:
            super().prepare_workflow(defn)
            self.tried.add(defn.cls)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return the sandboxed instance."""
        return _WithoutContexts(super().create_instance(det))


SANDBOX = Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules("domain", "activities"))
"""The sandbox imports workflow modules anew per instance: with the domain passed through that costs 9 ms, not 125."""

STRICT_SANDBOX = Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules("numpy"))
"""For one test run: the domain, too, must keep its hands off clock, dice and files."""
