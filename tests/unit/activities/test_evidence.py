"""A file is analysed once, and nothing of it is kept that was not made safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.evidence import LINES, NOT_REDACTED, UNREADABLE, EvidenceActivities, FailEvidence
from activities.processes import Arguments, Processes, Result
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.errors import RedactionUnavailable
from domain.ports.sealing import read
from tests import builders, fakes

LOG = (builders.a_log(lines=20) + "2026-03-04T12:01:00Z ERROR db-1 connection refused\n" * 5).encode()


class CountedProcesses(Processes):
    """Computes in this process and counts."""

    def __init__(self) -> None:
        super().__init__(1)
        self.runs = 0
        self.places: list[Path] = []

    async def run(self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        self.runs += 1
        self.places += [given.parent for given in arguments if isinstance(given, Path)]
        return function(*arguments, **named)


@dataclass
class Desk:
    """The steps over fakes."""

    redactor: fakes.StarRedactor = field(default_factory=fakes.StarRedactor)
    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    processes: CountedProcesses = field(default_factory=CountedProcesses)
    case_id: UUID = field(default_factory=uuid4)

    @property
    def steps(self) -> EvidenceActivities:
        return EvidenceActivities(
            self.blobs, fakes.MemoryFiles(self.rows), self.redactor, self.processes, builders.a_scratch(), fakes.PlainReader()
        )

    async def upload(self, content: bytes = LOG) -> EvidenceRef:
        key = await self.blobs.put(self.case_id, content)
        row = builders.a_file_record(case_id=self.case_id, blob_key=key, size_bytes=len(content))
        self.rows.files[row.file_id] = row
        return EvidenceRef(case_id=self.case_id, file_id=row.file_id, blob_key=key, name=row.name, size_bytes=len(content))

    async def scan(self, ref: EvidenceRef) -> EvidenceNews:
        return await ActivityEnvironment().run(self.steps.classify_and_scan, ref)


async def test_a_scanned_file_has_its_kind_its_lines_and_a_completed_row() -> None:
    desk = Desk()
    ref = await desk.upload()
    news = await desk.scan(ref)
    row = desk.rows.files[ref.file_id]
    assert (news.status, news.kind, news.lines) == ("completed", "logs_and_errors", 25)
    assert (row.status, row.kind, row.lines_key, row.analysis_key) == ("completed", news.kind, news.lines_key, news.analysis_key)


async def test_plain_bytes_lie_nowhere_but_in_the_private_folder_and_not_for_longer_than_they_are_read() -> None:
    desk = Desk()
    await desk.scan(await desk.upload())
    assert desk.processes.places == [builders.a_scratch().folder]
    assert list(builders.a_scratch().folder.iterdir()) == []


async def test_a_file_that_was_analysed_is_not_analysed_again() -> None:
    desk = Desk()
    ref = await desk.upload()
    first, second = await desk.scan(ref), await desk.scan(ref)
    assert (second.analysis_key, second.lines_key, second.summary) == (first.analysis_key, first.lines_key, first.summary)
    assert desk.processes.runs == 1


async def test_kept_lines_are_safe_lines() -> None:
    desk = Desk(redactor=fakes.StarRedactor(hidden=("db-1",)))
    news = await desk.scan(await desk.upload())
    kept = LINES.validate_json(await read(desk.blobs, desk.case_id, news.lines_key))
    assert any("<STAR_1>" in line.text for line in kept)
    assert "db-1" not in str((kept, news))


async def test_without_redaction_nothing_is_kept() -> None:
    desk = Desk(redactor=fakes.StarRedactor(broken=True))
    ref = await desk.upload()
    with pytest.raises(RedactionUnavailable):
        await desk.scan(ref)
    assert len(desk.blobs.blobs) == 1
    assert desk.rows.files[ref.file_id].status != "completed"


@pytest.mark.parametrize(("reason", "told"), [("RedactionUnavailable", NOT_REDACTED), ("EvidenceUnreadable", UNREADABLE)])
async def test_a_failed_file_keeps_its_bytes_and_says_why(reason: str, told: str) -> None:
    desk = Desk()
    ref = await desk.upload()
    news = await desk.steps.fail_evidence(FailEvidence(ref=ref, reason=reason))
    assert (news.status, news.error) == ("failed", told)
    assert (desk.rows.files[ref.file_id].status, desk.rows.files[ref.file_id].error) == ("failed", told)
    assert await read(desk.blobs, desk.case_id, ref.blob_key) == LOG
