"""Rules see raw values, and only safe ones come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from activities.diagnosis import (
    ANALYSIS,
    ANSWER,
    DIAGNOSIS,
    FILES,
    LINES,
    CheckClaims,
    Diagnose,
    Diagnosed,
    DiagnosisActivities,
    ReadFile,
    readable,
)
from domain.case import hearing
from domain.case.state import CaseFile, EvidenceNews
from domain.errors import NotFound
from domain.evidence.analyse import analyse
from domain.evidence.digest import pick
from domain.evidence.values import Context, Document
from domain.ports.sealing import read
from tests import builders, fakes
from tests.unit.domain.case.build import a_case

FULL = builders.a_log(lines=20) + "2026-03-04T12:01:00Z FATAL shop-db: sorry, too many clients already\n" * 5


@dataclass
class Desk:
    """The steps over fakes."""

    redactor: fakes.StarRedactor = field(default_factory=fakes.StarRedactor)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    case_id: UUID = field(default_factory=uuid4)

    @property
    def steps(self) -> DiagnosisActivities:
        return DiagnosisActivities(self.blobs, self.redactor)

    async def a_file(self, text: str = FULL) -> ReadFile:
        """Keep an analysis and its safe lines as the reading of a file does."""
        analysis = analyse(Document(evidence="file_1", name="db.log", chunks=(text.encode(),)), Context())
        lines = LINES.validate_json((await self.redactor.redact(self.case_id, [LINES.dump_json(pick(analysis)).decode()]))[0])
        return ReadFile(
            file_id="file_1",
            name="db.log",
            analysis_key=await self.blobs.put(self.case_id, ANALYSIS.dump_json(analysis)),
            lines_key=await self.blobs.put(self.case_id, LINES.dump_json(lines)),
        )

    async def diagnose(self, *files: ReadFile) -> Diagnosed:
        message_key = await self.blobs.put(self.case_id, b"checkout fails")
        return await self.steps.diagnose(Diagnose(case_id=self.case_id, turn_key="turn", message_key=message_key, files=files))


async def test_a_cause_is_found_and_cites_its_line() -> None:
    desk = Desk()
    diagnosed = await desk.diagnose(await desk.a_file())
    answer = ANSWER.validate_json(await read(desk.blobs, desk.case_id, diagnosed.answer_key))
    assert diagnosed.status == "candidates"
    assert any("too many clients" in line.text for line in answer.causes[0].evidence)


async def test_diagnosing_again_gives_the_same_keys() -> None:
    desk = Desk()
    file = await desk.a_file()
    assert await desk.diagnose(file) == await desk.diagnose(file)


async def test_the_answer_and_the_digest_are_safe_and_the_sealed_diagnosis_is_raw() -> None:
    desk = Desk(redactor=fakes.StarRedactor(hidden=("shop-db",)))
    diagnosed = await desk.diagnose(await desk.a_file())
    answer, sealed = [
        (await read(desk.blobs, desk.case_id, key)).decode() for key in (diagnosed.answer_key, diagnosed.diagnosis_key)
    ]
    assert "shop-db" not in answer
    assert ANSWER.validate_json(answer).digest
    assert "<STAR_1>" in answer
    assert "shop-db" in sealed


async def test_checked_claims_are_safe_small_and_the_same_again() -> None:
    desk = Desk(redactor=fakes.StarRedactor(hidden=("shop-db",)))
    file = await desk.a_file()
    request = CheckClaims(case_id=desk.case_id, files=(file,), diagnosed=await desk.diagnose(file))
    findings = await desk.steps.check_claims(request)
    assert findings == await desk.steps.check_claims(request)
    assert findings.answer_key == request.diagnosed.answer_key
    assert findings.causes
    assert "shop-db" not in str(findings)


async def test_without_files_there_is_no_cause() -> None:
    desk = Desk()
    diagnosed = await desk.diagnose()
    assert DIAGNOSIS.validate_json(await read(desk.blobs, desk.case_id, diagnosed.diagnosis_key)).candidates == ()
    assert diagnosed.status != "candidates"


async def test_a_lost_analysis_is_an_error_and_no_guess() -> None:
    desk = Desk()
    with pytest.raises(NotFound):
        await desk.diagnose(ReadFile(file_id="f", name="f", analysis_key="gone", lines_key=""))


def test_a_file_that_was_read_again_counts_once_in_its_newest_reading() -> None:
    old = CaseFile(
        file_id="f1", name="a.log", kind="logs_and_errors", confidence=1.0, turn=1, status="completed", analysis_key="old"
    )
    waiting = CaseFile(file_id="f2", name="b.log", kind="", confidence=0.0, turn=1, status="pending")
    new = EvidenceNews(file_id="f1", name="a.log", kind="logs_and_errors", confidence=1.0, status="completed", analysis_key="new")
    broken = EvidenceNews(file_id="f3", name="c.log", kind="", confidence=0.0, status="failed")
    files = hearing.files(a_case(files=(old, waiting)), (new, broken)).files
    assert [(file.file_id, file.analysis_key) for file in readable(files)] == [("f1", "new")]


async def test_files_are_kept_for_tools_in_the_order_of_the_digest() -> None:
    desk = Desk()
    file = await desk.a_file()
    diagnosed = await desk.diagnose(file)
    assert FILES.validate_json(await read(desk.blobs, desk.case_id, diagnosed.files_key)) == (file,)
