"""A large text scanned in legs by several processes; each leg is kept sealed, so that a killed worker costs no more than those in flight."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from activities.analysis import Large, Leg, Scanned, conclusion, framed, leg
from activities.processes import Processes
from activities.scratch import Scratch
from domain.case.turns import EvidenceRef
from domain.evidence.analyse import VERSION
from domain.evidence.logs.survey import EPOCH_BYTES
from domain.ports.sealing import BlobStore

Told = Callable[[int], Awaitable[None]]


def work_of(ref: EvidenceRef) -> str:
    """Name the unfinished scan of a file: content and analyser, since a file's id stands for its content."""
    return f"{ref.file_id}-{VERSION}"


@dataclass(slots=True, kw_only=True)
class Legs:
    """The scan of one large text."""

    blobs: BlobStore
    processes: Processes
    scratch: Scratch
    ref: EvidenceRef
    large: Large
    told: Told
    """Takes the percent that are scanned."""
    done: dict[int, int] = field(default_factory=dict)
    """Bytes scanned of each epoch."""

    async def scanned(self) -> Scanned:
        """Scan what is not scanned yet, epochs at the same time, and join them in their order."""
        waiting = iter(self.large.epochs)
        lanes = [asyncio.create_task(self._lane(waiting)) for _ in range(self.processes.count)]
        try:
            await asyncio.gather(*lanes)
        finally:
            for lane in lanes:
                lane.cancel()
        async with self.scratch.laid_down(self._states()) as states:
            return await self.processes.run(conclusion, self.large, self.ref, states)

    async def _lane(self, waiting: Iterator[int]) -> None:
        for epoch in waiting:
            found = await self._kept(epoch)
            while found is None or not found.over:
                found = await self.processes.run(leg, self.large, self.ref, epoch, found.state if found else None)
                await self.blobs.keep(self.ref.case_id, work_of(self.ref), epoch, found.packed())
                await self._tell(epoch, found)

    async def _kept(self, epoch: int) -> Leg | None:
        data = await self.blobs.kept(self.ref.case_id, work_of(self.ref), epoch)
        if data is None:
            return None
        found = Leg.unpacked(data)
        await self._tell(epoch, found)
        return found

    async def _tell(self, epoch: int, found: Leg) -> None:
        whole = min(EPOCH_BYTES, self.large.size - epoch * EPOCH_BYTES)
        self.done[epoch] = whole if found.over else min(whole, found.stop - epoch * EPOCH_BYTES)
        await self.told(100 * sum(self.done.values()) // self.large.size)

    async def _states(self) -> AsyncGenerator[bytes]:
        """Yield the kept states, framed, in the order of their epochs."""
        for epoch in self.large.epochs:
            if found := await self._kept(epoch):
                yield framed(found.state)
