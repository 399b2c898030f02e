"""BlobStore: seals the bytes of a case in frames and names them by their content, over an ObjectStore.

An object is a header (magic, version, nonce prefix) and frames of 1 MiB, each AES-256-GCM with a counter in the nonce and a
"last" flag in the associated data: cut, swapped or repeated frames do not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import EvidenceUnreadable, NotFound
from domain.ports.sealing import KeyVault, ObjectStore, StoredBlob

FRAME = 1 << 20
TAG = 16
MAGIC = b"FMB\x01"
PREFIX = 8
HEADER = len(MAGIC) + PREFIX


@dataclass(frozen=True, slots=True)
class SealedBlobs:
    """Names say nothing across cases: they are keyed by the case."""

    objects: ObjectStore
    vault: KeyVault

    async def put(self, case_id: UUID, data: bytes) -> str:
        """Return the key; safe to repeat. Whole bytes tell their name before they are written."""
        sealing, naming = await self.vault.key(case_id, "blob"), await self.vault.key(case_id, "name")
        key = hmac.digest(naming, data, "sha256").hex()
        await self.objects.put(_folder(case_id) + key, _seal(sealing, _whole(data)))
        return key

    async def put_stream(self, case_id: UUID, chunks: AsyncIterator[bytes]) -> StoredBlob:
        """Store under a name of its own first: the content names it when it is whole."""
        sealing, naming = await self.vault.key(case_id, "blob"), await self.vault.key(case_id, "name")
        name, plain, size = hmac.new(naming, digestmod=hashlib.sha256), hashlib.sha256(), 0

        async def watched() -> AsyncGenerator[bytes]:
            nonlocal size
            async for chunk in chunks:
                name.update(chunk)
                plain.update(chunk)
                size += len(chunk)
                yield chunk

        scratch = f"{_folder(case_id)}new-{uuid4().hex}"
        await self.objects.put(scratch, _seal(sealing, watched()))
        key = name.hexdigest()
        await self.objects.rename(scratch, _folder(case_id) + key)
        return StoredBlob(key=key, size_bytes=size, sha256=plain.hexdigest())

    async def stream(self, case_id: UUID, key: str) -> AsyncGenerator[bytes]:
        """Yield the plain bytes; bytes that fail their authentication raise `EvidenceUnreadable`."""
        opening = await self.vault.key(case_id, "blob")
        async for piece in _open(opening, self.objects.stream(_folder(case_id) + key)):
            yield piece

    async def keep(self, case_id: UUID, work: str, part: int, data: bytes) -> None:
        """Keep a part of unfinished work; names say nothing across cases, and nothing of the work."""
        sealing = await self.vault.key(case_id, "blob")
        await self.objects.put(f"{await self._work(case_id, work)}{part}", _seal(sealing, _whole(data)))

    async def kept(self, case_id: UUID, work: str, part: int) -> bytes | None:
        """Return what was kept, None when nothing was."""
        opening = await self.vault.key(case_id, "blob")
        pieces = self.objects.stream(f"{await self._work(case_id, work)}{part}")
        try:
            return b"".join([piece async for piece in _open(opening, pieces)])
        except NotFound:
            return None

    async def clear(self, case_id: UUID, work: str) -> None:
        """Delete all that was kept of that work."""
        await self.objects.delete(await self._work(case_id, work))

    async def _work(self, case_id: UUID, work: str) -> str:
        naming = await self.vault.key(case_id, "name")
        return f"{_folder(case_id)}work-{hmac.digest(naming, work.encode(), 'sha256').hex()}/"

    async def delete_case(self, case_id: UUID) -> int:
        """Delete every object of the case, unfinished ones included."""
        return await self.objects.delete(_folder(case_id))


async def _whole(data: bytes) -> AsyncGenerator[bytes]:
    for start in range(0, len(data), FRAME):
        yield data[start : start + FRAME]


def _folder(case_id: UUID) -> str:
    return f"cases/{case_id}/"


async def _seal(key: bytes, chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    cipher, prefix = AESGCM(key), os.urandom(PREFIX)
    yield MAGIC + prefix
    counter, held = 0, bytearray()
    async for chunk in chunks:
        held += chunk
        while len(held) > FRAME:
            yield cipher.encrypt(_nonce(prefix, counter), bytes(held[:FRAME]), _about(last=False))
            del held[:FRAME]
            counter += 1
    yield cipher.encrypt(_nonce(prefix, counter), bytes(held), _about(last=True))


async def _open(key: bytes, sealed: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    cipher, prefix, counter, held = AESGCM(key), b"", 0, bytearray()
    async for piece in sealed:
        held += piece
        if not prefix and len(held) >= HEADER:
            prefix = _prefix(bytes(held[:HEADER]))
            del held[:HEADER]
        while prefix and len(held) > FRAME + TAG:
            yield _frame(cipher, _nonce(prefix, counter), memoryview(held)[: FRAME + TAG], last=False)
            del held[: FRAME + TAG]
            counter += 1
    yield _frame(cipher, _nonce(prefix or bytes(PREFIX), counter), held, last=True)


def _prefix(header: bytes) -> bytes:
    if header[: len(MAGIC)] != MAGIC:
        raise EvidenceUnreadable("stored bytes are not in the form that this version writes")
    return header[len(MAGIC) :]


def _frame(cipher: AESGCM, nonce: bytes, sealed: bytearray | memoryview, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, _about(last=last))
    except (InvalidTag, ValueError) as failure:
        raise EvidenceUnreadable("stored bytes fail their authentication: they are cut, damaged or of another key") from failure


def _nonce(prefix: bytes, counter: int) -> bytes:
    return prefix + counter.to_bytes(4, "big")


def _about(*, last: bool) -> bytes:
    return MAGIC + (b"last" if last else b"more")
