"""People, their sessions and tokens, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account; `password_hash` is argon2id, empty where no password sign-in exists."""

    user_id: str
    username: str
    email: str
    display_name: str
    team_id: str
    roles: tuple[str, ...]
    created_at: datetime
    password_hash: str = ""
    token_version: int = 1
    is_active: bool = True
    last_login: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks: taken from a verified access token, never from the request's body."""

    user_id: str
    username: str
    team_id: str
    roles: tuple[str, ...]
    client: str = ""
    """OAuth client or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSession:
    """A client's session; ids are not credentials."""

    session_id: str
    user_id: str
    team_id: str
    client_id: str | None
    session_type: str
    created_at: datetime
    last_activity: datetime
    expires_at: datetime
    timeout_minutes: int
    metadata: str = ""
    """JSON object as text, at most 4 KiB; empty for none."""
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """One link of a refresh-token family; only hashes are stored."""

    id_hash: str
    family: str
    user_id: str
    client: str
    issued_at: datetime
    expires_at: datetime
    replaced_at: datetime | None = None
    successor_issued_at: datetime | None = None
    successor_expires_at: datetime | None = None
    revoked: bool = False
