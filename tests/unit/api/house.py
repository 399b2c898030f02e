"""The API over fakes alone, with no engine behind it, and people of every role."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from api.app import create_app
from api.dependencies import Deployment, Ports
from api.health import HealthBoard
from domain.ports.people import AccessClaims
from domain.privacy.access import Relation, Role
from domain.privacy.accounts import User
from tests.alone import over_fakes
from tests.builders import a_case_record
from tests.fakes import MemoryCaseRecords, MemoryConversation, MemoryIntake, MemoryRows

PLENTY = dict.fromkeys(("reads", "writes", "turns", "titles"), 10_000)


def ports() -> Ports:
    """Return fakes for every port, with no engine behind them."""
    rows = MemoryRows()
    given = {"deployment": Deployment(version="0", dashboard_url="", per_minute=PLENTY), "board": HealthBoard({})}
    opened: Ports = over_fakes(Ports, **given, temporal=None)
    over = {"cases": MemoryCaseRecords(rows), "turns": MemoryIntake(rows), "conversation": MemoryConversation(rows)}
    return replace(opened, **over)  # type: ignore[arg-type]  # names and values belong together


@dataclass
class House:
    """One application, somebody of each role in one team, and cases of each relation to them."""

    opened: Ports
    client: httpx.AsyncClient

    async def token(self, role: Role) -> str:
        now = datetime.now(UTC)
        who: dict[str, Any] = {"user_id": f"user_{role}", "username": role, "team_id": "team_1", "roles": (role,)}
        if await self.opened.people.by_id(f"user_{role}") is None:
            await self.opened.people.add(User(**who, email="", display_name=role, created_at=now))
        life = {"issued_at": now, "expires_at": now + timedelta(minutes=5)}
        return self.opened.tokens.issue_access(AccessClaims(**who, **life, token_version=1, token_id="t"))

    async def ask(self, role: Role, method: str, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self.token(role)}"}
        return await self.client.request(method, path, headers=headers, json={})

    async def case(self, role: Role, standing: Relation) -> UUID:
        owner = f"user_{role}" if standing == "owner" else "user_else"
        team = "team_2" if standing == "none" else "team_1"
        record = await self.opened.cases.insert(a_case_record(case_id=uuid4(), owner_id=owner, team_id=team))
        return record.case_id


@asynccontextmanager
async def opened_house() -> AsyncGenerator[House, None]:
    """Yield a house whose client speaks without a socket."""
    opened = ports()
    transport = httpx.ASGITransport(create_app(opened), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://front") as client:
        yield House(opened, client)
