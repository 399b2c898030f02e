"""Tools of other servers: what is asked is made safe before it leaves, and what comes back before anybody reads it."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

from pydantic import JsonValue, TypeAdapter

from activities.answer_schema import parse
from activities.last_gate import let_out
from activities.redacting import OPEN, redacted, restored
from activities.used import Misused, Used
from domain.diagnosis.outside import HEARSAY, OFFERED, described, harmless, rows_of, source, tidied
from domain.diagnosis.tools import Looked, fitted, printed_result
from domain.errors import LeakPrevented
from domain.evidence.digest import tokens
from domain.ports.models import ToolOffer, ToolUse
from domain.ports.outside import Offered, OutsideTools
from domain.ports.sealing import Redactor
from domain.privacy.placeholders import SafeText

OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
LONGEST = 8_000
"""Characters of an answer that are looked at: more than its tokens hold."""
SOURCES = 5
"""Of one answer."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outside:
    """The one way to other servers and back; a model gains a reader's view there, and nothing else."""

    tools: OutsideTools
    redactor: Redactor

    @property
    def names(self) -> tuple[str, ...]:
        """What a model may call besides our own tools."""
        return self.tools.names

    async def offered(self, case_id: UUID) -> Offered:
        """Return what a model is told of the tools that are to be had now, and which are not."""
        found = await self.tools.offers() if self.names else Offered()
        kept = _affordable([safe for offer in found.offers if (safe := await self._safe(case_id, offer))])
        lost = tuple(offer.name for offer in found.offers if offer.name not in {one.name for one in kept})
        if lost:
            logger.warning("tools of other servers are not offered: too much to tell, or not to be shown", extra={"tools": lost})
        return Offered(offers=kept, away=(*found.away, *lost))

    async def _safe(self, case_id: UUID, offer: ToolOffer) -> ToolOffer | None:
        """Return the offer in bounded words; None where its schema is none, or holds what redaction would hide."""
        schema = tidied(offer.schema)
        description, again = await self.redactor.redact(case_id, (described(offer.description), schema))
        return ToolOffer(name=offer.name, description=description, schema=schema) if schema and again == schema else None

    async def used(self, case_id: UUID, name: str, arguments: str) -> Used:
        """Ask, and return the answer as a model may read it.

        Raises Misused or MalformedAnswer for arguments that are none, OutsideRefused and OutsideUnreachable from the server.
        """
        safe = await self._sendable(case_id, arguments)
        heard = await self.tools.ask(name, safe)
        said = await self.redactor.redact(case_id, _first(heard.said))
        named = await self.redactor.redact(case_id, _first(heard.sources))
        looked = fitted(Looked(said=harmless(rows_of(said))), {})
        return Used(
            use=ToolUse(name=name, arguments=safe, result=SafeText(f"{printed_result(looked, {})}\n{HEARSAY}")),
            sources=tuple(SafeText(told) for one in named[:SOURCES] if (told := source(one))),
            done=True,
        )

    async def _sendable(self, case_id: UUID, arguments: str) -> SafeText:
        """Return a call's arguments as they may leave: values of this case stay behind their placeholders."""
        whole = await restored(self.redactor, case_id, OBJECT, parse(OBJECT, arguments), OPEN)
        safe = SafeText(json.dumps(await redacted(self.redactor, case_id, OBJECT, whole, OPEN), ensure_ascii=False))
        try:
            await let_out(self.redactor, case_id, (safe,))
        except LeakPrevented:
            raise Misused("the arguments hold what may not leave") from None
        return safe


def _affordable(offers: Sequence[ToolOffer]) -> tuple[ToolOffer, ...]:
    """Return offers from the first on, as many as their tokens allow."""
    spent = accumulate(tokens(one.name + one.description + one.schema) for one in offers)
    return tuple(offer for offer, so_far in zip(offers, spent, strict=True) if so_far <= OFFERED)


def _first(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts from the first on, as long as they are looked at."""
    kept, left = [], LONGEST
    for text in texts:
        kept.append(text[:left])
        left -= len(kept[-1])
    return tuple(text for text in kept if text)
