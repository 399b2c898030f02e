"""AnswerCache: one row a question, gone with its time and with its case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.ports.models import CachedAnswer
from tests.integration.conftest import Stores

NOW = datetime.now(UTC).replace(microsecond=0)


def an_answer(fingerprint: str = "a", blob_key: str = "blob", hours: int = 24, case: int = 1) -> CachedAnswer:
    return CachedAnswer(
        fingerprint=fingerprint,
        case_id=UUID(int=case),
        team_id="team_1",
        blob_key=blob_key,
        expires_at=NOW + timedelta(hours=hours),
    )


async def test_the_newest_answer_to_a_question_stands(stores: Stores) -> None:
    for blob_key in ("old", "new"):
        await stores.cached.put(an_answer(blob_key=blob_key))
    assert await stores.cached.get("a", NOW) == an_answer(blob_key="new")
    assert await stores.cached.get("b", NOW) is None


async def test_an_answer_ends_with_its_time(stores: Stores) -> None:
    await stores.cached.put(an_answer())
    assert await stores.cached.get("a", NOW + timedelta(hours=24)) is None
    await stores.cached.put(an_answer("b", hours=-1))
    await stores.cached.put(an_answer("c"))
    assert await stores.cached.get("b", NOW - timedelta(hours=9)) in {None, an_answer("b", hours=-1)}
