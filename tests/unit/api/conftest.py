"""One application per test."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.unit.api.house import House, opened_house


@pytest.fixture
async def house() -> AsyncGenerator[House, None]:
    """Yield the application over fakes."""
    async with opened_house() as house:
        yield house
