"""Tables of what calls of models brought and cost."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Uuid

from activities.adapters.sql_columns import Instant, Words, flag, metadata, moment, number, team, words

answers = Table(
    "answers",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    team(),
    words("blob_key"),
    words("provider", 100),
    words("model"),
    number("tokens_in"),
    number("tokens_out"),
    Column("skipped", Words, nullable=False),
    flag("cached", default=False),
)
"""Model answers that were paid for, by the key of their call; their text is a sealed blob."""

budget_ledger = Table(
    "budget_ledger",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    team(),
    words("user_id", 64),
    words("turn_id", 64),
    number("tokens"),
    number("money"),
    flag("settled", default=False),
    moment("reserved_at"),
    Index(None, "team_id", "reserved_at"),
    Index(None, "user_id", "reserved_at"),
)
"""What calls cost, as numbers under ids: they stay when a case is erased, for a day's budget must not come back with it."""

cached_answers = Table(
    "cached_answers",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    team(),
    words("blob_key"),
    Column("expires_at", Instant, nullable=False, index=True),
)
"""Answers that may be given again, by a hash of safe text; the text is a sealed blob of the case that paid."""
