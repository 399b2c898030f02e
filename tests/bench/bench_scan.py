"""Speed of the key pass as a share of the bare loop, Drain3 beside it, ten megabytes to a digest, and the memory that a scan adds.

usage: python -m tests.bench.bench_scan [MEGABYTES] [LOG …]
Without LOG, logs are generated: typical lines, a random word per line (base62, letters) and every line different.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path

from domain.evidence.analyse import analyse
from domain.evidence.blocks import text_blocks
from domain.evidence.digest import Head, digest, pick
from domain.evidence.groups import groups_of
from domain.evidence.keys import Effort, Scan, scan_all
from domain.evidence.severity import severity
from domain.evidence.values import Context, Document
from tests.bench.figures import Figure
from tests.bench.logs import KINDS, write

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
MEMORY_TARGET = 64
TEXT_BYTES, TEXT_S, LOG_S, LOG_SHARE = 10_000_000, 1.5, 0.150, 4
"""E4: CPU of ten megabytes from bytes to digest, for any text and for a log of few kinds of line."""
MASKS = (
    (r"(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))", "ID"),
    (r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})", "IP"),
    (r"([0-9a-f]{6,} ?){3,}", "SEQ"),
    (r"([0-9A-F]{4} ?){4,}", "SEQ"),
    (r"(0x[a-f0-9A-F]+)", "HEX"),
    (r"([\-\+]?\d+)", "NUM"),
)
"""The masks of Drain3's own example configuration, but the one for a single system."""


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
    from drain3 import TemplateMiner  # slow to import
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    config = TemplateMinerConfig()
    edges = r"((?<=[^A-Za-z0-9])|^)", r"((?=[^A-Za-z0-9])|$)"
    config.masking_instructions = [MaskingInstruction(edges[0] + mask + edges[1], name) for mask, name in MASKS]
    miner = TemplateMiner(persistence_handler=None, config=config)
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


def growth(path: Path) -> float:
    """Peak resident MiB that a scan and its grouping add, sampled in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_scan", "--memory", str(path)], capture_output=True, text=True, check=True
    )
    return float(run.stdout)


def resident_kib(name: str) -> int:
    """One line of /proc/self/status."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(name + ":")[1].split()[0])


def memory(path: Path) -> None:
    """Print by how many MiB the peak grew over the state after all imports."""
    before = resident_kib("VmRSS")
    groups_of(scan_all(text_blocks(chunks(path))))
    print((resident_kib("VmHWM") - before) / 1024)


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
    rival = drain(path)
    yield Figure("Drain3 to counts and templates", rival / best["templates"], "×", DRAIN_TARGET, more_is_better=True)
    yield Figure("Drain3 to the pass with buckets and slots", rival / best[list(PASSES)[-1]], "×", more_is_better=True)


def small(path: Path, noise: bool) -> Iterator[Figure]:
    """E4 on the first ten megabytes, warm."""
    with path.open("rb") as file:
        data = file.read(TEXT_BYTES)
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(data)
        copy.flush()
        floor = min(cpu(partial(bare, Path(copy.name))) for _ in range(RUNS))
    seconds = min(cpu(partial(to_digest, data)) for _ in range(RUNS))
    target = TEXT_S if noise else max(LOG_SHARE * floor, LOG_S)
    yield Figure("10 MB, bytes to digest", seconds * 1000, "ms CPU", target * 1000)


def report(path: Path, kind: str) -> bool:
    """Print the rows of one file beside their targets; False when one is worse than twice its target."""
    noise = kind != "typical"
    rows = [] if kind == "different" else list(speed(path, noise))
    rows += [*small(path, noise), Figure("memory growth", growth(path), "MiB", MEMORY_TARGET)]
    print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB, {datetime.now(UTC):%Y-%m-%d}, best of {RUNS}")
    for row in rows:
        print(f"  {row}", flush=True)
    return all(row.tolerable for row in rows)


def main(arguments: list[str]) -> int:
    """Read the command line; 1 when a figure is worse than twice its target."""
    if arguments[:1] == ["--memory"]:
        memory(Path(arguments[1]))
        return 0
    megabytes = float(arguments[0]) if arguments else 200.0
    given = [Path(name) for name in arguments[1:]]
    good = [report(path, next((kind for kind in KINDS if kind in path.name), "typical")) for path in given]
    with tempfile.TemporaryDirectory() as folder:
        for kind in () if given else KINDS:
            path = Path(folder) / f"{kind}.log"
            write(path, megabytes, kind)
            good.append(report(path, kind))
            path.unlink()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
