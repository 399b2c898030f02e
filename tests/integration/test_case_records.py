"""CaseRecords."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.errors import NotFound
from domain.ports.cases import CaseQuery
from tests.builders import NOON, a_carried, a_case_record, a_message
from tests.integration.conftest import Stores


async def test_the_same_id_again_returns_the_row_that_stands(stores: Stores) -> None:
    first = await stores.records.insert(a_case_record(title="first"))
    again = await stores.records.insert(a_case_record(case_id=first.case_id, title="second"))
    assert again == first == await stores.records.get(first.case_id)


async def test_an_empty_title_counts_the_owners_cases_of_the_day(stores: Stores) -> None:
    titles = [(await stores.records.insert(a_case_record(title="", title_source=""))).title for _ in range(2)]
    await stores.records.insert(a_case_record(title="", owner_id="somebody else"))
    tomorrow = await stores.records.insert(a_case_record(title="", created_at=NOON + timedelta(days=1)))
    assert (titles, tomorrow.title) == (["Case-260304-1", "Case-260304-2"], "Case-260305-1")


async def test_an_unknown_and_a_deleted_case_look_alike(stores: Stores) -> None:
    case = await stores.records.insert(a_case_record())
    deleted = await stores.records.change(case.case_id, {"deleted_at": NOON})
    assert deleted.deleted_at == NOON
    for case_id in (case.case_id, uuid4()):
        with pytest.raises(NotFound):
            await stores.records.get(case_id)
        with pytest.raises(NotFound):
            await stores.records.change(case_id, {"title": "x"})


async def test_a_page_is_ordered_by_activity_and_counts_all(stores: Stores) -> None:
    for hours in (1, 3, 2):
        await stores.records.insert(a_case_record(title=f"{hours}", last_activity_at=NOON + timedelta(hours=hours)))
    await stores.records.insert(a_case_record(owner_id="somebody else"))
    page, total = await stores.records.page(CaseQuery(owner_id="user_1", limit=2))
    assert ([case.title for case in page], total) == (["3", "2"], 3)


async def test_filters_narrow_a_page(stores: Stores) -> None:
    talked = await stores.records.insert(a_case_record(title="Talked 100%", source="slack"))
    await stores.said(a_message(case_id=talked.case_id))
    ended = await stores.records.insert(a_case_record(title="Ended", description="about the Pool", state="closed"))
    queries = {
        talked.title: [{"source": "slack"}, {"include_empty": False}, {"include_archived": False}, {"text": "100%"}],
        ended.title: [{"state": "closed"}, {"text": "pool"}],
    }
    for title, filters in queries.items():
        for given in filters:
            page, total = await stores.records.page(CaseQuery(owner_id="user_1", **given))
            assert ([case.title for case in page], total) == ([title], 1), given


async def test_a_person_changes_title_and_description_only_of_the_row(stores: Stores) -> None:
    case = await stores.records.insert(a_case_record())
    await stores.cases.record(a_carried(4, case.case_id), "symptom")
    changed = await stores.records.change(case.case_id, {"title": "New", "title_source": "user", "priority": "high"})
    assert (changed.title, changed.priority, changed.revision) == ("New", "high", 4)
    assert (await stores.records.get(case.case_id)).title == "New"
