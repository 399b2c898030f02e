"""The API with a protection switched off: `python -m tests.e2e.faults.api unkeyed` never sees an Idempotency-Key."""

from __future__ import annotations

import asyncio
import os
import sys

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from activities.adapters.settings import Settings
from activities.adapters.settings_check import read_settings
from activities.adapters.telemetry import configure_logging
from api.app import create_app
from api.main import open_ports

KEY = b"idempotency-key"


def unkeyed(app: ASGIApp) -> ASGIApp:
    """Return the application behind a wall that lets no Idempotency-Key through: each request claims a key of its own."""

    async def wall(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope.get("headers", ()) if name.lower() != KEY]
        await app({**scope, "headers": headers} if scope["type"] == "http" else scope, receive, send)

    return wall


async def serve(settings: Settings, switches: list[str]) -> None:
    app: ASGIApp = create_app(await open_ports(settings))
    app = unkeyed(app) if "unkeyed" in switches else app
    config = uvicorn.Config(app, settings.api.host, settings.api.port, log_config=None, access_log=False)
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    told = read_settings(os.environ)
    configure_logging(told.log)
    asyncio.run(serve(told, sys.argv[1:]))
