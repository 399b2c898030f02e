"""FileStore, ReportStore and CaseErasure."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.errors import NotFound
from tests.builders import NOON, a_carried, a_case_record, a_file_record, a_message, a_report, a_turn_record
from tests.integration.conftest import Stores


async def test_the_same_bytes_in_a_case_are_one_file(stores: Stores) -> None:
    case_id = uuid4()
    first, new = await stores.files.insert(a_file_record(case_id=case_id, sha256="a" * 64))
    again, new_again = await stores.files.insert(a_file_record(case_id=case_id, sha256="a" * 64, name="copy.log"))
    _, elsewhere = await stores.files.insert(a_file_record(sha256="a" * 64))
    assert (again, new, new_again, elsewhere) == (first, True, False, True)


async def test_analysis_columns_are_updated(stores: Stores) -> None:
    file, _ = await stores.files.insert(a_file_record())
    changes = {"status": "completed", "kind": "logs", "confidence": 0.75, "lines": 12}
    for _ in range(2):
        await stores.files.update(file.case_id, file.file_id, changes)
    found = await stores.files.get(file.case_id, file.file_id)
    assert (found.status, found.kind, found.confidence, found.lines, found.name) == ("completed", "logs", 0.75, 12, "app.log")


async def test_a_file_of_another_case_is_not_found(stores: Stores) -> None:
    file, _ = await stores.files.insert(a_file_record())
    with pytest.raises(NotFound):
        await stores.files.get(uuid4(), file.file_id)
    with pytest.raises(NotFound):
        await stores.files.update(uuid4(), file.file_id, {"status": "failed"})


async def test_files_are_paged_and_sorted(stores: Stores) -> None:
    case_id = uuid4()
    for n, name in enumerate("bca"):
        await stores.files.insert(a_file_record(case_id=case_id, name=name, uploaded_at=NOON + timedelta(hours=n)))
    by_name, total = await stores.files.page(case_id, 2, 0, "name", descending=False)
    newest, _ = await stores.files.page(case_id, 10, 0, "no such column", descending=True)
    assert ([f.name for f in by_name], [f.name for f in newest], total) == (["a", "b"], ["a", "c", "b"], 3)


async def test_reports_are_stored_once_per_version(stores: Stores) -> None:
    case_id = uuid4()
    first = a_report(case_id=case_id)
    second = a_report(case_id=case_id, version=2, generated_at=NOON + timedelta(hours=1))
    for report in (first, second, a_report(case_id=case_id, content="late")):
        await stores.reports.put(report)
    assert await stores.reports.of_case(case_id) == (second, first)


async def test_an_erased_case_leaves_its_tombstone_alone(stores: Stores) -> None:
    case = await stores.records.insert(a_case_record())
    other = await stores.records.insert(a_case_record())
    for case_id in (case.case_id, other.case_id):
        await stores.said(a_message(case_id=case_id))
        await stores.files.insert(a_file_record(case_id=case_id))
        await stores.reports.put(a_report(case_id=case_id))
        await stores.cases.record(a_carried(1, case_id), "")
    await stores.records.change(case.case_id, {"deleted_at": NOON})
    assert await stores.erasure.remaining(case.case_id) == 4
    assert [await stores.erasure.erase(case.case_id) for _ in range(2)] == [4, 0]
    assert (await stores.erasure.remaining(case.case_id), await stores.erasure.remaining(other.case_id)) == (0, 4)
    assert await stores.cases.load(case.case_id) is None
    assert (await stores.intake.claim(a_turn_record(case_id=case.case_id), 20)).outcome == "gone"
