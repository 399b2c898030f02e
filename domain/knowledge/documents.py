"""Documents, passages and what a search returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Scope = Literal["global", "team", "personal", "case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeDocument:
    """A document's row: the truth about it; its passages are a cache."""

    document_id: str
    team_id: str
    scope: Scope
    owner_id: str | None
    title: str
    document_type: str
    status: str
    """pending, processing, processed or failed."""
    content: str
    tags: tuple[str, ...]
    content_hash: str
    created_at: datetime
    updated_at: datetime
    verification_level: int = 0
    category: str | None = None
    description: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of a document that can be cited and opened."""

    passage_id: str
    """UUIDv5 of document, heading path, text hash and occurrence."""
    document_id: str
    title: str
    scope: Scope
    owner_id: str
    """User of personal, case of case scope; empty otherwise."""
    heading_path: tuple[str, ...]
    ordinal: int
    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeFilter:
    """What may be searched; it has no empty form and no "all"; only `access.readable` makes one."""

    team_id: str
    user_id: str
    case_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage with its place in one ranked list, best first."""

    passage: Passage
    score: float
    """0..1 within its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Passages in their final order, or the reason why nothing applies."""

    hits: tuple[Hit, ...]
    mode: Literal["lexical", "hybrid"] = "lexical"
    no_answer: str = ""
    """Empty when hits apply."""
