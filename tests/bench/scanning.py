"""Speed of a scan as a share of the bare loop, other programs over the same file beside it, and ten megabytes to a digest (E2, E4)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from activities.processes import uncollected
from domain.evidence.analyse import analyse
from domain.evidence.decoding.blocks import text_blocks
from domain.evidence.digest import Head, digest, pick
from domain.evidence.logs.groups import groups_of
from domain.evidence.logs.keys import Effort, Scan, scan_all
from domain.evidence.severity import severity
from domain.evidence.values import Context, Document
from tests.bench.figures import Figure
from tests.drain import drain_miner

CHUNK = 1 << 20
HEX = b"0123456789abcdefABCDEF"
RUNS = 3
DRAIN_LINES = 20_000
PASSES = {
    "key pass: counts, first and last line, severity": (Effort(buckets=False, slots=False), 0.70),
    "the same with buckets": (Effort(slots=False), 0.50),
    "the same with buckets and slots": (Effort(), 0.30),
}
"""The rows of E2 with their least share of the bare loop."""
NOISE_TARGET = 0.25
DRAIN_TARGET = 50
TEXT_BYTES, TEXT_S, LOG_S, LOG_SHARE = 10_000_000, 1.5, 0.150, 4
"""E4: CPU of ten megabytes from bytes to digest, for any text and for a log of few kinds of line."""
COUNTERS = {"wc -l": ("wc", "-l"), "rg -c ERROR": ("rg", "-c", "--no-config", "ERROR")}


def chunks(path: Path) -> Iterator[bytes]:
    """The file as the product reads it."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def bare(path: Path) -> Counter[bytes]:
    """The loop that every figure is a share of."""
    counts: Counter[bytes] = Counter()
    rest = b""
    for chunk in chunks(path):
        data = rest + chunk
        end = data.rfind(b"\n") + 1
        counts.update(data[:end].translate(None, HEX).split(b"\n"))
        rest = data[end:]
    return counts


def counted(path: Path, effort: Effort) -> Scan:
    """The key pass with first and last lines, and the severity of every key."""
    scan = scan_all(text_blocks(chunks(path)), effort=effort)
    for _, row in scan.firsts.values():
        severity(row.decode("utf-8", "replace"))
    return scan


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def templates(path: Path) -> None:
    """What Drain3 does: every line counted under its template."""
    groups_of(counted(path, Effort(buckets=False, slots=False)))


def drain(path: Path) -> float:
    """CPU seconds that Drain3 with masks, in memory only, would need for the file, from its first lines."""
    miner = drain_miner()
    with path.open(encoding="utf-8", errors="replace") as file:
        head = [line.rstrip("\n") for line in islice(file, DRAIN_LINES)]
    seconds = cpu(lambda: [miner.add_log_message(line) for line in head])
    return seconds * path.stat().st_size / max(1, sum(len(line) + 1 for line in head))


def to_digest(data: bytes) -> None:
    """Bytes to digest, as a turn does it."""
    pieces = tuple(data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    found = analyse(Document(evidence="E1", name="bench.log", chunks=pieces), Context())
    head = Head(
        evidence="E1",
        name=found.name,
        kind=found.classification.kind,
        confidence=found.classification.confidence,
        coverage=found.coverage,
    )
    digest(pick(found), [head], 1_600)


def speed(path: Path, noise: bool) -> Iterator[Figure]:
    """Shares of the bare loop, each the best of runs that take turns, so that other work on the machine strikes all alike."""
    works = {name: partial(counted, path, effort) for name, (effort, _) in PASSES.items()}
    best = dict.fromkeys(("bare", "templates", *works), float("inf"))
    for _ in range(RUNS):
        for name, work in {"bare": partial(bare, path), "templates": partial(templates, path), **works}.items():
            best[name] = min(best[name], cpu(work))
    megabytes = path.stat().st_size / 1e6
    yield Figure("bare loop", megabytes / best["bare"], "MB/s", more_is_better=True)
    for name, (_, target) in PASSES.items():
        yield Figure(name, best["bare"] / best[name], "of the bare loop", NOISE_TARGET if noise else target, more_is_better=True)
    yield from others(path, best["bare"])
    rival = drain(path)
    yield Figure("Drain3 to counts and templates", rival / best["templates"], "×", DRAIN_TARGET, more_is_better=True)
    yield Figure("Drain3 to the pass with buckets and slots", rival / best[list(PASSES)[-1]], "×", more_is_better=True)


def others(path: Path, bare_s: float) -> Iterator[Figure]:
    """What programs that only count lines need for the same file, as shares of the bare loop; none is a target."""
    for name, command in COUNTERS.items():
        if shutil.which(command[0]) is None:
            print(f"  {name}: not on PATH (Debian: {'ripgrep' if command[0] == 'rg' else 'coreutils'}), no row")
            continue
        yield Figure(name, bare_s / max(1e-3, min(child_cpu([*command, str(path)]) for _ in range(RUNS))), "of the bare loop")


def child_cpu(command: list[str]) -> float:
    """CPU seconds of another program."""
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def small(path: Path, noise: bool) -> Iterator[Figure]:
    """E4 on the first ten megabytes, warm."""
    with path.open("rb") as file:
        data = file.read(TEXT_BYTES)
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(data)
        copy.flush()
        floor = min(cpu(partial(bare, Path(copy.name))) for _ in range(RUNS))
    seconds = min(cpu(partial(uncollected, partial(to_digest, data))) for _ in range(RUNS))
    target = TEXT_S if noise else max(LOG_SHARE * floor, LOG_S)
    yield Figure("10 MB decoded → digest, warm", seconds * 1000, "ms CPU", target * 1000)
