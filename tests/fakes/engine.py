"""What only the engine's tests need: a ledger of paid answers and computing without child processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from domain.case.turns import UserTurn
from domain.ports import PaidAnswer

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


@dataclass
class MemoryDoor:
    """CaseDoor: a case takes a known key once."""

    posted: dict[str, UserTurn] = field(default_factory=dict)

    async def post(self, turn: UserTurn) -> None:
        self.posted.setdefault(turn.turn_key, turn)
