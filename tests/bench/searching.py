"""CPU of each search over a large log once it was scanned, and the size of what the scan leaves behind."""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from domain.evidence.search.counts import count, documents, kinds, windows
from domain.evidence.search.index import Index
from domain.evidence.search.source import Source, source_of
from domain.evidence.search.words import find
from tests.bench.figures import Figure
from tests.bench.logs import write

MEGABYTES = 200
EACH_MS = 100
"""Of one search after the scan (issue 4)."""
STATE_MIB = 8
"""Of a file's state after its scan (evidence.md 14)."""
RUNS = 3
ODD = "2026-02-01 09:00:00.000 ERROR [quorum] Member 77f3a91c of shard 31 lost its lease 8841207731\n"
"""One line that stands once, in the middle."""


def written(folder: Path, kind: str, megabytes: float) -> Path:
    """A log with the odd line in its middle."""
    path = folder / f"{kind}.log"
    write(path, megabytes / 2, kind, seed=7)
    rest = folder / "rest.log"
    write(rest, megabytes / 2, kind, seed=8)
    with path.open("ab") as file, rest.open("rb") as more:
        file.write(ODD.encode())
        while piece := more.read(1 << 20):
            file.write(piece)
    rest.unlink()
    return path


def opened(path: Path) -> Source:
    """The log mapped and scanned."""
    with path.open("rb") as file:
        return source_of(path.name, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def cost(work: Callable[[], object]) -> float:
    """The least CPU of a few runs, in milliseconds."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        work()
        best = min(best, 1_000 * (time.process_time() - start))
    return best


def searches(source: Source, other: Source) -> dict[str, Callable[[], object]]:
    """Every tool, with words that are frequent, rare, numbers, or absent."""
    lines = source.index.lines
    return {
        "grep a frequent word, 200 hits with context": partial(find, source, "info", limit=200, context=5),
        "grep two words of a rare kind": partial(find, source, "delivery refused", limit=200),
        "grep a word that stands once": partial(find, source, "quorum lease"),
        "grep a number that stands once": partial(find, source, "8841207731"),
        "grep a hexadecimal id with a word": partial(find, source, "77f3a91c member"),
        "grep an absent number": partial(find, source, "5550123987"),
        "grep an absent word": partial(find, source, "zookeeper"),
        "read 2,000 lines in the middle": partial(source.read, lines // 2, lines // 2 + 1_999),
        "list kinds of line": partial(kinds, source, limit=200),
        "count words over time": partial(count, source, "connection refused"),
        "count a number over time": partial(count, source, "8841207731"),
        "compare two halves": partial(windows, source, (1, lines // 2), (lines // 2 + 1, lines)),
        "compare two windows of 1,000 lines": partial(windows, source, (1, 1_000), (lines - 1_000, lines)),
        "compare with another log": partial(documents, source, other),
    }


def figures(folder: Path, kind: str, megabytes: float) -> Iterator[Figure]:
    """The cost of each search over one kind of log."""
    start = time.process_time()
    source = opened(written(folder, kind, megabytes))
    yield Figure("write, scan and index", time.process_time() - start, "s")
    stored = TypeAdapter(Index).dump_json(source.index)
    yield Figure("index as JSON", len(stored) / (1 << 20), "MiB", STATE_MIB)
    assert find(source, "8841207731").total == find(source, "quorum lease").total == 1, "the odd line is found"
    other = opened(written(folder, "typical", megabytes / 10)) if kind != "typical" else source
    for name, work in searches(source, other).items():
        yield Figure(name, cost(work), "ms", EACH_MS)


def searched(folder: Path) -> Iterator[Figure]:
    """The cost of each search over a typical log, and over one with a random word in every line."""
    for kind in ("typical", "letters"):
        print(f" {kind}, {MEGABYTES} MB")
        yield from figures(folder, kind, MEGABYTES)
