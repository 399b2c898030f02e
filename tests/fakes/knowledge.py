"""Documents and passages in dictionaries; search counts shared words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from domain.knowledge.documents import Hit, KnowledgeDocument, Passage, ScopeFilter


def readable(row: KnowledgeDocument | Passage, team_id: str, scope: ScopeFilter) -> bool:
    """Return whether a row of that team lies within the filter."""
    match row.scope:
        case "global":
            return True
        case "team":
            return team_id == scope.team_id
        case "personal":
            return team_id == scope.team_id and row.owner_id == scope.user_id
        case "case":
            return team_id == scope.team_id and bool(scope.case_id) and row.owner_id == scope.case_id


@dataclass
class MemoryKnowledge:
    """KnowledgeStore."""

    documents: dict[str, KnowledgeDocument] = field(default_factory=dict)

    async def put(self, document: KnowledgeDocument) -> None:
        self.documents[document.document_id] = document

    async def get(self, document_id: str) -> KnowledgeDocument | None:
        return self.documents.get(document_id)

    async def page(self, scope: ScopeFilter, limit: int, offset: int) -> tuple[tuple[KnowledgeDocument, ...], int]:
        mine = [row for row in self.documents.values() if readable(row, row.team_id, scope)]
        mine.sort(key=lambda row: (-row.created_at.timestamp(), row.document_id))
        return tuple(mine[offset : offset + limit]), len(mine)

    async def delete(self, document_id: str) -> None:
        self.documents.pop(document_id, None)


@dataclass
class MemoryPassages:
    """PassageIndex."""

    passages: dict[str, tuple[str, Passage]] = field(default_factory=dict)

    async def upsert(self, team_id: str, passages: Sequence[Passage]) -> None:
        self.passages |= {passage.passage_id: (team_id, passage) for passage in passages}

    async def delete(self, team_id: str, field: Literal["document", "case"], value: str) -> int:
        gone = [
            key
            for key, (team, passage) in self.passages.items()
            if team == team_id
            and value == (passage.document_id if field == "document" else passage.owner_id)
            and (field == "document" or passage.scope == "case")
        ]
        for key in gone:
            del self.passages[key]
        return len(gone)

    async def search(self, scope: ScopeFilter, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        wanted = {term.lower() for term in terms}
        hits = []
        for team_id, passage in self.passages.values():
            shared = wanted & set(passage.text.lower().split())
            if shared and readable(passage, team_id, scope):
                hits.append(Hit(passage=passage, score=len(shared) / len(wanted)))
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage.passage_id))[:limit])
