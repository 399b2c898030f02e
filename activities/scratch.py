"""Plain bytes on disk for as long as another process reads them: in a private folder, which keeps nothing of the dead."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Scratch:
    """Files in the data folder that their writer holds locked: a lock ends with its process, however that ends."""

    folder: Path

    def open(self) -> None:
        """Make the folder, for this account alone, and delete the files that nobody holds; other workers keep theirs."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for path in self.folder.iterdir():
            with suppress(BlockingIOError, FileNotFoundError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)

    @asynccontextmanager
    async def laid_down(self, pieces: AsyncIterator[bytes]) -> AsyncGenerator[Path, None]:
        """Write the pieces and yield where they lie; the whole is never in memory.

        A worker that starts between the first two lines may delete the file: the step that reads it is tried again.
        """
        with self.room() as path, path.open("wb") as file:
            async for piece in pieces:
                await asyncio.to_thread(file.write, piece)
            file.flush()
            yield path

    @contextmanager
    def room(self) -> Generator[Path, None, None]:
        """Yield an empty file that another process may fill."""
        path = self.folder / uuid4().hex
        with path.open("xb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield path
            finally:
                path.unlink(missing_ok=True)
