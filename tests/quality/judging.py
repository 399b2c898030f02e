"""Predictions of one gate, made by the product and judged by an evaluator, each in a process of its own.

Data lies at FAULTMAVEN_TEST_DATA (default `../shared/data`), the evaluators in its sibling `eval`. Without them a gate is not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean

from tests.quality.targets import Gate

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900
AT_ONCE = 2


class NotRunError(Exception):
    """Why there are no figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where data comes from and where predictions go."""

    data: Path
    scratch: Path

    @property
    def evaluators(self) -> Path:
        """The folder of the evaluators."""
        return self.data.parent / "eval"


def data_folder() -> Path:
    """Return where the development data lies, or would lie."""
    return Path(os.environ.get("FAULTMAVEN_TEST_DATA", ROOT.parent / "shared" / "data"))


def figures(line: str) -> dict[str, float]:
    """Return the numbers of an evaluator's line; `worst=kind:0.75` and `2/10` keep their number."""
    found = {}
    for name, value in re.findall(r"(\S+?)=(\S+)", line):
        number = re.search(r"(?:^|:)(\d+(?:\.\d+)?)(?:$|/)", value)
        if number:
            found[name] = float(number[1])
    return found


def measured(gate: Gate, bench: Bench) -> dict[str, float]:
    """Return the figures of one gate, means over its seeds; `NotRunError` says why there are none."""
    if not (bench.data / (gate.folder or gate.set)).is_dir() and not gate.seeds:
        raise NotRunError(f"no such data: {bench.data / (gate.folder or gate.set)}")
    if not bench.evaluators.is_dir():
        raise NotRunError(f"no evaluators: {bench.evaluators}")
    if not gate.seeds:
        return judged(
            gate, bench, bench.data / (gate.folder or gate.set), predicted(gate, bench, bench.data / (gate.folder or gate.set))
        )
    with ThreadPoolExecutor(AT_ONCE) as threads:
        every = list(threads.map(partial(_seeded, gate, bench), gate.seeds))
    return {name: fmean(one[name] for one in every) for name in every[0]}


def _seeded(gate: Gate, bench: Bench, seed: int) -> dict[str, float]:
    folder = generated(gate.set, seed, bench)
    return judged(gate, bench, folder, predicted(gate, bench, folder, seed))


def predicted(gate: Gate, bench: Bench, folder: Path, seed: int = 0, label: str = "") -> Path:
    """Make the predictions file as anybody would: `python -m tests.quality.predict SET DATA OUT`."""
    out = bench.scratch / f"{gate.set}{label}-{gate.budget}-{seed}.jsonl"
    if not out.exists():
        words = [sys.executable, "-m", "tests.quality.predict", gate.set, str(folder), str(out), "--budget", str(gate.budget)]
        made = run(words, ROOT)
        if made.returncode:
            out.unlink(missing_ok=True)
            raise NotRunError(made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "no predictions")
    return out


def judged(gate: Gate, bench: Bench, folder: Path, predictions: Path) -> dict[str, float]:
    """Return what the evaluator says of a predictions file."""
    budget = [str(gate.budget)] if gate.evaluator == "digest_recall.py" else []
    said = run([sys.executable, str(bench.evaluators / gate.evaluator), str(folder), str(predictions), *budget], bench.evaluators)
    if said.returncode:
        raise NotRunError(said.stderr.strip()[-200:])
    return figures(said.stdout)


def generated(name: str, seed: int, bench: Bench) -> Path:
    """Make a seeded set; claims find their evidence in a sibling folder."""
    home = bench.scratch / f"seed-{seed}"
    folder = home / name
    if folder.exists():
        return folder
    home.mkdir(exist_ok=True)
    if not (home / "adversarial").exists():
        (home / "adversarial").symlink_to(bench.data / "adversarial")
    words = (
        ["make_claims.py", str(bench.data / "adversarial"), str(folder), str(seed)]
        if name == "claims"
        else ["make_logs.py", "needle", str(folder), str(seed), "4000"]
    )
    made = run([sys.executable, str(bench.evaluators / words[0]), *words[1:]], bench.evaluators)
    if made.returncode:
        raise NotRunError(made.stderr.strip()[-200:])
    return folder


def run(words: list[str], where: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment, without leaving byte code behind."""
    return subprocess.run(
        words, cwd=where, capture_output=True, text=True, timeout=PATIENCE_S, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )
