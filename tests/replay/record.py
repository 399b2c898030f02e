"""Records histories of the main paths with fakes: `make record-history`. A history that exists is never written again."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

from activities.adapters.temporal import Address, connect
from activities.knowledge import IngestDocument
from activities.upkeep import ErasedCase
from domain.case.orders import Fork
from domain.case.turns import Intent, IntentType, UserTurn
from domain.errors import ModelBusy
from domain.ports.models import ToolCall
from tests import builders, servers
from tests.fakes import ScriptedModel
from tests.skipping import engine
from tests.unit.domain.evidence.bundles import tarred
from tests.waiting import eventually
from tests.workflow.stage import Stage
from workflows import names
from workflows.case import CaseWorkflow
from workflows.cleanup import Cleaned, SessionCleanupWorkflow
from workflows.deletion import DeleteCaseWorkflow
from workflows.fork import ForkWorkflow
from workflows.knowledge import IngestDocumentWorkflow
from workflows.sweep import Sweep, TurnSweepWorkflow

FOLDER = Path(__file__).parent / "histories"
LOG = (builders.a_log(lines=40) + "2026-03-04T12:01:00Z ERROR payment: connection refused\n" * 20).encode()
PROPOSAL = json.dumps({"summary": "", "causes": []})
WHOLE_TURN = 15
"""Events after which the later run has taken a turn of its own."""
SHORT = {"limit.historyCount.suggestContinueAsNew": 30}


async def _keep(stage: Stage, workflow_id: str, name: str, run_id: str | None = None) -> None:
    path = FOLDER / f"{name}.json"
    if path.exists():
        print(f"kept      {path.name}")
        return
    history = await stage.client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    path.write_text(json.dumps(_scrubbed(json.loads(history.to_json())), indent=1) + "\n", "utf-8")
    print(f"recorded  {path.name}: {len(history.events)} events")


def _scrubbed(value: object) -> object:
    """Take out who recorded it: process, machine, places in files."""
    if isinstance(value, list):
        return [_scrubbed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "encodedAttributes" in value:
        payload = value["encodedAttributes"]
        told = json.loads(base64.b64decode(payload["data"])) | {"stack_trace": ""}
        value = {**value, "encodedAttributes": {**payload, "data": base64.b64encode(json.dumps(told).encode()).decode()}}
    return {key: "recorder" if key == "identity" else _scrubbed(item) for key, item in value.items()}


async def _is_known(stage: Stage, file_id: str) -> bool:
    return any(file.file_id == file_id for file in (await stage.view()).state.files)


async def _file_and_model(stage: Stage) -> None:
    """A turn with a file and a model, a text turn, a greeting, a cancelled turn, a click, a file outside of turns."""
    stage.model = ScriptedModel(lambda _request: PROPOSAL)
    ref, late = await stage.upload(LOG), await stage.upload(LOG + b"once more\n", name="late.log")
    async with stage.workers():
        await stage.ask("checkout fails since noon", attachments=(ref,))
        await stage.ask("what is the cause?")
        await stage.ask("hello!")
        await stage.case.signal(names.ADD_EVIDENCE, late)
        await eventually(lambda: _is_known(stage, late.file_id), what="the late file")
        await stage.ask("and now?")
        cancelled = await stage.turn("never mind")
        await stage.case.signal(CaseWorkflow.cancel_turn, cancelled.turn_key)
        await stage.answered(await stage.post(cancelled))
    await _keep(stage, names.case(stage.case_id), "case-files-model-cancel")
    await _keep(stage, names.turn(stage.case_id, 1), "turn-file-and-model")
    await _keep(stage, names.turn(stage.case_id, 3), "turn-greeting")
    await _keep(stage, names.evidence(ref.case_id, ref.file_id), "evidence-read")


async def _archive(stage: Stage) -> None:
    """A turn with an archive of two files, and the reading of it."""
    ref = await stage.upload(tarred([("app.log", LOG), ("web.log", LOG + b"once more\n")]), name="bundle.tar")
    async with stage.workers():
        await stage.ask("checkout fails since noon", attachments=(ref,))
    await _keep(stage, names.turn(stage.case_id, 1), "turn-archive")
    await _keep(stage, names.evidence(ref.case_id, ref.file_id), "evidence-archive")


async def _looking(stage: Stage) -> None:
    """A turn whose model looks at two things before it proposes."""
    calls = (
        ToolCall(name="find_lines", arguments='{"file": "E1", "words": "refused", "context": 1, "after": 0}'),
        ToolCall(name="search_knowledge", arguments='{"words": "connection refused"}'),
    )
    stage.model = ScriptedModel(lambda request: PROPOSAL if request.used else calls)
    ref = await stage.upload(LOG)
    async with stage.workers():
        await stage.ask("checkout fails since noon", attachments=(ref,))
    await _keep(stage, names.turn(stage.case_id, 1), "turn-looks-first")


async def _failures(stage: Stage) -> None:
    """A turn whose step fails, a refused turn, a held-back message, all without a model."""
    async with stage.workers():
        await stage.ask("checkout fails since noon")
        lost = await stage.turn("this text is lost")
        del stage.blobs.blobs[stage.case_id, lost.text_key]
        await stage.answered(await stage.post(lost))
        refused: UserTurn = await stage.turn("told that nothing was stored")
        await stage.ports().intake.refuse(refused.turn_key)
        await stage.post(refused)
        await stage.ask("goes on")
    await _keep(stage, names.case(stage.case_id), "case-failed-and-refused")
    await _keep(stage, names.turn(stage.case_id, 1), "turn-without-model")
    await _keep(stage, names.turn(stage.case_id, 2), "turn-failed")


async def _hand_over(stage: Stage) -> None:
    """A case that hands over to a fresh run, and the run after it."""
    first = ""
    async with stage.workers():
        for number in range(8):
            await stage.ask(f"message {number}")
            first = first or (await stage.case.describe()).run_id
        while (await stage.case.describe()).history_length < WHOLE_TURN:
            await stage.ask("one more")
    await _keep(stage, names.case(stage.case_id), "case-first-run", first)
    await _keep(stage, names.case(stage.case_id), "case-later-run")


async def _upkeep(stage: Stage) -> None:
    """Erasure of a case, cleaning of sessions."""
    async with stage.workers():
        await stage.ask("to be erased")
        case = ErasedCase(case_id=stage.case_id, team_id="team_1")
        erasing = names.deletion(stage.case_id)
        await stage.client.execute_workflow(DeleteCaseWorkflow.run, case, id=erasing, task_queue=names.KNOWLEDGE)
        await stage.client.execute_workflow(SessionCleanupWorkflow.run, Cleaned(), id="cleanup", task_queue=names.KNOWLEDGE)
    await _keep(stage, erasing, "deletion")
    await _keep(stage, "cleanup", "cleanup-one-page")


async def _ending(stage: Stage) -> None:
    """A case that ends by itself after three turns about a file, and its report."""
    close = Intent(type=IntentType.STATUS_TRANSITION, data={"to_state": "closed", "command": "close"})
    ref = await stage.upload(LOG)
    async with stage.workers():
        await stage.ask("checkout fails since noon", attachments=(ref,))
        await stage.ask("yes")
        ended = await stage.ask("", intent=close)
        report = names.report(stage.case_id, ended.turn_number)
        await stage.case.result()
        await stage.client.get_workflow_handle(report).result()
    await _keep(stage, names.case(stage.case_id), "case-closed-with-report")
    await _keep(stage, report, "report-closure")


async def _knowledge(stage: Stage) -> None:
    """A document that is indexed."""
    document = builders.a_document(document_id="doc_1", status="pending", content="# Pool\n\nRaise the pool size.")
    await stage.documents.put(document)
    ingesting, request = names.ingest("doc_1"), IngestDocument(document_id="doc_1")
    async with stage.workers():
        await stage.client.execute_workflow(IngestDocumentWorkflow.run, request, id=ingesting, task_queue=names.KNOWLEDGE)
    await _keep(stage, ingesting, "ingest-document")


async def _sweep(stage: Stage) -> None:
    """A turn that was claimed and never signalled."""
    turn = await stage.turn("nobody heard this")
    async with stage.workers():
        await stage.client.execute_workflow(TurnSweepWorkflow.run, Sweep(), id="sweep", task_queue=names.KNOWLEDGE)
        await stage.answered(turn)
    await _keep(stage, "sweep", "sweep-one-turn")


async def _upgrade() -> None:
    """A turn whose provider asks for three hours, what is added to it then, and the case meanwhile."""
    async with engine() as skipping:
        stage = Stage(skipping.client, model=ScriptedModel(lambda _request: ModelBusy("busy", 3 * 3_600)))
        async with stage.workers():
            await stage.ask("checkout fails since noon", attachments=(await stage.upload(LOG),))
            waiting = names.upgrade(stage.case_id, 1)
            await eventually(lambda: _runs(stage, waiting), what="the upgrade")
            stage.model.script = lambda _request: PROPOSAL
            await skipping.fast_forward(stage.client.get_workflow_handle(waiting))
            await stage.client.get_workflow_handle(waiting).result()
            await stage.ask("hello!")
        await _keep(stage, waiting, "upgrade-after-hours")
        await _keep(stage, names.case(stage.case_id), "case-upgraded")
        stage.processes.close()


async def _runs(stage: Stage, workflow_id: str) -> bool:
    query = f"WorkflowId = '{workflow_id}'"
    return [found async for found in stage.client.list_workflows(query)] != []


async def _fork(stage: Stage) -> None:
    """A case of two turns that is forked, and one that is gone before its fork begins."""
    forks = [
        builders.a_case_record(forked_from=stage.case_id, forked_turn=2),
        builders.a_case_record(forked_from=uuid4(), forked_turn=1),
    ]
    async with stage.workers():
        await stage.ask("checkout fails since noon", attachments=(await stage.upload(LOG),))
        await stage.ask("what is the cause?")
        for case, name in zip(forks, ("fork-two-turns", "fork-of-nothing"), strict=True):
            forking = names.fork(case.case_id)
            await stage.client.execute_workflow(ForkWorkflow.run, Fork(case=case), id=forking, task_queue=names.TURNS)
            await _keep(stage, forking, name)


async def _record(story: Callable[[Stage], Awaitable[None]], limits: dict[str, int] | None = None) -> None:
    with servers.temporal(limits=limits) as server:
        stage = Stage(await connect(Address(target=server.address, namespace=server.namespace)))
        await story(stage)
        stage.processes.close()


async def record() -> None:
    """Tell every story once."""
    FOLDER.mkdir(exist_ok=True)
    for story in (_file_and_model, _archive, _looking, _failures, _upkeep, _ending, _knowledge, _sweep, _fork):
        await _record(story)
    await _record(_hand_over, SHORT)
    await _upgrade()


if __name__ == "__main__":
    asyncio.run(record())
