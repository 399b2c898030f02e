"""A large file through the whole step in processes of its own: processor time, memory of all of them, and what a kill costs (E3, E4)."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.logs import write
from tests.bench.scanning import bare, cpu
from tests.bench.tree import Tree
from tests.waiting import until

PATIENCE_S = 240
GROWTH_MIB = 64
SHARE = 0.25
AGAIN = 1.1
HALF = 50
TURNS = 2
"""Runs of a gigabyte: its file is written anew each time, and what the kernel takes for that varied by a second (measured)."""
SIZE = 200
"""Megabytes of a worst case, but for the single line of a GiB."""
Maker = Callable[[Path], None]


@dataclass
class Run:
    """One process tree that scans one file."""

    folder: Path
    path: Path
    processes: int = 2
    attempt: int = 1
    said: list[str] = field(default_factory=list)

    def started(self) -> subprocess.Popen[str]:
        (self.folder / "said").write_text("", encoding="ascii")
        given = (str(self.folder), str(self.path), str(self.processes), str(self.attempt))
        command = [sys.executable, "-m", "tests.bench.one_scan", *given]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    def reached(self, percent: int) -> bool:
        self.said = (self.folder / "said").read_text(encoding="ascii").split()
        return "done" in self.said or any(int(one) >= percent for one in self.said)


@dataclass(frozen=True)
class Cost:
    """What a scan took beyond the warm processes."""

    cpu_s: float
    wall_s: float
    growth_mib: float
    read: float


@contextmanager
def running(run: Run) -> Generator[tuple[subprocess.Popen[str], Tree], None, None]:
    child = run.started()
    try:
        yield child, Tree(child.pid)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def cost(run: Run, percent: int = 101) -> Cost:
    """Scan until that percent, then kill everything; by default until the end."""
    with running(run) as (child, tree):
        resident, cpu_s, read, peak = tree.resident_mib(), tree.cpu_s(), tree.read(), 0.0

        def over() -> bool:
            nonlocal peak
            assert child.poll() is None, "the scan failed"
            peak = max(peak, tree.resident_mib())
            return run.reached(percent)

        assert child.stdin is not None
        began = time.perf_counter()
        child.stdin.write("go\n")
        child.stdin.flush()
        until(over, PATIENCE_S, f"{percent} % of {run.path.name}")
        wall = time.perf_counter() - began
        return Cost(cpu_s=tree.cpu_s() - cpu_s, wall_s=wall, growth_mib=peak - resident, read=tree.read() - read)


def gigabyte(path: Path) -> Iterator[Figure]:
    """Whole scans on one process and on two, taking turns with the bare loop; and one that is killed half way."""
    with tempfile.TemporaryDirectory() as folder:
        turns = [_turn(Path(folder), path) for _ in range(TURNS)]
    floor, cpu_s = min(bare_s for bare_s, _, _ in turns), min(one.cpu_s for _, one, _ in turns)
    wall_s, both_s = min(one.wall_s for _, one, _ in turns), min(two.wall_s for _, _, two in turns)
    yield Figure("1 GB, bytes → analysis, CPU of the whole tree", floor / cpu_s, "of the bare loop", SHARE, more_is_better=True)
    yield Figure("1 GB on two processes, wall clock against one", wall_s / both_s, "×", 1.0, more_is_better=True)
    yield Figure("1 GB, wall clock on two processes", both_s, "s")
    yield Figure("1 GB, memory of the whole tree on two processes", max(two.growth_mib for _, _, two in turns), "MiB", GROWTH_MIB)
    yield Figure("1 GB, bytes read", max(two.read for _, _, two in turns) / path.stat().st_size, "× size", AGAIN)
    yield from killed(path)


def _turn(folder: Path, path: Path) -> tuple[float, Cost, Cost]:
    """CPU seconds of the bare loop, and what a scan costs on one process and on two."""
    one, two = (Run(folder, path, processes=count) for count in (1, 2))
    return cpu(lambda: bare(path)), cost(one), cost(two)


def killed(path: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        first = cost(Run(Path(folder), path), HALF)
        again = cost(Run(Path(folder), path, attempt=2))
    yield Figure("1 GB killed at 50 %, bytes read in all", (first.read + again.read) / path.stat().st_size, "× size", AGAIN)


def worst_cases(folder: Path) -> Iterator[Figure]:
    """Memory of the whole tree for each worst case of evidence.md 14."""
    for name, make in WORST.items():
        path = folder / f"{name.split(',')[0].replace(' ', '-')}.log"
        make(path)
        with tempfile.TemporaryDirectory() as place:
            yield Figure(f"memory, {name}", cost(Run(Path(place), path)).growth_mib, "MiB", GROWTH_MIB)
        path.unlink()


def _kind(kind: str) -> Maker:
    return lambda path: write(path, SIZE, kind)


def _repeated(piece: bytes, megabytes: int = SIZE) -> Maker:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            for _ in range(megabytes):
                file.write(piece * ((1 << 20) // len(piece)))

    return make


def _zeros(path: Path) -> None:
    with path.open("wb") as file:
        file.write(gzip.compress(bytes(2 << 30), 6))


WORST: Mapping[str, Maker] = {
    "random word per line": _kind("letters"),
    "every line different": _kind("different"),
    "one line of 1 GiB": _repeated(b"a b ", 1024),
    "no time at all": _repeated(b"worker 12 took 31 ms and went on\n"),
    "all times equal": _repeated(b"2026-02-01 00:00:00 INFO worker 12 took 31 ms\n"),
    "all bytes 0xFF": _repeated(b"\xff"),
    "gzip of zeros": _zeros,
}
"""The 100,000 short files stand apart: they are many documents."""
