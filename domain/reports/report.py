"""Report values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One version of a report; content is safe Markdown."""

    report_id: str
    case_id: UUID
    team_id: str
    report_type: str
    """resolution_summary or closure_summary."""
    title: str
    content: str
    generated_at: datetime
    version: int = 1
    status: str = "completed"
    auto_generated: bool = True
