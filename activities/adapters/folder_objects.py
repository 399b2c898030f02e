"""ObjectStore in a local folder: written beside its place, synced and renamed, so that a reader sees a whole object or none."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from uuid import uuid4

from domain.errors import InvalidInput, NotFound, StorageFull, StoreUnavailable

PIECE = 1 << 20
SHORT = 1 << 16
"""Bytes that are read in less time than the way to a thread takes."""
_NAME = re.compile(r"[a-z0-9-]{1,128}(?:/[a-z0-9-]{1,128}){0,8}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class FolderObjects:
    """Objects are files under `root`; unfinished ones end in `.part` and are no objects."""

    root: Path

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Store durably: the name, too, survives a power cut. What fits into one piece takes one trip to the disk."""
        target = self._path(name)
        scratch = target.with_name(f"{target.name}.{uuid4().hex}.part")
        with _weather():
            try:
                await asyncio.to_thread(_finish, scratch, await _all_but_last(scratch, chunks), target)
            finally:
                scratch.unlink(missing_ok=True)

    async def stream(self, name: str) -> AsyncGenerator[bytes]:
        """Yield pieces of 1 MiB; a shorter one is the last.

        Threads fill one buffer: memory that they ask for themselves each of them keeps (measured, 2 MiB a thread).
        """
        with _weather():
            file = self._path(name).open("rb")
        size = os.fstat(file.fileno()).st_size
        buffer = memoryview(bytearray(min(PIECE, size)))
        try:
            for _ in range(0, size, PIECE):
                yield bytes(buffer[: await _filled(buffer, file)])
        finally:
            file.close()

    async def rename(self, source: str, target: str) -> None:
        """Move an object; nothing happens when only the target exists."""
        old, new = self._path(source), self._path(target)
        with _weather():
            if not old.exists() and new.exists():
                return
            await asyncio.to_thread(new.parent.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread(_settle, old, new)

    async def delete(self, prefix: str) -> int:
        """Delete what starts with the prefix; unfinished files go, too, and do not count."""
        self._path(prefix.rstrip("/"))
        with _weather():
            return await asyncio.to_thread(self._delete, prefix)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise InvalidInput("an object's name holds a-z, 0-9 and - between slashes")
        return self.root / name

    def _delete(self, prefix: str) -> int:
        count = 0
        folder = (self.root / prefix) if prefix.endswith("/") else (self.root / prefix).parent
        for path in sorted(folder.rglob("*"), reverse=True) if folder.exists() else ():
            if not path.relative_to(self.root).as_posix().startswith(prefix):
                continue
            if path.is_dir():
                path.rmdir()
                continue
            path.unlink(missing_ok=True)
            count += path.suffix != ".part"
        return count


async def _filled(buffer: memoryview, file: BufferedReader) -> int:
    """Fill the buffer from the file; return how many bytes there were."""
    with _weather():
        return file.readinto(buffer) if len(buffer) <= SHORT else await asyncio.to_thread(file.readinto, buffer)


async def _all_but_last(scratch: Path, chunks: AsyncIterator[bytes]) -> bytes:
    """Write whole pieces as they come; return what is left."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= PIECE:
            await asyncio.to_thread(_append, scratch, bytes(held))
            held.clear()
    return bytes(held)


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)


def _finish(scratch: Path, rest: bytes, target: Path) -> None:
    """Write the last piece, bring all of it to the disk, then give it its name."""
    _append(scratch, rest)
    _sync(scratch)
    _settle(scratch, target)


def _settle(source: Path, target: Path) -> None:
    source.replace(target)
    for folder in {source.parent, target.parent}:
        _sync(folder)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _weather() -> Generator[None]:
    """Turn what the file system reports into our failures."""
    try:
        yield
    except FileNotFoundError as failure:
        raise NotFound("there is no such object") from failure
    except OSError as failure:
        if failure.errno in _FULL:
            raise StorageFull("the data folder has no room; free some space and try again") from failure
        raise StoreUnavailable("the data folder cannot be read or written; check its rights and disk") from failure
