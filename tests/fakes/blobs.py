"""Objects and blobs in dictionaries."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from domain.errors import NotFound
from domain.ports.sealing import StoredBlob


@dataclass
class MemoryObjects:
    """ObjectStore."""

    objects: dict[str, bytes] = field(default_factory=dict)

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        self.objects[name] = b"".join([chunk async for chunk in chunks])

    async def stream(self, name: str) -> AsyncIterator[bytes]:
        if name not in self.objects:
            raise NotFound("no such object")
        yield self.objects[name]

    async def rename(self, source: str, target: str) -> None:
        if source in self.objects:
            self.objects[target] = self.objects.pop(source)

    async def delete(self, prefix: str) -> int:
        names = [name for name in self.objects if name.startswith(prefix)]
        for name in names:
            del self.objects[name]
        return len(names)


@dataclass
class MemoryBlobs:
    """BlobStore: unsealed, named by case and content; streams pieces of `piece` bytes."""

    blobs: dict[tuple[UUID, str], bytes] = field(default_factory=dict)
    piece: int = 65_536

    async def put(self, case_id: UUID, data: bytes) -> str:
        key = hashlib.sha256(str(case_id).encode() + data).hexdigest()[:40]
        self.blobs[case_id, key] = data
        return key

    async def put_stream(self, case_id: UUID, chunks: AsyncIterator[bytes]) -> StoredBlob:
        data = b"".join([chunk async for chunk in chunks])
        key = await self.put(case_id, data)
        return StoredBlob(key=key, size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    async def stream(self, case_id: UUID, key: str) -> AsyncIterator[bytes]:
        if (case_id, key) not in self.blobs:
            raise NotFound("no such blob in this case")
        data = self.blobs[case_id, key]
        for start in range(0, len(data), self.piece):
            yield data[start : start + self.piece]

    async def keep(self, case_id: UUID, work: str, part: int, data: bytes) -> None:
        self.blobs[case_id, f"{work}/{part}"] = data

    async def kept(self, case_id: UUID, work: str, part: int) -> bytes | None:
        return self.blobs.get((case_id, f"{work}/{part}"))

    async def clear(self, case_id: UUID, work: str) -> None:
        for key in [key for key in self.blobs if key[0] == case_id and key[1].startswith(f"{work}/")]:
            del self.blobs[key]

    async def delete_case(self, case_id: UUID) -> int:
        keys = [key for key in self.blobs if key[0] == case_id]
        for key in keys:
            del self.blobs[key]
        return len(keys)
