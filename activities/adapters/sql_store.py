"""Opens the SQL store for a composition root: migrated, and ready for the adapters."""

from __future__ import annotations

from pathlib import Path

from activities.adapters.settings import Settings
from activities.adapters.sql_engine import Database, open_engine
from activities.adapters.sql_migrations import migrate


async def open_database(settings: Settings) -> Database:
    """Return the database of the settings at the newest schema; `StoreUnavailable` while it cannot be reached."""
    if settings.database_url.startswith("sqlite"):
        Path(settings.database_url.split("///", 1)[1]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = open_engine(settings.database_url)
    await migrate(database)
    return database
