"""The product with a redactor that always raises: `python -m tests.e2e.broken_redaction api|worker`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import api.main
import worker.main
from domain.errors import RedactionUnavailable
from domain.ports.sealing import Redactor
from domain.privacy.placeholders import SafeText
from workflows import options

SOON = timedelta(seconds=5)
"""When a step that a turn can do without is given up here, where the product tries for a minute; nothing else differs."""


@dataclass(frozen=True, slots=True)
class BrokenRedactor:
    """Redactor: makes nothing safe; restores as the real one does."""

    real: Redactor

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        raise RedactionUnavailable("redaction did not finish; the text is kept and nothing of it went out")

    async def restore(self, case_id: UUID, text: str) -> str:
        return await self.real.restore(case_id, text)


def main(part: str) -> int:
    """Open the part with the broken redactor in the real one's place."""
    root = {"api": api.main, "worker": worker.main}[part]
    opened = root.open_redactor
    root.open_redactor = lambda *given: BrokenRedactor(opened(*given))
    options.LOOKUP["schedule_to_close_timeout"] = SOON
    return root.main()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
