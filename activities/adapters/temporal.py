"""The connection to Temporal: one converter for every client, worker and replayer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

CONVERTER: DataConverter = replace(pydantic_data_converter, failure_converter_class=DefaultFailureConverterWithEncodedAttributes)
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
    return await Client.connect(address.target, namespace=address.namespace, data_converter=CONVERTER, runtime=runtime, lazy=lazy)


def _measured(bind_address: str) -> Runtime:
    prometheus = PrometheusConfig(bind_address=bind_address, durations_as_seconds=True)
    return Runtime(telemetry=TelemetryConfig(metrics=prometheus))
