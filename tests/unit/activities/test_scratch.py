"""Plain bytes lie in a private folder only while they are read."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.scratch import Scratch

KILLED = """
import asyncio, sys
from pathlib import Path
from activities.scratch import Scratch

async def pieces():
    yield b"card 4111"

async def main():
    async with Scratch(Path(sys.argv[1])).laid_down(pieces()) as path:
        print(path, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def pieces() -> AsyncIterator[bytes]:
    yield b"first "
    yield b"last"


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    opened = Scratch(tmp_path / "data" / "scratch")
    opened.open()
    return opened


def test_the_folder_is_for_this_account_alone_also_when_it_was_not(scratch: Scratch) -> None:
    scratch.folder.chmod(0o755)
    scratch.open()
    assert stat.S_IMODE(scratch.folder.stat().st_mode) == 0o700


async def test_a_file_holds_the_whole_and_goes_when_it_has_been_read(scratch: Scratch) -> None:
    async with scratch.laid_down(pieces()) as path:
        assert (path.read_bytes(), path.parent) == (b"first last", scratch.folder)
    assert list(scratch.folder.iterdir()) == []


async def test_a_step_that_fails_leaves_nothing(scratch: Scratch) -> None:
    with pytest.raises(ValueError, match="unreadable"):
        async with scratch.laid_down(pieces()):
            raise ValueError("unreadable")
    assert list(scratch.folder.iterdir()) == []


async def test_what_another_worker_reads_stays_when_one_starts(scratch: Scratch) -> None:
    async with scratch.laid_down(pieces()) as path:
        Scratch(scratch.folder).open()
        assert path.exists()


def test_what_a_killed_worker_left_goes_when_one_starts(scratch: Scratch) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-c", KILLED, str(scratch.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as killed:
        assert killed.stdout is not None
        left = Path(killed.stdout.readline().strip())
        killed.send_signal(signal.SIGKILL)
    assert left.exists()
    scratch.open()
    assert not left.exists()
