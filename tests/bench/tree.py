"""What a process and all its children take: memory, processor time, bytes read; from /proc."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
GONE = (FileNotFoundError, ProcessLookupError, PermissionError)


@dataclass(frozen=True)
class Tree:
    """The living processes under one."""

    pid: int

    def pids(self, *, children: bool = False) -> list[int]:
        """Return its members; on request without the root."""
        found = list(self._below(self.pid))
        return found[1:] if children else found

    def _below(self, pid: int) -> Iterator[int]:
        yield pid
        with suppress(*GONE):
            for task in Path(f"/proc/{pid}/task").iterdir():
                for child in (task / "children").read_text(encoding="ascii").split():
                    yield from self._below(int(child))

    def resident_mib(self) -> float:
        """Resident memory of all members; what they share counts for each."""
        return sum(_each(self.pids(), "status", lambda text: int(text.split("VmRSS:")[1].split()[0]))) / 1024

    def cpu_s(self) -> float:
        """User and system seconds of all members."""
        return sum(_each(self.pids(), "stat", lambda text: sum(map(int, text.rsplit(")", 1)[1].split()[11:13])))) / TICKS

    def read(self) -> float:
        """Bytes that the children read: from files, and from the pipe to their parent."""
        return sum(_each(self.pids(children=True), "io", lambda text: int(text.split("rchar:")[1].split()[0])))


def _each(pids: list[int], name: str, value: Callable[[str], int]) -> Iterator[int]:
    for pid in pids:
        with suppress(*GONE, IndexError):
            yield value(Path(f"/proc/{pid}/{name}").read_text(encoding="ascii"))
