"""A stage for workflow stories: fakes, workers and the few messages that a story sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.adapters.engine_door import EngineDoor
from activities.cases import REPLY
from activities.processes import Processes
from activities.sweep import TURN
from domain.case.orders import CaseStart
from domain.case.projection import CaseView, Message
from domain.case.turns import EvidenceRef, TurnReceipt, TurnStatus, UserTurn
from domain.diagnosis.reply import TurnReply
from domain.ports.cases import Erasure
from domain.ports.models import LanguageModel, TurnFeeds
from tests import builders
from tests.fakes import (
    MemoryAnswerCache,
    MemoryBlobs,
    MemoryBudgets,
    MemoryCaseErasure,
    MemoryCaseRecords,
    MemoryCases,
    MemoryConversation,
    MemoryErasure,
    MemoryEvidence,
    MemoryFeeds,
    MemoryFiles,
    MemoryIntake,
    MemoryKnowledge,
    MemoryLedger,
    MemoryOutside,
    MemoryPassages,
    MemoryReports,
    MemoryRows,
    MemorySessions,
    MemoryVault,
    PlainReader,
    QuietLinter,
    ScriptedModel,
    StarRedactor,
)
from tests.waiting import PATIENCE_S
from worker.build import Options, Ports, build_workers
from workflows import names
from workflows.case import CaseWorkflow


@dataclass
class Stage:
    """Everything a story needs by name."""

    client: Client
    rows: MemoryRows = field(default_factory=MemoryRows)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    redactor: StarRedactor = field(default_factory=StarRedactor)
    model: LanguageModel = field(default_factory=lambda: ScriptedModel(configured=False))
    feeds: TurnFeeds = field(default_factory=MemoryFeeds)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    outside: MemoryOutside = field(default_factory=MemoryOutside)
    vision: ScriptedModel = field(default_factory=lambda: ScriptedModel(configured=False))
    engine: Erasure = field(default_factory=MemoryErasure)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    budgets: MemoryBudgets = field(default_factory=MemoryBudgets)
    cached: MemoryAnswerCache = field(default_factory=MemoryAnswerCache)
    vault: MemoryVault = field(default_factory=MemoryVault)
    passages: MemoryPassages = field(default_factory=MemoryPassages)
    documents: MemoryKnowledge = field(default_factory=MemoryKnowledge)
    reports: MemoryReports | None = None
    """Over the stage's rows unless a story brings its own."""
    processes: Processes = field(default_factory=lambda: Processes(1))
    case_id: UUID = field(default_factory=uuid4)

    def ports(self) -> Ports:
        """Return the fakes as ports."""
        return Ports(
            blobs=self.blobs,
            budgets=self.budgets,
            cached=self.cached,
            cases=MemoryCases(self.rows),
            conversation=MemoryConversation(self.rows),
            documents=self.documents,
            door=EngineDoor(self.client, names),
            engine=self.engine,
            erasure=MemoryCaseErasure(self.rows),
            evidence=MemoryEvidence(self.rows),
            feeds=self.feeds,
            files=MemoryFiles(self.rows),
            intake=MemoryIntake(self.rows),
            ledger=self.ledger,
            model=self.model,
            outside=self.outside,
            passages=self.passages,
            processes=self.processes,
            records=MemoryCaseRecords(self.rows),
            linter=QuietLinter(),
            reader=PlainReader(),
            redactor=self.redactor,
            scratch=builders.a_scratch(),
            reports=self.reports or MemoryReports(self.rows),
            sessions=self.sessions,
            vault=self.vault,
            vision=self.vision,
        )

    @property
    def case(self) -> WorkflowHandle[CaseWorkflow, None]:
        """Return the handle of the case's present run."""
        return self.client.get_workflow_handle_for(CaseWorkflow.run, names.case(self.case_id))

    async def turn(self, text: str = "checkout fails since noon", key: str = "", **given: object) -> UserTurn:
        """Claim a turn as the API does; nothing is signalled yet."""
        text_key = await self.blobs.put(self.case_id, text.encode()) if text else ""
        turn = builders.a_turn(key or uuid4().hex, case_id=self.case_id, text_key=text_key, **given)
        row = TURN.dump_json(turn).decode()
        record = builders.a_turn_record(turn_id=turn.turn_key, case_id=self.case_id, turn=row)
        self.rows.turns.setdefault(turn.turn_key, record)
        return turn

    async def post(self, turn: UserTurn) -> UserTurn:
        """Signal with start, as the API does."""
        await self.client.start_workflow(
            CaseWorkflow.run,
            CaseStart(case_id=self.case_id),
            id=names.case(self.case_id),
            task_queue=names.CASES,
            start_signal=names.POST_MESSAGE,
            start_signal_args=[turn],
        )
        return turn

    async def say(self, text: str = "checkout fails since noon", **given: object) -> UserTurn:
        """Claim and signal a turn."""
        return await self.post(await self.turn(text, **given))

    async def answered(self, turn: UserTurn, seconds: float = PATIENCE_S) -> TurnReceipt:
        """Wait as the API does: a case that moved is asked again."""
        async with asyncio.timeout(seconds):
            while True:
                receipt = await self.case.execute_update(CaseWorkflow.await_turn, turn.turn_key, id=turn.turn_key)
                if receipt.status is not TurnStatus.MOVED:
                    return receipt

    async def ask(self, text: str = "checkout fails since noon", **given: object) -> TurnReply:
        """Send a message and return its recorded reply."""
        return self.reply(await self.answered(await self.say(text, **given)))

    def reply(self, receipt: TurnReceipt) -> TurnReply:
        """Return the recorded reply."""
        return REPLY.validate_json(self.rows.turns[receipt.turn_key].response)

    async def view(self) -> CaseView:
        """Query the case."""
        return await self.case.query(CaseWorkflow.view)

    def messages(self) -> list[Message]:
        """Return the rows of the conversation."""
        return self.rows.messages.get(self.case_id, [])

    async def upload(self, content: bytes = b"INFO started\nERROR refused\n", name: str = "app.log") -> EvidenceRef:
        """Store a file and its row as the API does."""
        key = await self.blobs.put(self.case_id, content)
        row = builders.a_file_record(case_id=self.case_id, name=name, blob_key=key, size_bytes=len(content))
        self.rows.files[row.file_id] = row
        return EvidenceRef(case_id=self.case_id, file_id=row.file_id, blob_key=key, name=name, size_bytes=len(content))

    @asynccontextmanager
    async def workers(self, options: Options | None = None) -> AsyncGenerator[tuple[Worker, ...], None]:
        """Run the workers of all queues until the block ends."""
        built = build_workers(self.client, self.ports(), options or Options())
        async with AsyncExitStack() as stack:
            for worker in built:
                await stack.enter_async_context(worker)
            yield built
