"""Forking a case: checked here, carried out by a workflow that outlives the request."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from api import opening
from api.bodies import NewFork
from api.dependencies import Ports
from domain.case.orders import Fork
from domain.case.projection import CaseRecord
from domain.errors import InvalidInput, NotFound
from domain.privacy.access import absent
from domain.privacy.accounts import Principal
from workflows import names
from workflows.fork import ForkWorkflow
from workflows.options import TURN_FIRST

FORK = " (fork)"
"""Ends the title of a fork, once."""


async def open_fork(  # ruff: ignore[too-many-arguments]  # one argument per thing asked for
    ports: Ports, caller: Principal, origin: CaseRecord, body: NewFork, key: str | None, now: datetime
) -> tuple[CaseRecord, bool]:
    """Return the new fork, or the one that this key opened before; `KeyReused` when the body differs."""
    scope = f"forks:{caller.user_id}:{origin.case_id}"
    turns = _turns(origin, body)
    _check_model(ports, body)
    await _check_files(ports, origin, body)
    case_id, replayed = await opening.identity(ports, scope, body, key, now)
    standing = await _standing(ports, case_id) if replayed else None
    if standing is not None:
        return standing, True
    record = await _record(ports, caller, origin, body, case_id, turns, now)
    await _start(ports, Fork(case=record, without=tuple(body.without or ())))
    return await ports.cases.insert(record), replayed


def _turns(origin: CaseRecord, body: NewFork) -> int:
    """Return how many turns are taken again."""
    answered = origin.current_turn
    if not answered:
        raise InvalidInput("this case has no answered turn yet: send a message first, then fork it")
    if body.at_turn and body.at_turn > answered:
        raise InvalidInput(f"at_turn: this case has {answered} answered turns; name one of 1 to {answered}")
    return body.at_turn or answered


def _check_model(ports: Ports, body: NewFork) -> None:
    known = ports.deployment.providers
    if body.model and body.model.partition("/")[0] not in known:
        have = f"it has {', '.join(known)}" if known else "it has none, so rules answer"
        raise InvalidInput(f"model: not a provider of this deployment; {have}")


async def _check_files(ports: Ports, origin: CaseRecord, body: NewFork) -> None:
    for place, file_id in enumerate(body.without or ()):
        try:
            await ports.files.get(origin.case_id, file_id)
        except NotFound:
            where = f"/api/v1/cases/{origin.case_id}/uploaded-files"
            raise InvalidInput(f"without[{place}]: no such file in this case; GET {where} lists them") from None


async def _standing(ports: Ports, case_id: UUID) -> CaseRecord | None:
    """Return the fork that an earlier request opened, None when that request ended before it did."""
    try:
        record = await ports.cases.get(case_id, deleted=True)
    except NotFound:
        return None
    if record.deleted_at is not None:
        raise absent("case.read")
    return record


async def _record(  # ruff: ignore[too-many-arguments]  # all that a row is made of
    ports: Ports, caller: Principal, origin: CaseRecord, body: NewFork, case_id: UUID, turns: int, now: datetime
) -> CaseRecord:
    named, described = [await ports.redactor.restore(origin.case_id, text) for text in (origin.title, origin.description)]
    title, description = await opening.safe(ports, case_id, (body.title or f"{named.removesuffix(FORK)}{FORK}", described))
    return CaseRecord(
        case_id=case_id,
        owner_id=caller.user_id,
        team_id=caller.team_id,
        title=title,
        title_source="user",
        description=description,
        source=opening.source(caller, {}),
        created_at=now,
        updated_at=now,
        last_activity_at=now,
        priority=origin.priority,
        forked_from=origin.case_id,
        forked_turn=turns,
        model=body.model or "",
    )


async def _start(ports: Ports, fork: Fork) -> None:
    """Have the fork's turns taken; one that runs or ran already is not started again."""
    with suppress(WorkflowAlreadyStartedError):
        await ports.temporal.start_workflow(
            ForkWorkflow.run,
            fork,
            id=names.fork(fork.case.case_id),
            task_queue=names.TURNS,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            priority=TURN_FIRST,
            static_summary=f"fork of {names.case(fork.case.forked_from)}" if fork.case.forked_from else None,
            rpc_timeout=timedelta(seconds=3),
        )
