"""Speed and memory of reading evidence, each figure beside its target (evidence.md 17, E2-E4 and the time of E10): `make bench-evidence`.

usage: python -m tests.bench.bench_evidence [PART …]   parts: speed, texts, series, worst, many, gigabyte, search, served
A new part is a function from a folder to figures and one line of PARTS.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from domain.evidence.analyse import analyse
from domain.evidence.changes import change_points, peaks
from domain.evidence.values import Context, Document
from tests.bench.figures import Figure
from tests.bench.large import GROWTH_MIB, gigabyte, worst_cases
from tests.bench.logs import KINDS, write
from tests.bench.scanning import cpu, small, speed
from tests.bench.searching import searched
from tests.bench.served import served
from tests.bench.texts.kinds import texts
from tests.bench.tree import Tree

MEGABYTES, GIGABYTE = 200, 1_000
FILES = 100_000
POINTS, TRIES = 6_000, 20
Part = Callable[[Path], Iterator[Figure]]


def speeds(folder: Path) -> Iterator[Figure]:
    """200 MB of each kind of log; where every line differs only ten megabytes are of interest."""
    for kind in KINDS:
        path = folder / f"{kind}.log"
        write(path, MEGABYTES if kind != "different" else 20, kind)
        print(f" {kind}, {path.stat().st_size / 1e6:.0f} MB")
        noise = kind != "typical"
        yield from () if kind == "different" else speed(path, noise)
        yield from small(path, noise)
        path.unlink()


def series(_: Path) -> Iterator[Figure]:
    """Change points and peaks of 6,000 points, each the best of some."""
    values = np.random.default_rng(1).normal(size=POINTS) + np.sin(np.arange(POINTS) / 45)
    for work in (change_points, peaks):
        yield Figure(
            f"{work.__name__} of 6,000 points", 1_000 * min(cpu(partial(work, values)) for _ in range(TRIES)), "ms CPU", 1.0
        )


def many(_: Path) -> Iterator[Figure]:
    """Short files, one after the other in this process."""
    before, peak, began = 0.0, 0.0, time.process_time()
    tree = Tree(os.getpid())
    for number in range(FILES):
        text = b"2026-02-01 00:00:%02d INFO worker %d done\n" % (number % 60, number)
        analyse(Document(evidence="E1", name="a.log", chunks=(text,), size=len(text)), Context())
        if number % 1_000 == 0:
            before, peak = before or tree.resident_mib(), max(peak, tree.resident_mib())
    yield Figure("memory, 100,000 short files", peak - before, "MiB", GROWTH_MIB)
    yield Figure("100,000 short files, each", (time.process_time() - began) * 1e6 / FILES, "µs CPU")


def giga(folder: Path) -> Iterator[Figure]:
    """One typical log of a gigabyte."""
    write(folder / "giga.log", GIGABYTE)
    yield from gigabyte(folder / "giga.log")
    (folder / "giga.log").unlink()


def over_http(folder: Path) -> Iterator[Figure]:
    """A typical log of ten megabytes."""
    write(folder / "ten.log", 11)
    yield from served(folder / "ten.log")


PARTS: Mapping[str, Part] = {
    "speed": speeds,
    "texts": texts,
    "series": series,
    "worst": worst_cases,
    "many": many,
    "gigabyte": giga,
    "search": searched,
    "served": over_http,
}


def main(chosen: list[str]) -> int:
    """Print one table; 1 when a figure is worse than twice its target."""
    began, good = time.perf_counter(), True
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, speeds are the best of three in CPU seconds")
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen or PARTS:
            print(name, flush=True)
            for figure in PARTS[name](Path(folder)):
                print(f"  {figure}", flush=True)
                good = good and figure.tolerable
    print(f"{(time.perf_counter() - began) / 60:.1f} minutes")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
