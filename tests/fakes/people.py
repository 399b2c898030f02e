"""Accounts, sessions, tokens and stored replies in dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.errors import TokenInvalid, UsernameTaken
from domain.ports.people import AccessClaims
from domain.privacy.accounts import ClientSession, RefreshToken, User


@dataclass
class MemoryPeople:
    """People."""

    users: dict[str, User] = field(default_factory=dict)

    async def add(self, user: User) -> None:
        for other in self.users.values():
            if user.username.lower() == other.username.lower() or (user.email and user.email.lower() == other.email.lower()):
                raise UsernameTaken("this name or address is taken; choose another or sign in")
        self.users[user.user_id] = user

    async def by_name(self, username: str) -> User | None:
        name = username.lower()
        return next((u for u in self.users.values() if name and name in {u.username.lower(), u.email.lower()}), None)

    async def by_id(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    async def change(self, user_id: str, changes: Mapping[str, str | int | bool | datetime]) -> None:
        columns: dict[str, Any] = dict(changes)
        if user_id in self.users:
            self.users[user_id] = replace(self.users[user_id], **columns)


@dataclass
class MemorySessions:
    """Sessions."""

    sessions: dict[str, ClientSession] = field(default_factory=dict)

    async def put(self, session: ClientSession) -> None:
        self.sessions[session.session_id] = session

    async def get(self, session_id: str) -> ClientSession | None:
        return self.sessions.get(session_id)

    async def of_user(self, user_id: str, client_id: str | None = None) -> tuple[ClientSession, ...]:
        mine = [s for s in self.sessions.values() if s.user_id == user_id and client_id in {None, s.client_id}]
        return tuple(sorted(mine, key=lambda session: (session.created_at, session.session_id), reverse=True))

    async def clean(self, before: datetime, limit: int) -> int:
        over = [s for s in self.sessions.values() if s.expires_at < before or (s.ended and s.last_activity < before)]
        for session in over[:limit]:
            del self.sessions[session.session_id]
        return len(over[:limit])


@dataclass
class MemoryRefreshTokens:
    """RefreshTokens."""

    tokens: dict[str, RefreshToken] = field(default_factory=dict)

    async def put(self, token: RefreshToken) -> None:
        self.tokens[token.id_hash] = token

    async def get(self, id_hash: str) -> RefreshToken | None:
        return self.tokens.get(id_hash)

    async def replace(self, id_hash: str, now: datetime, successor: RefreshToken) -> RefreshToken:
        stands = self.tokens.get(id_hash)
        if stands is None or stands.revoked:
            raise TokenInvalid("the refresh token is no longer valid; sign in again")
        if stands.successor_issued_at is not None and stands.successor_expires_at is not None:
            return replace(successor, issued_at=stands.successor_issued_at, expires_at=stands.successor_expires_at)
        times: dict[str, Any] = {"successor_issued_at": successor.issued_at, "successor_expires_at": successor.expires_at}
        self.tokens |= {id_hash: replace(stands, replaced_at=now, **times), successor.id_hash: successor}
        return successor

    async def revoke(self, family: str) -> None:
        for key, token in self.tokens.items():
            if token.family == family:
                self.tokens[key] = replace(token, revoked=True)


@dataclass
class MemorySignInAttempts:
    """SignInAttempts."""

    attempts: dict[str, list[datetime]] = field(default_factory=dict)

    async def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        return tuple(sorted(at for at in self.attempts.get(key, []) if at >= since))

    async def record(self, key: str, at: datetime) -> None:
        self.attempts.setdefault(key, []).append(at)

    async def clear(self, key: str) -> None:
        self.attempts.pop(key, None)


@dataclass
class MemoryReplies:
    """StoredReplies."""

    replies: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    async def get(self, scope: str, key: str) -> tuple[str, str] | None:
        return self.replies.get((scope, key))

    async def put(self, scope: str, key: str, content_hash: str, reply: str, now: datetime) -> tuple[str, str]:
        return self.replies.setdefault((scope, key), (content_hash, reply))


@dataclass
class PlainPasswords:
    """Passwords: reversed text instead of a hash."""

    async def hash(self, password: str) -> str:
        return password[::-1]

    async def verify(self, password: str, password_hash: str) -> bool:
        return bool(password_hash) and password_hash == password[::-1]


@dataclass
class PlainTokens:
    """Tokens: remembered instead of signed."""

    issued: dict[str, AccessClaims | tuple[str, RefreshToken]] = field(default_factory=dict)

    def issue_access(self, claims: AccessClaims) -> str:
        self.issued[f"access {claims.token_id}"] = claims
        return f"access {claims.token_id}"

    def read_access(self, token: str, now: datetime) -> AccessClaims:
        claims = self.issued.get(token)
        if not isinstance(claims, AccessClaims) or now >= claims.expires_at:
            raise TokenInvalid("this token is not valid; sign in again")
        return claims

    def issue_refresh(self, token_id: str, token: RefreshToken) -> str:
        text = f"refresh {token_id} {int(token.issued_at.timestamp())} {int(token.expires_at.timestamp())}"
        self.issued[text] = (token_id, token)
        return text

    def read_refresh(self, token: str, now: datetime) -> str:
        known = self.issued.get(token)
        if not isinstance(known, tuple) or now >= known[1].expires_at:
            raise TokenInvalid("this token is not valid; sign in again")
        return known[0]

    def successor(self, token_id: str) -> str:
        return f"{token_id}'"
