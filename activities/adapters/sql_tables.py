"""Tables of the SQL store: every row has a team, and columns are named like the fields of the value they hold.

There are no foreign keys between rooms, and none to `cases`: a projection is rebuilt row by row. What is unique here is
what makes a retried step harmless.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from activities.adapters.sql_columns import Instant, Words, flag, identity, moment, number, perhaps, prose, team, words
from activities.adapters.sql_columns import metadata as metadata
from activities.adapters.sql_model_tables import answers, cached_answers

cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    team(),
    identity("owner_id"),
    prose("title"),
    words("title_source", 20),
    prose("description"),
    words("source", 64),
    Column("priority", String(20)),
    moment("created_at"),
    moment("updated_at"),
    moment("last_activity_at"),
    perhaps("deleted_at"),
    words("state", 20),
    words("stage", 64),
    number("revision"),
    number("current_turn"),
    number("turns_without_progress"),
    words("closure_reason"),
    perhaps("resolved_at"),
    perhaps("closed_at"),
    number("evidence_count"),
    Column("forked_from", Uuid),
    number("forked_turn"),
    words("model"),
    Column("snapshot", Text),
    Index(None, "owner_id", text("last_activity_at DESC"), "case_id"),
)
"""The user's columns, and the snapshot's; `snapshot` is the whole carried case as JSON."""

turns = Table(
    "turns",
    metadata,
    identity("turn_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    team(),
    Column("number", Integer),
    words("status", 20),
    words("content_hash", 128),
    moment("claimed_at"),
    prose("response"),
    prose("turn"),
    prose("error"),
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
    team(),
    Column("message_id", String(64), nullable=False, unique=True),
    number("turn_number"),
    words("role", 20),
    prose("content"),
    moment("created_at"),
    Column("author_id", String(64)),
    prose("metadata"),
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
    identity("file_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    team(),
    prose("name"),
    number("size_bytes"),
    words("sha256", 64),
    words("blob_key"),
    words("origin", 40),
    moment("uploaded_at"),
    number("turn_number"),
    Column("content_type", String(200)),
    Column("source_url", Text),
    perhaps("observed_at"),
    words("status", 20),
    words("kind", 40),
    Column("confidence", Float, nullable=False, server_default="0"),
    prose("summary"),
    number("lines"),
    words("analysis_key"),
    words("lines_key"),
    prose("error"),
    UniqueConstraint("case_id", "sha256"),
    Index(None, "case_id", "uploaded_at"),
)

evidence = Table(
    "evidence",
    metadata,
    identity("evidence_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    team(),
    words("file_id", 64),
    words("category", 40),
    prose("summary"),
    prose("extract"),
    number("first_line"),
    number("last_line"),
    number("turn_number"),
    moment("collected_at"),
    Index(None, "case_id", "collected_at"),
)

reports = Table(
    "reports",
    metadata,
    identity("report_id", primary=True),
    Column("case_id", Uuid, nullable=False),
    team(),
    words("report_type", 40),
    prose("title"),
    prose("content"),
    moment("generated_at"),
    Column("version", Integer, nullable=False, server_default="1"),
    words("status", 20),
    flag("auto_generated", default=True),
    UniqueConstraint("case_id", "report_type", "version"),
)

placeholders = Table(
    "placeholders",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("number", Integer, primary_key=True),
    team(),
    words("fingerprint", 128),
    Column("sealed", LargeBinary),
    Column("grouping", String(40), nullable=False, server_default=""),
    moment("created_at"),
    UniqueConstraint("case_id", "kind", "fingerprint"),
)
"""Numbers per case and kind; `sealed` is the original under the case's key, NULL for kinds that are dropped for ever."""

data_keys = Table(
    "data_keys",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    team(),
    Column("wrapped", LargeBinary),
    moment("created_at"),
    perhaps("destroyed_at"),
)
"""The case's data key under the master key; NULL once destroyed, so that it is never made anew."""

users = Table(
    "users",
    metadata,
    identity("user_id", primary=True),
    team(),
    words("username"),
    words("email", 320),
    prose("display_name"),
    Column("roles", Words, nullable=False),
    moment("created_at"),
    prose("password_hash"),
    Column("token_version", Integer, nullable=False, server_default="1"),
    flag("is_active", default=True),
    perhaps("last_login"),
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
    identity("session_id", primary=True),
    Column("user_id", String(64), nullable=False, index=True),
    team(),
    Column("client_id", String(200)),
    words("session_type", 40),
    moment("created_at"),
    moment("last_activity"),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("timeout_minutes", Integer, nullable=False),
    prose("metadata"),
    flag("ended", default=False),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("id_hash", String(128), primary_key=True),
    Column("family", String(64), nullable=False, index=True),
    team(),
    identity("user_id"),
    words("client"),
    moment("issued_at"),
    moment("expires_at"),
    perhaps("replaced_at"),
    perhaps("successor_issued_at"),
    perhaps("successor_expires_at"),
    flag("revoked", default=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("attempt_id", Integer, primary_key=True, autoincrement=True),
    team(),
    Column("attempt_key", String(400), nullable=False),
    moment("attempted_at"),
    Index(None, "attempt_key", "attempted_at"),
)

stored_replies = Table(
    "stored_replies",
    metadata,
    Column("scope", String(300), primary_key=True),
    Column("key", String(255), primary_key=True),
    team(),
    words("content_hash", 128),
    prose("reply"),
    Column("stored_at", Instant, nullable=False, index=True),
)

documents = Table(
    "documents",
    metadata,
    identity("document_id", primary=True),
    team(),
    words("scope", 20),
    Column("owner_id", String(64)),
    prose("title"),
    words("document_type", 40),
    words("status", 20),
    prose("content"),
    Column("tags", Words, nullable=False),
    words("content_hash", 128),
    moment("created_at"),
    moment("updated_at"),
    number("verification_level"),
    Column("category", String(200)),
    Column("description", Text),
    Column("source_url", Text),
    Index(None, "team_id", "scope", text("created_at DESC")),
)

OF_CASE = (turns, messages, files, evidence, reports, placeholders, answers, cached_answers)
"""What an erased case leaves nothing in; the vault destroys `data_keys`, and `cases` keeps the tombstone."""
