"""One uploaded file: analysed, indexed, reported to its case and to the turn that brought it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from activities.archives import ArchiveActivities
from activities.evidence import EvidenceActivities, FailEvidence
from activities.knowledge import IndexEvidence, KnowledgeActivities
from activities.pictures import PictureActivities, ReadPicture
from domain.case.orders import ReadEvidence
from domain.case.state import PACKED, EvidenceNews
from domain.case.turns import EvidenceRef
from domain.errors import FaultMavenError
from domain.evidence.documents.transcripts import NOTE
from domain.evidence.values import Kind
from workflows import names
from workflows.guard import failure_type, unless_cancelled
from workflows.options import LOOKUP, MEMBERS_AFTER, PICTURE, PICTURE_PATIENCE, RECORD, UNPACK, analysis, named


@workflow.defn(failure_exception_types=[FaultMavenError])
class EvidenceWorkflow:
    """Reads one file; it outlives the turn and the run of the case that started it."""

    @workflow.init
    def __init__(self, start: ReadEvidence) -> None:
        self._listeners: tuple[str, ...] = (*((start.listener,) if start.listener else ()), *start.listeners)
        self._percent = 0

    @workflow.run
    async def run(self, start: ReadEvidence) -> EvidenceNews:
        """Read the file, make it searchable, tell whoever waits."""
        news = await self._scan(start.ref)
        if news.status == PACKED:
            news = await self._open(start)
        self._percent = 100
        picture = news.kind == Kind.IMAGE or start.ref.chosen_kind
        if picture and news.analysis_key and workflow.patched("a-model-may-read-pictures"):
            news = await self._look(start, news)
        await self._report(start, news)
        return news

    @workflow.signal(name=names.REPORT_TO)
    async def report_to(self, listener: str) -> None:
        """Add a workflow that wants to know how it ends."""
        if listener not in self._listeners:
            self._listeners = (*self._listeners, listener)

    @workflow.signal(name=names.PROGRESS)
    async def scanned(self, percent: int) -> None:
        """Note how much of the file is scanned."""
        self._percent = max(self._percent, percent)

    @workflow.query
    def percent(self) -> int:
        """Return how much of the file is scanned."""
        return self._percent

    async def _scan(self, ref: EvidenceRef) -> EvidenceNews:
        """Analyse; a file that cannot be analysed is kept, marked and told."""
        try:
            return await workflow.execute_activity_method(
                EvidenceActivities.classify_and_scan, ref, **named(ref.file_id, analysis(ref.size_bytes))
            )
        except ActivityError as failure:
            unless_cancelled(failure)
            return await self._fail(ref, failure)

    async def _open(self, start: ReadEvidence) -> EvidenceNews:
        """Take the files out of an archive and have each read as an upload of its own."""
        try:
            step = ArchiveActivities.open_archive
            opened = await workflow.execute_activity_method(step, start.ref, **named(start.ref.file_id, UNPACK))
        except ActivityError as failure:
            unless_cancelled(failure)
            return await self._fail(start.ref, failure)
        await asyncio.gather(*(self._start(member, start.team_id) for member in opened.members))
        return opened.news

    async def _start(self, member: EvidenceRef, team_id: str) -> None:
        """Have a member read; whoever waits for the archive learns of it, too."""
        try:
            await workflow.start_child_workflow(
                EvidenceWorkflow.run,
                ReadEvidence(ref=member, team_id=team_id, listeners=self._listeners),
                id=names.evidence(member.case_id, member.file_id),
                task_queue=names.EVIDENCE,
                parent_close_policy=ParentClosePolicy.ABANDON,
                priority=MEMBERS_AFTER,
                static_summary=f"file {member.file_id} of {member.member_of}",
            )
        except WorkflowAlreadyStartedError:
            workflow_id = names.evidence(member.case_id, member.file_id)
            await asyncio.gather(*(ask_for_report(workflow_id, listener) for listener in self._listeners))

    async def _fail(self, ref: EvidenceRef, failure: ActivityError) -> EvidenceNews:
        """Keep and mark a file that cannot be read."""
        return await workflow.execute_activity_method(
            EvidenceActivities.fail_evidence, FailEvidence(ref=ref, reason=failure_type(failure)), **RECORD
        )

    async def _look(self, start: ReadEvidence, news: EvidenceNews) -> EvidenceNews:
        """Have a model read the picture, too, where one may; what OCR read does not wait long for it."""
        request, name = ReadPicture(ref=start.ref, news=news, team_id=start.team_id), "let a model read the picture, too"
        look = workflow.start_activity_method(PictureActivities.read_picture, request, **named(name, PICTURE))
        with suppress(TimeoutError):
            await workflow.wait_condition(look.done, timeout=PICTURE_PATIENCE)
        if not look.done():
            await self._report(start, news)
        try:
            return await look
        except ActivityError as failure:
            unless_cancelled(failure)
            return replace(news, notes=(*news.notes, f"{NOTE}none ({failure_type(failure)}); the text is OCR's alone"))

    async def _report(self, start: ReadEvidence, news: EvidenceNews) -> None:
        """Make the lines searchable, tell the case and whoever waits."""
        if news.lines_key:
            await self._index(start, news)
        await self._tell(names.case(start.ref.case_id), replace(news, members=()))
        while self._listeners:
            listener, *others = self._listeners
            self._listeners = tuple(others)
            await self._tell(listener, news)

    async def _index(self, start: ReadEvidence, news: EvidenceNews) -> None:
        """Optional: without it the file is read but not found by search."""
        request = IndexEvidence(case_id=start.ref.case_id, team_id=start.team_id, news=news)
        try:
            await workflow.execute_activity_method(KnowledgeActivities.index_evidence, request, **LOOKUP)
        except ActivityError as failure:
            workflow.logger.warning("evidence not indexed", extra={"failure": failure_type(failure)})

    async def _tell(self, listener: str, news: EvidenceNews) -> None:
        """Signal; a listener that has ended learns it from the file's row."""
        try:
            await workflow.get_external_workflow_handle(listener).signal(names.EVIDENCE_READ, news)
        except FailureError as failure:
            unless_cancelled(failure)
            workflow.logger.info("nobody waits for evidence", extra={"listener": listener})


async def ask_for_report(workflow_id: str, listener: str) -> None:
    """Ask a running evidence workflow to report here too; one that ends meanwhile has told the case."""
    try:
        await workflow.get_external_workflow_handle(workflow_id).signal(names.REPORT_TO, listener)
    except FailureError as failure:
        unless_cancelled(failure)
        workflow.logger.info("file was read meanwhile", extra={"reason": failure_type(failure)})
