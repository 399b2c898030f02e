"""What columns of the SQL store hold, and what their indexes are called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, DateTime, Dialect, MetaData, String, Text, TypeDecorator, text

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


def identity(name: str, *, primary: bool = False) -> Column[str]:
    """Return a column of ids."""
    return Column(name, String(64), primary_key=primary, nullable=False)


def words(name: str, length: int = 200) -> Column[str]:
    """Return a column of a few words."""
    return Column(name, String(length), nullable=False, server_default="")


def prose(name: str) -> Column[str]:
    """Return a column of text of any length."""
    return Column(name, Text, nullable=False, server_default="")


def number(name: str) -> Column[int]:
    """Return a column of whole numbers."""
    return Column(name, BigInteger, nullable=False, server_default="0")


def flag(name: str, *, default: bool) -> Column[bool]:
    """Return a column that is true or false."""
    return Column(name, Boolean, nullable=False, server_default=text("true" if default else "false"))


def moment(name: str) -> Column[datetime]:
    """Return a column of moments."""
    return Column(name, Instant, nullable=False)


def perhaps(name: str) -> Column[datetime]:
    """Return a column of moments that may be missing."""
    return Column(name, Instant, nullable=True)


def team() -> Column[str]:
    """Return the column that every table has."""
    return Column("team_id", String(64), nullable=False, server_default="")
