"""Redactor: detectors over text, numbers and originals from the vault; it emits everything or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from domain.errors import FaultMavenError, RedactionUnavailable
from domain.ports.sealing import KeyVault
from domain.privacy.detectors import Preset, spans
from domain.privacy.grouping import normalised
from domain.privacy.placeholders import Placeholder, SafeText, Span
from domain.privacy.redaction import recurs, redact, values, with_known, words
from domain.privacy.restoring import placeholders, restore

SECONDS, SECONDS_PER_MB = 30.0, 1.0
"""Time bound of one call (privacy 8)."""

SHORT = 8_000
"""Characters that the detectors read within some milliseconds."""

P = ParamSpec("P")
R = TypeVar("R")
Found = tuple[tuple[Span, ...], ...]


class RememberingVault(KeyVault, Protocol):
    """A vault that knows which values it has met."""

    async def seen(self, case_id: UUID, kind: str, values: Sequence[str]) -> frozenset[str]:
        """Return those values that already have a number of this kind."""


@dataclass(frozen=True, slots=True)
class CaseRedactor:
    """A secret found once in a case is dropped wherever it stands alone in any later text of that case."""

    vault: RememberingVault
    names: tuple[str, ...] = ()
    """Further words to hide, such as names of customers."""
    preset: Preset = "balanced"

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        """Return the safe texts, in order; any failure is `RedactionUnavailable` and nothing of any text goes out."""
        if not texts:
            return ()
        async with _whole_or_nothing(sum(map(len, texts))):
            candidates = await _aside(_words_of, texts)
            remembered = await self.vault.seen(case_id, "SECRET", candidates)
            found = await _aside(self._find, texts, remembered)
            numbering = await self._numbering(case_id, texts, found)
            return tuple(redact(text, each, numbering) for text, each in zip(texts, found, strict=True))

    async def restore(self, case_id: UUID, text: str) -> str:
        """Return the text for its owner; values go in as text."""
        return restore(text, await self.vault.originals(case_id, placeholders(text)))

    def _find(self, texts: Sequence[str], remembered: frozenset[str]) -> Found:
        found = [with_known(text, spans(text, self.preset), self.names, "NAME") for text in texts]
        met = {value for text, each in zip(texts, found, strict=True) for kind, value in values(text, each) if kind == "SECRET"}
        known = remembered | {value for value in met if recurs(value)}
        return tuple(with_known(text, each, known, "SECRET") for text, each in zip(texts, found, strict=True))

    async def _numbering(self, case_id: UUID, texts: Sequence[str], found: Found) -> dict[tuple[str, str], Placeholder]:
        by_kind: dict[str, dict[str, str]] = {}
        for text, each in zip(texts, found, strict=True):
            for kind, value in values(text, each):
                by_kind.setdefault(kind, {}).setdefault(normalised(kind, value), value)
        numbering: dict[tuple[str, str], Placeholder] = {}
        for kind, spelled in by_kind.items():
            given = await self.vault.number(case_id, kind, tuple(spelled.values()))
            numbering |= {(kind, value): each for value, each in zip(spelled, given, strict=True)}
        return numbering


async def _aside(rule: Callable[Concatenate[Sequence[str], P], R], texts: Sequence[str], *args: P.args, **kwargs: P.kwargs) -> R:
    """Read long texts in a thread; for short ones the way there takes longer than the reading."""
    if sum(map(len, texts)) <= SHORT:
        return rule(texts, *args, **kwargs)
    return await asyncio.to_thread(rule, texts, *args, **kwargs)


def _words_of(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*map(words, texts))))


@asynccontextmanager
async def _whole_or_nothing(characters: int) -> AsyncGenerator[None]:
    """Bound the time, and call every failure by its one name."""
    try:
        async with asyncio.timeout(SECONDS + SECONDS_PER_MB * characters / 1_000_000):
            yield
    except (
        FaultMavenError,
        ArithmeticError,
        LookupError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
        TimeoutError,
    ) as failure:
        raise RedactionUnavailable("redaction did not finish; the text is kept and nothing of it went out") from failure
