"""aiosqlite's connection, without a trip to its thread for what never waits.

A statement of SQLAlchemy is four calls, each handed to a thread and back, and a turn has some fifty statements: that was a
third of the processor time of a worker. SQLite answers from its cache in microseconds; what may wait for another writer or
for the disk still goes to the thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import aiosqlite

WAITING = ("BEGIN IMMEDIATE", "COMMIT", "PRAGMA")
"""Statements that take the write lock or reach the disk."""


class SqliteConnection(aiosqlite.Connection):
    """Runs on the loop all that lies between taking the write lock and giving it back."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if _waits(fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)


def _waits(call: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    """Whether a call of the driver may wait: all but a cursor's own calls, its making, and undoing."""
    if isinstance(getattr(call, "__self__", None), sqlite3.Cursor):
        return bool(args) and isinstance(args[0], str) and args[0].startswith(WAITING)
    return call.__name__ not in {"cursor", "rollback"}


def connect(path: str, **options: Any) -> SqliteConnection:
    """Return a connection that opens when awaited; its thread ends with the process."""
    connection = SqliteConnection(partial(sqlite3.connect, path, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # ruff: ignore[private-member-access]: SQLAlchemy does the same to those it opens itself
    return connection
