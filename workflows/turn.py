"""One turn of a case: read the message and its files, look things up, diagnose, reason, check, record."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.contrib.workflow_streams import WorkflowStream
from temporalio.exceptions import FailureError, WorkflowAlreadyStartedError
from temporalio.workflow import ActivityConfig, ParentClosePolicy

from activities.cases import CaseActivities, OpenedTurn, OpenTurn, RecordTurn
from activities.diagnosis import CheckClaims, Diagnose, Diagnosed, DiagnosisActivities, ReadFile, readable
from activities.knowledge import KnowledgeActivities, PassagesFound, SearchPassages
from activities.privacy import PrivacyActivities, RedactMessage, SafeMessage
from domain.case import advance, hearing, queue, upgrades
from domain.case.carrying import reread
from domain.case.findings import Investigated, TurnFindings
from domain.case.fit import fit
from domain.case.orders import ModelPart, ReadEvidence, TakeTurn, TurnTaken
from domain.case.outcome import Advanced, TurnInput, TurnPlan
from domain.case.state import CarriedCase, CaseState, EvidenceNews
from domain.case.turns import EvidenceRef, TurnReceipt
from domain.errors import FaultMavenError

with workflow.unsafe.imports_passed_through():  # the sandbox would make them anew for every turn
    from workflows import names
    from workflows.evidence import EvidenceWorkflow, ask_for_report
    from workflows.guard import failure_type, unless_cancelled
    from workflows.options import EVIDENCE_NEXT, EVIDENCE_PATIENCE, FACTS, LOOKUP, RECORD, STORAGE, at_once, named
    from workflows.reasoning import Reasoned, reason

Asked = TypeVar("Asked")
Got = TypeVar("Got")

LOST = frozenset({"NotFound", "StoreUnavailable", "StorageFull"})
"""Failures of a store: the message is not there to be made safe, so the turn cannot be carried out."""

SEARCHED_FILES = 5
"""The newest files whose telling lines are looked up besides the message."""


@workflow.defn(failure_exception_types=[FaultMavenError])
class TurnWorkflow:
    """Takes one turn; a failed step fails it, and its case makes a visible answer of that."""

    @workflow.init
    def __init__(self, take: TakeTurn) -> None:
        self._stream = WorkflowStream()
        self._turn = take.turn
        self._refs = (*take.turn.attachments, *reread(take.carried.state, take.turn.intent))
        self._news: Mapping[str, EvidenceNews] = {}

    @workflow.run
    async def run(self, take: TakeTurn) -> TurnTaken:
        """Take the turn, then let those who follow its stream go."""
        try:
            return await self._take(take)
        finally:
            self._stream.detach_pollers()
            await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.signal(name=names.EVIDENCE_READ)
    async def evidence_read(self, news: EvidenceNews) -> None:
        """Keep what an evidence workflow reports."""
        self._news = {**self._news, news.file_id: news}

    async def _take(self, take: TakeTurn) -> TurnTaken:
        """Tell the story of a turn."""
        self._show("started", turn_number=take.number)
        message = await self._redact()
        opened = await self._open(take, message)
        await self._read_files()
        turn_input = self._input(take, opened)
        found = await self._investigate(take, turn_input, message)
        advanced = advance.advance(take.carried.state, turn_input, found.findings)
        advanced = replace(advanced, state=upgrades.owed(advanced.state, take.number, found))
        receipt = await self._record(take, turn_input, advanced, found)
        return TurnTaken(state=advanced.state, receipt=receipt, report=advanced.outcome.report, upgrade=found.upgrade)

    async def _redact(self) -> SafeMessage:
        """Make the message safe, or hold it back: then nothing of it goes anywhere."""
        if not self._turn.text_key:
            return SafeMessage(key="", held_back=False)
        self._show_stage("redact")
        try:
            step, name = PrivacyActivities.redact_message, "make the message safe"
            return await self._step(step, RedactMessage(turn=self._turn), name, LOOKUP, short=True)
        except FailureError as failure:
            unless_cancelled(failure)
            if failure_type(failure) in LOST:
                raise
            return SafeMessage(key="", held_back=True)

    async def _open(self, take: TakeTurn, message: SafeMessage) -> OpenedTurn:
        """Accept the turn and write its user row; a refused turn ends here."""
        self._show_stage("intake")
        request = OpenTurn(
            turn=self._turn,
            number=take.number,
            message_key=message.key,
            held_back=message.held_back,
            pending=take.carried.state.pending,
        )
        return await self._step(CaseActivities.open_turn, request, f"accept turn {take.number}", STORAGE, short=True)

    async def _read_files(self) -> None:
        """Start an evidence workflow per file and wait for them, but not for ever."""
        if not self._refs:
            return
        for ref in self._refs:
            self._show("evidence", file_id=ref.file_id, status="processing")
            await self._start_evidence(ref)
        try:
            await workflow.wait_condition(lambda: all(map(self._is_read, self._refs)), timeout=EVIDENCE_PATIENCE)
        except TimeoutError:
            workflow.logger.info("files not read in time", extra={"missing": sum(not self._is_read(ref) for ref in self._refs)})
        for news in self._files():
            self._show("evidence", file_id=news.file_id, status=news.status, percent=100, lines_read=news.lines)

    async def _start_evidence(self, ref: EvidenceRef) -> None:
        """Start the file's workflow, or listen to the one that runs already."""
        workflow_id = names.evidence(ref.case_id, ref.file_id)
        listener = workflow.info().workflow_id
        try:
            await workflow.start_child_workflow(
                EvidenceWorkflow.run,
                ReadEvidence(ref=ref, team_id=self._turn.team_id, listener=listener),
                id=workflow_id,
                task_queue=names.EVIDENCE,
                parent_close_policy=ParentClosePolicy.ABANDON,
                priority=EVIDENCE_NEXT,
                static_summary=f"file {ref.file_id}",
            )
        except WorkflowAlreadyStartedError:
            await ask_for_report(workflow_id, listener)

    def _is_read(self, ref: EvidenceRef) -> bool:
        """Tell whether a file was read; an archive is once its members are."""
        news = self._news.get(ref.file_id)
        return news is not None and self._news.keys() >= set(news.members)

    def _files(self) -> tuple[EvidenceNews, ...]:
        """Return what was read, in the order of the attachments, with members behind their archive."""
        return tuple(news for ref in self._refs for news in self._read_of(ref))

    def _read_of(self, ref: EvidenceRef) -> tuple[EvidenceNews, ...]:
        """Return the news of a file; an archive is pending as long as some members are, and unread before the first."""
        news = self._news.get(ref.file_id)
        if news is None:
            return ()
        members = tuple(self._news[member] for member in news.members if member in self._news)
        if self._is_read(ref):
            return (news, *members)
        return (replace(news, status="pending"), *members) if members else ()

    def _input(self, take: TakeTurn, opened: OpenedTurn) -> TurnInput:
        return TurnInput(
            turn_key=self._turn.turn_key,
            number=take.number,
            intent=self._turn.intent,
            reading=opened.reading,
            now=self._turn.posted_at if self._turn.again else workflow.now(),
            files=self._files(),
            unread=tuple(ref for ref in self._refs if not self._read_of(ref)),
            duplicates=self._turn.duplicates,
            has_text=bool(self._turn.text_key),
            model_configured=opened.model_configured and not self._turn.again,
        )

    async def _investigate(self, take: TakeTurn, turn_input: TurnInput, message: SafeMessage) -> Investigated:
        """Look up, diagnose, reason and check, as far as this turn calls for it."""
        plan = advance.plan(take.carried.state, turn_input)
        if message.held_back:
            return Investigated(degraded=("redaction_unavailable",))
        if not plan.investigate:
            return Investigated()
        files = readable(hearing.files(take.carried.state, turn_input.files).files)
        passages = await self._retrieve(message, files)
        diagnosed = await self._diagnose(message, files)
        part = self._part(take.number, plan, message, diagnosed, passages)
        reasoned = await reason(part, self._show) if part.steps else Reasoned()
        findings = await self._check(files, diagnosed, reasoned)
        unasked = () if turn_input.model_configured else ("model_unavailable",)
        degraded = (*unasked, *passages.degraded, *reasoned.degraded, *findings.degraded)
        return Investigated(
            findings=findings,
            passages_key=passages.key,
            degraded=tuple(dict.fromkeys(degraded)),
            reasoning=reasoned.told,
            upgrade=None if reasoned.due_s is None else replace(part, due_s=reasoned.due_s),
            model_answered=bool(reasoned.proposal_key),
        )

    async def _retrieve(self, message: SafeMessage, files: tuple[ReadFile, ...]) -> PassagesFound:
        """Search the knowledge; without it the turn goes on and says so."""
        self._show_stage("retrieve")
        with_lines = [file.lines_key for file in files if file.lines_key]
        request = SearchPassages(
            case_id=self._turn.case_id,
            team_id=self._turn.team_id,
            user_id=self._turn.user_id,
            message_key=message.key,
            lines_keys=tuple(with_lines[-SEARCHED_FILES:]),
        )
        try:
            step = KnowledgeActivities.search_passages
            return await self._step(step, request, "search runbooks and past cases", LOOKUP, short=not self._refs)
        except FailureError as failure:
            unless_cancelled(failure)
            return PassagesFound(key="", count=0, degraded=("retrieval_unavailable",))

    async def _diagnose(self, message: SafeMessage, files: tuple[ReadFile, ...]) -> Diagnosed:
        self._show_stage("diagnose")
        request = Diagnose(case_id=self._turn.case_id, turn_key=self._turn.turn_key, message_key=message.key, files=files)
        name = f"apply the rules to {len(files)} files"
        return await self._step(DiagnosisActivities.diagnose, request, name, STORAGE, short=not self._refs)

    def _part(
        self, number: int, plan: TurnPlan, message: SafeMessage, diagnosed: Diagnosed, passages: PassagesFound
    ) -> ModelPart:
        """Return what a model is asked where the plan says so; without its answer the rules answer alone."""
        return ModelPart(
            case_id=self._turn.case_id,
            team_id=self._turn.team_id,
            user_id=self._turn.user_id,
            turn_key=self._turn.turn_key,
            number=number,
            message_key=message.key,
            answer_key=diagnosed.answer_key,
            diagnosis_key=diagnosed.diagnosis_key,
            status=diagnosed.status,
            files_key=diagnosed.files_key,
            passages_key=passages.key,
            steps=plan.model_steps,
            soft_tokens=plan.model_tokens,
            model=self._turn.model,
        )

    async def _check(self, files: tuple[ReadFile, ...], diagnosed: Diagnosed, reasoned: Reasoned) -> TurnFindings:
        self._show_stage("check")
        request = CheckClaims(
            case_id=self._turn.case_id,
            files=files,
            diagnosed=diagnosed,
            proposal_key=reasoned.proposal_key,
            used_keys=reasoned.used_keys,
        )
        name = "check every claim against its lines"
        return await self._step(DiagnosisActivities.check_claims, request, name, STORAGE, short=not self._refs)

    async def _record(self, take: TakeTurn, turn_input: TurnInput, advanced: Advanced, found: Investigated) -> TurnReceipt:
        """Write the reply, its rows and the case after the turn together."""
        self._show_stage("record")
        findings = found.findings
        request = RecordTurn(
            turn=self._turn,
            number=take.number,
            carried=after(take, advanced.state),
            outcome=advanced.outcome,
            now=turn_input.now,
            answer_key=findings.answer_key if findings else "",
            passages_key=found.passages_key,
            files=tuple(news for news in turn_input.files if not news.member_of),
            degraded=found.degraded,
            reasoning=found.reasoning,
        )
        return await self._step(CaseActivities.record_turn, request, f"record turn {take.number}", RECORD, short=not self._refs)

    async def _step(
        self, step: Callable[[Any, Asked], Awaitable[Got]], asked: Asked, name: str, config: ActivityConfig, *, short: bool
    ) -> Got:
        """Take a step; a short one is attempted within this workflow's own task first.

        It must be idempotent and take milliseconds: with a lost task it runs again. What fails there, but for facts, goes on
        as a step of its own, which the engine tries again.
        """
        if short:
            try:
                return await workflow.execute_local_activity_method(step, asked, **at_once(name, config))
            except FailureError as failure:
                unless_cancelled(failure)
                if failure_type(failure) in FACTS:
                    raise
        return await workflow.execute_activity_method(step, asked, **named(name, config))

    def _show_stage(self, stage: str) -> None:
        self._show("stage", stage=stage)

    def _show(self, event: str, **data: str | int) -> None:
        """Tell those who follow the turn."""
        told = {"turn_id": self._turn.turn_key, "at": workflow.now().isoformat(), **data}
        self._stream.topic(event, type=str).publish(json.dumps(told))


def after(take: TakeTurn, state: CaseState) -> CarriedCase:
    """Return what is recorded of the case: this state, and a queue that knows the turn as answered."""
    return fit(replace(take.carried, state=state, queue=queue.finish(take.carried.queue, take.turn.turn_key, take.number)))
