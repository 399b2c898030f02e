"""A case: takes in messages and evidence for months, answers one turn at a time, hands over to a fresh run in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError, WorkflowAlreadyStartedError
from temporalio.workflow import ChildWorkflowHandle, ParentClosePolicy

from activities.cases import AddNotice, CaseActivities, FailTurn
from activities.reports import WriteReport
from domain.case import advance, queue, silence, upgrades
from domain.case.carrying import arrived, merged, owned, quiet, unknown
from domain.case.fit import fit
from domain.case.orders import CaseStart, ModelPart, ReadEvidence, TakeTurn, TurnTaken
from domain.case.outcome import MessageReading, TurnInput
from domain.case.projection import CaseView
from domain.case.state import CarriedCase, CaseState, EvidenceNews
from domain.case.turns import EvidenceRef, TurnReceipt, TurnStatus, UserTurn
from domain.errors import TurnRefused, UnknownTurn
from workflows import names
from workflows.evidence import EvidenceWorkflow
from workflows.guard import failure_type
from workflows.options import CASE_RECORD, EVIDENCE_NEXT, TURN_FIRST, UPKEEP_LAST
from workflows.report import ReportWorkflow
from workflows.showing import show
from workflows.turn import TurnWorkflow, after
from workflows.upgrade import UpgradeWorkflow

LONG = 3 * 1024 * 1024
"""Bytes of history from which a run is left: the largest turn adds less than the megabyte that is left to 4 MiB (temporal.md 4)."""
CANCELLED = "CancelledError"
"""How the engine names a wish to stop."""


@workflow.defn
class CaseWorkflow:
    """The entity: handlers append, `run` works and alone changes the state."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        carried = start.carried or CarriedCase(state=CaseState(case_id=start.case_id))
        self._state = carried.state
        self._queue = carried.queue
        self._arrivals = carried.arrivals
        self._inbox = carried.inbox
        self._cancelled = carried.cancelled
        self._upgraded = carried.upgraded
        self._ready = start.carried is not None
        self._leaving = False
        self._running = 0
        self._child: ChildWorkflowHandle[TurnWorkflow, TurnTaken] | None = None

    @workflow.run
    async def run(self, start: CaseStart) -> None:
        """Take news and turns until history is long, then hand over to a fresh run."""
        if not self._ready:
            await self._load()
        while not self._is_time_to_leave():
            await self._wait()
            await self._start_evidence()
            await self._take_news()
            if self._queue.waiting:
                await self._take_turn(self._queue.waiting[0])
        self._leaving = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not quiet(self._carried()):
            workflow.continue_as_new(CaseStart(case_id=start.case_id, carried=self._carried()))

    @workflow.signal(name=names.POST_MESSAGE)
    async def post_message(self, turn: UserTurn) -> None:
        """Queue a turn once. Must never fail: the sender has already been told yes."""
        self._queue = queue.enqueue(self._queue, turn)

    @workflow.signal(name=names.ADD_EVIDENCE)
    async def add_evidence(self, ref: EvidenceRef) -> None:
        """Take a file that came outside a turn."""
        self._arrivals = arrived(self._arrivals, ref)

    @workflow.signal(name=names.EVIDENCE_READ)
    async def evidence_read(self, news: EvidenceNews) -> None:
        """Take an evidence workflow's report."""
        self._inbox = (*self._inbox, news)

    @workflow.signal(name=names.TURN_UPGRADED)
    async def turn_upgraded(self, number: int) -> None:
        """Take the news that a model's part was added to a turn."""
        self._upgraded = (*self._upgraded, number)

    @workflow.signal
    async def cancel_turn(self, turn_key: str) -> None:
        """End a queued or running turn with an ERROR answer."""
        self._cancelled = (*self._cancelled, turn_key)
        if self._child and self._queue.waiting[0].turn_key == turn_key:
            self._child.cancel()

    @workflow.update
    async def await_turn(self, turn_key: str) -> TurnReceipt:
        """Return when the turn is answered; `MOVED` means the case has a new run, ask again."""
        await workflow.wait_condition(lambda: self._ready)
        await workflow.wait_condition(lambda: self._leaving or not self._is_open(turn_key))
        if not queue.knows(self._queue, turn_key):
            raise UnknownTurn("this case does not know the turn, or its sender was told that it was not stored")
        receipt = queue.receipt(self._queue, turn_key)
        return receipt if queue.is_answered(self._queue, turn_key) else replace(receipt, status=TurnStatus.MOVED)

    @workflow.query
    def view(self) -> CaseView:
        """Return the case as it stands."""
        return CaseView(state=self._state, waiting=len(self._queue.waiting), running=self._running)

    @workflow.query
    def turn(self, turn_key: str) -> TurnReceipt:
        """Return where a turn stands."""
        receipt = queue.receipt(self._queue, turn_key)
        if self._running and self._queue.waiting[0].turn_key == turn_key:
            return replace(receipt, status=TurnStatus.RUNNING, number=self._running)
        return receipt

    def _is_open(self, turn_key: str) -> bool:
        return queue.knows(self._queue, turn_key) and not queue.is_answered(self._queue, turn_key)

    def _has_work(self) -> bool:
        return bool(self._queue.waiting or self._arrivals or self._inbox or self._upgraded) or self._is_time_to_leave()

    def _is_time_to_leave(self) -> bool:
        long = workflow.info().get_current_history_size() > LONG and workflow.patched("leave-at-3-mebibytes")
        return long or workflow.info().is_continue_as_new_suggested() or quiet(self._carried())

    def _carried(self) -> CarriedCase:
        return CarriedCase(
            state=self._state,
            queue=self._queue,
            arrivals=self._arrivals,
            inbox=self._inbox,
            cancelled=self._cancelled,
            upgraded=self._upgraded,
        )

    async def _load(self) -> None:
        """Bring the newest snapshot; what arrived meanwhile comes after it."""
        stored = await workflow.execute_activity_method(CaseActivities.load_case, self._state.case_id, **CASE_RECORD)
        carried = merged(stored, self._carried())
        self._state, self._queue = carried.state, carried.queue
        self._arrivals, self._inbox, self._cancelled = carried.arrivals, carried.inbox, carried.cancelled
        self._upgraded = carried.upgraded
        self._ready = True

    async def _wait(self) -> None:
        """Return when there is work; a case in silence says meanwhile what is due (rules X3, X4)."""
        notice = silence.due(self._state, workflow.now())
        if self._has_work() or notice is None or not workflow.patched("notices"):
            return await workflow.wait_condition(self._has_work)
        try:
            left = max(notice.due - workflow.now(), timedelta())
            await workflow.wait_condition(self._has_work, timeout=left, timeout_summary="nobody writes")
        except TimeoutError:
            await self._tell(notice)

    async def _tell(self, notice: silence.Notice) -> None:
        """Add a notice to the conversation; it changes nothing else."""
        self._state = silence.told(self._state, notice)
        request = AddNotice(carried=fit(self._carried()), notice=notice, now=workflow.now())
        await workflow.execute_activity_method(CaseActivities.add_notice, request, **CASE_RECORD)

    async def _start_evidence(self) -> None:
        """Start reading what arrived; that is no change of state."""
        arrivals, self._arrivals = self._arrivals, ()
        for ref in arrivals:
            try:
                await workflow.start_child_workflow(
                    EvidenceWorkflow.run,
                    ReadEvidence(ref=ref, team_id=self._state.team_id),
                    id=names.evidence(ref.case_id, ref.file_id),
                    task_queue=names.EVIDENCE,
                    parent_close_policy=ParentClosePolicy.ABANDON,
                    priority=EVIDENCE_NEXT,
                    static_summary=f"file {ref.file_id}",
                )
            except WorkflowAlreadyStartedError:
                workflow.logger.info("file is being read already", extra={"file_id": ref.file_id})

    async def _take_news(self) -> None:
        """Apply what handlers left; the inbox may grow meanwhile."""
        news, self._inbox = unknown(self._state, self._inbox), ()
        upgraded, self._upgraded = self._upgraded, ()
        before, self._state = self._state, upgrades.settled(advance.apply_news(self._state, news), upgraded)
        if self._state != before:
            await workflow.execute_activity_method(CaseActivities.record_case, fit(self._carried()), **CASE_RECORD)
            show(self._state)

    async def _take_turn(self, turn: UserTurn) -> None:
        """Have the turn at the head of the queue taken; however it ends, the case goes on."""
        self._state = owned(self._state, turn)
        self._running = self._state.turn + 1
        take = TakeTurn(turn=turn, number=self._running, carried=fit(self._carried()))
        try:
            taken = await self._answer(take)
        except ChildWorkflowError as failure:
            taken = await self._record_failure(take, failure_type(failure))
        self._state = taken.state
        ended = queue.finish(self._queue, turn.turn_key, take.number)
        self._queue = ended if taken.receipt else queue.drop(self._queue, turn.turn_key)
        self._cancelled = tuple(key for key in self._cancelled if key != turn.turn_key)
        self._running = 0
        show(self._state)
        if taken.report:
            await self._start_report(taken.report, take.number)
        if taken.upgrade:
            await self._start_upgrade(taken.upgrade)

    async def _answer(self, take: TakeTurn) -> TurnTaken:
        """Run the turn as a child; an upload meanwhile never waits for a model."""
        if take.turn.turn_key in self._cancelled:
            return await self._record_failure(take, CANCELLED)
        child = self._child = await workflow.start_child_workflow(
            TurnWorkflow.run,
            take,
            id=names.turn(take.turn.case_id, take.number),
            task_queue=names.TURNS,
            priority=TURN_FIRST,
            static_summary=f"turn {take.number}",
        )
        try:
            while not child.done():
                await workflow.wait_condition(lambda: child.done() or bool(self._arrivals))
                await self._start_evidence()
            return await child
        finally:
            self._child = None

    async def _start_report(self, report_type: str, number: int) -> None:
        """Have the report written beside the case: it may fail without the case noticing."""
        try:
            await workflow.start_child_workflow(
                ReportWorkflow.run,
                WriteReport(case_id=self._state.case_id, report_type=report_type, now=workflow.now()),
                id=names.report(self._state.case_id, number),
                task_queue=names.KNOWLEDGE,
                parent_close_policy=ParentClosePolicy.ABANDON,
                priority=UPKEEP_LAST,
                static_summary=f"{report_type} after turn {number}",
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("report is being written already", extra={"turn": number})

    async def _start_upgrade(self, part: ModelPart) -> None:
        """Have a model asked once one is back; that may take days, so it outlives this run."""
        try:
            await workflow.start_child_workflow(
                UpgradeWorkflow.run,
                part,
                id=names.upgrade(part.case_id, part.number),
                task_queue=names.TURNS,
                parent_close_policy=ParentClosePolicy.ABANDON,
                priority=UPKEEP_LAST,
                static_summary=f"a model's part in turn {part.number}",
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("turn waits for a model already", extra={"turn": part.number})

    async def _record_failure(self, take: TakeTurn, reason: str) -> TurnTaken:
        """Make a visible answer of a failed turn; a refused one leaves nothing."""
        before = self._state
        if reason == TurnRefused.__name__:
            return TurnTaken(state=before, receipt=None)
        now = workflow.now()
        key, intent = take.turn.turn_key, take.turn.intent
        told = TurnInput(turn_key=key, number=take.number, intent=intent, reading=MessageReading(), now=now)
        failed = advance.failed(before, told)
        request = FailTurn(
            turn=take.turn, number=take.number, carried=after(take, failed.state), outcome=failed.outcome, now=now, reason=reason
        )
        receipt = await workflow.execute_activity_method(CaseActivities.fail_turn, request, **CASE_RECORD)
        return TurnTaken(state=failed.state if receipt else before, receipt=receipt)
