"""A redactor that stars what it is told to hide, and a vault in dictionaries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.errors import NotFound, RedactionUnavailable
from domain.privacy.placeholders import Placeholder, SafeText


@dataclass
class StarRedactor:
    """Redactor: each hidden word becomes `<STAR_n>` and comes back for its owner."""

    hidden: tuple[str, ...] = ()
    broken: bool = False
    seen: list[str] = field(default_factory=list)

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        if self.broken:
            raise RedactionUnavailable("redaction did not finish; nothing was sent")
        self.seen.extend(texts)
        return tuple(SafeText(self._star(text)) for text in texts)

    def _star(self, text: str) -> str:
        for number, word in enumerate(self.hidden, start=1):
            text = text.replace(word, f"<STAR_{number}>")
        return text

    async def restore(self, case_id: UUID, text: str) -> str:
        for number, word in enumerate(self.hidden, start=1):
            text = text.replace(f"<STAR_{number}>", word)
        return text


@dataclass
class MemoryVault:
    """KeyVault: keys by hash, originals in the clear."""

    numbers: dict[tuple[UUID, str, str], Placeholder] = field(default_factory=dict)
    destroyed: set[UUID] = field(default_factory=set)

    async def key(self, case_id: UUID, purpose: str) -> bytes:
        if case_id in self.destroyed:
            raise NotFound("the keys of this case are destroyed")
        return hashlib.sha256(f"{case_id}/{purpose}".encode()).digest()

    async def number(self, case_id: UUID, kind: str, values: Sequence[str]) -> tuple[Placeholder, ...]:
        return tuple(self._number(case_id, kind, value) for value in values)

    def _number(self, case_id: UUID, kind: str, value: str) -> Placeholder:
        taken = sum(known[:2] == (case_id, kind) for known in self.numbers)
        return self.numbers.setdefault((case_id, kind, value), Placeholder(kind=kind, number=taken + 1))

    async def originals(self, case_id: UUID, placeholders: Sequence[Placeholder]) -> Mapping[Placeholder, str]:
        known = {placeholder: value for (case, _, value), placeholder in self.numbers.items() if case == case_id}
        return {placeholder: known[placeholder] for placeholder in placeholders if placeholder in known}

    async def destroy(self, case_id: UUID) -> None:
        self.destroyed.add(case_id)
        self.numbers = {known: placeholder for known, placeholder in self.numbers.items() if known[0] != case_id}
