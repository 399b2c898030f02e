"""The one way into a case: redact names, keep bytes, claim the key, signal, wait.

Order matters: what is claimed has its bytes, what is signalled is claimed. A refusal leaves a `refused` claim, so a
signal that arrives after all is dropped by the turn's first step and the key may be sent again.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from prometheus_client import Counter
from pydantic import TypeAdapter
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from api.correlation import request_id
from api.dependencies import Ports
from api.uploads import Incoming, keep
from domain.case.projection import CaseRecord, TurnRecord
from domain.case.turns import EvidenceRef, Intent, IntentType, TurnReceipt, TurnStatus, UserTurn, turn_key
from domain.errors import (
    CaseEnded,
    FaultMavenError,
    InvalidInput,
    KeyReused,
    QueueFull,
    RedactionUnavailable,
    StoreUnavailable,
)
from domain.ports.cases import Claimed
from domain.privacy.access import absent
from domain.privacy.accounts import Principal
from workflows import names
from workflows.case import CaseWorkflow

log = logging.getLogger(__name__)

WAITING_TURNS = 20
"""Unanswered turns that a case takes (architecture 3.4)."""
ACCEPTED = Counter("faultmaven_messages_accepted_total", "Turns accepted.")
REPLAYS = Counter("faultmaven_idempotent_replays_total", "Requests answered from an earlier one.")
ENDED = frozenset({"resolved", "closed"})
FREE_TEXT = "reason"
"""The field of an intent that people write in their own words."""
TURN = TypeAdapter(UserTurn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One parsed turn request."""

    query: str = ""
    intent: Intent = Intent()
    files: tuple[Incoming, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A turn that is in history, or was before."""

    record: TurnRecord
    replayed: bool = False


async def one_piece(data: bytes) -> AsyncIterator[bytes]:
    """Yield the data whole."""
    yield data


async def post(ports: Ports, caller: Principal, case: CaseRecord, key: str | None, given: Input, now: datetime) -> Accepted:  # ruff: ignore[too-many-arguments]
    """Accept a turn; every failure before acceptance stores nothing that counts and may be sent again."""
    if _out_of_place(case, given) and not await sent_before(ports, caller, case, key):
        raise CaseEnded(case.state)
    check_forked(case)
    if not given.query.strip() and not given.files and given.intent.type is IntentType.CONVERSATION:
        raise InvalidInput("an empty turn: send a query, a file, pasted content or an action")
    identity = turn_key(caller.user_id, case.case_id, key or uuid4().hex)
    turn = await _stored(ports, caller, case, identity, given, now)
    record = TurnRecord(
        turn_id=identity,
        case_id=case.case_id,
        team_id=case.team_id,
        status="claimed",
        content_hash=_content_hash(given, turn),
        claimed_at=now,
        turn=TURN.dump_json(turn).decode(),
    )
    claimed = await ports.turns.claim(record, WAITING_TURNS)
    if claimed.outcome == "new":
        await _signal(ports, turn)
        ACCEPTED.inc()
        return Accepted(record=record)
    known = _known(claimed)
    if known.status == "claimed":
        await _signal_again(ports, known)
    return Accepted(record=known, replayed=True)


def check_forked(case: CaseRecord) -> None:
    """Refuse for now what comes to a fork that still takes turns of its origin: those stand before it."""
    if case.unforked:
        raise QueueFull(case.unforked)


def _known(claimed: Claimed) -> TurnRecord:
    """Return the claim that stands for this key and content, or say why there is none."""
    if claimed.outcome == "known" and claimed.record:
        REPLAYS.inc()
        return claimed.record
    if claimed.outcome == "reused":
        raise KeyReused("this Idempotency-Key was used for another message of this case; send a new key")
    if claimed.outcome == "full":
        raise QueueFull(claimed.waiting)
    raise absent("case.write")


def _out_of_place(case: CaseRecord, given: Input) -> bool:
    """Tell whether files or actions come to a terminal case (rule X1); text and confirmations are answered."""
    talk = given.intent.type in {IntentType.CONVERSATION, IntentType.CONFIRMATION}
    return case.state in ENDED and (bool(given.files) or not talk)


async def sent_before(ports: Ports, caller: Principal, case: CaseRecord, key: str | None) -> bool:
    """Tell whether a turn was taken under this key: its answer stands, whatever became of the case since."""
    if key is None:
        return False
    standing = await ports.conversation.turn(turn_key(caller.user_id, case.case_id, key))
    return standing is not None and standing.status != "refused"


async def _stored(  # ruff: ignore[too-many-arguments]  # everything that a turn is made of
    ports: Ports, caller: Principal, case: CaseRecord, identity: str, given: Input, now: datetime
) -> UserTurn:
    text = given.query.strip()
    fresh: list[EvidenceRef] = []
    duplicates: list[EvidenceRef] = []
    for incoming in given.files:
        kept, known = await keep(ports, case, incoming, now)
        (duplicates if known else fresh).append(replace(kept, turn_key=identity))
    return UserTurn(
        case_id=case.case_id,
        turn_key=identity,
        user_id=caller.user_id,
        text_key=await ports.blobs.put(case.case_id, text.encode()) if text else "",
        posted_at=now,
        intent=await _safe_intent(ports, case, given.intent),
        attachments=tuple(fresh),
        duplicates=tuple(duplicates),
        request_id=request_id(),
        text_size=len(text),
        owner_id=case.owner_id,
        team_id=case.team_id,
    )


async def _safe_intent(ports: Ports, case: CaseRecord, intent: Intent) -> Intent:
    """Return the intent as it may stand in history; without redaction its one free text stays away."""
    if not intent.data:
        return intent
    try:
        safe = await ports.redactor.redact(case.case_id, list(intent.data.values()))
    except RedactionUnavailable:
        return replace(intent, data={name: text for name, text in intent.data.items() if name != FREE_TEXT})
    return replace(intent, data=dict(zip(intent.data, safe, strict=True)))


def _content_hash(given: Input, turn: UserTurn) -> str:
    parts = [given.query.strip(), given.intent.type, *(f"{k}={v}" for k, v in sorted(given.intent.data.items()))]
    files = sorted(ref.file_id for ref in (*turn.attachments, *turn.duplicates))
    return hashlib.sha256("\x1f".join([*parts, *files]).encode()).hexdigest()


async def _signal(ports: Ports, turn: UserTurn) -> None:
    """Put the turn into the case's history, or refuse its claim."""
    try:
        await ports.door.post(turn)
    except StoreUnavailable:
        await _refuse(ports, turn.turn_key)
        raise


async def _signal_again(ports: Ports, known: TurnRecord) -> None:
    """Signal a claimed turn for the sender who may have died before it did; a case takes a known key once.

    A failure leaves the claim as it is, because the first signal may stand. Then the claim is accepted, so that a first
    sender whose signal failed can no longer refuse it.
    """
    await ports.door.post(TURN.validate_json(known.turn))
    if not await ports.turns.accept(known.turn_id):
        raise StoreUnavailable("the workflow engine did not answer the first request; nothing was stored, send it again")


async def _refuse(ports: Ports, identity: str) -> None:
    try:
        await ports.turns.refuse(identity)
    except FaultMavenError:
        log.warning("claim could not be refused", extra={"turn_id": identity})


async def receipt(ports: Ports, record: TurnRecord, patience: timedelta) -> TurnReceipt | None:
    """Wait for the answer as long as patience lasts; None means: look in the projection, else it still runs."""
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await _ended(ports, record)
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        return None
    except WorkflowUpdateFailedError:
        log.warning("the case could not be asked for a turn")
        return None
    except RPCError as failure:
        if failure.status is not RPCStatusCode.NOT_FOUND:
            log.warning("wait for a turn ended early", extra={"status": failure.status.name})
        return None


async def _ended(ports: Ports, record: TurnRecord) -> TurnReceipt:
    """Ask until the turn has ended; `MOVED` means the case has a new run."""
    case = ports.temporal.get_workflow_handle_for(CaseWorkflow.run, names.case(record.case_id))
    while True:
        got = await case.execute_update(CaseWorkflow.await_turn, record.turn_id, id=record.turn_id)
        if got.status is not TurnStatus.MOVED:
            return got
