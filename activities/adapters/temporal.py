"""The connection to Temporal: one converter for every client, worker and replayer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    QueryWorkflowInput,
    SignalWorkflowInput,
    StartWorkflowInput,
    StartWorkflowUpdateInput,
    WorkflowHandle,
    WorkflowUpdateHandle,
)
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter, pydantic_data_converter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError, RPCStatusCode

NEVER_CONNECTED = "Failed client connect"
_JSON = PydanticJSONPlainPayloadConverter()
"""One for the process: it remembers the adapter of each type, which costs milliseconds to build for a case."""


class _Payloads(CompositePayloadConverter):
    """Values as JSON by their types; every workflow instance makes one of these, all share what was learnt."""

    def __init__(self) -> None:
        known = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(_JSON if isinstance(each, JSONPlainPayloadConverter) else each for each in known))


CONVERTER: DataConverter = replace(
    pydantic_data_converter,
    payload_converter_class=_Payloads,
    failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
)
"""Failures are encoded like payloads, so that a codec covers their messages too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where Temporal listens."""

    target: str = "127.0.0.1:7233"
    namespace: str = "faultmaven"


async def connect(address: Address, metrics: str = "", *, lazy: bool = False) -> Client:
    """Return a client; `lazy` starts before the server does. `metrics` is the address of the Prometheus endpoint, if any.

    One client per process: it does not survive a fork.
    """
    runtime = _measured(metrics) if metrics else Runtime.default()
    return await Client.connect(
        address.target,
        namespace=address.namespace,
        data_converter=CONVERTER,
        runtime=runtime,
        lazy=lazy,
        interceptors=[WithinTime()] if lazy else [],
    )


def _measured(bind_address: str) -> Runtime:
    prometheus = PrometheusConfig(bind_address=bind_address, durations_as_seconds=True)
    return Runtime(telemetry=TelemetryConfig(metrics=prometheus))


class WithinTime(Interceptor):
    """Makes `rpc_timeout` the bound of the whole call: the SDK repeats an attempt for up to ten seconds by itself."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Wrap the calls that the API makes."""
        return _Calls(next)


class _Calls(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Start, with or without a signal."""
        async with _within(input.rpc_timeout):
            return await super().start_workflow(input)

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Query."""
        async with _within(input.rpc_timeout):
            return await super().query_workflow(input)

    async def signal_workflow(self, input: SignalWorkflowInput) -> None:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Signal."""
        async with _within(input.rpc_timeout):
            await super().signal_workflow(input)

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # ruff: ignore[builtin-argument-shadowing]: the SDK's own name
        """Update; who waits for its result bounds that himself."""
        async with _within(input.rpc_timeout):
            return await super().start_workflow_update(input)


@asynccontextmanager
async def _within(bound: timedelta | None) -> AsyncGenerator[None]:
    """Bound the call; a first connection that fails is told by the SDK as a plain RuntimeError, here like a lost one."""
    try:
        async with asyncio.timeout(bound.total_seconds() if bound else None):
            yield
    except TimeoutError as failure:
        raise RPCError("the engine did not answer in time", RPCStatusCode.DEADLINE_EXCEEDED, b"") from failure
    except RuntimeError as failure:
        if not str(failure).startswith(NEVER_CONNECTED):
            raise
        raise RPCError("the engine is not there yet", RPCStatusCode.UNAVAILABLE, b"") from failure
