"""The workers of the four queues, and the replayer that shares their options; tests call them too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, Worker, WorkflowRunner

from activities.archives import ArchiveActivities
from activities.cases import CaseActivities
from activities.diagnosis import DiagnosisActivities
from activities.evidence import EvidenceActivities
from activities.forks import ForkActivities
from activities.heartbeat import OFTEN
from activities.knowledge import KnowledgeActivities
from activities.outside import Outside
from activities.pictures import PictureActivities
from activities.privacy import PrivacyActivities
from activities.processes import Processes
from activities.purse import Purse
from activities.reasoning import ReasoningActivities
from activities.recall import KEPT, Recall
from activities.reports import ReportActivities
from activities.scratch import Scratch
from activities.sweep import SweepActivities
from activities.tools import ToolActivities
from activities.upgrades import UpgradeActivities
from activities.upkeep import UpkeepActivities
from domain.diagnosis.budgets import Limits
from domain.ports.budgets import BudgetLedger
from domain.ports.cases import (
    CaseDoor,
    CaseErasure,
    CaseRecords,
    CaseStore,
    Conversation,
    Erasure,
    EvidenceRecords,
    FileStore,
    ReportStore,
    TurnIntake,
)
from domain.ports.documents import TextReader
from domain.ports.knowledge import KnowledgeStore, PassageIndex
from domain.ports.linting import Linter
from domain.ports.models import AnswerCache, AnswerLedger, LanguageModel, TurnFeeds
from domain.ports.outside import OutsideTools
from domain.ports.people import Sessions
from domain.ports.sealing import BlobStore, KeyVault, Redactor
from worker.sandbox import SANDBOX
from workflows import names
from workflows.case import CaseWorkflow
from workflows.cleanup import SessionCleanupWorkflow
from workflows.deletion import DeleteCaseWorkflow
from workflows.evidence import EvidenceWorkflow
from workflows.fork import ForkWorkflow
from workflows.guard import Guard
from workflows.knowledge import IngestDocumentWorkflow
from workflows.report import ReportWorkflow
from workflows.sweep import TurnSweepWorkflow
from workflows.turn import TurnWorkflow
from workflows.upgrade import UpgradeWorkflow

GRACE = timedelta(seconds=5)
"""What running steps get at SIGTERM before they are cancelled; then they resume elsewhere (reliability.md 13)."""

BUILD = version("faultmaven")
"""Shown beside each worker; left out, the SDK would compile and hash every loaded module to make one."""

WORKFLOWS: Mapping[str, Sequence[type]] = {
    names.CASES: (CaseWorkflow,),
    names.TURNS: (TurnWorkflow, UpgradeWorkflow, ForkWorkflow),
    names.EVIDENCE: (EvidenceWorkflow,),
    names.KNOWLEDGE: (DeleteCaseWorkflow, IngestDocumentWorkflow, ReportWorkflow, SessionCleanupWorkflow, TurnSweepWorkflow),
}
"""Each queue's stories; the queue of cases has workflow tasks only and stays quick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The outside world of a worker."""

    blobs: BlobStore
    budgets: BudgetLedger
    cached: AnswerCache
    cases: CaseStore
    conversation: Conversation
    documents: KnowledgeStore
    door: CaseDoor
    engine: Erasure
    erasure: CaseErasure
    evidence: EvidenceRecords
    feeds: TurnFeeds
    files: FileStore
    intake: TurnIntake
    ledger: AnswerLedger
    linter: Linter
    model: LanguageModel
    outside: OutsideTools
    passages: PassageIndex
    processes: Processes
    records: CaseRecords
    reader: TextReader
    redactor: Redactor
    reports: ReportStore
    scratch: Scratch
    sessions: Sessions
    vault: KeyVault
    vision: LanguageModel
    """Sees pictures; `model` does not."""
    answers_kept: timedelta = KEPT
    """How long an answer may be given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How workers run; the defaults are the product's."""

    queues: Sequence[str] = names.QUEUES
    cached_workflows: int = 1_000
    slots: int = 100
    """Steps at once per queue; analyses are bounded by their processes besides."""
    runner: WorkflowRunner = SANDBOX
    limits: Limits = Limits()
    """What calls of models may cost."""


def build_workers(client: Client, ports: Ports, options: Options = Options()) -> tuple[Worker, ...]:
    """Return one worker per queue; nothing runs before `run_workers`."""
    steps = _steps(ports, Purse(ports.budgets, options.limits))
    return tuple(
        Worker(
            client,
            task_queue=queue,
            workflows=WORKFLOWS[queue],
            activities=steps[queue],
            workflow_runner=options.runner,
            interceptors=[Guard()],
            max_cached_workflows=options.cached_workflows,
            max_concurrent_activities=options.slots,
            max_heartbeat_throttle_interval=OFTEN,
            graceful_shutdown_timeout=GRACE,
            build_id=BUILD,
        )
        for queue in options.queues
    )


def replayer(converter: DataConverter, runner: WorkflowRunner = SANDBOX) -> Replayer:
    """Return a replayer with the workers' workflows and options."""
    workflows = [workflow for queue in names.QUEUES for workflow in WORKFLOWS[queue]]
    return Replayer(workflows=workflows, data_converter=converter, workflow_runner=runner, interceptors=[Guard()], build_id=BUILD)


def _steps(ports: Ports, purse: Purse) -> Mapping[str, Sequence[Callable[..., Any]]]:
    """Return the steps of each queue; a turn's steps share its queue, so that the engine starts them without a detour."""
    knowledge = KnowledgeActivities(ports.blobs, ports.redactor, ports.passages, ports.documents)
    return {
        names.CASES: (),
        names.TURNS: (*_turning(ports, knowledge), *_thinking(ports, knowledge, purse), *_forking(ports)),
        names.EVIDENCE: (*_reading(ports, purse), knowledge.index_evidence),
        names.KNOWLEDGE: (knowledge.ingest_document, knowledge.fail_document, *_keeping(ports)),
    }


def _turning(ports: Ports, knowledge: KnowledgeActivities) -> Sequence[Callable[..., Any]]:
    """Return the steps of every turn."""
    cases = CaseActivities(ports.cases, ports.intake, ports.blobs, ports.model.configured)
    privacy = PrivacyActivities(ports.blobs, ports.redactor)
    diagnosis = DiagnosisActivities(ports.blobs, ports.redactor)
    return (
        cases.load_case,
        cases.record_case,
        cases.add_notice,
        cases.open_turn,
        cases.record_turn,
        cases.fail_turn,
        privacy.redact_message,
        knowledge.search_passages,
        diagnosis.diagnose,
        diagnosis.check_claims,
    )


def _thinking(ports: Ports, knowledge: KnowledgeActivities, purse: Purse) -> Sequence[Callable[..., Any]]:
    """Return what a turn that asks a model needs besides."""
    outside = Outside(ports.outside, ports.redactor)
    reasoning = ReasoningActivities(
        blobs=ports.blobs,
        model=ports.model,
        feeds=ports.feeds,
        ledger=ports.ledger,
        redactor=ports.redactor,
        conversation=ports.conversation,
        purse=purse,
        recall=Recall(ports.cached, ports.blobs, ports.answers_kept),
        outside=outside,
    )
    tools = ToolActivities(
        blobs=ports.blobs,
        files=ports.files,
        redactor=ports.redactor,
        processes=ports.processes,
        scratch=ports.scratch,
        reader=ports.reader,
        knowledge=knowledge,
        outside=outside,
    )
    upgrades = UpgradeActivities(ports.cases, ports.records, ports.blobs)
    return (reasoning.propose, tools.use_tool, upgrades.is_upgrade_wanted, upgrades.add_upgrade)


def _forking(ports: Ports) -> Sequence[Callable[..., Any]]:
    """Return the steps that bring a case's turns into another."""
    stored = (ports.blobs, ports.files, ports.redactor)
    forks = ForkActivities(*stored, ports.records, ports.conversation, ports.intake, ports.door)
    return (forks.open_fork, forks.retake, forks.end_fork)


def _reading(ports: Ports, purse: Purse) -> Sequence[Callable[..., Any]]:
    """Return the steps that read evidence."""
    scanning = (ports.processes, ports.scratch, ports.reader, ports.door, ports.linter)
    evidence = EvidenceActivities(ports.blobs, ports.files, ports.redactor, *scanning)
    archives = ArchiveActivities(ports.blobs, ports.files, ports.redactor, ports.processes, ports.scratch)
    looking = (ports.processes, ports.scratch, ports.reader, ports.vision, ports.ledger, purse)
    pictures = PictureActivities(ports.blobs, ports.files, ports.redactor, *looking)
    return (evidence.classify_and_scan, evidence.fail_evidence, archives.open_archive, pictures.read_picture)


def _keeping(ports: Ports) -> Sequence[Callable[..., Any]]:
    """Return the steps of upkeep: deletion, sessions, reports, forgotten turns."""
    upkeep = UpkeepActivities(ports.blobs, ports.engine, ports.passages, ports.erasure, ports.sessions, ports.vault)
    reports = ReportActivities(ports.cases, ports.records, ports.evidence, ports.reports)
    sweep = SweepActivities(ports.intake, ports.door, ports.budgets)
    return (
        upkeep.terminate_workflows,
        upkeep.destroy_key,
        upkeep.erase_rows,
        upkeep.erase_blobs,
        upkeep.erase_passages,
        upkeep.verify_erasure,
        upkeep.forget_histories,
        upkeep.clean_sessions,
        reports.write_report,
        reports.fail_report,
        sweep.post_again,
        sweep.release_reservations,
    )
