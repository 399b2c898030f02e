"""Sessions, RefreshTokens, SignInAttempts and StoredReplies: what people and clients leave for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from activities.adapters.sql_engine import Database, columns, insert_once, insert_or_replace, row_of, value
from activities.adapters.sql_tables import refresh_tokens, sessions, sign_in_attempts, stored_replies
from domain.errors import TokenInvalid
from domain.privacy.accounts import ClientSession, RefreshToken

KEPT_REPLIES = timedelta(days=7)
"""Stored replies of routes other than turns (contract 1)."""
KEPT_ATTEMPTS = timedelta(days=1)
"""Well beyond the 15 minutes that a lock-out looks back (privacy 12)."""


@dataclass(frozen=True, slots=True)
class SqlSessions:
    """Sessions on SQLite and PostgreSQL."""

    database: Database

    async def put(self, session: ClientSession) -> None:
        """Insert or replace."""
        async with self.database.writing() as connection:
            await insert_or_replace(connection, sessions, row_of(session))

    async def get(self, session_id: str) -> ClientSession | None:
        """Return the session, ended or not."""
        statement = select(*columns(sessions, ClientSession)).where(sessions.c.session_id == session_id)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).first()
            return None if row is None else value(ClientSession, row)

    async def of_user(self, user_id: str, client_id: str | None = None) -> tuple[ClientSession, ...]:
        """Return the user's sessions, newest first."""
        mine = [sessions.c.user_id == user_id]
        if client_id is not None:
            mine.append(sessions.c.client_id == client_id)
        order = (sessions.c.created_at.desc(), sessions.c.session_id.desc())
        statement = select(*columns(sessions, ClientSession)).where(*mine).order_by(*order)
        async with self.database.reading() as connection:
            return tuple(value(ClientSession, row) for row in await connection.execute(statement))

    async def clean(self, before: datetime, limit: int) -> int:
        """Delete sessions that ended or expired before that time; return how many."""
        over = or_(sessions.c.expires_at < before, sessions.c.ended & (sessions.c.last_activity < before))
        some = select(sessions.c.session_id).where(over).order_by(sessions.c.expires_at).limit(limit)
        async with self.database.writing() as connection:
            return (await connection.execute(delete(sessions).where(sessions.c.session_id.in_(some)))).rowcount


@dataclass(frozen=True, slots=True)
class SqlRefreshTokens:
    """RefreshTokens on SQLite and PostgreSQL."""

    database: Database

    async def put(self, token: RefreshToken) -> None:
        """Insert or replace."""
        async with self.database.writing() as connection:
            await insert_or_replace(connection, refresh_tokens, row_of(token))

    async def get(self, id_hash: str) -> RefreshToken | None:
        """Return the token."""
        statement = select(*columns(refresh_tokens, RefreshToken)).where(refresh_tokens.c.id_hash == id_hash)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).first()
            return None if row is None else value(RefreshToken, row)

    async def replace(self, id_hash: str, now: datetime, successor: RefreshToken) -> RefreshToken:
        """Mark as replaced once and store the successor; return the successor as it stands: the first one's times.

        Of several processes that replace one token all get the same answer; a revoked family raises `TokenInvalid`.
        """
        statement = select(*columns(refresh_tokens, RefreshToken)).where(refresh_tokens.c.id_hash == id_hash).with_for_update()
        async with self.database.writing() as connection:
            row = (await connection.execute(statement)).first()
            if row is None or row.revoked:
                raise TokenInvalid("the refresh token is no longer valid; sign in again")
            if row.replaced_at is not None:
                return replace(successor, issued_at=row.successor_issued_at, expires_at=row.successor_expires_at)
            times = {"successor_issued_at": successor.issued_at, "successor_expires_at": successor.expires_at}
            same = refresh_tokens.c.id_hash == id_hash
            await connection.execute(update(refresh_tokens).where(same).values(replaced_at=now, **times))
            await insert_once(connection, refresh_tokens, row_of(successor))
            return successor

    async def revoke(self, family: str) -> None:
        """Revoke a whole family; safe to repeat."""
        async with self.database.writing() as connection:
            await connection.execute(update(refresh_tokens).where(refresh_tokens.c.family == family).values(revoked=True))


@dataclass(frozen=True, slots=True)
class SqlSignInAttempts:
    """SignInAttempts on SQLite and PostgreSQL."""

    database: Database

    async def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        """Return the times of failures since then, oldest first."""
        at = sign_in_attempts.c.attempted_at
        statement = select(at).where(sign_in_attempts.c.attempt_key == key, at >= since).order_by(at)
        async with self.database.reading() as connection:
            return tuple((await connection.scalars(statement)).all())

    async def record(self, key: str, at: datetime) -> None:
        """Store one failure, and drop those that no rule looks at any more."""
        old = sign_in_attempts.c.attempted_at < at - KEPT_ATTEMPTS
        async with self.database.writing() as connection:
            await connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.attempt_key == key, old))
            await connection.execute(sign_in_attempts.insert().values(attempt_key=key, attempted_at=at))

    async def clear(self, key: str) -> None:
        """Forget them after a success."""
        async with self.database.writing() as connection:
            await connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.attempt_key == key))


@dataclass(frozen=True, slots=True)
class SqlReplies:
    """StoredReplies on SQLite and PostgreSQL."""

    database: Database

    async def get(self, scope: str, key: str) -> tuple[str, str] | None:
        """Return (content hash, reply as JSON)."""
        same = (stored_replies.c.scope == scope) & (stored_replies.c.key == key)
        async with self.database.reading() as connection:
            row = (await connection.execute(select(stored_replies.c.content_hash, stored_replies.c.reply).where(same))).first()
            return None if row is None else (row.content_hash, row.reply)

    async def put(self, scope: str, key: str, content_hash: str, reply: str, now: datetime) -> tuple[str, str]:
        """Store once, drop what is older than seven days; return what stands."""
        same = (stored_replies.c.scope == scope) & (stored_replies.c.key == key)
        new = {"scope": scope, "key": key, "content_hash": content_hash, "reply": reply, "stored_at": now}
        async with self.database.writing() as connection:
            await connection.execute(delete(stored_replies).where(stored_replies.c.stored_at < now - KEPT_REPLIES))
            await insert_once(connection, stored_replies, new)
            row = (await connection.execute(select(stored_replies.c.content_hash, stored_replies.c.reply).where(same))).one()
            return row.content_hash, row.reply
