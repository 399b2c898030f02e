"""Tools of another server, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.errors import FaultMavenError
from domain.ports.models import ToolOffer
from domain.ports.outside import Heard, Offered
from domain.privacy.placeholders import SafeText

WORDS = json.dumps({"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]})


@dataclass
class MemoryOutside:
    """Says the same to every question; a tool may be away, or fail when it is asked."""

    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    description: str = "Looks elsewhere."
    schema: str = WORDS
    gone: tuple[str, ...] = ()
    failure: FaultMavenError | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.answers)

    async def offers(self) -> Offered:
        here = [name for name in self.answers if name not in self.gone]
        return Offered(
            offers=tuple(ToolOffer(name=name, description=self.description, schema=self.schema) for name in here),
            away=self.gone,
        )

    async def ask(self, name: str, arguments: SafeText) -> Heard:
        self.asked.append((name, arguments))
        if self.failure is not None:
            raise self.failure
        return Heard(said=self.answers[name], sources=self.sources)
