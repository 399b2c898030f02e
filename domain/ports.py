"""Where the outside world begins: each port has one to four methods and names no vendor.

Adapters turn vendor errors into `StoreUnavailable`, `NotFound` and the other classes of `domain.errors`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from domain.case.projection import CaseRecord, EvidenceRecord, FileRecord, Message, TurnRecord
from domain.case.state import CarriedCase
from domain.case.turns import UserTurn
from domain.knowledge.documents import Hit, KnowledgeDocument, Passage, ScopeFilter
from domain.people import AccessClaims as AccessClaims
from domain.people import Passwords as Passwords
from domain.people import People as People
from domain.people import RefreshTokens as RefreshTokens
from domain.people import Sessions as Sessions
from domain.people import SignInAttempts as SignInAttempts
from domain.people import StoredReplies as StoredReplies
from domain.people import Tokens as Tokens
from domain.privacy.placeholders import Placeholder, SafeText
from domain.reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """What a streamed blob turned out to be; `sha256` is of the plain bytes, in hexadecimal."""

    key: str
    size_bytes: int
    sha256: str


class ObjectStore(Protocol):
    """Whole objects by name; a reader sees the whole object or none. Every method is safe to repeat."""

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Store durably under a name of `[a-z0-9/-]`."""

    def stream(self, name: str) -> AsyncIterator[bytes]:
        """Yield the bytes in pieces; `NotFound` when there is no such object."""

    async def rename(self, source: str, target: str) -> None:
        """Move an object; nothing happens when only the target exists."""

    async def delete(self, prefix: str) -> int:
        """Delete all objects whose name starts with the prefix; return how many."""


class BlobStore(Protocol):
    """Sealed bytes of one case, named by their content: the same bytes give the same key."""

    async def put(self, case_id: UUID, data: bytes) -> str:
        """Return the key; safe to repeat."""

    async def put_stream(self, case_id: UUID, chunks: AsyncIterator[bytes]) -> StoredBlob:
        """Store a body of any length without holding it in memory."""

    def stream(self, case_id: UUID, key: str) -> AsyncIterator[bytes]:
        """Yield the plain bytes; `NotFound` when the key is unknown or its case is erased."""

    async def delete_case(self, case_id: UUID) -> int:
        """Delete every blob of a case; return how many; safe to repeat."""


async def read(blobs: BlobStore, case_id: UUID, key: str) -> bytes:
    """Return a whole blob: for messages, analyses and answers, never for uploads."""
    return b"".join([piece async for piece in blobs.stream(case_id, key)])


class KeyVault(Protocol):
    """Data keys per case, wrapped by the master key, and the sealed originals of placeholders."""

    async def key(self, case_id: UUID, purpose: str) -> bytes:
        """Return 32 bytes for a purpose (blob, name, vault, fingerprint); made at first use."""

    async def number(self, case_id: UUID, kind: str, values: Sequence[str]) -> tuple[Placeholder, ...]:
        """Return each value's placeholder, stable for the case; a new value takes the next number of its kind."""

    async def originals(self, case_id: UUID, placeholders: Sequence[Placeholder]) -> Mapping[Placeholder, str]:
        """Return the values that may be shown; dropped kinds and unknown ones are absent."""

    async def destroy(self, case_id: UUID) -> None:
        """Destroy the keys: nothing of the case can be read afterwards; safe to repeat."""


class Redactor(Protocol):
    """The one place where text becomes safe."""

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        """Return the texts with placeholders, in order; `RedactionUnavailable` emits nothing of any."""

    async def restore(self, case_id: UUID, text: str) -> str:
        """Return the text as its owner may see it; a placeholder that is not honoured prints as `[KIND]`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """How a claim ended: `new` may be signalled, `known` is a replay, `reused` names another body, `full` has no room."""

    outcome: Literal["new", "known", "reused", "full", "gone"]
    record: TurnRecord | None = None
    waiting: int = 0


class TurnIntake(Protocol):
    """Claimed turn keys: unique for ever, so that no message is taken twice."""

    async def claim(self, record: TurnRecord, limit: int) -> Claimed:
        """Insert the claim in one transaction, unless the key is known, the case is gone or `limit` turns wait.

        A refused key with the same content becomes claimed again.
        """

    async def refuse(self, turn_id: str) -> bool:
        """Turn `claimed` into `refused`; False when the turn was accepted meanwhile."""

    async def accept(self, turn_id: str) -> bool:
        """Turn `claimed` into `accepted`; False when it was refused. Safe to repeat."""

    async def unrecorded(self, before: datetime, limit: int) -> tuple[TurnRecord, ...]:
        """Return turns claimed or accepted before that time and still without an answer, oldest first."""


class CaseDoor(Protocol):
    """The way into a case for a turn that is claimed."""

    async def post(self, turn: UserTurn) -> None:
        """Put the turn into the case's history, starting the case if need be; safe to repeat: a case takes a key once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecording:
    """All rows of one finished turn; written in one transaction."""

    carried: CarriedCase
    stage: str
    turn_id: str
    number: int
    status: str
    """answered or failed."""
    response: str
    assistant: Message | None
    evidence: tuple[EvidenceRecord, ...] = ()
    title: str = ""
    """Written only while the placeholder title stands."""


class CaseStore(Protocol):
    """The projection's one writer behind the record steps; idempotent and ordered by revision."""

    async def load(self, case_id: UUID) -> CarriedCase | None:
        """Return the newest snapshot; None for a case that was never recorded."""

    async def record(self, carried: CarriedCase, stage: str) -> None:
        """Write the snapshot columns unless a newer revision stands."""

    async def append(self, message: Message) -> Message:
        """Append a row once per (turn, role), system rows always; `seq` is given here; return the row that stands."""

    async def finish(self, recording: TurnRecording) -> None:
        """Write the assistant row, the response and the snapshot together, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """A page of one owner's cases: last activity descending, then id."""

    owner_id: str
    limit: int = 50
    offset: int = 0
    state: str | None = None
    source: str | None = None
    include_empty: bool = True
    include_archived: bool = True
    text: str = ""


class CaseRecords(Protocol):
    """The user's columns of cases, and all reads of them; the API's side of the projection."""

    async def insert(self, record: CaseRecord) -> CaseRecord:
        """Insert, giving a placeholder title `Case-YYMMDD-N` when the title is empty; the same id again returns the row."""

    async def get(self, case_id: UUID) -> CaseRecord:
        """Return the row; `NotFound` also for deleted cases."""

    async def page(self, query: CaseQuery) -> tuple[tuple[CaseRecord, ...], int]:
        """Return the page and the true total."""

    async def change(self, case_id: UUID, changes: Mapping[str, str | datetime | None]) -> CaseRecord:
        """Set title, title_source, description, priority or deleted_at."""


class Conversation(Protocol):
    """Messages and turns as they are read."""

    async def messages(self, case_id: UUID, limit: int, offset: int) -> tuple[tuple[Message, ...], int]:
        """Return the page in order of `seq` and the true total."""

    async def turn(self, turn_id: str) -> TurnRecord | None:
        """Return the turn's row."""

    async def snapshot(self, case_id: UUID) -> CarriedCase | None:
        """Return the newest recorded state."""


class FileStore(Protocol):
    """Rows of uploaded files."""

    async def insert(self, record: FileRecord) -> tuple[FileRecord, bool]:
        """Insert once per (case, SHA-256); return the row that stands and whether it is new."""

    async def page(
        self, case_id: UUID, limit: int, offset: int, sort_by: str, descending: bool
    ) -> tuple[tuple[FileRecord, ...], int]:
        """Return the page and the true total."""

    async def get(self, case_id: UUID, file_id: str) -> FileRecord:
        """Return the row; `NotFound` otherwise."""

    async def update(self, case_id: UUID, file_id: str, changes: Mapping[str, str | int | float]) -> None:
        """Set analysis columns; safe to repeat."""


class EvidenceRecords(Protocol):
    """Evidence rows as people read them."""

    async def rows(self, case_id: UUID) -> tuple[EvidenceRecord, ...]:
        """Return the rows of a case, oldest first."""


class CaseErasure(Protocol):
    """The last steps of a deleted case in SQL."""

    async def erase(self, case_id: UUID) -> int:
        """Delete every row of the case but its tombstone; return how many; safe to repeat."""

    async def remaining(self, case_id: UUID) -> int:
        """Return how many rows are left besides the tombstone."""


class ReportStore(Protocol):
    """Reports of a case."""

    async def put(self, report: Report) -> None:
        """Store once per (case, type, version)."""

    async def of_case(self, case_id: UUID) -> tuple[Report, ...]:
        """Return the reports, newest first."""


class KnowledgeStore(Protocol):
    """Document rows."""

    async def put(self, document: KnowledgeDocument) -> None:
        """Insert or replace."""

    async def get(self, document_id: str) -> KnowledgeDocument | None:
        """Return the row."""

    async def page(self, scope: ScopeFilter, limit: int, offset: int) -> tuple[tuple[KnowledgeDocument, ...], int]:
        """Return readable documents, newest first, and the true total."""

    async def delete(self, document_id: str) -> None:
        """Delete the row; safe to repeat."""


class PassageIndex(Protocol):
    """A rebuildable cache of passages; ranking is not its business."""

    async def upsert(self, team_id: str, passages: Sequence[Passage]) -> None:
        """Store by id; safe to repeat."""

    async def delete(self, team_id: str, field: Literal["document", "case"], value: str) -> int:
        """Delete by document or by case; return how many."""

    async def search(self, scope: ScopeFilter, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Return passages by BM25, best first, score 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One structured call: `schema` is the JSON Schema of the answer."""

    key: str
    """Workflow id and step: the same over retries."""
    system: str
    prompt: SafeText
    schema: str
    """JSON."""
    schema_name: str
    deadline_s: float
    max_tokens: int = 2_000
    attempt: int = 1
    """Counts from 1: the third attempt goes to the second provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """A whole answer, not yet checked."""

    text: str
    """JSON that claims to follow the schema."""
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    skipped: tuple[str, ...] = ()
    """Providers that stand before this one and were not asked, because they fail."""


class LanguageModel(Protocol):
    """Some provider that answers in JSON."""

    @property
    def configured(self) -> bool:
        """Whether any provider is configured."""

    async def answer(self, request: ModelRequest, feed: TurnFeed) -> ModelAnswer:
        """Return a whole answer, or raise ModelRefused, ModelBusy or ModelUnreachable; pieces go to the feed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAnswer:
    """A raw answer that was paid for, under the key of its call; its text is a sealed blob of the case."""

    key: str
    case_id: UUID
    blob_key: str
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    skipped: tuple[str, ...] = ()


class AnswerLedger(Protocol):
    """Raw answers by the key of their call, written before parsing: a retry after a crash pays nothing."""

    async def get(self, key: str) -> PaidAnswer | None:
        """Return the answer of that call, if one arrived."""

    async def put(self, answer: PaidAnswer) -> PaidAnswer:
        """Store once per key; return what stands."""


class TurnFeed(Protocol):
    """Progress and unchecked text of one running turn; losing a piece is harmless."""

    async def publish(self, event: str, data: Mapping[str, str | int | float | bool | None]) -> None:
        """Show an event such as stage, evidence, draft; never raises."""


class TurnFeeds(Protocol):
    """Opens the feed of the turn on whose behalf a step runs."""

    def open(self) -> AbstractAsyncContextManager[TurnFeed]:
        """Return the feed; it is flushed when the context ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEvent:
    """One event of a running turn; `offset` resumes a broken stream after it."""

    offset: int
    event: str
    data: str
    """JSON object."""


class TurnProgress(Protocol):
    """The other end of the feed."""

    def follow(self, case_id: UUID, number: int, offset: int) -> AsyncIterator[TurnEvent]:
        """Yield events from that offset until the turn ends; `NotFound` while it has not started."""


class Erasure(Protocol):
    """Workflows and histories of a case, at the engine."""

    async def terminate(self, case_id: UUID) -> int:
        """Terminate every running workflow of the case; return how many."""

    async def forget(self, case_id: UUID) -> int:
        """Delete the histories of all runs of the case and its children; return how many are left to see."""
