"""One case's live state: from the workflow's query, or the projected snapshot where nobody answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from temporalio.client import WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.common import QueryRejectCondition
from temporalio.service import RPCError

from api.dependencies import Ports
from domain.case.projection import CaseRecord, CaseView, FileRecord
from domain.errors import NotFound
from domain.privacy.access import absent, relation, require
from domain.privacy.accounts import Principal
from workflows import names
from workflows.case import CaseWorkflow
from workflows.evidence import EvidenceWorkflow

QUERY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case as it stands, and where that was read; no view means no turn has run yet."""

    record: CaseRecord
    view: CaseView | None
    source: str
    """live or projection."""

    @property
    def headers(self) -> dict[str, str]:
        """The header that says where the state comes from."""
        return {"X-State-Source": self.source}


async def see(ports: Ports, record: CaseRecord) -> Seen:
    """Return the case with its state."""
    view = await _live(ports, record.case_id)
    if view is not None:
        return Seen(record=record, view=view, source="live")
    carried = await ports.conversation.snapshot(record.case_id)
    stands = CaseView(state=carried.state, waiting=len(carried.queue.waiting)) if carried else None
    return Seen(record=record, view=stands, source="projection")


async def percent(ports: Ports, file: FileRecord) -> int:
    """Return how much of a file is scanned: by its workflow while that runs, else by its row."""
    if file.status in {"completed", "failed"}:
        return 100
    reading = ports.temporal.get_workflow_handle_for(EvidenceWorkflow.run, names.evidence(file.case_id, file.file_id))
    try:
        return await reading.query(EvidenceWorkflow.percent, rpc_timeout=QUERY)
    except (RPCError, WorkflowQueryFailedError):
        return 0


async def see_own(ports: Ports, caller: Principal, case_id: UUID) -> Seen:
    """Return the caller's case even when its row is gone: an open workflow knows its owner."""
    try:
        record = await ports.cases.get(case_id, deleted=True)
    except NotFound:
        return await _from_workflow(ports, caller, case_id)
    if record.deleted_at is not None:
        raise absent("case.read")
    require("case.read", caller.roles, relation(caller, record.owner_id, record.team_id))
    return await see(ports, record)


async def _from_workflow(ports: Ports, caller: Principal, case_id: UUID) -> Seen:
    view = await _live(ports, case_id)
    if view is None or view.state.opened_at is None:
        raise absent("case.read")
    state = view.state
    require("case.read", caller.roles, relation(caller, state.owner_id, state.team_id))
    opened = view.state.opened_at
    record = CaseRecord(
        case_id=case_id,
        owner_id=state.owner_id,
        team_id=state.team_id,
        title=f"case {str(case_id)[:8]}",
        title_source="placeholder",
        description="",
        source="api",
        created_at=opened,
        updated_at=state.updated_at or opened,
        last_activity_at=state.updated_at or opened,
        state=state.status,
        stage=state.stage,
        revision=state.revision,
    )
    return Seen(record=record, view=view, source="live")


async def _live(ports: Ports, case_id: UUID) -> CaseView | None:
    handle = ports.temporal.get_workflow_handle_for(CaseWorkflow.run, names.case(case_id))
    try:
        return await handle.query(CaseWorkflow.view, rpc_timeout=QUERY, reject_condition=QueryRejectCondition.NOT_OPEN)
    except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return None
