"""Forks: take a case's turns again without something, and see what that changes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.encoders import jsonable_encoder

from api import comparing, forking
from api.bodies import NewFork
from api.dependencies import Caller, ForkCase, Now, Opened, ReadCase, RequestKey, read_case_id
from api.views import cases as view
from api.views import forks as forks_view
from api.views.wire import json_response, restored

router = APIRouter(prefix="/api/v1/cases/{case_id}", tags=["forks"])


@router.post("/fork", status_code=201, response_model=view.CaseSummary)
async def fork(
    case: ForkCase, caller: Caller, opened: Opened, now: Now, key: RequestKey, body: NewFork | None = None
) -> Response:
    """Open a case that takes this one's turns again; it has taken all when its `current_turn` is `forked_from.turn`."""
    record, replayed = await forking.open_fork(opened, caller, case, body or NewFork(), key, now)
    headers = {"Location": f"/api/v1/cases/{record.case_id}"}
    if replayed:
        headers["X-Idempotency-Replayed"] = "true"
    return json_response(await restored(opened.redactor, record.case_id, view.summary(record)), 201, headers)


@router.get("/diff", response_model=forks_view.CaseDiff)
async def diff(
    case: ReadCase, caller: Caller, opened: Opened, other: Annotated[str | None, Query(alias="with", max_length=64)] = None
) -> Response:
    """Return what this case concludes differently from another one, `with`; by default from the case it was forked from."""
    found = await comparing.compare(opened, caller, case, read_case_id(other) if other else None)
    return json_response(jsonable_encoder(forks_view.diff(found, case.unforked)))
