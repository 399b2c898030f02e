"""All figures beside their rows: `make bench`. Exit code 1 when one is worse than twice its row."""

from __future__ import annotations

import platform
import subprocess
import sys
from datetime import UTC, datetime

PARTS = (("turns and reads", "tests.bench.bench_turns"), ("evidence", "tests.bench.bench_evidence"))


def main() -> int:
    """Run each part in a process of its own, so that none warms up another."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {platform.machine()}")
    codes = []
    for title, module in PARTS:
        print(f"\n{title}", flush=True)
        codes.append(subprocess.run([sys.executable, "-m", module], check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
