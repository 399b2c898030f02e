"""Child processes: started, watched, restarted with back-off, stopped in order, never left behind."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 12.0
"""What a child gets between SIGTERM and SIGKILL: ten seconds of its own, and a little."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
SETTLED_SECONDS = 60.0
"""A child that lived so long starts again at once, whatever happened before."""
PR_SET_PDEATHSIG = 1
"""prctl(2): the kernel ends the child when its parent dies, however it dies."""


@dataclass(slots=True, kw_only=True)
class Child:
    """One program with its log file."""

    name: str
    command: Sequence[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    stopping: bool = False

    async def start(self) -> None:
        """Start the program in a process group of its own."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=_die_with_parent,  # the supervisor has one thread when it starts children
            )

    async def watch(self, tell: Callable[[str], None]) -> None:
        """Start it again whenever it ends, waiting longer each time it dies young."""
        loop, wait = asyncio.get_running_loop(), FIRST_WAIT
        while not self.stopping and self.process is not None:
            begun = loop.time()
            code = await self.process.wait()
            if self.stopping:
                return
            wait = FIRST_WAIT if loop.time() - begun > SETTLED_SECONDS else wait
            tell(f"{self.name} ended ({_ending(code)}); starting it again in {wait:g} s, log: {self.log}")
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            await self.start()

    async def stop(self) -> None:
        """Ask it to end, then end it."""
        self.stopping = True
        if self.process is None or self.process.returncode is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()

    def last_words(self, lines: int = 8) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
