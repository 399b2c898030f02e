"""Answers that were paid for once and may be given again: to the very same words of the same team, and for a day by default."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from activities.purse import texts
from domain.diagnosis.budgets import Payer
from domain.errors import NotFound
from domain.ports.models import AnswerCache, CachedAnswer, ModelAnswer, ModelRequest, PaidAnswer
from domain.ports.sealing import BlobStore, read

ANSWERED = TypeAdapter(ModelAnswer)
KEPT = timedelta(days=1)
FENCE = "fence"
"""Stands for the mark of a prompt, which is another one each time."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Looks up by a fingerprint of safe text; the answer itself is a sealed blob of the case that paid, and goes with that case."""

    cache: AnswerCache
    blobs: BlobStore
    kept: timedelta = KEPT
    """Nothing is kept or found with none."""

    async def find(self, payer: Payer, request: ModelRequest, who: str) -> ModelAnswer | None:
        """Return what these models said to these words before; None also when the case that paid is erased."""
        if not self._may(payer, request):
            return None
        found = await self.cache.get(fingerprint(payer.team_id, who, request), datetime.now(UTC))
        if found is None:
            return None
        try:
            return ANSWERED.validate_json(await read(self.blobs, found.case_id, found.blob_key))
        except NotFound:
            return None

    async def keep(self, payer: Payer, request: ModelRequest, who: str, paid: PaidAnswer) -> None:
        """Keep an answer that was understood; not one that was found here, nor one of a model that only stood in."""
        if paid.cached or paid.skipped or not self._may(payer, request):
            return
        kept = CachedAnswer(
            fingerprint=fingerprint(payer.team_id, who, request),
            case_id=payer.case_id,
            team_id=payer.team_id,
            blob_key=paid.blob_key,
            expires_at=datetime.now(UTC) + self.kept,
        )
        await self.cache.put(kept)

    def _may(self, payer: Payer, request: ModelRequest) -> bool:
        return bool(self.kept and payer.team_id and request.picture is None)


def fingerprint(team_id: str, who: str, request: ModelRequest) -> str:
    """Return the key of a question: team, models, instructions with their schema and tools, and the safe input word for word."""
    said = [text.replace(request.mark, FENCE) if request.mark else text for text in texts(request)]
    offered = [(tool.name, tool.description, tool.schema) for tool in request.tools]
    whole = [team_id, who, request.model, said, request.schema, offered, request.may_call, request.max_tokens]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()
