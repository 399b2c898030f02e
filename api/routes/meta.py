"""What this server is and how it does."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.dependencies import Opened
from api.views import meta as view
from api.views.wire import Json, json_response

router = APIRouter(tags=["service"])


@router.get("/")
async def root(opened: Opened) -> Json:
    """Name the service and where its parts are."""
    return {"name": "FaultMaven", "version": opened.deployment.version, "docs": "/docs", "health": "/health", "api": "/api/v1"}


@router.get("/health")
async def health(opened: Opened) -> Json:
    """Return the newest looks at every component; always 200 while the process lives."""
    return view.health(opened.board, opened.deployment)


@router.get("/health/live")
async def live() -> Json:
    """Answer while the event loop runs."""
    return {"status": "alive"}


@router.get("/readiness")
async def readiness(opened: Opened) -> Response:
    """Say whether a turn would be accepted now, and what fails if not; workers are not needed for that."""
    failing = [name for name in opened.board.failing() if name != "workers"]
    return json_response({"ready": not failing, "failing": failing}, 503 if failing else 200)


@router.get("/metrics")
async def metrics() -> Response:
    """Return the counters of this process as Prometheus text."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/meta/capabilities")
async def capabilities(opened: Opened) -> Json:
    """Say what this deployment serves and within which limits."""
    return view.capabilities(opened.deployment)
