"""A warm parent that starts real workers by fork: one line on its input, `name=value …`, is one worker's environment.

It imports everything and never connects, so a child is up in a fraction of a second; it prints each child's process id,
which is its process group too, and nothing else. A child is the product's worker, except that the engine gives up sooner
on what a killed one had begun.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from typing import Any

import temporalio.client
import temporalio.worker
from temporalio.client import Client
from temporalio.worker import StartActivityInput, StartChildWorkflowInput

import worker.main
from activities.adapters.settings import Settings
from activities.adapters.settings_check import read_settings
from activities.adapters.sql_store import open_database
from activities.adapters.telemetry import configure_logging
from activities.adapters.temporal import Address, connect
from worker.build import Options, build_workers

WORKFLOW_TASK = timedelta(seconds=1)
STEP = timedelta(seconds=3)
"""How soon the engine gives up on a killed worker, where the product waits for 10 and for 30 s; nothing else is changed."""


class Hasty(temporalio.client.Interceptor, temporalio.worker.Interceptor):
    """Shortens the time-outs that every kill waits for."""

    def workflow_interceptor_class(
        self, _input: temporalio.worker.WorkflowInterceptorClassInput
    ) -> type[temporalio.worker.WorkflowInboundInterceptor]:
        """Return the one below."""
        return _Hasty


class _Hasty(temporalio.worker.WorkflowInboundInterceptor):
    def init(self, outbound: temporalio.worker.WorkflowOutboundInterceptor) -> None:
        super().init(_Shortened(outbound))


class _Shortened(temporalio.worker.WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> Any:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """A step that beats is given up by its beats, any other by its length."""
        if input.heartbeat_timeout:
            input.heartbeat_timeout = STEP
        else:
            input.start_to_close_timeout = STEP
        return super().start_activity(input)

    async def start_child_workflow(self, input: StartChildWorkflowInput) -> Any:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        input.task_timeout = WORKFLOW_TASK
        return await super().start_child_workflow(input)


def serve() -> None:
    """Start a worker per line until the input ends; then nothing of what was started is left."""
    gc.freeze()
    started = [_start(line) for line in sys.stdin]
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)


def _start(line: str) -> int:
    process = os.fork()
    if process == 0:
        os.setpgid(0, 0)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        os.environ.update({name: value for name, _, value in (pair.partition("=") for pair in line.split())})
        asyncio.run(_work(read_settings(os.environ)))
    with suppress(PermissionError):
        os.setpgid(process, process)
    print(process, flush=True)
    return process


async def _work(settings: Settings) -> None:
    """Run the workers of all queues until killed, without a cache: a killed worker's sticky queue would be waited for."""
    configure_logging(settings.log)
    async with AsyncExitStack() as stack:
        database = await open_database(settings)
        namespace = settings.temporal.namespace
        client = await connect(Address(target=settings.temporal.address, namespace=namespace))
        hasty = Client(client.service_client, namespace=namespace, data_converter=client.data_converter, interceptors=[Hasty()])
        ports = worker.main.open_ports(settings, database, hasty)
        for each in build_workers(hasty, ports, Options(cached_workflows=0)):
            await stack.enter_async_context(each)
        await asyncio.Event().wait()
