"""The story of an archive: opened once, each member read as a file of its own, the turn waits for all of them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.worker import UnsandboxedWorkflowRunner

from activities.archives import member_id
from activities.processes import Processes
from activities.unpacking import unpack
from activities.upkeep import ErasedCase
from domain.case.orders import CaseStart, ReadEvidence
from domain.errors import RedactionUnavailable
from tests import builders
from tests.fakes import StarRedactor
from tests.unit.domain.evidence.bundles import flagged, tarred, zipped
from tests.waiting import eventually
from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage
from worker.build import Options
from workflows import names, turn
from workflows.case import CaseWorkflow
from workflows.deletion import DeleteCaseWorkflow
from workflows.evidence import EvidenceWorkflow

LOG = (builders.a_log(lines=50) + "2026-03-04T12:01:00Z ERROR pay-db connection refused\n" * 20).encode()
FILES = (
    ("logs/app.log", LOG),
    ("logs/web.log", builders.a_log(lines=30).encode()),
    ("etc/app.ini", b"[db]\nhost = pay-db\npool = 5\n"),
)
NAMES = {f"bundle.tar.gz/{name}" for name, _ in FILES}


class Dying(Processes):
    """Loses its first archive."""

    died = False

    async def run(self, function, *arguments, **named):
        if function is unpack and not self.died:
            self.died = True
            await super().run(os._exit, 1)
        return await super().run(function, *arguments, **named)


async def test_a_turn_waits_for_the_members_of_its_archive_and_answers_from_their_lines(stage: Stage) -> None:
    ref = await stage.upload(tarred(FILES, "w:gz"), name="bundle.tar.gz")
    reply = await stage.ask("checkout fails", attachments=(ref,))
    assert reply.degraded == ("model_unavailable",)
    (attachment,) = reply.attachments
    assert (attachment.processing_status, attachment.summary) == (
        "completed",
        "archive of 3 files, 3 read",
    )
    state = (await stage.view()).state
    assert {file.name for file in state.files} == {"bundle.tar.gz", *NAMES}
    assert {file.status for file in state.files} == {"completed"}
    member = next(file for file in state.files if file.name == "bundle.tar.gz/logs/app.log")
    assert any(citation.file_id == member.file_id for citation in reply.citations)
    assert not any(citation.file_id == ref.file_id for citation in reply.citations)
    assert {row.name: row.status for row in stage.rows.files.values()} == dict.fromkeys({"bundle.tar.gz", *NAMES}, "completed")


async def test_an_archive_of_the_evidence_route_reaches_the_case_with_its_members(stage: Stage) -> None:
    ref = await stage.upload(zipped(FILES), name="bundle.tar.gz")
    await stage.client.start_workflow(
        CaseWorkflow.run,
        CaseStart(case_id=stage.case_id),
        id=names.case(stage.case_id),
        task_queue=names.CASES,
        start_signal=names.ADD_EVIDENCE,
        start_signal_args=[ref],
    )

    async def case_recorded_them() -> bool:
        known = stage.rows.snapshots.get(stage.case_id)
        return known is not None and {file.name for file in known.state.files} == {"bundle.tar.gz", *NAMES}

    await eventually(case_recorded_them, what="the members")


async def test_an_archive_that_is_announced_again_makes_nothing_twice(stage: Stage) -> None:
    ref = await stage.upload(tarred(FILES), name="bundle.tar.gz")
    await stage.ask("first", attachments=(ref,))
    before = dict(stage.rows.files)
    reply = await stage.ask("again", attachments=(ref,))
    assert stage.rows.files == before
    assert reply.attachments[0].processing_status == "completed"


async def test_members_that_take_too_long_leave_the_archive_pending_and_reach_the_case_later(
    cold_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "EVIDENCE_PATIENCE", timedelta(milliseconds=200))
    ref = await cold_stage.upload(tarred(FILES), name="bundle.tar.gz")
    others = [queue for queue in names.QUEUES if queue != names.EVIDENCE]
    async with cold_stage.workers(Options(queues=others, runner=UnsandboxedWorkflowRunner())):
        reply = await cold_stage.ask("", attachments=(ref,))
        assert "Still being read: `bundle.tar.gz`" in reply.agent_response
        async with cold_stage.workers(Options(queues=[names.EVIDENCE])):

            async def read() -> bool:
                files = (await cold_stage.view()).state.files
                return {file.name for file in files if file.status == "completed"} == {"bundle.tar.gz", *NAMES}

            await eventually(read, what="the members")


async def test_an_archive_that_needs_a_password_is_read_and_says_so(stage: Stage) -> None:
    ref = await stage.upload(flagged(zipped(FILES), 1), name="secret.zip")
    reply = await stage.ask("checkout fails", attachments=(ref,))
    assert reply.attachments[0].summary == ("archive of 3 files, 0 read; left out: 3 that need a password")
    assert len(stage.rows.files) == 1


class NameRedactor(StarRedactor):
    """Is away for names of members."""

    async def redact(self, case_id, texts):
        if any(text.startswith("logs/") for text in texts):
            raise RedactionUnavailable
        return await super().redact(case_id, texts)


async def test_without_redaction_no_name_of_a_member_is_kept(cold_stage: Stage) -> None:
    cold_stage.redactor = NameRedactor()
    ref = await cold_stage.upload(tarred(FILES), name="bundle.tar.gz")
    async with cold_stage.workers():
        await cold_stage.say("checkout fails", attachments=(ref,))

        async def failed() -> bool:
            return cold_stage.rows.files[ref.file_id].status == "failed"

        await eventually(failed, what="the archive's row")
    assert list(cold_stage.rows.files) == [ref.file_id]


async def test_an_archive_within_an_archive_within_an_archive_is_not_opened_by_its_own_workflow(stage: Stage) -> None:
    third = zipped(FILES)
    ref = await stage.upload(tarred([("b.tar", tarred([("c.zip", third)]))]), name="a.tar")
    await stage.ask("checkout fails", attachments=(ref,))
    assert {row.name for row in stage.rows.files.values()} == {"a.tar", "a.tar/b.tar/c.zip"}


async def test_one_who_listens_to_a_member_alone_is_told(stage: Stage) -> None:
    ref = replace(await stage.upload(LOG), member_of="file_archive")
    await stage.ask("hello!")
    start = ReadEvidence(ref=ref, listeners=(names.case(ref.case_id), "nobody"))
    news = await stage.client.execute_workflow(
        EvidenceWorkflow.run, start, id=names.evidence(ref.case_id, ref.file_id), task_queue=names.EVIDENCE
    )
    assert (news.status, news.member_of) == ("completed", "file_archive")


async def test_a_member_that_is_read_already_is_asked_to_tell_whoever_waits_for_its_archive(stage: Stage) -> None:
    ref = await stage.upload(tarred(FILES[:1]), name="bundle.tar.gz")
    key = await stage.blobs.put(stage.case_id, LOG)
    held = names.evidence(ref.case_id, member_id(ref.file_id, "logs/app.log", key))
    member = await stage.client.start_workflow("Held", id=held, task_queue=uuid4().hex)
    await stage.ask("hello!")
    await stage.client.execute_workflow(
        EvidenceWorkflow.run,
        ReadEvidence(ref=ref, listener=names.case(ref.case_id)),
        id=names.evidence(ref.case_id, ref.file_id),
        task_queue=names.EVIDENCE,
    )
    told = [event.workflow_execution_signaled_event_attributes async for event in member.fetch_history_events()]
    await member.terminate("it was asked")
    assert names.REPORT_TO in {signal.signal_name for signal in told}


async def test_an_uploaded_archive_is_listed_with_its_members(stage: Stage) -> None:
    async with front(api_ports(stage)) as visitor:
        case_id = await open_case(await sign_in(visitor))
        data = tarred((*FILES, ("../../etc/passwd", b"root")), "w:xz")
        answer = await visitor.post(f"/api/v1/cases/{case_id}/evidence", files=[("file", ("bundle.tar.gz", data))])
        assert answer.status_code == 201, answer.text

        async def listed() -> bool:
            page = (await visitor.get(f"/api/v1/cases/{case_id}/uploaded-files")).json()
            return {file["filename"]: file["analysis_status"] for file in page["files"]} == dict.fromkeys(
                {"bundle.tar.gz", *NAMES}, "completed"
            )

        await eventually(listed, what="the members")
        page = (await visitor.get(f"/api/v1/cases/{case_id}/uploaded-files")).json()
        archive = next(file for file in page["files"] if file["filename"] == "bundle.tar.gz")
        assert archive["summary"] == ("archive of 4 files, 3 read; left out: 1 named outside of the archive's own folder")
        member = next(file for file in page["files"] if file["filename"].endswith("app.log"))
        read = (await visitor.get(f"/api/v1/cases/{case_id}/uploaded-files/{member['file_id']}")).json()
        assert (read["data_type"], read["coverage"]["lines_read"]) == ("logs_and_errors", 70)


async def test_a_deleted_case_leaves_nothing_of_members(stage: Stage) -> None:
    ref = await stage.upload(tarred(FILES), name="bundle.tar.gz")
    await stage.ask("checkout fails", attachments=(ref,))
    case = ErasedCase(case_id=stage.case_id, team_id="team_1")
    erasing = names.deletion(stage.case_id)
    await stage.client.execute_workflow(DeleteCaseWorkflow.run, case, id=erasing, task_queue=names.KNOWLEDGE)
    assert (stage.rows.files, stage.blobs.blobs) == ({}, {})


async def test_a_worker_that_dies_while_an_archive_is_opened_costs_nothing(cold_stage: Stage) -> None:
    cold_stage.processes = Dying(1)
    ref = await cold_stage.upload(tarred(FILES), name="bundle.tar.gz")
    async with cold_stage.workers():
        reply = await cold_stage.ask("checkout fails", attachments=(ref,))
    assert reply.attachments[0].processing_status == "completed"
    assert {row.name for row in cold_stage.rows.files.values()} == {"bundle.tar.gz", *NAMES}
