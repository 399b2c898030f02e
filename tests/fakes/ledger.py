"""Paid answers, and those that may be given again, in dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.ports.models import CachedAnswer, PaidAnswer


@dataclass
class MemoryLedger:
    """AnswerLedger: the first answer of a key stands."""

    answers: dict[str, PaidAnswer] = field(default_factory=dict)

    async def get(self, key: str) -> PaidAnswer | None:
        return self.answers.get(key)

    async def put(self, answer: PaidAnswer) -> PaidAnswer:
        return self.answers.setdefault(answer.key, answer)


@dataclass
class MemoryAnswerCache:
    """AnswerCache."""

    answers: dict[str, CachedAnswer] = field(default_factory=dict)

    async def get(self, fingerprint: str, now: datetime) -> CachedAnswer | None:
        found = self.answers.get(fingerprint)
        return found if found and found.expires_at > now else None

    async def put(self, answer: CachedAnswer) -> None:
        self.answers[answer.fingerprint] = answer
