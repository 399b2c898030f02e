"""BudgetLedger in SQL: one row per paid call; sums are read from rows, so that there is no counter to go astray."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, select, update

from activities.adapters.sql_engine import Database, insert_or_replace
from activities.adapters.sql_model_tables import budget_ledger as rows
from domain.diagnosis.budgets import Cost, Reservation


@dataclass(frozen=True, slots=True)
class SqlBudgets:
    """BudgetLedger on SQLite and PostgreSQL."""

    database: Database

    async def reserve(self, wanted: Reservation) -> Mapping[str, Cost]:
        """Write or rewrite the row, and sum up the others of each scope in the same transaction."""
        payer, cost = wanted.payer, wanted.cost
        row = {
            "key": wanted.key,
            "team_id": payer.team_id,
            "user_id": payer.user_id,
            "case_id": payer.case_id,
            "turn_id": payer.turn_key,
            "tokens": cost.tokens,
            "money": cost.money,
            "settled": False,
            "reserved_at": wanted.at,
        }
        scopes = _scopes(wanted)
        sums = [
            func.coalesce(func.sum(case((condition, column), else_=0)), 0)
            for condition in scopes.values()
            for column in (rows.c.tokens, rows.c.money)
        ]
        mine = (rows.c.case_id == payer.case_id) | (rows.c.team_id == payer.team_id) | (rows.c.user_id == payer.user_id)
        async with self.database.writing() as connection:
            await insert_or_replace(connection, rows, row)
            found = (await connection.execute(select(*sums).where(mine, rows.c.key != wanted.key))).one()
        pairs = zip(found[::2], found[1::2], strict=True)
        return {scope: Cost(tokens=int(t), money=int(m)) for scope, (t, m) in zip(scopes, pairs, strict=True)}

    async def settle(self, key: str, cost: Cost) -> None:
        """Set what the call cost, unless that was done."""
        open_row = (rows.c.key == key) & rows.c.settled.is_(False)
        async with self.database.writing() as connection:
            await connection.execute(update(rows).where(open_row).values(tokens=cost.tokens, money=cost.money, settled=True))

    async def release(self, before: datetime) -> int:
        """Free rows that nobody settled; return how many."""
        stale = rows.c.settled.is_(False) & (rows.c.reserved_at < before)
        async with self.database.writing() as connection:
            return (await connection.execute(update(rows).where(stale).values(tokens=0, money=0, settled=True))).rowcount


def _scopes(wanted: Reservation) -> Mapping[str, ColumnElement[bool]]:
    """Return what counts against each budget; an empty id has none."""
    payer, mine = wanted.payer, rows.c.case_id == wanted.payer.case_id
    midnight = wanted.at.replace(hour=0, minute=0, second=0, microsecond=0)
    today = (rows.c.reserved_at >= midnight) & (rows.c.reserved_at < midnight + timedelta(days=1))
    return {
        "turn": and_(mine, rows.c.turn_id == payer.turn_key) if payer.turn_key else false(),
        "case": mine,
        "user": and_(rows.c.user_id == payer.user_id, today) if payer.user_id else false(),
        "team": and_(rows.c.team_id == payer.team_id, today) if payer.team_id else false(),
    }
