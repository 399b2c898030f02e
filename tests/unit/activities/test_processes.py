import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from activities.processes import ChildLost, Processes
from tests.waiting import until

KILLED = """
import asyncio, os
from activities.processes import Processes

async def main():
    print(await Processes(1).run(os.getpid), flush=True)
    await asyncio.Event().wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_killed_parent_leaves_no_children_behind(tmp_path: Path) -> None:
    program = tmp_path / "killed.py"
    program.write_text(KILLED, encoding="utf-8")
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, env=environment, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    parent.stdout.close()
    until(lambda: not _lives(child), what="the end of the child")


async def test_a_killed_child_costs_one_attempt_and_the_next_has_another() -> None:
    processes = Processes(1)
    try:
        with pytest.raises(ChildLost):
            await processes.run(os._exit, 1)
        assert await processes.run(os.getpid) != os.getpid()
    finally:
        processes.close()


def _lives(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
