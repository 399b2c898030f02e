"""What only the engine's tests need: a ledger of paid answers and computing without child processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from domain.ports.models import PaidAnswer

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass
class MemoryLedger:
    """AnswerLedger."""

    answers: dict[str, PaidAnswer] = field(default_factory=dict)

    async def get(self, key: str) -> PaidAnswer | None:
        return self.answers.get(key)

    async def put(self, answer: PaidAnswer) -> PaidAnswer:
        return self.answers.setdefault(answer.key, answer)
