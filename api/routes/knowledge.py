"""Knowledge documents: add and read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api import documents
from api.dependencies import Now, Opened, may
from api.views import knowledge as view
from api.views.wire import Json, json_response
from domain.knowledge.access import may_read, readable
from domain.privacy.access import absent
from domain.privacy.accounts import Principal

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])
Reader = Annotated[Principal, may("document.read")]
Writer = Annotated[Principal, may("document.write")]


@router.post("/documents", status_code=201)
async def add(request: Request, caller: Writer, opened: Opened, now: Now) -> Response:
    """Take a document; it is searchable when its status says processed."""
    document = await documents.publish(opened, caller, await documents.sent(request), now)
    place = f"/api/v1/knowledge/documents/{document.document_id}"
    return json_response(view.document(document), 201, headers={"Location": place})


@router.get("/documents/{document_id}")
async def read(document_id: str, caller: Reader, opened: Opened) -> Json:
    """Return a document that the caller may read."""
    found = await opened.knowledge.get(document_id)
    scope = readable(team_id=caller.team_id, user_id=caller.user_id)
    if found is None or not may_read(scope, found, found.team_id):
        raise absent("document.read")
    return view.document(found)
