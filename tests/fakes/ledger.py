"""Paid answers in a dictionary."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.ports.models import PaidAnswer


@dataclass
class MemoryLedger:
    """AnswerLedger: the first answer of a key stands."""

    answers: dict[str, PaidAnswer] = field(default_factory=dict)

    async def get(self, key: str) -> PaidAnswer | None:
        return self.answers.get(key)

    async def put(self, answer: PaidAnswer) -> PaidAnswer:
        return self.answers.setdefault(answer.key, answer)
