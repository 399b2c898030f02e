"""Uploaded files: list, read, and the upload outside of a turn."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import UploadFile

from api import intake
from api.dependencies import Now, Opened, Ports, ReadCase, WriteCase
from api.limits import EVIDENCE_BYTES
from api.reading import percent, see
from api.routes.turns import pieces
from api.uploads import Incoming, keep
from api.views import evidence as view
from api.views.turns import AttachmentResult
from api.views.wire import json_response, restored
from domain.case.projection import CaseRecord
from domain.errors import CaseTerminal, InvalidInput, UnsupportedMedia

router = APIRouter(prefix="/api/v1/cases/{case_id}", tags=["evidence"])


@router.get("/uploaded-files", response_model=view.FileList)
async def listed(
    case: ReadCase,
    opened: Opened,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
    sort_by: Literal["uploaded_at_turn", "filename", "size"] = "uploaded_at_turn",
    sort_order: Literal["asc", "desc"] = "asc",
) -> Response:
    """Return a page of the case's files."""
    records, total = await opened.files.page(case.case_id, limit, offset, sort_by, descending=sort_order == "desc")
    seen = await see(opened, case)
    body = view.files(records, seen.view.state if seen.view else None, total, limit, offset)
    return json_response(await restored(opened.redactor, case.case_id, body), headers=seen.headers)


@router.get("/uploaded-files/{file_id}", response_model=view.FileDetail)
async def read(file_id: str, case: ReadCase, opened: Opened) -> Response:
    """Return one file with what was read from it."""
    record = await opened.files.get(case.case_id, file_id)
    rows = await opened.evidence.rows(case.case_id)
    return json_response(await restored(opened.redactor, case.case_id, view.detail(record, rows, await percent(opened, record))))


@router.post("/evidence", status_code=201, response_model=view.Uploaded)
async def upload(request: Request, case: WriteCase, opened: Opened, now: Now) -> Response:
    """Take files outside of a turn: analysis goes on by itself, the next turn sees it."""
    if case.state in intake.ENDED:
        raise CaseTerminal(f"the case is {case.state}: it takes no more evidence; open a new case")
    intake.check_forked(case)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UnsupportedMedia("send the files as multipart/form-data in the field `file`")
    async with request.form(max_files=10, max_fields=16) as form:
        items = [item for item in form.getlist("file") if isinstance(item, UploadFile)]
        if not items:
            raise InvalidInput("file: missing; send at least one file in the field `file`")
        taken = [await _take(opened, case, item, now) for item in items]
    return json_response(await restored(opened.redactor, case.case_id, view.Uploaded(files=taken)), 201)


async def _take(opened: Ports, case: CaseRecord, item: UploadFile, now: datetime) -> AttachmentResult:
    incoming = Incoming(
        name=item.filename or "unnamed", chunks=pieces(item), content_type=item.content_type, limit=EVIDENCE_BYTES
    )
    ref, known = await keep(opened, case, incoming, now)
    if not known:
        await opened.door.add_evidence(ref)
    record = await opened.files.get(case.case_id, ref.file_id)
    return view.accepted(record, ref.file_id if known else None)
