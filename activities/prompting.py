"""What a model is asked in a turn, put together once and kept: every step of the turn goes on from the same words."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from pydantic import TypeAdapter

from domain.case.journal import Exchange
from domain.case.projection import Message
from domain.diagnosis import context, prompts
from domain.diagnosis.context import Context
from domain.diagnosis.values import Answer
from domain.evidence.decoding.decode import fold_space
from domain.evidence.digest import tokens
from domain.knowledge.documents import Passage, SearchResult
from domain.ports.cases import Conversation
from domain.ports.models import ToolOffer
from domain.ports.sealing import BlobStore, read
from domain.privacy.placeholders import SafeText

ANSWER, PASSAGES = TypeAdapter(Answer), TypeAdapter(SearchResult)
ROWS = 12
"""Rows of the conversation that hold five exchanges (rule J3) and the message that is being answered."""
SUMMARY = 200
"""Characters that stand for the answer of an older exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The same for all steps of a turn."""

    system: str
    prompt: SafeText
    mark: str
    """Fences quoted data, also what tools return."""
    has_files: bool
    memory_tokens: int
    left_out: tuple[str, ...] = ()
    """What it would have told beyond its bound (rule J5)."""
    outside: tuple[ToolOffer, ...] = ()
    """Tools of other servers, as they were when the turn began."""
    away: tuple[str, ...] = ()
    """Those of them that were not to be had."""


PROMPT = TypeAdapter(Prompt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Keys of the safe blobs that a prompt is made of."""

    case_id: UUID
    message_key: str
    answer_key: str
    passages_key: str = ""


async def prompt_of(blobs: BlobStore, conversation: Conversation, asked: Asked) -> Prompt:
    """Build the prompt from safe blobs and rows only, within its bound."""
    question = (await read(blobs, asked.case_id, asked.message_key)).decode() if asked.message_key else ""
    answer = ANSWER.validate_json(await read(blobs, asked.case_id, asked.answer_key))
    passages: tuple[Passage, ...] = ()
    if asked.passages_key:
        raw = await read(blobs, asked.case_id, asked.passages_key)
        passages = tuple(hit.passage for hit in PASSAGES.validate_json(raw).hits)
    snapshot = await conversation.snapshot(asked.case_id)
    whole = Context(
        question=question,
        digest=answer.digest,
        brief=answer.brief,
        passages=passages,
        state=snapshot.state if snapshot else None,
        exchanges=await _exchanges(conversation, asked.case_id) if snapshot and snapshot.state.turn else (),
    )
    return _written(whole, answer, _mark())


def _written(whole: Context, answer: Answer, mark: str) -> Prompt:
    def text(told: Context) -> tuple[str, str]:
        remembered = context.remembered(told, _sent)
        return prompts.investigate(told.question, told.digest, answer, told.passages, remembered, mark)

    told, left_out = context.fitted(whole, lambda part: sum(map(tokens, text(part))), _sent)
    system, prompt = text(told)
    return Prompt(
        system=system,
        prompt=SafeText(prompt),
        mark=mark,
        has_files=bool(answer.documents),
        memory_tokens=_sent(context.remembered(told, _sent)),
        left_out=left_out,
    )


def _sent(text: str) -> int:
    """Return the tokens of a text as it is sent: hidden characters are spelled out."""
    return tokens(prompts.visible(text))


async def _exchanges(conversation: Conversation, case_id: UUID) -> tuple[Exchange, ...]:
    """Return the newest turns of the conversation that were answered, oldest first."""
    _, total = await conversation.messages(case_id, 1, 0)
    rows, _ = await conversation.messages(case_id, ROWS, max(0, total - ROWS))
    return _answered(rows)


def _answered(rows: Iterable[Message]) -> tuple[Exchange, ...]:
    found: list[Exchange] = []
    for turn, said in groupby(rows, lambda row: row.turn_number):
        texts = {row.role: row.content for row in said}
        if texts.keys() >= {"user", "assistant"}:
            answer = texts["assistant"]
            found.append(Exchange(turn=turn, question=texts["user"], answer=answer, summary=fold_space(answer, SUMMARY)))
    return tuple(found)


def _mark() -> str:
    """Return the mark that fences quoted data: unguessable for whoever wrote the evidence, plain letters for redaction."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))
