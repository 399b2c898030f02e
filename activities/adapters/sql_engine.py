"""The database behind the SQL adapters: one engine, short transactions, and vendor failures as ours in one place."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import Column, Connection, Row, Table, event, exc
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from activities.adapters.sqlite_connection import connect
from domain.errors import StorageFull, StoreUnavailable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)

POOL_WAIT_S, READ_S, WRITE_S = 1.0, 2.0, 5.0
"""Seconds (reliability 4); each is inside the next outer one."""
BUSY_MS = 4_500
"""SQLite waits this long for another writer, just inside the write limit."""
CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Database:
    """Opens transactions; `StoreUnavailable` and `StorageFull` are the only failures of the store itself."""

    engine: AsyncEngine
    writers: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
    """Lets writers of this process in one by one where the database has a single write lock, which they would fight for."""
    read_s: float = READ_S
    write_s: float = WRITE_S

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction that only reads: one consistent picture."""
        with weather():
            async with asyncio.timeout(self.read_s), self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction that commits when the block ends, and is undone when it fails."""
        with weather():
            async with asyncio.timeout(self.write_s), self.writers, self.engine.connect() as connection:
                await connection.execution_options(writes=True)
                async with connection.begin():
                    yield connection

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def open_engine(url: str) -> Database:
    """Return the database behind a URL: `sqlite+aiosqlite:///…` or `postgresql+psycopg://…`; nothing is contacted yet."""
    if url.startswith("sqlite"):
        engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=CONNECTIONS,
            pool_timeout=POOL_WAIT_S,
            connect_args={"timeout": BUSY_MS / 1000, "async_creator_fn": connect},
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return Database(engine, writers=asyncio.Lock())
    options = f"-c timezone=UTC -c statement_timeout={int(WRITE_S * 1000)}"
    connect_args = {"connect_timeout": 2, "options": options}
    return Database(
        create_async_engine(
            url,
            hide_parameters=True,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=POOL_WAIT_S,
            pool_pre_ping=True,
            connect_args=connect_args,
        )
    )


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:  # the DBAPI's own connection
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", "synchronous=full", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where rows will be written: a lock taken later cannot wait for another writer."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def weather() -> Generator[None]:
    """Turn what a database reports about itself into our failures; a wrong statement stays a bug."""
    try:
        yield
    except (TimeoutError, exc.TimeoutError) as failure:
        raise StoreUnavailable("the database did not answer in time; nothing was kept, try again") from failure
    except (exc.OperationalError, exc.InterfaceError) as failure:
        if _is_full(failure.orig):
            raise StorageFull("the database has no room; free some space and try again") from failure
        if _is_bug(failure.orig):
            raise
        raise StoreUnavailable("the database is not reachable; nothing was kept, try again") from failure


def _is_full(failure: BaseException | None) -> bool:
    return isinstance(failure, psycopg.errors.DiskFull) or _sqlite_code(failure) == sqlite3.SQLITE_FULL


def _is_bug(failure: BaseException | None) -> bool:
    return _sqlite_code(failure) == sqlite3.SQLITE_ERROR


def _sqlite_code(failure: BaseException | None) -> int | None:
    return getattr(failure, "sqlite_errorcode", None)  # present on sqlite3's errors alone


def columns(table: Table, cls: type[DataclassInstance]) -> tuple[Column[Any], ...]:
    """Return the columns that hold the fields of a value."""
    return tuple(table.c[field.name] for field in fields(cls))


def value(cls: type[Value], row: Row[Any]) -> Value:
    """Return the value that a row of `columns` holds."""
    return cls(**row._mapping)  # ruff: ignore[private-member-access]  # the documented name


def row_of(given: DataclassInstance) -> dict[str, Any]:
    """Return the columns that hold a flat value."""
    return {field.name: getattr(given, field.name) for field in fields(given)}


async def insert_once(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert unless something unique stands already; return whether the row is new."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return (await connection.execute(statement)).first() is not None


async def insert_or_replace(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert, or overwrite the row with the same primary key."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    key = [column.name for column in table.primary_key.columns]
    statement = dialect.insert(table).values(**row)
    changed = {name: statement.excluded[name] for name in row if name not in key}
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))
