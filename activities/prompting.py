"""What a model is asked in a turn, put together once and kept: every step of the turn goes on from the same words."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from pydantic import TypeAdapter

from domain.case.journal import Exchange, memory
from domain.case.projection import Message
from domain.diagnosis import prompts
from domain.diagnosis.values import Answer
from domain.evidence.decoding.decode import fold_space
from domain.evidence.digest import tokens
from domain.knowledge.documents import Passage, SearchResult
from domain.ports.cases import Conversation
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


PROMPT = TypeAdapter(Prompt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Keys of the safe blobs that a prompt is made of."""

    case_id: UUID
    message_key: str
    answer_key: str
    passages_key: str = ""


async def prompt_of(blobs: BlobStore, conversation: Conversation, asked: Asked) -> Prompt:
    """Build the prompt from safe blobs and rows only."""
    question = (await read(blobs, asked.case_id, asked.message_key)).decode() if asked.message_key else ""
    answer = ANSWER.validate_json(await read(blobs, asked.case_id, asked.answer_key))
    passages: tuple[Passage, ...] = ()
    if asked.passages_key:
        raw = await read(blobs, asked.case_id, asked.passages_key)
        passages = tuple(hit.passage for hit in PASSAGES.validate_json(raw).hits)
    remembered, mark = await _memory(conversation, asked.case_id), _mark()
    system, prompt = prompts.investigate(question, answer.digest, answer, passages, remembered, mark)
    return Prompt(
        system=system,
        prompt=SafeText(prompt),
        mark=mark,
        has_files=bool(answer.documents),
        memory_tokens=_sent(remembered),
    )


async def _memory(conversation: Conversation, case_id: UUID) -> str:
    """Return what the case remembers of the turns before this one, within its tokens; nothing of a first turn."""
    snapshot = await conversation.snapshot(case_id)
    if snapshot is None or not snapshot.state.turn:
        return ""
    _, total = await conversation.messages(case_id, 1, 0)
    rows, _ = await conversation.messages(case_id, ROWS, max(0, total - ROWS))
    return memory(snapshot.state, _exchanges(rows), _sent)


def _sent(text: str) -> int:
    """Return the tokens of a text as it is sent: hidden characters are spelled out."""
    return tokens(prompts.visible(text))


def _exchanges(rows: Iterable[Message]) -> tuple[Exchange, ...]:
    """Return the turns that were answered, oldest first."""
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
