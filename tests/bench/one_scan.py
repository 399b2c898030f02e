"""One file through the step that analyses it, over sealed blobs and processes of its own, for whoever measures from outside.

usage: python -m tests.bench.one_scan FOLDER FILE PROCESSES ATTEMPT
Says `ready` when the processes are warm, begins at a line of input, appends each percent and then `done` to FOLDER/said.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from temporalio.testing import ActivityEnvironment

from activities.adapters.folder_objects import FolderObjects
from activities.adapters.sealed_blobs import SealedBlobs
from activities.analysis import FilePieces
from activities.evidence import EvidenceActivities
from activities.processes import Processes
from activities.scratch import Scratch
from domain.case.turns import EvidenceRef
from tests import builders, fakes

CASE = UUID(int=7)


@dataclass
class Said(fakes.MemoryDoor):
    """Writes down what is told."""

    place: Path = field(default_factory=Path)

    async def tell_progress(self, ref: EvidenceRef, percent: int) -> None:
        with self.place.open("a", encoding="ascii") as file:
            file.write(f"{percent}\n")


async def pieces(path: Path) -> AsyncIterator[bytes]:
    for piece in FilePieces(path):
        yield piece


@dataclass
class Bench:
    """The step and what it stands on."""

    folder: Path
    processes: Processes

    def __post_init__(self) -> None:
        self.blobs = SealedBlobs(FolderObjects(self.folder / "objects"), fakes.MemoryVault())
        self.rows = fakes.MemoryRows()
        self.scratch = Scratch(self.folder / "scratch")
        self.scratch.open()

    async def scan(self, path: Path, attempt: int, said: str) -> None:
        ref = await self.upload(path)
        door = Said(place=self.folder / said)
        parts = (self.processes, self.scratch, fakes.PlainReader(), door, fakes.QuietLinter())
        steps = EvidenceActivities(self.blobs, fakes.MemoryFiles(self.rows), fakes.StarRedactor(), *parts)
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        await environment.run(steps.classify_and_scan, ref)

    async def upload(self, path: Path) -> EvidenceRef:
        """Store a file once, also over several runs."""
        noted = self.folder / hashlib.sha256(str(path).encode()).hexdigest()
        if not noted.exists():
            noted.write_text((await self.blobs.put_stream(CASE, pieces(path))).key, encoding="ascii")
        key, size = noted.read_text(encoding="ascii"), path.stat().st_size
        row = builders.a_file_record(case_id=CASE, file_id=f"file_{path.stem}", blob_key=key, size_bytes=size)
        self.rows.files[row.file_id] = row
        return EvidenceRef(case_id=CASE, file_id=row.file_id, blob_key=key, name=row.name, size_bytes=size)


async def main(folder: Path, path: Path, processes: int, attempt: int) -> None:
    bench = Bench(folder=folder, processes=Processes(processes))
    await bench.upload(path)
    warm = folder / "warm.log"
    warm.write_text(builders.a_log(lines=2_000), encoding="utf-8")
    await asyncio.gather(*[bench.scan(warm, 1, "warm") for _ in range(2 * processes)])
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await bench.scan(path, attempt, "said")
    with (folder / "said").open("a", encoding="ascii") as file:
        file.write("done\n")
    await asyncio.to_thread(sys.stdin.readline)
    bench.processes.close()


if __name__ == "__main__":
    place, given, count, number = sys.argv[1:]
    asyncio.run(main(Path(place), Path(given), int(count), int(number)))
