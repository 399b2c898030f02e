"""Tables of the SQL store: every row has a team, and columns are named like the fields of the value they hold.

There are no foreign keys between rooms, and none to `cases`: a projection is rebuilt row by row. What is unique here is
what makes a retried step harmless.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware moment; comes back in UTC from every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite has no zones and keeps the naive form."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # ruff: ignore[unused-method-argument]  # SQLAlchemy's signature
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[tuple[str, ...]]):
    """A short tuple of words as a JSON array."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:  # ruff: ignore[unused-method-argument]  # SQLAlchemy's signature
        """Store an array."""
        return None if value is None else list(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:  # ruff: ignore[unused-method-argument]  # SQLAlchemy's signature
        """Return a tuple."""
        return None if value is None else tuple(value)


def _id(name: str, *, primary: bool = False) -> Column[str]:
    return Column(name, String(64), primary_key=primary, nullable=False)


def _words(name: str, length: int = 200) -> Column[str]:
    return Column(name, String(length), nullable=False, server_default="")


def _prose(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _flag(name: str, *, default: bool) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


def _moment(name: str) -> Column[datetime]:
    return Column(name, Instant, nullable=False)


def _perhaps(name: str) -> Column[datetime]:
    return Column(name, Instant, nullable=True)


def _team() -> Column[str]:
    return Column("team_id", String(64), nullable=False, server_default="")


cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    _team(),
    _id("owner_id"),
    _prose("title"),
    _words("title_source", 20),
    _prose("description"),
    _words("source", 64),
    Column("priority", String(20)),
    _moment("created_at"),
    _moment("updated_at"),
    _moment("last_activity_at"),
    _perhaps("deleted_at"),
    _words("state", 20),
    _words("stage", 64),
    _number("revision"),
    _number("current_turn"),
    _number("turns_without_progress"),
    _words("closure_reason"),
    _perhaps("resolved_at"),
    _perhaps("closed_at"),
    _number("evidence_count"),
    Column("forked_from", Uuid),
    _number("forked_turn"),
    _words("model"),
    Column("snapshot", Text),
    Index(None, "owner_id", text("last_activity_at DESC"), "case_id"),
)
"""The user's columns, and the snapshot's; `snapshot` is the whole carried case as JSON."""

turns = Table(
    "turns",
    metadata,
    _id("turn_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    _team(),
    Column("number", Integer),
    _words("status", 20),
    _words("content_hash", 128),
    _moment("claimed_at"),
    _prose("response"),
    _prose("turn"),
    _prose("error"),
    UniqueConstraint("case_id", "number"),
    Index(None, "case_id", "status"),
    Index(
        "ix_turns_open",
        "claimed_at",
        sqlite_where=text("status IN ('claimed', 'accepted')"),
        postgresql_where=text("status IN ('claimed', 'accepted')"),
    ),
)
"""Claimed keys: unique for ever."""

messages = Table(
    "messages",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    _team(),
    Column("message_id", String(64), nullable=False, unique=True),
    _number("turn_number"),
    _words("role", 20),
    _prose("content"),
    _moment("created_at"),
    Column("author_id", String(64)),
    _prose("metadata"),
    Index(
        "uq_messages_turn_role",
        "case_id",
        "turn_number",
        "role",
        unique=True,
        sqlite_where=text("role <> 'system'"),
        postgresql_where=text("role <> 'system'"),
    ),
)
"""Appended, never edited; one row per turn and role makes a retry harmless."""

files = Table(
    "files",
    metadata,
    _id("file_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    _team(),
    _prose("name"),
    _number("size_bytes"),
    _words("sha256", 64),
    _words("blob_key"),
    _words("origin", 40),
    _moment("uploaded_at"),
    _number("turn_number"),
    Column("content_type", String(200)),
    Column("source_url", Text),
    _perhaps("observed_at"),
    _words("status", 20),
    _words("kind", 40),
    Column("confidence", Float, nullable=False, server_default="0"),
    _prose("summary"),
    _number("lines"),
    _words("analysis_key"),
    _words("lines_key"),
    _prose("error"),
    UniqueConstraint("case_id", "sha256"),
    Index(None, "case_id", "uploaded_at"),
)

evidence = Table(
    "evidence",
    metadata,
    _id("evidence_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    _team(),
    _words("file_id", 64),
    _words("category", 40),
    _prose("summary"),
    _prose("extract"),
    _number("first_line"),
    _number("last_line"),
    _number("turn_number"),
    _moment("collected_at"),
    Index(None, "case_id", "collected_at"),
)

reports = Table(
    "reports",
    metadata,
    _id("report_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    _team(),
    _words("report_type", 40),
    _prose("title"),
    _prose("content"),
    _moment("generated_at"),
    Column("version", Integer, nullable=False, server_default="1"),
    _words("status", 20),
    _flag("auto_generated", default=True),
    UniqueConstraint("case_id", "report_type", "version"),
)

placeholders = Table(
    "placeholders",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("number", Integer, primary_key=True),
    _team(),
    _words("fingerprint", 128),
    Column("sealed", LargeBinary),
    Column("grouping", String(40), nullable=False, server_default=""),
    _moment("created_at"),
    UniqueConstraint("case_id", "kind", "fingerprint"),
)
"""Numbers per case and kind; `sealed` is the original under the case's key, NULL for kinds that are dropped for ever."""

data_keys = Table(
    "data_keys",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    _team(),
    Column("wrapped", LargeBinary),
    _moment("created_at"),
    _perhaps("destroyed_at"),
)
"""The case's data key under the master key; NULL once destroyed, so that it is never made anew."""

users = Table(
    "users",
    metadata,
    _id("user_id", primary=True),
    _team(),
    _words("username"),
    _words("email", 320),
    _prose("display_name"),
    Column("roles", Words, nullable=False),
    _moment("created_at"),
    _prose("password_hash"),
    Column("token_version", Integer, nullable=False, server_default="1"),
    _flag("is_active", default=True),
    _perhaps("last_login"),
)
Index("uq_users_username", func.lower(users.c.username), unique=True)
Index(
    "uq_users_email",
    func.lower(users.c.email),
    unique=True,
    sqlite_where=text("email <> ''"),
    postgresql_where=text("email <> ''"),
)

sessions = Table(
    "sessions",
    metadata,
    _id("session_id", primary=True),
    Column("user_id", String(64), nullable=False, index=True),
    _team(),
    Column("client_id", String(200)),
    _words("session_type", 40),
    _moment("created_at"),
    _moment("last_activity"),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("timeout_minutes", Integer, nullable=False),
    _prose("metadata"),
    _flag("ended", default=False),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("id_hash", String(128), primary_key=True),
    Column("family", String(64), nullable=False, index=True),
    _team(),
    _id("user_id"),
    _words("client"),
    _moment("issued_at"),
    _moment("expires_at"),
    _perhaps("replaced_at"),
    _perhaps("successor_issued_at"),
    _perhaps("successor_expires_at"),
    _flag("revoked", default=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt_id", Integer, primary_key=True, autoincrement=True),
    _team(),
    Column("attempt_key", String(400), nullable=False),
    _moment("attempted_at"),
    Index(None, "attempt_key", "attempted_at"),
)

stored_replies = Table(
    "stored_replies",
    metadata,
    Column("scope", String(300), primary_key=True),
    Column("key", String(255), primary_key=True),
    _team(),
    _words("content_hash", 128),
    _prose("reply"),
    Column("stored_at", Instant, nullable=False, index=True),
)

documents = Table(
    "documents",
    metadata,
    _id("document_id", primary=True),
    _team(),
    _words("scope", 20),
    Column("owner_id", String(64)),
    _prose("title"),
    _words("document_type", 40),
    _words("status", 20),
    _prose("content"),
    Column("tags", Words, nullable=False),
    _words("content_hash", 128),
    _moment("created_at"),
    _moment("updated_at"),
    _number("verification_level"),
    Column("category", String(200)),
    Column("description", Text),
    Column("source_url", Text),
    Index(None, "team_id", "scope", text("created_at DESC")),
)

answers = Table(
    "answers",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    _team(),
    _words("blob_key"),
    _words("provider", 100),
    _words("model"),
    _number("tokens_in"),
    _number("tokens_out"),
    Column("skipped", Words, nullable=False),
)
"""Model answers that were paid for, by the key of their call; their text is a sealed blob."""

OF_CASE = (turns, messages, files, evidence, reports, placeholders, answers)
"""What an erased case leaves nothing in; the vault destroys `data_keys`, and `cases` keeps the tombstone."""
