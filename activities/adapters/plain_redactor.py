"""Redactor that changes nothing, for a deployment that switched redaction off and sends nothing to a remote model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.privacy.placeholders import SafeText


@dataclass(frozen=True, slots=True)
class PlainRedactor:
    """Settings refuse it beside a remote model."""

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:  # ruff: ignore[unused-method-argument]  # the port's signature
        """Return the texts as they are."""
        return tuple(SafeText(text) for text in texts)

    async def restore(self, case_id: UUID, text: str) -> str:  # ruff: ignore[unused-method-argument]  # the port's signature
        """Return the text as it is."""
        return text
