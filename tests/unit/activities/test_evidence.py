"""A file is analysed once, and nothing of it is kept that was not made safe."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from temporalio.testing import ActivityEnvironment

from activities.evidence import NOT_REDACTED, UNREADABLE, EvidenceActivities, FailEvidence
from activities.keeping import ANALYSIS, LINES
from activities.legs import work_of
from activities.processes import Arguments, ChildLost, Processes, Result
from domain.case.state import EvidenceNews
from domain.case.turns import EvidenceRef
from domain.errors import RedactionUnavailable
from domain.evidence.analyse import VERSION, analyse
from domain.evidence.values import Context, Document, Hint
from domain.ports.sealing import read
from tests import builders, fakes

LOG = (builders.a_log(lines=20) + "2026-03-04T12:01:00Z ERROR db-1 connection refused\n" * 5).encode()


@cache
def large() -> bytes:
    """Two epochs of a log, the second one short."""
    rows = "".join(
        f"2026-03-04 {n // 60 % 24:02d}:{n % 60:02d}:00 INFO shard {'abcdefgh'[n % 8]} took {n % 90} ms\n" for n in range(9_000)
    )
    half = rows * ((70 << 20) // len(rows) // 2)
    return (half + "2026-03-05 00:00:00 ERROR shard lost: connection refused\n" + half).encode()


class CountedProcesses(Processes):
    """Computes in this process and counts."""

    def __init__(self) -> None:
        super().__init__(1)
        self.runs = 0
        self.calls: list[str] = []
        self.breaks_at = -1
        self.places: list[Path] = []

    async def run(self, function: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        if self.runs == self.breaks_at:
            raise ChildLost("killed")
        self.runs += 1
        self.calls.append(function.__name__)
        self.places += [given.parent for given in arguments if isinstance(given, Path)]
        return function(*arguments, **named)


@dataclass
class Desk:
    """The steps over fakes."""

    redactor: fakes.StarRedactor = field(default_factory=fakes.StarRedactor)
    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    processes: CountedProcesses = field(default_factory=CountedProcesses)
    door: fakes.MemoryDoor = field(default_factory=fakes.MemoryDoor)
    case_id: UUID = field(default_factory=uuid4)

    @property
    def steps(self) -> EvidenceActivities:
        files = fakes.MemoryFiles(self.rows)
        scanning = (self.processes, builders.a_scratch(), fakes.PlainReader(), self.door, fakes.QuietLinter())
        return EvidenceActivities(self.blobs, files, self.redactor, *scanning)

    async def upload(self, content: bytes = LOG) -> EvidenceRef:
        key = await self.blobs.put(self.case_id, content)
        row = builders.a_file_record(case_id=self.case_id, file_id="file_1", blob_key=key, size_bytes=len(content))
        self.rows.files[row.file_id] = row
        return EvidenceRef(case_id=self.case_id, file_id=row.file_id, blob_key=key, name=row.name, size_bytes=len(content))

    async def scan(self, ref: EvidenceRef, attempt: int = 1) -> EvidenceNews:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        return await environment.run(self.steps.classify_and_scan, ref)

    async def analysis(self, news: EvidenceNews) -> bytes:
        return await read(self.blobs, self.case_id, news.analysis_key)


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
    assert set(desk.processes.places) == {builders.a_scratch().folder}
    assert list(builders.a_scratch().folder.iterdir()) == []


async def test_a_file_that_was_analysed_is_not_analysed_again() -> None:
    desk = Desk()
    ref = await desk.upload()
    first, second = await desk.scan(ref), await desk.scan(ref)
    assert (second.analysis_key, second.lines_key, second.summary) == (first.analysis_key, first.lines_key, first.summary)
    assert desk.processes.runs == 1


async def test_what_an_earlier_upload_of_the_same_source_lacks_is_new() -> None:
    desk = Desk()
    await desk.scan(await desk.upload())
    later = LOG + b"2026-03-04T12:02:00Z ERROR quorum of shard 7 lost\n"
    key = await desk.blobs.put(desk.case_id, later)
    old = desk.rows.files["file_1"]
    for name in (old.name.replace(".", "-2026-03-04."), "other.txt"):
        at = old.uploaded_at + timedelta(hours=1)
        row = replace(old, file_id=name, name=name, blob_key=key, size_bytes=len(later), uploaded_at=at, status="pending")
        desk.rows.files[name] = row
        news = await desk.scan(EvidenceRef(case_id=desk.case_id, file_id=name, blob_key=key, name=name, size_bytes=len(later)))
        found = {one.text: one.numbers.get("new", 0.0) for one in ANALYSIS.validate_json(await desk.analysis(news)).findings}
        new = {text for text, marked in found.items() if marked}
        assert len(found) > 1
        assert new == ({"2026-03-04T12:02:00Z ERROR quorum of shard 7 lost"} if name != "other.txt" else set())


async def test_an_analysis_of_another_analyser_is_made_again() -> None:
    desk = Desk()
    ref = await desk.upload()
    news = await desk.scan(ref)
    older = (await desk.analysis(news)).replace(f'"version":"{VERSION}"'.encode(), b'"version":"0"')
    desk.blobs.blobs[desk.case_id, news.analysis_key] = older
    again = await desk.scan(ref)
    assert desk.processes.runs == 2
    assert f'"version":"{VERSION}"'.encode() in await desk.analysis(again)


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


async def test_a_large_file_is_scanned_in_legs_and_gives_the_analysis_of_a_single_pass() -> None:
    desk = Desk()
    ref = await desk.upload(large())
    news = await desk.scan(ref)
    assert desk.processes.calls == ["begin", "leg", "leg", "leg", "conclusion"]
    document = Document(evidence=ref.file_id, name=ref.name, chunks=[large()], hint=Hint(name=ref.name))
    assert await desk.analysis(news) == ANALYSIS.dump_json(analyse(document, Context()))


async def test_packed_it_gives_the_same_analysis() -> None:
    desk, zipped = Desk(), Desk()
    news = await zipped.scan(await zipped.upload(gzip.compress(large(), 1)))
    assert "leg" in zipped.processes.calls
    assert await zipped.analysis(news) == await desk.analysis(await desk.scan(await desk.upload(large())))


@pytest.mark.parametrize("breaks_at", [1, 2, 3, 4])
async def test_a_scan_that_was_killed_goes_on_where_it_was(breaks_at: int) -> None:
    desk, whole = Desk(), Desk()
    ref = await desk.upload(large())
    desk.processes.breaks_at = breaks_at
    with pytest.raises(ChildLost):
        await desk.scan(ref)
    desk.processes.breaks_at = -1
    news = await desk.scan(ref, attempt=2)
    assert desk.processes.calls.count("leg") == 3
    assert await desk.analysis(news) == await whole.analysis(await whole.scan(await whole.upload(large())))
    assert [key for _, key in desk.blobs.blobs if "/" in key] == []


async def test_the_last_attempt_trusts_nothing_that_was_kept() -> None:
    desk = Desk()
    ref = await desk.upload(large())
    await desk.blobs.keep(desk.case_id, work_of(ref), 0, b"\1" + bytes(8) + b"not a state")
    assert (await desk.scan(ref, attempt=3)).status == "completed"


async def test_progress_is_told_in_few_steps_and_beaten_to_the_engine() -> None:
    desk = Desk()
    ref = await desk.upload(large())
    await desk.scan(ref)
    (percents,) = desk.door.percents.values()
    assert percents == sorted(percents)
    assert (percents[-1], len(percents) <= 20) == (100, True)
