"""From class facts of a failure to status, body and headers: the one place where HTTP errors are made."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import Counter
from starlette.exceptions import HTTPException
from temporalio.service import RPCError, RPCStatusCode

from api.correlation import request_id
from domain.errors import CaseEnded, FaultMavenError, StoreUnavailable

log = logging.getLogger(__name__)

ERRORS = Counter("faultmaven_errors_total", "Failures by layer, code and component.", ["layer", "code", "component"])
REFUSED = Counter("faultmaven_messages_refused_total", "Turns refused.", ["reason"])

POLL = re.compile(r"/api/v1/cases/[^/]+/turns/([^/]+)")
TEXT_DETAIL = ("/turns", "/auth/", "/sessions")
"""Routes whose clients want one string in `detail`; the list stands in `errors` beside it."""

LABELS: Mapping[int, str] = {400: "BAD_REQUEST", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 415: "UNSUPPORTED_MEDIA"}


def problem(status: int, detail: str, code: str | None, retry_after: int | None = None, **more: object) -> JSONResponse:
    """Return the one error body; an unlabelled one carries neither code nor header."""
    body: dict[str, object] = {"detail": detail, "code": code, "request_id": request_id(), "message": detail, **more}
    headers = {"x-error-code": code} if code else {}
    if retry_after is not None:
        body["retry_after"] = retry_after
        headers["Retry-After"] = str(retry_after)
    return JSONResponse(body, status, headers)


def _unknown(request: Request) -> JSONResponse | None:
    """Return the answer to a poll while nobody can tell how its turn stands: clients wait on, and offer no second message."""
    place = request.url.path
    polled = POLL.fullmatch(place) if request.method == "GET" else None
    if polled is None:
        return None
    body = {"status": "unknown", "turn_id": polled[1], "turn_number": None, "stage": None, "ahead": 0}
    return JSONResponse(body, 202, {"Location": place, "Retry-After": "2"})


async def expected(request: Request, failure: Exception) -> JSONResponse:
    """Answer an expected failure with what its class says, and count it; on a turn it means that a message was refused."""
    assert isinstance(failure, FaultMavenError)  # ruff: ignore[assert]  # narrows what Starlette types as Exception
    if failure.status >= 500:
        log.warning("request refused", extra={"failure": type(failure).__name__})
    code = getattr(failure, "label", failure.code)
    counted = code or "CASE_ENDED"
    ERRORS.labels(failure.layer, counted, failure.component).inc()
    if failure.status >= 500 and (unknown := _unknown(request)):
        return unknown
    if request.method == "POST" and request.url.path.endswith("/turns"):
        REFUSED.labels(counted.lower()).inc()
    more = {"case_state": failure.case_state} if isinstance(failure, CaseEnded) else {}
    return problem(failure.status, str(failure), code, failure.retry_after, **more)


async def engine_away(request: Request, failure: Exception) -> JSONResponse:
    """Answer when the workflow engine refuses or does not answer in time."""
    assert isinstance(failure, RPCError)  # ruff: ignore[assert]  # narrows what Starlette types as Exception
    if failure.status is RPCStatusCode.RESOURCE_EXHAUSTED:
        return _unknown(request) or problem(429, "the workflow engine is busy; send it again in a moment", "RATE_LIMITED", 5)
    log.warning("workflow engine away", extra={"status": failure.status.name})
    return await expected(request, StoreUnavailable("the workflow engine did not answer; nothing was stored, send it again"))


async def invalid(request: Request, failure: Exception) -> JSONResponse:
    """Answer a body or parameter that does not parse: 400 when it is no JSON at all, else 422."""
    assert isinstance(failure, RequestValidationError)  # ruff: ignore[assert]  # narrows what Starlette types as Exception
    errors = [{"loc": list(e["loc"]), "msg": e["msg"], "type": e["type"]} for e in failure.errors()]
    if any(e["type"] == "json_invalid" for e in errors):
        return problem(400, "the body is not JSON; send UTF-8 JSON without NaN or Infinity", "BAD_JSON")
    told = "; ".join(f"{'.'.join(map(str, e['loc'][1:])) or 'body'}: {e['msg']}" for e in errors)
    if any(part in request.url.path for part in TEXT_DETAIL):
        return problem(422, told, "VALIDATION", errors=errors)
    response = {"detail": errors, "code": "VALIDATION", "request_id": request_id(), "message": told}
    return JSONResponse(response, 422, {"x-error-code": "VALIDATION"})


async def unrouted(_: Request, failure: Exception) -> JSONResponse:
    """Answer what the router itself refuses, such as an unknown path."""
    assert isinstance(failure, HTTPException)  # ruff: ignore[assert]  # narrows what Starlette types as Exception
    return problem(failure.status_code, str(failure.detail), LABELS.get(failure.status_code, "HTTP_ERROR"))


async def bug(request: Request, failure: Exception) -> JSONResponse:
    """Answer a bug without a word about it; the log has its class and place."""
    log.error("bug", exc_info=failure)
    ERRORS.labels("api", "INTERNAL", "case").inc()
    return _unknown(request) or problem(500, "internal error; the request id names it in the log", "INTERNAL")


def handle_errors(app: FastAPI) -> None:
    """Install the table."""
    app.add_exception_handler(FaultMavenError, expected)
    app.add_exception_handler(RPCError, engine_away)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, unrouted)
    app.add_exception_handler(Exception, bug)
