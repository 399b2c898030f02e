"""Brings a database to the newest schema: one process at a time, the others wait."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.adapters.sql_engine import Database, weather

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x6661756C74
"""Key of PostgreSQL's advisory lock: any number that nothing else in the database uses."""


async def migrate(database: Database, revision: str = "head") -> None:
    """Move the schema up, or with `base` down; safe to repeat and to run from several processes at once."""
    with weather():
        async with _alone(database) as connection:
            await connection.run_sync(_move, revision)
            await connection.commit()


@asynccontextmanager
async def _alone(database: Database) -> AsyncGenerator[AsyncConnection]:
    if database.engine.dialect.name == "sqlite":
        async with _file_lock(Path(database.engine.url.database or "")), database.engine.connect() as connection:
            await connection.execution_options(writes=True)
            yield connection
        return
    async with database.engine.connect() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        yield connection


@asynccontextmanager
async def _file_lock(database: Path) -> AsyncGenerator[None]:
    with database.with_name(database.name + ".lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield


def _move(connection: Connection, revision: str) -> None:
    """Let Alembic move the schema; most starts find it where it should be and need not import it, a tenth of their time."""
    if revision == "head" and _standing(connection) == newest():
        return
    from alembic import command  # ruff: ignore[import-outside-top-level]  # heavy, see above
    from alembic.config import Config  # ruff: ignore[import-outside-top-level]  # heavy, see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def newest() -> str:
    """Return the last revision: the name of a migration begins with its own."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _standing(connection: Connection) -> str | None:
    """Return the revision of the database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
