"""A Temporal engine in which each workflow has a clock that a test may move (temporal.md 17)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from activities.adapters.temporal import CONVERTER
from tests import servers
from workflows import names

SETTINGS = {"frontend.WorkflowTimeSkippingEnabled": "true", **servers.POLL_RATES}


@asynccontextmanager
async def engine(limits: Mapping[str, int] | None = None) -> AsyncGenerator[WorkflowEnvironment, None]:
    """Start a dev server with this dynamic configuration; no clock runs ahead by itself."""
    settings = {**SETTINGS, **(limits or {})}
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(servers.temporal_binary()),
        dev_server_extra_args=[
            word for name, value in settings.items() for word in ("--dynamic-config-value", f"{name}={value}")
        ],
        dev_server_log_level="error",
        data_converter=CONVERTER,
        search_attributes=names.SEARCH_ATTRIBUTES,
        namespace=servers.NAMESPACE,
    )
    async with environment:
        yield environment
