"""Accounts, sessions, tokens and stored replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.privacy.accounts import ClientSession, RefreshToken, User


class People(Protocol):
    """Accounts.

    >>> people = MemoryPeople()
    >>> run(people.add(builders.a_user(username="ada")))
    >>> run(people.by_name("ADA")).username
    'ada'
    """

    async def add(self, user: User) -> None:
        """Insert; `UsernameTaken` when the name or address stands already."""

    async def by_name(self, username: str) -> User | None:
        """Return the account with this name or e-mail address."""

    async def by_id(self, user_id: str) -> User | None:
        """Return the account."""

    async def change(self, user_id: str, changes: Mapping[str, str | int | bool | datetime]) -> None:
        """Set columns of the account."""


class Sessions(Protocol):
    """Client sessions.

    >>> sessions = MemorySessions()
    >>> run(sessions.put(builders.a_session(session_id="sess_1")))
    >>> run(sessions.get("sess_1")).session_id
    'sess_1'
    """

    async def put(self, session: ClientSession) -> None:
        """Insert or replace."""

    async def get(self, session_id: str) -> ClientSession | None:
        """Return the session, ended or not."""

    async def of_user(self, user_id: str, client_id: str | None = None) -> tuple[ClientSession, ...]:
        """Return the user's sessions, newest first."""

    async def clean(self, before: datetime, limit: int) -> int:
        """Delete sessions that ended or expired before that time; return how many."""


class RefreshTokens(Protocol):
    """Refresh tokens by the hash of their id.

    >>> tokens = MemoryRefreshTokens()
    >>> run(tokens.put(builders.a_refresh_token(id_hash="h1", family="f1")))
    >>> run(tokens.revoke("f1"))
    >>> run(tokens.get("h1")).revoked
    True
    """

    async def put(self, token: RefreshToken) -> None:
        """Insert or replace."""

    async def get(self, id_hash: str) -> RefreshToken | None:
        """Return the token."""

    async def replace(self, id_hash: str, now: datetime, successor: RefreshToken) -> RefreshToken:
        """Mark as replaced once and store the successor; return the row that stands, so that races agree."""

    async def revoke(self, family: str) -> None:
        """Revoke a whole family; safe to repeat."""


class SignInAttempts(Protocol):
    """Failed sign-ins per key, kept across processes.

    >>> attempts = MemorySignInAttempts()
    >>> run(attempts.record("key", NOON))
    >>> len(run(attempts.failures("key", NOON)))
    1
    """

    async def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        """Return the times of failures since then, oldest first."""

    async def record(self, key: str, at: datetime) -> None:
        """Store one failure."""

    async def clear(self, key: str) -> None:
        """Forget them after a success."""


class Passwords(Protocol):
    """Password hashes; both methods cost the same for everybody.

    >>> passwords = PlainPasswords()
    >>> run(passwords.verify("secret", run(passwords.hash("secret"))))
    True
    >>> run(passwords.verify("secret", ""))
    False
    """

    async def hash(self, password: str) -> str:
        """Return an argon2id hash."""

    async def verify(self, password: str, password_hash: str) -> bool:
        """Return whether they fit; an empty hash never fits and takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """What an access token says."""

    user_id: str
    username: str
    team_id: str
    roles: tuple[str, ...]
    token_version: int
    token_id: str
    issued_at: datetime
    expires_at: datetime
    client: str = ""


class Tokens(Protocol):
    """Signed tokens; reading one that is not valid now and ours raises `TokenInvalid` and gives no reason.

    >>> tokens = PlainTokens()
    >>> tokens.successor("id-1") == tokens.successor("id-1")
    True
    """

    def issue_access(self, claims: AccessClaims) -> str:
        """Return the signed access token."""

    def read_access(self, token: str, now: datetime) -> AccessClaims:
        """Return its claims."""

    def issue_refresh(self, token_id: str, token: RefreshToken) -> str:
        """Return the signed refresh token; the same values give the same text."""

    def read_refresh(self, token: str, now: datetime) -> str:
        """Return the token id."""

    def successor(self, token_id: str) -> str:
        """Return the id of the token that follows this one; always the same."""


class StoredReplies(Protocol):
    """Replies of routes other than turns under their Idempotency-Key, kept seven days.

    >>> replies = MemoryReplies()
    >>> run(replies.put("cases:user_1", "key-0001", "hash-a", "{}", NOON))
    ('hash-a', '{}')
    >>> run(replies.put("cases:user_1", "key-0001", "hash-b", "[]", NOON))
    ('hash-a', '{}')
    """

    async def get(self, scope: str, key: str) -> tuple[str, str] | None:
        """Return (content hash, reply as JSON)."""

    async def put(self, scope: str, key: str, content_hash: str, reply: str, now: datetime) -> tuple[str, str]:
        """Store once; return what stands."""
