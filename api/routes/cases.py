"""Cases: list, open, read, rename, delete, close."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Response

from activities.upkeep import ErasedCase
from api import intake, opening
from api.bodies import CaseChange, NewCase, TitleWish
from api.dependencies import Caller, CaseId, InSession, Now, Opened, ReadCase, RequestKey, WriteCase, may
from api.reading import see, see_own
from api.routes.turns import hybrid
from api.views import cases as view
from api.views.screen import screen
from api.views.wire import json_response, restored, restored_all
from domain.case.projection import CaseView
from domain.case.state import CaseState
from domain.case.turns import Intent, IntentType
from domain.errors import CaseTerminal, InvalidInput, NotFound
from domain.ports.cases import CaseQuery
from domain.privacy.access import relation, require
from domain.privacy.accounts import Principal
from workflows import names
from workflows.deletion import DeleteCaseWorkflow

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
Reader = Annotated[Principal, may("case.read")]
Writer = Annotated[Principal, may("case.write")]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0)]


@router.get("", response_model=view.CaseList)
async def listed(
    caller: Reader,
    opened: Opened,
    _: InSession,
    limit: Limit = 50,
    offset: Offset = 0,
    state: str | None = None,
    source: str | None = None,
    include_empty: bool = True,  # a query parameter
    include_archived: bool = True,  # a query parameter
) -> Response:
    """Return the caller's cases, last activity first."""
    query = CaseQuery(
        owner_id=caller.user_id,
        limit=limit,
        offset=offset,
        state=state,
        source=source,
        include_empty=include_empty,
        include_archived=include_archived,
    )
    records, total = await opened.cases.page(query)
    page = view.page(records, total, limit, offset)
    rows = await restored_all(opened.redactor, [(r.case_id, row) for r, row in zip(records, page.cases, strict=True)])
    return json_response({"cases": rows, "total_count": total, "limit": limit, "offset": offset, "has_more": page.has_more})


@router.post("", status_code=201, response_model=view.CaseSummary)
async def create(  # one argument per thing asked for
    body: NewCase, caller: Writer, opened: Opened, now: Now, key: RequestKey, _: InSession
) -> Response:
    """Open a case; the same Idempotency-Key with the same body gives the same case again."""
    record, replayed = await opening.open_case(opened, caller, body, key, now)
    if body.initial_message and not replayed:
        first = intake.Input(query=body.initial_message)
        await intake.post(opened, caller, record, f"{key}-initial" if key else None, first, now)
    headers = {"Location": f"/api/v1/cases/{record.case_id}"}
    if replayed:
        headers["X-Idempotency-Replayed"] = "true"
    return json_response(await restored(opened.redactor, record.case_id, view.summary(record)), 201, headers)


@router.get("/{case_id}", response_model=view.CaseDetail)
async def read(case_id: CaseId, caller: Reader, opened: Opened, _: InSession) -> Response:
    """Return a case; X-State-Source says whether its workflow answered."""
    seen = await see_own(opened, caller, case_id)
    body = await restored(opened.redactor, case_id, view.detail(seen.record, seen.view))
    return json_response(body, headers=seen.headers)


@router.put("/{case_id}", response_model=view.CaseDetail)
async def change(body: CaseChange, case: WriteCase, opened: Opened) -> Response:
    """Change title or description by hand."""
    if body.state is not None:
        raise InvalidInput("state: cases change state by turns; send a message or an action instead")
    if body.description is not None and case.state != "inquiry":
        raise InvalidInput("description: only open inquiries take a new one; the confirmed problem statement stands")
    record = await opening.rename(opened, case, body.title, body.description)
    seen = await see(opened, record)
    shown = await restored(opened.redactor, case.case_id, view.detail(seen.record, seen.view))
    return json_response(shown, headers=seen.headers)


@router.delete("/{case_id}", status_code=204)
async def delete(  # one argument per thing asked for
    case_id: CaseId, caller: Annotated[Principal, may("case.delete")], opened: Opened, now: Now, _: InSession
) -> None:
    """Delete a case with everything that belongs to it; 204 also when it is gone or not the caller's."""
    try:
        case = await opened.cases.get(case_id)
        require("case.delete", caller.roles, relation(caller, case.owner_id, case.team_id))
    except NotFound:
        return
    await opened.cases.change(case_id, {"deleted_at": now})
    await opened.temporal.start_workflow(
        DeleteCaseWorkflow.run,
        ErasedCase(case_id=case_id, team_id=case.team_id),
        id=names.deletion(case_id),
        task_queue=names.KNOWLEDGE,
        static_summary="delete a case",
        rpc_timeout=timedelta(seconds=3),
    )


@router.post("/{case_id}/title")
async def title(case: WriteCase, opened: Opened, body: TitleWish | None = None, force: bool = False) -> Response:
    """Make a title from what was said; x-title-source says whether one stood already."""
    wish = body or TitleWish()
    made, source = await opening.make_title(opened, await see(opened, case), wish.max_words or 8, force=force or bool(wish.force))
    shown = await restored(opened.redactor, case.case_id, {"schema_version": "3.1.0", "title": made})
    return json_response(shown, headers={"x-title-source": source})


@router.get("/{case_id}/ui")
async def ui(case: ReadCase, opened: Opened) -> Response:
    """Return the view of a case, by its state."""
    seen = await see(opened, case)
    stands = seen.view or CaseView(state=CaseState(case_id=case.case_id))
    rows = await opened.evidence.rows(case.case_id)
    reports = await opened.reports.of_case(case.case_id) if stands.state.status.terminal else ()
    body = screen(case, stands, seen.source, rows, reports)
    return json_response(await restored(opened.redactor, case.case_id, body), headers=seen.headers)


@router.post("/{case_id}/close")
async def close(case: WriteCase, caller: Caller, opened: Opened, now: Now, key: RequestKey) -> Response:
    """Close a case by explicit command: request and confirmation in one."""
    if case.state in intake.ENDED and not await intake.sent_before(opened, caller, case, key):
        raise CaseTerminal(f"the case is {case.state} already")
    intent = Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed", "command": "close"})
    accepted = await intake.post(opened, caller, case, key or uuid4().hex, intake.Input(intent=intent), now)
    return await hybrid(opened, accepted, timedelta(seconds=opened.deployment.patience_s))
