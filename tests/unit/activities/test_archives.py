"""An archive is opened into sealed members and pending rows, once, whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import starmap
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter
from temporalio.testing import ActivityEnvironment

from activities.archives import ANALYSIS, ArchiveActivities, OpenedArchive, member_id
from activities.evidence import EvidenceActivities
from activities.unpacking import FileBytes, unpack
from domain.case.state import PACKED
from domain.case.turns import EvidenceRef
from domain.errors import EvidenceUnreadable, RedactionUnavailable, StoreUnavailable
from domain.evidence.archives.choosing import TAKEN
from domain.evidence.archives.values import Why
from domain.evidence.values import Kind
from domain.ports.sealing import StoredBlob, read
from tests import builders, fakes
from tests.unit.activities.test_evidence import CountedProcesses
from tests.unit.domain.evidence.bundles import Files, far_away, tarred, zipped

LOG = (builders.a_log(lines=20) + "2026-03-04T12:01:00Z ERROR db-1 connection refused\n" * 5).encode()
FILES: Files = (("logs/app.log", LOG), ("logs/app2.log", LOG), ("etc/app.ini", b"[db]\npool = 5\n"), ("empty", b""))
BOUND = 64 << 10
"""Bytes of a result that passes through history (style 13)."""


@dataclass
class Desk:
    """The steps over fakes."""

    redactor: fakes.StarRedactor = field(default_factory=fakes.StarRedactor)
    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    processes: CountedProcesses = field(default_factory=CountedProcesses)
    case_id: UUID = field(default_factory=uuid4)

    async def upload(self, content: bytes, **given: object) -> EvidenceRef:
        key = await self.blobs.put(self.case_id, content)
        defaults = {"case_id": self.case_id, "file_id": "file_1", "name": "bundle.tar.gz", "blob_key": key}
        row = builders.a_file_record(**{**defaults, "size_bytes": len(content), **given})
        self.rows.files[row.file_id] = row
        return EvidenceRef(case_id=self.case_id, file_id=row.file_id, blob_key=key, name=row.name, size_bytes=len(content))

    async def open(self, ref: EvidenceRef) -> OpenedArchive:
        files = fakes.MemoryFiles(self.rows)
        steps = ArchiveActivities(self.blobs, files, self.redactor, self.processes, builders.a_scratch())
        return await ActivityEnvironment().run(steps.open_archive, ref)


async def test_each_member_is_sealed_and_entered_and_the_archive_says_what_it_held() -> None:
    desk = Desk()
    ref = await desk.upload(tarred(FILES, "w:gz"), turn_number=3)
    opened = await desk.open(ref)
    members = {member.name: member for member in opened.members}
    assert set(members) == {"bundle.tar.gz/logs/app.log", "bundle.tar.gz/etc/app.ini"}
    app = members["bundle.tar.gz/logs/app.log"]
    row = desk.rows.files[app.file_id]
    assert (row.status, row.size_bytes, row.turn_number, app.member_of) == ("pending", len(LOG), 3, ref.file_id)
    assert await read(desk.blobs, desk.case_id, app.blob_key) == LOG
    archive = desk.rows.files[ref.file_id]
    assert archive.summary == ("archive of 4 files, 2 read; left out: 1 empty, 1 known to the case or equal to another")
    assert (archive.status, archive.lines, archive.lines_key) == ("completed", 0, "")
    assert opened.news.members == tuple(member.file_id for member in opened.members)


async def test_the_archive_itself_has_no_line_that_could_be_cited() -> None:
    desk = Desk()
    opened = await desk.open(await desk.upload(tarred(FILES)))
    analysis = ANALYSIS.validate_json(await read(desk.blobs, desk.case_id, opened.news.analysis_key))
    assert (analysis.classification.kind, analysis.coverage.lines, analysis.findings, analysis.objects) == (
        Kind.BINARY,
        0,
        (),
        (),
    )
    assert analysis.coverage.notes[0] == analysis.summary


async def test_opening_again_makes_nothing_twice() -> None:
    desk = Desk()
    ref = await desk.upload(zipped(FILES))
    first = await desk.open(ref)
    rows, blobs = dict(desk.rows.files), dict(desk.blobs.blobs)
    assert (await desk.open(ref), desk.rows.files, desk.blobs.blobs) == (first, rows, blobs)


@dataclass
class TornBlobs(fakes.MemoryBlobs):
    """Takes one stream, then is away once."""

    taken: int = 0

    async def put_stream(self, case_id, chunks) -> StoredBlob:
        self.taken += 1
        if self.taken == 2:
            raise StoreUnavailable("away on purpose")
        return await super().put_stream(case_id, chunks)


async def test_an_attempt_that_broke_off_leaves_nothing_that_the_next_makes_twice() -> None:
    desk, torn = Desk(), Desk(blobs=TornBlobs())
    torn.case_id = desk.case_id
    ref, same = await desk.upload(zipped(FILES)), await torn.upload(zipped(FILES))
    with pytest.raises(StoreUnavailable):
        await torn.open(same)
    assert len(torn.rows.files) == 2
    assert (await torn.open(same)).members == (await desk.open(ref)).members
    assert set(torn.rows.files) == set(desk.rows.files)


async def test_a_member_that_the_case_has_already_is_not_read_again() -> None:
    desk = Desk()
    (blob,) = [await desk.blobs.put(desk.case_id, LOG)]
    sha = (await desk.open(await desk.upload(tarred(FILES[:1]), file_id="file_0"))).members[0]
    again = await desk.open(await desk.upload(zipped(FILES), file_id="file_2", sha256="b" * 64))
    assert sha.blob_key == blob
    assert [member.name for member in again.members] == ["bundle.tar.gz/etc/app.ini"]


async def test_names_of_members_are_made_safe() -> None:
    desk = Desk(redactor=fakes.StarRedactor(hidden=("ada",)))
    opened = await desk.open(await desk.upload(tarred([("home/ada/app.log", LOG)])))
    assert "ada" not in opened.members[0].name
    assert "ada" not in desk.rows.files[opened.members[0].file_id].name


async def test_without_redaction_nothing_is_entered() -> None:
    desk = Desk(redactor=fakes.StarRedactor(broken=True))
    ref = await desk.upload(tarred(FILES))
    with pytest.raises(RedactionUnavailable):
        await desk.open(ref)
    assert list(desk.rows.files) == [ref.file_id]


async def test_a_file_that_is_no_archive_is_refused_for_good() -> None:
    desk = Desk()
    ref = await desk.upload(LOG)
    with pytest.raises(EvidenceUnreadable):
        await desk.open(ref)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"uploaded_at": datetime(2026, 4, 1, tzinfo=UTC)}, datetime(2026, 3, 4, 12, tzinfo=UTC)),
        ({"uploaded_at": datetime(2026, 3, 1, tzinfo=UTC)}, datetime(2026, 3, 1, tzinfo=UTC)),
        ({"observed_at": datetime(2026, 3, 9, tzinfo=UTC)}, datetime(2026, 3, 9, tzinfo=UTC)),
    ],
)
async def test_a_member_was_taken_when_it_was_written_unless_a_person_says_otherwise(
    given: dict[str, datetime], seen: datetime
) -> None:
    desk = Desk()
    opened = await desk.open(await desk.upload(tarred(FILES), **given))
    assert opened.members[0].observed_at == seen


async def test_the_largest_result_fits_into_history() -> None:
    desk = Desk()
    files = [(f"{'namespaces/' * 30}pods/{n}/current.log", b"%d ERROR\n" % n) for n in range(2 * TAKEN)]
    opened = await desk.open(await desk.upload(zipped(files), name="must-gather" * 20))
    assert len(opened.members) == TAKEN
    assert len(TypeAdapter(OpenedArchive).dump_json(opened)) <= BOUND


async def test_plain_bytes_lie_nowhere_for_longer_than_they_are_read() -> None:
    desk = Desk()
    await desk.open(await desk.upload(tarred(FILES)))
    assert set(desk.processes.places) == {builders.a_scratch().folder}
    assert list(builders.a_scratch().folder.iterdir()) == []


@pytest.mark.parametrize(("given", "status"), [({}, PACKED), ({"member_of": "file_0"}, "completed"), ({"chosen_kind": "unstructured_text"}, "completed")])  # fmt: skip
async def test_a_scan_tells_an_archive_unless_it_was_opened_before_or_a_person_chose_its_kind(
    given: dict[str, str], status: str
) -> None:
    desk = Desk()
    ref = replace(await desk.upload(tarred(FILES)), **given)
    scanning = (desk.processes, builders.a_scratch(), fakes.PlainReader(), fakes.MemoryDoor(), fakes.QuietLinter())
    steps = EvidenceActivities(desk.blobs, fakes.MemoryFiles(desk.rows), desk.redactor, *scanning)
    assert (await ActivityEnvironment().run(steps.classify_and_scan, ref)).status == status


async def test_an_opened_archive_is_told_as_packed_again() -> None:
    desk = Desk()
    ref = await desk.upload(tarred(FILES))
    await desk.open(ref)
    scanning = (desk.processes, builders.a_scratch(), fakes.PlainReader(), fakes.MemoryDoor(), fakes.QuietLinter())
    steps = EvidenceActivities(desk.blobs, fakes.MemoryFiles(desk.rows), desk.redactor, *scanning)
    assert (await ActivityEnvironment().run(steps.classify_and_scan, ref)).status == PACKED


def test_a_members_id_is_made_of_archive_name_and_content() -> None:
    ids = set(starmap(member_id, (("a", "n", "k"), ("b", "n", "k"), ("a", "m", "k"), ("a", "n", "l"), ("a", "n", "k"))))
    assert len(ids) == 4
    assert all(len(one) == len("file_") + 20 for one in ids)


def test_a_laid_down_member_is_read_from_any_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(zipped(FILES))
    found = unpack(tmp_path / "a", tmp_path / "room")
    assert found is not None
    laid = next(one for one in found.members if one.name == "logs/app.log")
    assert b"".join(laid) == LOG
    assert b"".join(laid.at(7)) == LOG[7:]
    assert FileBytes(tmp_path / "a").read(2, 2) == b"\x03\x04"


def test_a_directory_far_behind_the_end_is_made_up_for(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(far_away())
    found = unpack(tmp_path / "a", tmp_path / "room")
    assert found is not None
    assert {laid.name: b"".join(laid) for laid in found.members} == {"a.log": b"x" * 99, "b.log": b"y"}


def test_members_that_are_damaged_are_counted(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.log", LOG), ("b.log", bytes(range(256)) * 8), ("c.log", LOG[::-1])]))
    data[35] = 0xFF  # no type of block (RFC 1951, 3.2.3)
    row = data.rfind(b"PK\x01\x02")
    data[row + 24 : row + 28] = (len(LOG) + 9).to_bytes(4, "little")  # promises more than there is
    (tmp_path / "a").write_bytes(data)
    found = unpack(tmp_path / "a", tmp_path / "room")
    assert found is not None
    assert {one.name for one in found.members} == {"b.log", "c.log"}
    assert found.unread == {Why.DAMAGED: 1}
    assert "1 of its members could be read in part only" in found.held.notes


async def test_what_a_member_is_written_in_the_future_is_no_news() -> None:
    desk = Desk()
    row = await desk.upload(tarred(FILES), uploaded_at=datetime(2026, 3, 4, 12, tzinfo=UTC) - timedelta(hours=14))
    assert (await desk.open(row)).members[0].observed_at == desk.rows.files["file_1"].uploaded_at
