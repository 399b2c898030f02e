"""What people leave out: the cases of a set with a part of their files only, so that the first cause is often not the true one.

The sets themselves are what the rules were written beside: there the first cause is right, and no confidence could be too high.
"""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

from tests.quality.judging import Bench, predicted
from tests.quality.targets import Gate

SHARES = (0.5, 0.25)
"""Of its files that a case keeps; at least one."""
CLUSTERS = 10
"""Every so manieth cluster is read: they are large."""


def made(home: Path, bench: Bench) -> list[Path]:
    """Return the predictions of a set for every share."""
    gate = Gate(row="D10", set=home.name, evaluator="", measures=())
    found = []
    for share in SHARES:
        label = f"withheld-{share}"
        folder = bench.scratch / f"{home.name}-{label}"
        if not folder.exists():
            _written(home, folder, share)
        found.append(predicted(gate, bench, folder, label=label))
    return found


def _written(home: Path, folder: Path, share: float) -> None:
    """Write the cases of a set with a part of their files each."""
    folder.mkdir()
    for path in sorted(home.glob("*.json.gz"))[::CLUSTERS]:
        dice = random.Random(f"{path.name}-{share}")
        case = json.loads(gzip.decompress(path.read_bytes()))
        for part in ("states", "logs"):
            case[part] = {name: case[part][name] for name in sorted(case[part]) if dice.random() < share}
        case["alerts"] = case["alerts"] if dice.random() < share else {}
        case["metrics_csv"] = case.get("metrics_csv") if dice.random() < share else None
        (folder / path.name).write_bytes(gzip.compress(json.dumps(case).encode(), 1, mtime=0))
    for case_folder in (path for path in sorted(home.iterdir()) if path.is_dir()):
        dice = random.Random(f"{case_folder.name}-{share}")
        files = sorted((case_folder / "evidence").iterdir())
        kept = [path for path in files if dice.random() < share] or [dice.choice(files)]
        for path in (*kept, *(path for path in case_folder.iterdir() if path.is_file())):
            copy = folder / path.relative_to(home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
