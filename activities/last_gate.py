"""The last look at what is about to leave: redaction must have nothing left to do (privacy.md 8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from domain.errors import LeakPrevented
from domain.ports.sealing import Redactor
from domain.privacy.placeholders import SafeText

_PLACEHOLDER = re.compile(r"<[A-Z]{2,10}_\d{1,9}(?:@[^<>\s]{1,40})?>")


async def let_out(redactor: Redactor, case_id: UUID, texts: Sequence[str]) -> None:
    """Return when the texts may leave; `LeakPrevented` when redaction, asked again, finds a value that is no placeholder.

    A placeholder that is redacted again becomes another placeholder, so their places count and not their names.
    """
    for text, again in zip(texts, await redactor.redact(case_id, texts), strict=True):
        if _shape(text) != _shape(again):
            raise LeakPrevented("what was about to leave still held something sensitive; nothing was sent")


def _shape(text: str | SafeText) -> str:
    return _PLACEHOLDER.sub("<>", text)
