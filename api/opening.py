"""Opening and naming a case: the columns that belong to its user."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from api.bodies import Body, NewCase
from api.dependencies import Ports
from api.reading import Seen
from domain.case import titles
from domain.case.projection import CaseRecord
from domain.errors import InvalidInput, KeyReused, RedactionUnavailable
from domain.privacy.accounts import Principal

SOURCES = {"faultmaven-slack-agent": "slack", "faultmaven-copilot": "copilot"}


async def open_case(ports: Ports, caller: Principal, body: NewCase, key: str | None, now: datetime) -> tuple[CaseRecord, bool]:
    """Return the new case, or the one that this key opened before; `KeyReused` when the body differs."""
    case_id, replayed = await identity(ports, f"cases:{caller.user_id}", body, key, now)
    return await _insert(ports, caller, body, case_id, now), replayed


async def identity(ports: Ports, scope: str, body: Body, key: str | None, now: datetime) -> tuple[UUID, bool]:
    """Return the id of a case to open, or of the one that this key opened before; `KeyReused` when the body differs."""
    if key is None:
        return uuid4(), False
    content = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    fresh = str(uuid4())
    standing_hash, case_id = await ports.replies.put(scope, key, content, fresh, now)
    if standing_hash != content:
        raise KeyReused("this Idempotency-Key was used for another case; send a new key")
    return UUID(case_id), case_id != fresh


async def _insert(ports: Ports, caller: Principal, body: NewCase, case_id: UUID, now: datetime) -> CaseRecord:
    metadata = body.metadata or {}
    generated = bool(metadata.get("auto_generated"))
    safe_title, description = await safe(ports, case_id, (body.title or "", body.description or ""))
    record = CaseRecord(
        case_id=case_id,
        owner_id=caller.user_id,
        team_id=caller.team_id,
        title=safe_title,
        title_source="user" if safe_title else "placeholder",
        description=description,
        source=source(caller, metadata),
        created_at=now,
        updated_at=now,
        last_activity_at=now,
        priority=None if generated else body.priority,
    )
    return await ports.cases.insert(record)


def source(caller: Principal, metadata: dict[str, object]) -> str:
    """Return where a case comes from, in the word that lists filter by."""
    if metadata.get("created_via") == "browser_extension":
        return "copilot"
    return SOURCES.get(caller.client, "api")


async def safe(ports: Ports, case_id: UUID, texts: tuple[str, str]) -> tuple[str, str]:
    """Return title and description as they may be stored; without redaction a neutral title stands instead."""
    if not any(texts):
        return texts
    try:
        title, description = await ports.redactor.redact(case_id, list(texts))
    except RedactionUnavailable:
        return f"case {str(case_id)[:8]}", ""
    return title, description


async def rename(ports: Ports, case: CaseRecord, title: str | None, description: str | None) -> CaseRecord:
    """Set what was given; a title given by hand is never replaced by a made one."""
    safe_title, safe_description = await safe(ports, case.case_id, (title or "", description or ""))
    changes: dict[str, str | datetime | None] = {}
    if title is not None:
        changes |= {"title": safe_title, "title_source": "user"}
    if description is not None:
        changes["description"] = safe_description
    return await ports.cases.change(case.case_id, changes) if changes else case


async def make_title(ports: Ports, seen: Seen, max_words: int, *, force: bool) -> tuple[str, str]:
    """Return a title and its source; `NOT_ENOUGH_CONTEXT` below 40 characters of substance (rule T1)."""
    case = seen.record
    if case.title_source != "placeholder" and not force:
        return case.title, "existing"
    made = titles.requested(seen.view.state) if seen.view else ""
    if not made:
        raise NotEnoughContext("say more about the problem first: a title needs 40 characters of substance")
    title = " ".join(made.split()[:max_words])
    await ports.cases.change(case.case_id, {"title": title, "title_source": "generated"})
    return title, "extractive"


class NotEnoughContext(InvalidInput):
    """Too little was said to name the case."""

    code = "NOT_ENOUGH_CONTEXT"
