"""Turns and messages: post, poll, watch, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.datastructures import FormData, UploadFile

from api import intake, progress
from api.bodies import read_intent
from api.dependencies import Caller, Now, Opened, Ports, ReadCase, RequestKey, WriteCase
from api.uploads import FILE_BYTES, Incoming
from api.views import turns as view
from api.views.wire import json_response, restored
from domain.case.projection import TurnRecord
from domain.diagnosis.reply import TurnReply
from domain.errors import InvalidInput, NotFound, PayloadTooLarge, UnsupportedMedia
from workflows import names
from workflows.case import CaseWorkflow

router = APIRouter(prefix="/api/v1/cases/{case_id}", tags=["turns"])
QUERY_CHARACTERS = 200_000
FILES = 10
PIECE = 1 << 16
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@router.post("/turns", response_model=view.TurnResponse, responses={202: {"model": view.RunningTurn}})
async def post_turn(
    request: Request,
    case: WriteCase,
    caller: Caller,
    opened: Opened,
    now: Now,
    key: RequestKey,
    prefer: Annotated[str | None, Header()] = None,
) -> Response:
    """Answer 200 when the turn is quick, else 202 with a Location to poll."""
    if not request.headers.get("content-type", "").startswith(FORMS):
        raise UnsupportedMedia("send the turn as multipart/form-data or application/x-www-form-urlencoded")
    async with request.form(max_files=FILES, max_fields=64, max_part_size=FILE_BYTES) as form:
        given = read_turn(form, now)
        accepted = await intake.post(opened, caller, case, key, given, now)
    return await hybrid(opened, accepted, patience(prefer, timedelta(seconds=opened.deployment.patience_s)))


def patience(prefer: str | None, default: timedelta) -> timedelta:
    """Return how long to wait for the answer: `Prefer: respond-async` or `wait=n` with 0..60 seconds."""
    for part in (prefer or "").replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        if name == "respond-async":
            return timedelta(0)
        if name == "wait" and value.isdecimal():
            return timedelta(seconds=min(int(value), 60))
    return default


def read_turn(form: FormData, now: datetime) -> intake.Input:
    """Return the parsed form; an empty field counts as absent."""
    query = _text(form, "query")
    if len(query) > QUERY_CHARACTERS:
        raise PayloadTooLarge("query: at most 200 000 characters; send longer text as a file")
    files = [item for item in form.getlist("files") if isinstance(item, UploadFile) and (item.filename or item.size)]
    if len(files) > FILES:
        raise PayloadTooLarge(f"files: at most {FILES} in one turn")
    observed = _observed(_text(form, "observed_at"))
    source = _source_url(_text(form, "source_url"))
    incoming = [_incoming(item, source, observed) for item in files]
    pasted = _text(form, "pasted_content")
    if pasted:
        incoming.append(_pasted(pasted, _text(form, "input_type"), source, observed, now))
    intent = read_intent(_text(form, "intent_type") or None, _text(form, "intent_data") or None)
    return intake.Input(query=query, intent=intent, files=tuple(incoming))


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _observed(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("observed_at: RFC 3339 with a zone, such as 2026-01-31T14:00:00Z") from None
    if moment.tzinfo is None:
        raise InvalidInput("observed_at: the zone is missing; end it with Z or an offset")
    return moment


def _source_url(text: str) -> str | None:
    if text and (len(text) > 2048 or not text.startswith(("http://", "https://"))):
        raise InvalidInput("source_url: http or https, at most 2 048 characters")
    return text or None


def _incoming(item: UploadFile, source: str | None, observed: datetime | None) -> Incoming:
    return Incoming(
        name=item.filename or "unnamed",
        chunks=pieces(item),
        content_type=item.content_type,
        source_url=source,
        observed_at=observed,
    )


def _pasted(text: str, origin: str, source: str | None, observed: datetime | None, now: datetime) -> Incoming:
    page = origin == "page_capture"
    stem = "page-capture" if page else "pasted-content"
    return Incoming(
        name=f"{stem}-{now:%Y%m%dT%H%M%S}.txt",
        chunks=intake.one_piece(text.encode(errors="surrogatepass")),
        origin="page_capture" if page else "paste",
        content_type="text/plain",
        source_url=source,
        observed_at=observed,
    )


async def pieces(item: UploadFile) -> AsyncIterator[bytes]:
    """Yield an upload in pieces."""
    while piece := await item.read(PIECE):
        yield piece


async def hybrid(opened: Ports, accepted: intake.Accepted, wait: timedelta) -> Response:
    """Wait for the answer and give it, or say where to ask for it."""
    record = accepted.record
    headers = {"X-Idempotency-Replayed": "true"} if accepted.replayed else {}
    if wait and record.status in {"claimed", "accepted"}:
        await intake.receipt(opened, record, wait)
    standing = await opened.conversation.turn(record.turn_id) or record
    if standing.status == "answered" and not accepted.replayed:
        _learn(opened, view.stored(standing))
    return await shown(opened, standing, headers)


def _learn(opened: Ports, reply: TurnReply) -> None:
    """Let health show what this answer tells of the model providers: nobody makes a paid call to find out."""
    providers = opened.deployment.providers
    if "model_unavailable" in reply.degraded:
        opened.board.learn("models", providers)
    elif "provider_unavailable" in reply.degraded:
        opened.board.learn("models", providers[:1])
    elif reply.causes or reply.checks:
        opened.board.learn("models", ())


async def shown(opened: Ports, record: TurnRecord, headers: dict[str, str]) -> Response:
    """Return 200 with the answer, 202 while it runs, 422 when it ended without one."""
    if record.status == "answered":
        body = await restored(opened.redactor, record.case_id, view.answered(view.stored(record)))
        return json_response(body, headers=headers)
    if record.status in {"failed", "refused"}:
        error = {"code": "TURN_FAILED", "message": "the turn ended without an answer; send it again"}
        return json_response({"status": "failed", "detail": error["message"], "error": error}, 422, headers)
    more = {"Location": f"/api/v1/cases/{record.case_id}/turns/{record.turn_id}", "Retry-After": "2"}
    return json_response(asdict(view.running(record, record.number, None, 0)), 202, {**headers, **more})


@router.get("/turns/{turn_id}", response_model=view.TurnResponse, responses={202: {"model": view.RunningTurn}})
async def poll_turn(turn_id: str, case: ReadCase, opened: Opened) -> Response:
    """Return the answer, or 202 while it runs."""
    return await shown(opened, await own_turn(opened, case.case_id, turn_id), {})


async def own_turn(opened: Ports, case_id: object, turn_id: str) -> TurnRecord:
    """Return the turn's row if it belongs to this case."""
    record = await opened.conversation.turn(turn_id)
    if record is None or record.case_id != case_id:
        raise NotFound("no such turn in this case")
    return record


@router.get("/turns/{turn_id}/events", response_class=EventSourceResponse)
async def watch_turn(
    turn_id: str,
    case: ReadCase,
    opened: Opened,
    request: Request,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Stream progress, unchecked drafts and, last, the answer."""
    record = await own_turn(opened, case.case_id, turn_id)
    stream: AsyncIterator[ServerSentEvent] = progress.events(opened, request.app.state.channels, record, last_event_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(stream, ping=15, headers=headers)


@router.post("/turns/{turn_id}/cancel", status_code=202)
async def cancel_turn(turn_id: str, case: WriteCase, opened: Opened) -> Response:
    """Cancel a queued or running turn."""
    record = await own_turn(opened, case.case_id, turn_id)
    handle = opened.temporal.get_workflow_handle_for(CaseWorkflow.run, names.case(case.case_id))
    await handle.signal(CaseWorkflow.cancel_turn, turn_id, rpc_timeout=timedelta(seconds=3))
    return json_response(asdict(view.running(record, record.number, None, 0)), 202)


@router.get("/messages", response_model=view.MessagePage)
async def read_messages(
    case: ReadCase,
    opened: Opened,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Return a page of the conversation, oldest first."""
    rows, total = await opened.conversation.messages(case.case_id, limit, offset)
    body = await restored(opened.redactor, case.case_id, view.messages(rows, total, offset))
    headers = {"X-Total-Count": str(total), "X-Message-Count": str(total), "X-Retrieved-Count": str(len(rows))}
    return json_response(body, headers=headers)
