"""A redactor that stars what it is told to hide, and a vault in dictionaries."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.errors import NotFound, RedactionUnavailable
from domain.privacy.forms import DROPPED
from domain.privacy.grouping import group, normalised
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
    spelled: dict[tuple[UUID, str, str], str] = field(default_factory=dict)
    destroyed: set[UUID] = field(default_factory=set)

    async def key(self, case_id: UUID, purpose: str) -> bytes:
        if case_id in self.destroyed:
            raise NotFound("the keys of this case are destroyed")
        return hashlib.sha256(f"{case_id}/{purpose}".encode()).digest()

    async def number(self, case_id: UUID, kind: str, values: Sequence[str]) -> tuple[Placeholder, ...]:
        return tuple(self._number(case_id, kind, value) for value in values)

    def _number(self, case_id: UUID, kind: str, value: str) -> Placeholder:
        known = (case_id, kind, normalised(kind, value))
        if known not in self.numbers:
            prefix, network = group(kind, known[2]) or ("", "")
            grouping = f"{prefix}{self._number(case_id, prefix, network).number}" if prefix else ""
            taken = sum(each[:2] == (case_id, kind) for each in self.numbers)
            self.numbers[known] = Placeholder(kind=kind, number=taken + 1, group=grouping)
            self.spelled[known] = value
        return self.numbers[known]

    async def seen(self, case_id: UUID, kind: str, values: Sequence[str]) -> frozenset[str]:
        return frozenset(value for value in values if (case_id, kind, normalised(kind, value)) in self.numbers)

    async def originals(self, case_id: UUID, placeholders: Sequence[Placeholder]) -> Mapping[Placeholder, str]:
        known = {placeholder: self.spelled[each] for each, placeholder in self.numbers.items() if each[0] == case_id}
        return {each: known[each] for each in placeholders if each in known and each.kind not in DROPPED}

    async def destroy(self, case_id: UUID) -> None:
        self.destroyed.add(case_id)
        self.numbers = {known: placeholder for known, placeholder in self.numbers.items() if known[0] != case_id}
