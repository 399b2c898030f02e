"""People: accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from activities.adapters.sql_engine import Database, columns, insert_once, row_of, value
from activities.adapters.sql_tables import users
from domain.errors import UsernameTaken
from domain.privacy.accounts import User

COLUMNS = columns(users, User)


@dataclass(frozen=True, slots=True)
class SqlPeople:
    """People on SQLite and PostgreSQL; names and addresses are compared without regard to case."""

    database: Database

    async def add(self, user: User) -> None:
        """Insert; `UsernameTaken` when the name or address stands already."""
        async with self.database.writing() as connection:
            if not await insert_once(connection, users, row_of(user)):
                raise UsernameTaken("this name or address is taken; choose another or sign in")

    async def by_name(self, username: str) -> User | None:
        """Return the account with this name or e-mail address."""
        name = username.lower()
        return await self._one(or_(func.lower(users.c.username) == name, func.lower(users.c.email) == name)) if name else None

    async def by_id(self, user_id: str) -> User | None:
        """Return the account."""
        return await self._one(users.c.user_id == user_id)

    async def change(self, user_id: str, changes: Mapping[str, str | int | bool | datetime]) -> None:
        """Set columns of the account; nothing happens without the account."""
        async with self.database.writing() as connection:
            await connection.execute(update(users).where(users.c.user_id == user_id).values(**changes))

    async def _one(self, condition: ColumnElement[bool]) -> User | None:
        async with self.database.reading() as connection:
            row = (await connection.execute(select(*COLUMNS).where(condition).order_by(users.c.created_at))).first()
            return None if row is None else value(User, row)
