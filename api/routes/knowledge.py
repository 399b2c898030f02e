"""Knowledge documents."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import Caller, Opened
from api.views.wire import Json, at
from domain.errors import NotFound
from domain.knowledge.access import may_read, readable

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])
LEVELS = ("experimental", "community", "verified")


@router.get("/documents/{document_id}")
async def read(document_id: str, caller: Caller, opened: Opened) -> Json:
    """Return a document that the caller may read."""
    found = await opened.knowledge.get(document_id)
    scope = readable(team_id=caller.team_id, user_id=caller.user_id)
    if found is None or not may_read(scope, found, found.team_id):
        raise NotFound("no such document, or it is not yours to read")
    return {
        "document_id": found.document_id,
        "title": found.title,
        "content": found.content,
        "document_type": found.document_type,
        "created_at": at(found.created_at),
        "updated_at": at(found.updated_at),
        "scope": found.scope,
        "status": found.status,
        "tags": list(found.tags),
        "owner_id": found.owner_id,
        "category": found.category,
        "description": found.description,
        "source_url": found.source_url,
        "metadata": None,
        "source_suggestion_id": None,
        "verification_reason": None,
        "verification_level": found.verification_level,
        "verification_status": LEVELS[found.verification_level],
    }
