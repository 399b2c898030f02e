"""Speed of the key pass as a share of the bare loop, Drain3 beside it, and the memory that a scan adds.

usage: python -m tests.bench.bench_scan [MEGABYTES] [LOG …]
Without LOG, logs are generated: typical lines, a random word per line (base62, letters) and every line different.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from domain.evidence.decode import blocks, decode
from domain.evidence.groups import groups_of
from domain.evidence.keys import Effort, Scan, scan_all
from domain.evidence.severity import severity
from tests.bench.logs import KINDS, write

CHUNK = 1 << 20
HEX = b"0123456789abcdefABCDEF"
DRAIN_LINES = 20_000
TARGETS = {"counts": 0.70, "buckets": 0.50, "full": 0.30}
NOISE_TARGET = 0.25
MEMORY_TARGET = 64


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
    scan = scan_all(blocks(decode(chunks(path))), effort=effort)
    for _, row in scan.firsts.values():
        severity(row.decode("utf-8", "replace"))
    return scan


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def drain(path: Path) -> float:
    """CPU seconds that Drain3 with masks would need for the file, from its first lines."""
    from drain3 import TemplateMiner  # slow to import
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig

    config = TemplateMinerConfig()
    config.masking_instructions = [
        MaskingInstruction(r"((?<=[^A-Za-z0-9])|^)(\d{1,3}(\.\d{1,3}){3})((?=[^A-Za-z0-9])|$)", "IP"),
        MaskingInstruction(r"((?<=[^A-Za-z0-9])|^)([0-9a-f]{6,})((?=[^A-Za-z0-9])|$)", "HEX"),
        MaskingInstruction(r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM"),
    ]
    miner = TemplateMiner(config=config)
    head: list[str] = []
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            head.append(line.rstrip("\n"))
            if len(head) == DRAIN_LINES:
                break
    seconds = cpu(lambda: [miner.add_log_message(line) for line in head])
    return seconds * path.stat().st_size / max(1, sum(len(line) + 1 for line in head))


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
    groups_of(scan_all(blocks(decode(chunks(path)))))
    print((resident_kib("VmHWM") - before) / 1024)


def report(path: Path, targets: Mapping[str, float]) -> bool:
    """Print the figures of one file beside their targets; False when one is worse than twice its target."""
    size = path.stat().st_size / 1e6
    floor = min(cpu(lambda: bare(path)) for _ in range(2))
    print(
        f"{path.name}: {size:.0f} MB, {datetime.now(UTC):%Y-%m-%d}, N=2 (best), bare loop {floor:.2f} s = {size / floor:.0f} MB/s"
    )
    efforts = {"counts": Effort(buckets=False, slots=False), "buckets": Effort(slots=False), "full": Effort()}
    good = True
    for name, effort in efforts.items():
        seconds = min(cpu(lambda e=effort: counted(path, e)) for _ in range(2))
        target = targets.get(name, 0.0)
        good = good and floor / seconds >= target / 2
        print(f"  {name:8} share {floor / seconds:.2f} (target {target or 'none'}) {verdict(floor / seconds >= target)}")
        if name == "full":
            print(f"  Drain3 with masks needs {drain(path) / seconds:.0f} × the CPU of the full pass (target 50)")
    grown = growth(path)
    print(f"  memory growth {grown:.0f} MiB (target {MEMORY_TARGET}) {verdict(grown <= MEMORY_TARGET)}", flush=True)
    return good and grown <= 2 * MEMORY_TARGET


def verdict(met: bool) -> str:
    """A word beside each figure."""
    return "met" if met else "MISSED"


def targets_of(name: str) -> Mapping[str, float]:
    """E2 of the design page: noise has a lower target, lines that all differ have none but memory."""
    if "different" in name:
        return {}
    return dict.fromkeys(TARGETS, NOISE_TARGET) if any(word in name for word in ("base62", "letters")) else TARGETS


def main(arguments: list[str]) -> int:
    """Read the command line; 1 when a figure is worse than twice its target."""
    if arguments[:1] == ["--memory"]:
        memory(Path(arguments[1]))
        return 0
    megabytes = float(arguments[0]) if arguments else 200.0
    given = [Path(name) for name in arguments[1:]]
    good = [report(path, targets_of(path.name)) for path in given]
    with tempfile.TemporaryDirectory() as folder:
        for kind in () if given else KINDS:
            path = Path(folder) / f"{kind}.log"
            write(path, megabytes, kind)
            good.append(report(path, targets_of(kind)))
            path.unlink()
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
