"""A knowledge document on the wire (contract 5.9)."""

from __future__ import annotations

from api.views.wire import Json, at
from domain.knowledge.documents import KnowledgeDocument

LEVELS = ("experimental", "community", "verified")


def document(found: KnowledgeDocument) -> Json:
    """Return the whole document."""
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
