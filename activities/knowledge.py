"""Steps that search and fill the passage index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from domain.case.state import EvidenceNews
from domain.errors import NotFound
from domain.evidence.values import DigestLine
from domain.knowledge.access import may_read, readable
from domain.knowledge.chunking import Source, chunk
from domain.knowledge.documents import Hit, SearchResult
from domain.knowledge.evidence import passages_of
from domain.knowledge.queries import terms
from domain.knowledge.reranking import CANDIDATES, rank
from domain.ports.knowledge import KnowledgeStore, PassageIndex
from domain.ports.sealing import BlobStore, Redactor, read

LINES = TypeAdapter(tuple[DigestLine, ...])
RESULT = TypeAdapter(SearchResult)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPassages:
    """Search what the person may read for the words of a safe message and the candidate lines of files."""

    case_id: UUID
    team_id: str
    user_id: str
    message_key: str
    lines_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesFound:
    """Where the `SearchResult` lies, and what was away."""

    key: str
    count: int
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEvidence:
    """Make a file's candidate lines searchable within its case."""

    case_id: UUID
    team_id: str
    news: EvidenceNews


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestDocument:
    """Make a document searchable."""

    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIngested:
    """What became of a document."""

    status: str
    """processed or failed."""
    passages: int


@dataclass(frozen=True, slots=True)
class KnowledgeActivities:
    """What needs the passage index; the database row stays the truth about a document."""

    blobs: BlobStore
    redactor: Redactor
    passages: PassageIndex
    documents: KnowledgeStore

    @activity.defn
    async def search_passages(self, request: SearchPassages) -> PassagesFound:
        """Store the passages that apply, redacted again under the case's own placeholders.

        Safe to retry: it reads, and its blob is named by its content.
        """
        question = await self._question(request)
        scope = readable(team_id=request.team_id, user_id=request.user_id, case_id=str(request.case_id))
        candidates = await self.passages.search(scope, terms(question), CANDIDATES)
        result = rank(question, [hit for hit in candidates if may_read(scope, hit.passage, request.team_id)])
        if not result.hits:
            return PassagesFound(key="", count=0)
        safe = await self._safe(request.case_id, result)
        key = await self.blobs.put(request.case_id, RESULT.dump_json(safe))
        written = any(hit.passage.scope != "case" for hit in safe.hits)
        lexical = ("lexical_only",) if written and safe.mode == "lexical" else ()
        return PassagesFound(key=key, count=len(safe.hits), degraded=lexical)

    @activity.defn
    async def index_evidence(self, request: IndexEvidence) -> int:
        """Index the safe candidate lines of a file; return how many passages.

        Safe to retry: passages are named by their content.
        """
        if not request.news.lines_key:
            return 0
        lines = LINES.validate_json(await read(self.blobs, request.case_id, request.news.lines_key))
        passages = passages_of(request.case_id, request.news.name, lines)
        await self.passages.upsert(request.team_id, passages)
        return len(passages)

    @activity.defn
    async def ingest_document(self, request: IngestDocument) -> DocumentIngested:
        """Chunk and index a document, then say so in its row; the old passages go first.

        Safe to retry: the same content gives the same passages.
        """
        document = await self.documents.get(request.document_id)
        if document is None:
            raise NotFound("there is no such document")
        source = Source(
            document_id=document.document_id,
            title=document.title,
            scope=document.scope,
            owner_id=document.owner_id or "",
            text=document.content,
        )
        passages = chunk(source)
        await self.passages.delete(document.team_id, "document", document.document_id)
        await self.passages.upsert(document.team_id, passages)
        status = "processed" if passages else "failed"
        await self.documents.put(replace(document, status=status))
        return DocumentIngested(status=status, passages=len(passages))

    @activity.defn
    async def fail_document(self, request: IngestDocument) -> DocumentIngested:
        """Mark a document that could not be indexed; safe to retry."""
        document = await self.documents.get(request.document_id)
        if document is not None:
            await self.documents.put(replace(document, status="failed"))
        return DocumentIngested(status="failed", passages=0)

    async def _question(self, request: SearchPassages) -> str:
        texts = [(await read(self.blobs, request.case_id, request.message_key)).decode()] if request.message_key else []
        for key in request.lines_keys:
            lines = LINES.validate_json(await read(self.blobs, request.case_id, key))
            texts += [line.text for line in sorted(lines, key=lambda line: -line.score)[:5]]
        return "\n".join(texts)

    async def _safe(self, case_id: UUID, result: SearchResult) -> SearchResult:
        """Redact what was not written for this case; its own passages hold its placeholders already."""
        foreign = [hit for hit in result.hits if hit.passage.scope != "case"]
        texts = [text for hit in foreign for text in (hit.passage.title, *hit.passage.heading_path, hit.passage.text)]
        safe = iter(await self.redactor.redact(case_id, texts))
        return replace(result, hits=tuple(hit if hit.passage.scope == "case" else _with(hit, safe) for hit in result.hits))


def _with(hit: Hit, safe: Iterator[str]) -> Hit:
    title = next(safe)
    path = tuple(next(safe) for _ in hit.passage.heading_path)
    return replace(hit, passage=replace(hit.passage, title=title, heading_path=path, text=next(safe)))
