"""The application: ports in, routes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.correlation import Correlation
from api.dependencies import Ports
from api.documentation import serve_documentation
from api.errors import handle_errors
from api.limits import BodyBound, Buckets
from api.progress import Channels
from api.routes import auth, cases, evidence, forks, knowledge, meta, reports, sessions, turns

EXPOSED = [
    "Location", "Retry-After", "Link", "X-Total-Count", "X-Request-ID", "X-Correlation-ID", "X-RateLimit-Limit",
    "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Idempotency-Replayed", "X-State-Source", "x-error-code", "x-title-source",
    "x-expected-version", "x-actual-version",
]  # fmt: skip
ALLOWED = [
    "Authorization", "X-Session-Id", "Idempotency-Key", "X-Request-ID", "Prefer", "Last-Event-ID", "X-User-ID", "X-User-Roles",
    "Content-Type", "Accept", "Cache-Control",
]  # fmt: skip
EXTENSIONS = r"(chrome|moz)-extension://.*"


def create_app(ports: Ports) -> FastAPI:
    """Return the application over these ports; its lifetime runs the health probes."""

    @asynccontextmanager
    async def lifetime(_: FastAPI) -> AsyncGenerator[None, None]:
        probing = asyncio.create_task(ports.board.run())
        try:
            yield
        finally:
            probing.cancel()

    app = FastAPI(title="FaultMaven", version=ports.deployment.version, lifespan=lifetime, docs_url=None, redoc_url=None)
    app.state.ports, app.state.channels = ports, Channels(ports)
    for module in (meta, auth, sessions, cases, forks, turns, evidence, knowledge, reports):
        app.include_router(module.router)
    serve_documentation(app)
    handle_errors(app)
    app.add_middleware(Buckets, per_minute=ports.deployment.per_minute)
    app.add_middleware(BodyBound)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(ports.deployment.origins),
        allow_origin_regex=EXTENSIONS,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=ALLOWED,
        expose_headers=EXPOSED,
    )
    app.add_middleware(Correlation)
    return app
