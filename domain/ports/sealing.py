"""Bytes and secrets of a case: sealed objects, keys, placeholders, redaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.privacy.placeholders import Placeholder, SafeText


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """What a streamed blob turned out to be; `sha256` is of the plain bytes, in hexadecimal."""

    key: str
    size_bytes: int
    sha256: str


class ObjectStore(Protocol):
    """Whole objects by name; a reader sees the whole object or none. Every method is safe to repeat.

    >>> objects = MemoryObjects()
    >>> run(objects.put("case/new-1", pieces(b"one", b"two")))
    >>> run(objects.rename("case/new-1", "case/abc"))
    >>> run(whole(objects.stream("case/abc")))
    b'onetwo'
    """

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Store durably under a name of `[a-z0-9/-]`."""

    def stream(self, name: str) -> AsyncIterator[bytes]:
        """Yield the bytes in pieces; `NotFound` when there is no such object."""

    async def rename(self, source: str, target: str) -> None:
        """Move an object; nothing happens when only the target exists."""

    async def delete(self, prefix: str) -> int:
        """Delete all objects whose name starts with the prefix; return how many."""


class BlobStore(Protocol):
    """Sealed bytes of one case, named by their content: the same bytes give the same key.

    >>> blobs = MemoryBlobs()
    >>> key = run(blobs.put(CASE, b"ERROR refused"))
    >>> key == run(blobs.put(CASE, b"ERROR refused"))
    True
    >>> run(read(blobs, CASE, key))
    b'ERROR refused'
    """

    async def put(self, case_id: UUID, data: bytes) -> str:
        """Return the key; safe to repeat."""

    async def put_stream(self, case_id: UUID, chunks: AsyncIterator[bytes]) -> StoredBlob:
        """Store a body of any length without holding it in memory."""

    def stream(self, case_id: UUID, key: str) -> AsyncIterator[bytes]:
        """Yield the plain bytes; `NotFound` when the key is unknown or its case is erased."""

    async def keep(self, case_id: UUID, work: str, part: int, data: bytes) -> None:
        """Keep a part of unfinished work under its number; a later one takes its place."""

    async def kept(self, case_id: UUID, work: str, part: int) -> bytes | None:
        """Return what was kept of that work under that number, None when nothing was."""

    async def clear(self, case_id: UUID, work: str) -> None:
        """Delete all that was kept of that work; safe to repeat."""

    async def delete_case(self, case_id: UUID) -> int:
        """Delete every blob of a case; return how many; safe to repeat."""


async def read(blobs: BlobStore, case_id: UUID, key: str) -> bytes:
    """Return a whole blob: for messages, analyses and answers, never for uploads."""
    return b"".join([piece async for piece in blobs.stream(case_id, key)])


class KeyVault(Protocol):
    """Data keys per case, wrapped by the master key, and the sealed originals of placeholders.

    >>> vault = MemoryVault()
    >>> first, second = run(vault.number(CASE, "EMAIL", ["ada@example.org", "bob@example.org"]))
    >>> str(first), str(second)
    ('<EMAIL_1>', '<EMAIL_2>')
    >>> run(vault.originals(CASE, [second]))[second]
    'bob@example.org'
    """

    async def key(self, case_id: UUID, purpose: str) -> bytes:
        """Return 32 bytes for a purpose (blob, name, vault, fingerprint); made at first use."""

    async def number(self, case_id: UUID, kind: str, values: Sequence[str]) -> tuple[Placeholder, ...]:
        """Return each value's placeholder, stable for the case; a new value takes the next number of its kind."""

    async def originals(self, case_id: UUID, placeholders: Sequence[Placeholder]) -> Mapping[Placeholder, str]:
        """Return the values that may be shown; dropped kinds and unknown ones are absent."""

    async def destroy(self, case_id: UUID) -> None:
        """Destroy the keys: nothing of the case can be read afterwards; safe to repeat."""


class Redactor(Protocol):
    """The one place where text becomes safe.

    >>> redactor = StarRedactor(hidden=("ada@example.org",))
    >>> (safe,) = run(redactor.redact(CASE, ["mail ada@example.org"]))
    >>> "ada@example.org" in safe
    False
    >>> run(redactor.restore(CASE, safe))
    'mail ada@example.org'
    """

    async def redact(self, case_id: UUID, texts: Sequence[str]) -> tuple[SafeText, ...]:
        """Return the texts with placeholders, in order; `RedactionUnavailable` emits nothing of any."""

    async def restore(self, case_id: UUID, text: str) -> str:
        """Return the text as its owner may see it; a placeholder that is not honoured prints as `[KIND]`."""
