"""The API's own documentation page: one file of ours over `/openapi.json`, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

PAGE = Path(__file__).parent / "documentation.html"
SCRIPT = Path(__file__).parent / "documentation.js"
POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def serve_documentation(app: FastAPI) -> None:
    """Add `/docs`."""

    @app.get("/docs", include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(PAGE.read_text(encoding="utf-8"), headers={"Content-Security-Policy": POLICY})

    @app.get("/docs/documentation.js", include_in_schema=False)
    async def script() -> Response:
        return Response(SCRIPT.read_text(encoding="utf-8"), media_type="text/javascript")
