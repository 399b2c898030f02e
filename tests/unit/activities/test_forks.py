"""A turn brought from one case into another: under other keys, other placeholders, once, and only when it is its time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adapters.case_redactor import CaseRedactor
from activities.analysis import Scanned, news_of
from activities.forks import AHEAD, EndFork, ForkActivities
from activities.keeping import ANALYSIS, LINES, keep
from activities.sweep import TURN
from domain.case.forking import twin
from domain.case.orders import Fork
from domain.case.projection import CaseRecord, FileRecord
from domain.case.turns import EvidenceRef, Intent, IntentType, UserTurn
from domain.errors import NotFound
from domain.evidence.analyse import VERSION, analyse
from domain.evidence.digest import pick
from domain.evidence.values import Analysis, Context, Document
from domain.ports.sealing import read
from tests import builders, fakes
from tests.builders import NOON

LOG = builders.a_log(lines=10) + "2026-03-04T12:01:00Z ERROR mail to ada@example.org refused\n" * 3


@dataclass
class Desk:
    """The steps over fakes with real redaction; the origin has met another person before."""

    rows: fakes.MemoryRows = field(default_factory=fakes.MemoryRows)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    vault: fakes.MemoryVault = field(default_factory=fakes.MemoryVault)
    door: fakes.MemoryDoor = field(default_factory=fakes.MemoryDoor)
    origin: UUID = field(default_factory=uuid4)

    @property
    def redactor(self) -> CaseRedactor:
        return CaseRedactor(self.vault)

    @property
    def files(self) -> fakes.MemoryFiles:
        return fakes.MemoryFiles(self.rows)

    @property
    def steps(self) -> ForkActivities:
        stored = (self.blobs, self.files, self.redactor, fakes.MemoryCaseRecords(self.rows))
        return ForkActivities(*stored, fakes.MemoryConversation(self.rows), fakes.MemoryIntake(self.rows), self.door)

    def case(self, turns: int = 1) -> CaseRecord:
        return builders.a_case_record(forked_from=self.origin, forked_turn=turns)

    async def upload(self, name: str = "app.log", minutes: int = 0, version: str = VERSION) -> FileRecord:
        """Store a file of the origin as it stands once it was read."""
        (safe,) = await self.redactor.redact(self.origin, [name])
        row = builders.a_file_record(
            case_id=self.origin,
            name=safe,
            blob_key=await self.blobs.put(self.origin, f"{name}\n{LOG}".encode()),
            uploaded_at=NOON + timedelta(minutes=minutes),
        )
        self.rows.files[row.file_id] = row
        ref = EvidenceRef(case_id=self.origin, file_id=row.file_id, blob_key=row.blob_key, name=row.name, size_bytes=len(LOG))
        found = analyse(Document(evidence=row.file_id, name=row.name, chunks=(LOG.encode(),), size=len(LOG)), Context())
        found = replace(found, version=version)
        scanned = Scanned(analysis=ANALYSIS.dump_json(found), lines=pick(found), news=news_of(ref, found))
        await keep(self.blobs, self.files, self.redactor, ref, scanned)
        return self.rows.files[row.file_id]

    async def turn(self, number: int = 1, minutes: int = 0, **given: object) -> UserTurn:
        """Enter an answered turn of the origin."""
        text_key = await self.blobs.put(self.origin, b"mail to ada@example.org fails")
        posted = NOON + timedelta(minutes=minutes)
        turn = builders.a_turn(f"key-{number}", case_id=self.origin, text_key=text_key, posted_at=posted, **given)
        row = builders.a_turn_record(turn_id=turn.turn_key, case_id=self.origin, number=number, status="answered")
        self.rows.turns[turn.turn_key] = replace(row, turn=TURN.dump_json(turn).decode())
        return turn

    async def retake(self, case: CaseRecord, number: int = 1, without: tuple[str, ...] = ()) -> UserTurn:
        """Take the step twice, as after a lost worker; return the one turn that was posted by it."""
        self.rows.cases[case.case_id] = case
        for _ in range(2):
            await ActivityEnvironment().run(self.steps.retake, Fork(case=case, number=number, without=without))
        (posted,) = [turn for turn in self.door.posted.values() if turn.turn_key not in self.known]
        self.known.add(posted.turn_key)
        return posted

    known: set[str] = field(default_factory=set)

    async def analysis(self, row: FileRecord) -> Analysis:
        return ANALYSIS.validate_json(await read(self.blobs, row.case_id, row.analysis_key))


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.redactor.redact(desk.origin, ["bob@example.org called"])
    return desk


async def test_a_file_comes_with_what_was_read_of_it_under_its_new_id_and_placeholders_of_its_own(desk: Desk) -> None:
    old, case = await desk.upload("ada@example.org app.log"), desk.case()
    await desk.turn()
    posted = await desk.retake(case)
    (ref,) = posted.attachments
    new = desk.rows.files[twin(case.case_id, old.file_id)]
    assert (ref.file_id, ref.case_id, new.status, new.summary) == (new.file_id, case.case_id, "completed", old.summary)
    assert ("<EMAIL_2>" in old.name, "<EMAIL_1>" in new.name) == (True, True)
    for row, placeholder in ((old, "<EMAIL_2>"), (new, "<EMAIL_1>")):
        lines = LINES.validate_json(await read(desk.blobs, row.case_id, row.lines_key))
        assert any(placeholder in line.text for line in lines)
        assert {line.evidence for line in lines} == {row.file_id}
        assert await desk.redactor.restore(row.case_id, row.name) == "ada@example.org app.log"
    was, now = await desk.analysis(old), await desk.analysis(new)
    assert (now.evidence, now.name, len(now.findings)) == (new.file_id, new.name, len(was.findings))
    assert {cited.evidence for finding in now.findings for cited in finding.citations} <= {new.file_id}
    assert await read(desk.blobs, case.case_id, new.blob_key) == await read(desk.blobs, desk.origin, old.blob_key)


async def test_the_message_comes_raw_and_a_click_is_made_safe_anew(desk: Desk) -> None:
    (reason,) = await desk.redactor.redact(desk.origin, ["ada@example.org says no"])
    await desk.turn(intent=Intent(type=IntentType.HYPOTHESIS_ACTION, data={"action": "refute", "reason": reason}))
    posted = await desk.retake(desk.case())
    assert await read(desk.blobs, posted.case_id, posted.text_key) == b"mail to ada@example.org fails"
    assert posted.intent.data == {"action": "refute", "reason": "<EMAIL_1> says no"}
    assert desk.rows.turns[posted.turn_key].status == "claimed"


async def test_what_stays_behind_comes_with_no_turn_and_a_click_on_it_leads_nowhere(desk: Desk) -> None:
    herring, log = await desk.upload("herring.txt"), await desk.upload("app.txt", 5)
    click = Intent(type=IntentType.FILE_RECLASSIFICATION, data={"file_id": herring.file_id, "data_type": "logs_and_errors"})
    await desk.turn(1)
    await desk.turn(2, 5, intent=click)
    case = desk.case(2)
    first = await desk.retake(case, 1, (herring.file_id,))
    second = await desk.retake(case, 2, (herring.file_id,))
    assert (first.attachments, first.again, second.again) == ((), True, False)
    assert [ref.file_id for ref in second.attachments] == [twin(case.case_id, log.file_id)]
    assert second.intent.data["file_id"] == herring.file_id
    assert {row.name for row in desk.rows.files.values() if row.case_id == case.case_id} == {"app.txt"}


@pytest.mark.parametrize(("version", "without"), [("0", False), (VERSION, True)])
async def test_what_was_read_by_another_analyser_or_beside_what_stays_behind_is_read_anew(
    desk: Desk, version: str, without: bool
) -> None:
    earlier, log = await desk.upload("app.log.1"), await desk.upload("app.log", 5, version)
    await desk.turn(1, 9)
    case = desk.case()
    await desk.retake(case, 1, (earlier.file_id,) if without else ())
    assert desk.rows.files[twin(case.case_id, log.file_id)].status == "pending"


async def test_a_turn_waits_while_as_many_as_may_are_not_answered(desk: Desk) -> None:
    case = desk.case(AHEAD + 1)
    with pytest.raises(ApplicationError, match="turn 1 is not answered yet") as caught:
        await ActivityEnvironment().run(desk.steps.retake, Fork(case=case, number=AHEAD + 1))
    assert (caught.value.type, caught.value.non_retryable) == ("StillAnswering", False)


async def test_an_origin_or_a_fork_that_is_gone_is_a_fact(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no such turn"):
        await ActivityEnvironment().run(desk.steps.retake, Fork(case=desk.case()))
    await desk.turn()
    with pytest.raises(NotFound, match="deleted"):
        await ActivityEnvironment().run(desk.steps.retake, Fork(case=desk.case()))
    assert desk.door.posted == {}


async def test_a_fork_is_entered_once_and_says_how_many_turns_it_got(desk: Desk) -> None:
    case = desk.case(9)
    await desk.steps.open_fork(case)
    await desk.steps.open_fork(replace(case, title="another"))
    await desk.steps.end_fork(EndFork(case_id=case.case_id, turns=3))
    row = desk.rows.cases[case.case_id]
    assert (row.title, row.forked_turn) == (case.title, 3)
