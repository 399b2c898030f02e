"""No bug in a handler wedges a case, and no failed step closes one."""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, FailureError, is_cancelled_exception
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from workflows import names

INTERNAL = "InternalError"


def failure_type(error: BaseException) -> str:
    """Return the class name of the first cause that is neither a step's nor a child's wrapper."""
    cause: BaseException | None = error
    while isinstance(cause, ActivityError | ChildWorkflowError):
        cause = cause.__cause__
    if isinstance(cause, ApplicationError):
        return cause.type or INTERNAL
    return type(cause).__name__


def unless_cancelled(failure: FailureError) -> None:
    """Raise the failure again when it is somebody's wish to stop: a wish is never degraded."""
    if is_cancelled_exception(failure):
        raise failure


def expected(error: BaseException) -> bool:
    """Tell whether it is one of ours: by name, since the sandbox may hold a second copy of the class."""
    return any(parent.__name__ == "FaultMavenError" for parent in type(error).__mro__)


class Guard(Interceptor):
    """Wraps every workflow of a worker."""

    def workflow_interceptor_class(self, _input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        """Return the one below."""
        return _Guard


class _Guard(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Turn what would close a case into what pauses it until fixed code comes."""
        try:
            return await super().execute_workflow(input)
        except (FailureError, TimeoutError) as error:
            if workflow.info().workflow_type != names.CASE_WORKFLOW or is_cancelled_exception(error):
                raise
            raise RuntimeError(f"a failed step reached the end of its case: {failure_type(error)}") from error

    async def handle_signal(self, input: HandleSignalInput) -> None:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Drop a signal that its handler cannot take: the sweep posts a message again."""
        try:
            await super().handle_signal(input)
        except Exception as error:  # ruff: ignore[blind-except]: an acknowledged sender must not pause the case
            workflow.logger.error("signal dropped", extra={"signal": input.signal, "failure": type(error).__name__})
            workflow.metric_meter().create_counter("faultmaven_signals_dropped").add(1, {"signal": input.signal})

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Fail the update, not the case."""
        try:
            return await super().handle_update_handler(input)
        except Exception as error:  # sanctioned: a bug answers its caller and pauses nobody
            if workflow.is_failure_exception(error):
                raise
            if expected(error):
                raise ApplicationError(str(error), type=type(error).__name__) from error
            raise ApplicationError("internal error", type=INTERNAL) from error
