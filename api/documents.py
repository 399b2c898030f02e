"""The way into the knowledge: read what was sent, keep its row, have it indexed.

A document is named by its team, its owner and its content: sent again it is the same one, indexed again.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import PurePath

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from activities.knowledge import IngestDocument
from api.bodies import NewDocument
from api.dependencies import Ports
from api.views.wire import Json
from domain.errors import InvalidInput, StoreUnavailable, UnsupportedMedia
from domain.knowledge.chunking import title_of
from domain.knowledge.documents import KnowledgeDocument
from domain.privacy.access import require
from domain.privacy.accounts import Principal
from workflows import names
from workflows.knowledge import IngestDocumentWorkflow

TITLE_LENGTH = 200
ENGINE_CALL = timedelta(seconds=5)


async def sent(request: Request) -> NewDocument:
    """Return the document of a JSON body or of a form with one file."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return _checked(json.loads(await request.body() or b"{}"))
    if not kind.startswith("multipart/form-data"):
        raise UnsupportedMedia("send the document as multipart/form-data in the field `file`, or as JSON with its `content`")
    async with request.form(max_files=1, max_fields=16) as form:
        return _checked(await _fields(form))


async def _fields(form: FormData) -> dict[str, Json]:
    fields: dict[str, Json] = {name: value for name, value in form.items() if isinstance(value, str) and value}
    tags = str(fields.pop("tags", ""))
    file = form.get("file")
    if isinstance(file, UploadFile):
        fields |= {"content": _text(await file.read()), "filename": file.filename or ""}
    return fields | {"tags": [tag.strip() for tag in tags.split(",") if tag.strip()]}


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnsupportedMedia("file: Markdown or plain text in UTF-8 is needed") from None
    if "\x00" in text:
        raise UnsupportedMedia("file: Markdown or plain text is needed, not a binary file")
    return text


def _checked(fields: Json) -> NewDocument:
    try:
        return NewDocument.model_validate(fields)
    except ValidationError as wrong:
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong.errors())
        raise InvalidInput(told) from None


async def publish(ports: Ports, caller: Principal, given: NewDocument, now: datetime) -> KnowledgeDocument:
    """Keep the document unless it stands, and start its ingestion; after a 503 it may be sent again."""
    document = _document(caller, given, now)
    stands = await ports.knowledge.get(document.document_id)
    if stands is None:
        await ports.knowledge.put(document)
    try:
        await ports.temporal.start_workflow(
            IngestDocumentWorkflow.run,
            IngestDocument(document_id=document.document_id),
            id=names.ingest(document.document_id),
            task_queue=names.KNOWLEDGE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            rpc_timeout=ENGINE_CALL,
        )
    except RPCError as failure:
        raise StoreUnavailable("the workflow engine did not answer; the document is not indexed, send it again") from failure
    return stands or document


def _document(caller: Principal, given: NewDocument, now: datetime) -> KnowledgeDocument:
    require("document.write", caller.roles, "team" if given.scope == "team" else "owner")
    owner = caller.user_id if given.scope == "personal" else None
    content_hash = hashlib.sha256(given.content.encode()).hexdigest()
    identity = hashlib.sha256("\x1f".join((caller.team_id, owner or "", content_hash)).encode()).hexdigest()
    return KnowledgeDocument(
        document_id=f"doc_{identity[:20]}",
        team_id=caller.team_id,
        scope=given.scope,
        owner_id=owner,
        title=_title(given),
        document_type=given.document_type or "runbook",
        status="pending",
        content=given.content,
        tags=tuple(given.tags or ()),
        content_hash=content_hash,
        created_at=now,
        updated_at=now,
        category=given.category,
        description=given.description,
        source_url=given.source_url,
    )


def _title(given: NewDocument) -> str:
    """Return the given title, else what the document calls itself, else the name of the file."""
    title = given.title or title_of(given.content, PurePath(given.filename or "").stem)
    if not title:
        raise InvalidInput("title: missing; send a title, or a document that begins with a heading")
    return title[:TITLE_LENGTH]
