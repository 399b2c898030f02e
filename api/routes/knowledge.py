"""Knowledge documents: add and read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api import documents
from api.dependencies import Caller, Now, Opened
from api.views import knowledge as view
from api.views.wire import Json, json_response
from domain.errors import NotFound
from domain.knowledge.access import may_read, readable

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])


@router.post("/documents", status_code=201)
async def add(request: Request, caller: Caller, opened: Opened, now: Now) -> Response:
    """Take a document; it is searchable when its status says processed."""
    document = await documents.publish(opened, caller, await documents.sent(request), now)
    place = f"/api/v1/knowledge/documents/{document.document_id}"
    return json_response(view.document(document), 201, headers={"Location": place})


@router.get("/documents/{document_id}")
async def read(document_id: str, caller: Caller, opened: Opened) -> Json:
    """Return a document that the caller may read."""
    found = await opened.knowledge.get(document_id)
    scope = readable(team_id=caller.team_id, user_id=caller.user_id)
    if found is None or not may_read(scope, found, found.team_id):
        raise NotFound("no such document, or it is not yours to read")
    return view.document(found)
