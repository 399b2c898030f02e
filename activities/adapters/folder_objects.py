"""ObjectStore in a local folder: written beside its place, synced and renamed, so that a reader sees a whole object or none."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from domain.errors import InvalidInput, NotFound, StorageFull, StoreUnavailable

PIECE = 1 << 20
_NAME = re.compile(r"[a-z0-9-]{1,128}(?:/[a-z0-9-]{1,128}){0,8}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class FolderObjects:
    """Objects are files under `root`; unfinished ones end in `.part` and are no objects."""

    root: Path

    async def put(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Store durably: the name, too, survives a power cut."""
        target = self._path(name)
        scratch = target.with_name(f"{target.name}.{uuid4().hex}.part")
        with _weather():
            await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
            try:
                await _write(scratch, chunks)
                await asyncio.to_thread(_settle, scratch, target)
            finally:
                await asyncio.to_thread(scratch.unlink, missing_ok=True)

    async def stream(self, name: str) -> AsyncGenerator[bytes]:
        """Yield pieces of 1 MiB."""
        with _weather():
            file = await asyncio.to_thread(self._path(name).open, "rb")
        try:
            while piece := await _read(file):
                yield piece
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


async def _read(file: BinaryIO) -> bytes:
    with _weather():
        return await asyncio.to_thread(file.read, PIECE)


async def _write(path: Path, chunks: AsyncIterator[bytes]) -> None:
    file = await asyncio.to_thread(path.open, "xb")
    with file:
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(file.flush)
        await asyncio.to_thread(os.fsync, file.fileno())


def _settle(source: Path, target: Path) -> None:
    source.replace(target)
    for folder in {source.parent, target.parent}:
        handle = os.open(folder, os.O_RDONLY)
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
