"""Documents and the index of their passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from domain.knowledge.documents import Hit, KnowledgeDocument, Passage, ScopeFilter


class KnowledgeStore(Protocol):
    """Document rows.

    >>> documents = MemoryKnowledge()
    >>> run(documents.put(builders.a_document(document_id="doc_1")))
    >>> run(documents.get("doc_1")).document_id
    'doc_1'
    """

    async def put(self, document: KnowledgeDocument) -> None:
        """Insert or replace."""

    async def get(self, document_id: str) -> KnowledgeDocument | None:
        """Return the row."""

    async def page(self, scope: ScopeFilter, limit: int, offset: int) -> tuple[tuple[KnowledgeDocument, ...], int]:
        """Return readable documents, newest first, and the true total."""

    async def delete(self, document_id: str) -> None:
        """Delete the row; safe to repeat."""


class PassageIndex(Protocol):
    """A rebuildable cache of passages; ranking is not its business.

    >>> index = MemoryPassages()
    >>> run(index.upsert("team_1", [builders.a_passage(text="raise the pool", scope="global")]))
    >>> scope = ScopeFilter(team_id="team_1", user_id="user_1")
    >>> [hit.passage.text for hit in run(index.search(scope, ["pool"], 5))]
    ['raise the pool']
    """

    async def upsert(self, team_id: str, passages: Sequence[Passage]) -> None:
        """Store by id; safe to repeat."""

    async def delete(self, team_id: str, field: Literal["document", "case"], value: str) -> int:
        """Delete by document or by case; return how many."""

    async def search(self, scope: ScopeFilter, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Return passages by BM25, best first, score 0..1."""
