"""The engine's side: the door into a case."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.case.turns import EvidenceRef, UserTurn
from domain.errors import StoreUnavailable


@dataclass
class MemoryDoor:
    """CaseDoor: a case takes a known key and a known file once."""

    posted: dict[str, UserTurn] = field(default_factory=dict)
    files: dict[str, EvidenceRef] = field(default_factory=dict)
    percents: dict[str, list[int]] = field(default_factory=dict)
    away: bool = False

    async def post(self, turn: UserTurn) -> None:
        self._opens()
        self.posted.setdefault(turn.turn_key, turn)

    async def add_evidence(self, ref: EvidenceRef) -> None:
        self._opens()
        self.files.setdefault(ref.file_id, ref)

    async def tell_progress(self, ref: EvidenceRef, percent: int) -> None:
        self.percents.setdefault(ref.file_id, []).append(percent)

    def _opens(self) -> None:
        if self.away:
            raise StoreUnavailable("the engine is away")
