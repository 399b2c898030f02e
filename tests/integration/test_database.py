"""The schema, and what happens when a database misbehaves."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, text

from activities.adapters.settings_check import read_settings
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_engine import CONNECTIONS, POOL_WAIT_S, Database, open_engine
from activities.adapters.sql_migrations import migrate, newest
from activities.adapters.sql_store import open_database
from activities.adapters.sql_tables import metadata
from domain.errors import StorageFull, StoreUnavailable
from tests import servers
from tests.builders import a_case_record
from tests.waiting import in_time


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated database of its own, on each kind of server: here its schema may change."""
    sqlite = f"sqlite+aiosqlite:///{tmp_path / 'faultmaven.db'}"
    opened = open_engine(sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_url"))
    await migrate(opened)
    yield opened
    await opened.close()


async def names(database: Database) -> dict[str, set[str]]:
    """Return tables with their columns and indexes."""

    def look(connection: object) -> dict[str, set[str]]:
        found = inspect(connection)
        return {
            table: {column["name"] for column in found.get_columns(table)}
            for table in found.get_table_names()
            if table != "alembic_version"
        }

    async with database.reading() as connection:
        return await connection.run_sync(look)


async def test_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    assert await names(database) == {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables}


async def test_migrations_make_the_indexes_that_the_code_expects(database: Database) -> None:
    sqlite = database.engine.dialect.name == "sqlite"
    catalogue = "SELECT name FROM sqlite_master WHERE type = 'index'" if sqlite else "SELECT indexname FROM pg_indexes"
    async with database.reading() as connection:
        found = set((await connection.scalars(text(catalogue))).all())
    assert {index.name for table in metadata.sorted_tables for index in table.indexes} <= found


async def test_every_row_has_a_team(database: Database) -> None:
    assert [table for table, columns in (await names(database)).items() if "team_id" not in columns] == []


async def test_the_schema_goes_down_and_up_again(database: Database) -> None:
    await migrate(database, "base")
    assert await names(database) == {}
    await migrate(database)
    assert len(await names(database)) == len(metadata.tables)


async def test_a_schema_that_is_the_newest_is_known_by_its_revision(database: Database) -> None:
    async with database.reading() as connection:
        assert (await connection.scalars(text("SELECT version_num FROM alembic_version"))).all() == [newest()]


async def test_processes_that_start_together_migrate_once(database: Database) -> None:
    await migrate(database, "base")
    others = [open_engine(database.engine.url.render_as_string(hide_password=False)) for _ in range(3)]
    await asyncio.gather(*(migrate(other) for other in others))
    assert len(await names(database)) == len(metadata.tables)
    for other in others:
        await other.close()


async def test_a_failed_block_leaves_nothing(database: Database) -> None:
    async def fail_late() -> None:
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO sign_in_attempts (attempt_key, attempted_at) VALUES ('a', '2026-01-01')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_late()
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM sign_in_attempts")) == 0


async def test_a_wrong_statement_stays_a_bug(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as failure:
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1 FROM no_such_table"))
    assert not isinstance(failure.value, StoreUnavailable)


async def test_an_unreachable_server_is_weather() -> None:
    with servers.unheard() as port:
        database = open_engine(f"postgresql+psycopg://nobody@127.0.0.1:{port}/none")
        with pytest.raises(StoreUnavailable):
            await SqlCaseRecords(database).insert(a_case_record())
        with pytest.raises(StoreUnavailable):
            await migrate(database)


async def fill(database: Database) -> None:
    row = text("INSERT INTO stored_replies VALUES (hex(randomblob(16)), '', '', '', hex(randomblob(4000)), '')")
    async with database.writing() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        for _ in range(1_000):
            await connection.execute(row)


async def test_a_full_database_says_so(tmp_path: Path) -> None:
    database = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'small.db'}")
    await migrate(database)
    with pytest.raises(StorageFull):
        await fill(database)
    await database.close()


async def test_another_process_that_holds_the_lock_is_weather(tmp_path: Path) -> None:
    database = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'busy.db'}")
    await migrate(database)
    other = sqlite3.connect(tmp_path / "busy.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await SqlCaseRecords(database).insert(a_case_record())
    other.execute("ROLLBACK")
    assert await SqlCaseRecords(database).insert(a_case_record())
    other.close()
    await database.close()


async def test_a_crowd_of_writers_waits_its_turn_and_leaves_connections_to_readers(tmp_path: Path) -> None:
    database = replace(open_engine(f"sqlite+aiosqlite:///{tmp_path / 'crowd.db'}"), read_s=60, write_s=60)
    await migrate(database)
    cases = SqlCaseRecords(database)
    case = await cases.insert(a_case_record())
    other = sqlite3.connect(tmp_path / "crowd.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    crowd = [asyncio.create_task(cases.insert(a_case_record())) for _ in range(10 * CONNECTIONS)]
    begun = time.monotonic()
    while time.monotonic() - begun < 1.2 * POOL_WAIT_S:
        assert await cases.get(case.case_id)
    other.execute("ROLLBACK")
    other.close()
    assert len({case.case_id for case in await asyncio.gather(*crowd)}) == 10 * CONNECTIONS
    await database.close()


async def test_sqlite_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    database = await open_database(read_settings({"FAULTMAVEN_DATA": str(tmp_path / "data")}))
    async with database.reading() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 2
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    await database.close()


async def test_a_pool_without_a_free_connection_is_weather_after_a_second(postgres_url: str) -> None:
    database = replace(open_engine(postgres_url), read_s=60)

    async def refused() -> None:
        with pytest.raises(StoreUnavailable):
            await migrate(database)

    async with AsyncExitStack() as held:
        for _ in range(CONNECTIONS):
            await held.enter_async_context(database.reading())
        await in_time(3 * POOL_WAIT_S, refused)
    await migrate(database)
    await database.close()


async def test_a_server_that_dropped_our_connections_is_asked_again(postgres_url: str, postgres_server: servers.Postgres) -> None:
    database = open_engine(postgres_url)
    await migrate(database)
    records = SqlCaseRecords(database)
    case = await records.insert(a_case_record())
    with psycopg.connect(postgres_server.url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname like 'test_%'"
        )
    assert await records.get(case.case_id) == case
    await database.close()
