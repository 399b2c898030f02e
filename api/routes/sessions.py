"""Client sessions."""

from __future__ import annotations

import json
from dataclasses import replace

from fastapi import APIRouter, Response

from api import client_sessions
from api.bodies import NewSession
from api.client_sessions import SessionWish
from api.dependencies import Member, Now, Opened
from api.views import people as view
from api.views.wire import Json, at
from domain.errors import SessionExpired

router = APIRouter(prefix="/api/v1/sessions", tags=["sessions"])


@router.post("", status_code=201)
async def create(
    caller: Member, opened: Opened, now: Now, response: Response, body: NewSession | None = None
) -> view.SessionBody:
    """Open a session, or resume the live one of this client id."""
    given = body or NewSession()
    wish = SessionWish(
        client_id=given.client_id,
        session_type=given.session_type or "troubleshooting",
        timeout_minutes=given.timeout_minutes or 180,
        metadata=json.dumps(given.metadata) if given.metadata else "",
    )
    session, resumed = await client_sessions.open_session(opened, caller.user_id, caller.team_id, wish, now)
    response.headers["Location"] = f"/api/v1/sessions/{session.session_id}"
    return view.session(session, resumed=resumed)


@router.get("")
async def listed(caller: Member, opened: Opened) -> Json:
    """Return the caller's sessions, newest first."""
    sessions = await opened.sessions.of_user(caller.user_id)
    return {"sessions": [view.session(item, resumed=False) for item in sessions], "total_count": len(sessions)}


@router.get("/{session_id}")
async def read(session_id: str, caller: Member, opened: Opened) -> view.SessionBody:
    """Return one session of the caller."""
    return view.session(await client_sessions.own(opened, session_id, caller.user_id), resumed=False)


@router.post("/{session_id}/heartbeat")
async def heartbeat(session_id: str, caller: Member, opened: Opened, now: Now) -> Json:
    """Keep a session alive."""
    session = await client_sessions.own(opened, session_id, caller.user_id)
    if session.ended or session.expires_at <= now:
        raise SessionExpired
    later = await client_sessions.slide(opened, session, now)
    return {
        "session_id": later.session_id,
        "status": "active",
        "last_activity": at(later.last_activity),
        "expires_at": at(later.expires_at),
    }


@router.delete("/{session_id}", status_code=204)
async def end(session_id: str, caller: Member, opened: Opened) -> None:
    """End a session."""
    session = await client_sessions.own(opened, session_id, caller.user_id)
    await opened.sessions.put(replace(session, ended=True))
