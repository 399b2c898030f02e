"""What a route may ask for, as annotated types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, cast
from uuid import UUID

from fastapi import Depends, Header, Request, params
from fastapi.security import SecurityScopes
from temporalio.client import Client

from api.health import HealthBoard
from domain.case.projection import CaseRecord
from domain.errors import MalformedRequest, NotFound, SessionExpired, TokenInvalid
from domain.ports.cases import CaseDoor, CaseRecords, Conversation, EvidenceRecords, FileStore, ReportStore, TurnIntake
from domain.ports.knowledge import KnowledgeStore
from domain.ports.models import TurnProgress
from domain.ports.people import Passwords, People, RefreshTokens, Sessions, SignInAttempts, StoredReplies, Tokens
from domain.ports.sealing import BlobStore, Redactor
from domain.privacy.access import Action, absent, relation, require
from domain.privacy.accounts import Principal

KEY = re.compile(r"[A-Za-z0-9_-]{8,255}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What this deployment is, from settings."""

    version: str
    dashboard_url: str
    access_minutes: int = 60
    refresh_days: int = 7
    dev_login: bool = False
    registration: bool = True
    providers: tuple[str, ...] = ()
    """Model providers in the order in which they are asked."""
    origins: tuple[str, ...] = ()
    patience_s: float = 20.0
    per_minute: dict[str, int] = field(default_factory=lambda: {"reads": 600, "writes": 60, "turns": 20, "titles": 6})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Every port that routes use, opened by the composition root."""

    deployment: Deployment
    temporal: Client
    board: HealthBoard
    people: People
    sessions: Sessions
    refresh_tokens: RefreshTokens
    attempts: SignInAttempts
    passwords: Passwords
    tokens: Tokens
    replies: StoredReplies
    cases: CaseRecords
    conversation: Conversation
    files: FileStore
    evidence: EvidenceRecords
    reports: ReportStore
    turns: TurnIntake
    door: CaseDoor
    blobs: BlobStore
    redactor: Redactor
    knowledge: KnowledgeStore
    progress: TurnProgress


def _ports(request: Request) -> Ports:
    opened = request.app.state.ports
    assert isinstance(opened, Ports)  # ruff: ignore[assert]  # narrows what Starlette types as Any
    return opened


Opened = Annotated[Ports, Depends(_ports)]


def _now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(_now)]


async def _principal(opened: Opened, now: Now, authorization: Annotated[str | None, Header()] = None) -> Principal:
    """Return who asks; the token's version must still be the account's, so that revoking acts at once."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenInvalid("sign in first: a Bearer token is missing")
    claims = opened.tokens.read_access(token, now)
    user = await opened.people.by_id(claims.user_id)
    if user is None or not user.is_active or user.token_version != claims.token_version:
        raise TokenInvalid("the token is no longer valid; sign in again")
    return Principal(user_id=user.user_id, username=user.username, team_id=user.team_id, roles=user.roles, client=claims.client)


Caller = Annotated[Principal, Depends(_principal)]


async def _permitted(needed: SecurityScopes, caller: Caller) -> Principal:
    for action in needed.scopes:
        require(cast("Action", action), caller.roles, "owner")  # `may` took it as one
    return caller


def may(action: Action) -> params.Security:
    """Ask for the caller, whose role must allow this with what is theirs."""
    return params.Security(_permitted, scopes=[action])


Member = Annotated[Principal, may("account.use")]


async def _session(opened: Opened, caller: Caller, now: Now, x_session_id: Annotated[str | None, Header()] = None) -> str | None:
    """Check and slide the client session that a request on cases names."""
    if x_session_id is None:
        return None
    session = await opened.sessions.get(x_session_id)
    if session is None or session.ended or session.user_id != caller.user_id or session.expires_at <= now:
        raise SessionExpired
    return x_session_id


InSession = Annotated[str | None, Depends(_session)]


def read_case_id(case_id: str) -> UUID:
    """Return the id; one that no case can have looks like that of a missing case."""
    if case_id.strip() in {"", "undefined", "null"}:
        raise MalformedRequest("the case id in the path is blank; open the case again")
    try:
        return UUID(case_id)
    except ValueError:
        raise absent("case.read") from None


CaseId = Annotated[UUID, Depends(read_case_id)]


async def _case(needed: SecurityScopes, case_id: CaseId, opened: Opened, caller: Caller, _: InSession) -> CaseRecord:
    """Return the case's row for who may do this with it; a stranger's looks exactly like a missing one."""
    try:
        record = await opened.cases.get(case_id)
    except NotFound:
        raise absent("case.read") from None
    for action in needed.scopes:
        require(
            cast("Action", action), caller.roles, relation(caller, record.owner_id, record.team_id)
        )  # `case_to` took it as one
    return record


def case_to(action: Action) -> params.Security:
    """Ask for the case in the path, with which the caller must be allowed to do this."""
    return params.Security(_case, scopes=[action])


ReadCase = Annotated[CaseRecord, case_to("case.read")]
WriteCase = Annotated[CaseRecord, case_to("case.write")]
ForkCase = Annotated[CaseRecord, case_to("case.fork")]


def _key(idempotency_key: Annotated[str | None, Header()] = None) -> str | None:
    if idempotency_key is not None and not KEY.fullmatch(idempotency_key):
        raise MalformedRequest("Idempotency-Key takes 8 to 255 of A-Z a-z 0-9 _ -", "IDEMPOTENCY_KEY_INVALID")
    return idempotency_key


RequestKey = Annotated[str | None, Depends(_key)]
