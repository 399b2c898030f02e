"""A warm parent that starts real workers by fork: one line on its input, `name=value …`, is one worker's environment.

It imports everything and never connects, so a child is up in a fraction of a second; it prints each child's process id.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

import worker.main


def serve() -> None:
    """Start a worker per line until the input ends; then nothing of what was started is left."""
    started = [_start(line) for line in sys.stdin]
    for process in started:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _start(line: str) -> int:
    process = os.fork()
    if process == 0:
        os.environ.update(pair.split("=", 1) for pair in line.split())
        os._exit(worker.main.main())
    print(process, flush=True)
    return process


if __name__ == "__main__":
    serve()
