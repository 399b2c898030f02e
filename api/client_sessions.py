"""Client sessions: opened or resumed, kept alive, ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from api.dependencies import Ports
from domain.errors import NotFound
from domain.privacy.accounts import ClientSession


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWish:
    """What a client asks for."""

    client_id: str | None = None
    session_type: str = "troubleshooting"
    timeout_minutes: int = 180
    metadata: str = ""


async def open_session(
    ports: Ports, user_id: str, team_id: str, wish: SessionWish | None, now: datetime
) -> tuple[ClientSession, bool]:
    """Return a live session and whether it was resumed by its client id."""
    wish = wish or SessionWish()
    for session in await ports.sessions.of_user(user_id, wish.client_id) if wish.client_id else ():
        if not session.ended and session.expires_at > now:
            return await slide(ports, session, now), True
    session = ClientSession(
        session_id=f"sess_{uuid4().hex[:24]}",
        user_id=user_id,
        team_id=team_id,
        client_id=wish.client_id,
        session_type=wish.session_type,
        created_at=now,
        last_activity=now,
        expires_at=now + timedelta(minutes=wish.timeout_minutes),
        timeout_minutes=wish.timeout_minutes,
        metadata=wish.metadata,
    )
    await ports.sessions.put(session)
    return session, False


async def slide(ports: Ports, session: ClientSession, now: datetime) -> ClientSession:
    """Push the end of a session out by its time-out."""
    later = replace(session, last_activity=now, expires_at=now + timedelta(minutes=session.timeout_minutes))
    await ports.sessions.put(later)
    return later


async def own(ports: Ports, session_id: str, user_id: str) -> ClientSession:
    """Return the caller's session; `NotFound` for a stranger's as for a missing one."""
    session = await ports.sessions.get(session_id)
    if session is None or session.user_id != user_id:
        raise NotFound("no such session, or it is not yours")
    return session
