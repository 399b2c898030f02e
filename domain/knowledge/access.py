"""Who may read which knowledge: the only maker of scope filters, and the second lock behind the index."""

from __future__ import annotations

from domain.errors import InvalidInput
from domain.knowledge.documents import KnowledgeDocument, Passage, ScopeFilter


def readable(*, team_id: str, user_id: str, case_id: str = "") -> ScopeFilter:
    """Return what a person may search, with the passages of one case where they read it; never "all", never nothing."""
    if not team_id or not user_id:
        raise InvalidInput("a search needs a team and a person")
    return ScopeFilter(team_id=team_id, user_id=user_id, case_id=case_id)


def may_read(scope: ScopeFilter, found: Passage | KnowledgeDocument, team_id: str) -> bool:
    """Judge a row of that team again: a stale or poisoned index must not leak."""
    if found.scope == "global":
        return True
    if team_id != scope.team_id:
        return False
    owner = found.owner_id or ""
    return found.scope == "team" or owner == {"personal": scope.user_id, "case": scope.case_id or None}[found.scope]
