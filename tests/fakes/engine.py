"""The engine's side: the door into a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.case.turns import UserTurn


@dataclass
class MemoryDoor:
    """CaseDoor: a case takes a known key once."""

    posted: dict[str, UserTurn] = field(default_factory=dict)

    async def post(self, turn: UserTurn) -> None:
        self.posted.setdefault(turn.turn_key, turn)
