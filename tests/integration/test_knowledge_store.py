"""KnowledgeStore."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.knowledge.documents import ScopeFilter
from tests.builders import NOON, a_document
from tests.integration.conftest import Stores


async def test_a_document_is_stored_replaced_and_deleted(stores: Stores) -> None:
    document = a_document(tags=("db", "pool"), description="how")
    await stores.knowledge.put(document)
    await stores.knowledge.put(replace(document, status="failed"))
    assert await stores.knowledge.get(document.document_id) == replace(document, status="failed")
    for _ in range(2):
        await stores.knowledge.delete(document.document_id)
    assert await stores.knowledge.get(document.document_id) is None


async def test_a_page_holds_what_the_filter_lets_through(stores: Stores) -> None:
    rows = [
        a_document(title="global", scope="global", team_id="vendor"),
        a_document(title="team"),
        a_document(title="mine", scope="personal", owner_id="user_1"),
        a_document(title="this case", scope="case", owner_id="case_1"),
        a_document(title="other team", team_id="team_2"),
        a_document(title="theirs", scope="personal", owner_id="user_2"),
        a_document(title="other case", scope="case", owner_id="case_2"),
        a_document(title="namesake elsewhere", scope="personal", owner_id="user_1", team_id="team_2"),
    ]
    for n, row in enumerate(rows):
        await stores.knowledge.put(replace(row, created_at=NOON + timedelta(hours=n)))
    scope = ScopeFilter(team_id="team_1", user_id="user_1", case_id="case_1")
    page, total = await stores.knowledge.page(scope, 10, 0)
    assert ([row.title for row in page], total) == (["this case", "mine", "team", "global"], 4)
    page, total = await stores.knowledge.page(replace(scope, case_id=""), 2, 1)
    assert ([row.title for row in page], total) == (["team", "global"], 3)
