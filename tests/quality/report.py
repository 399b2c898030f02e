"""`make quality`: predictions for every set, judged by the evaluators, one row per set with figures, floor, target and verdict.

Data lies at FAULTMAVEN_TEST_DATA (default `../shared/data`), the evaluators in its sibling `eval`. Without them every row says NOT RUN.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.quality.targets import GATES, Gate, Measure

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900


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


def measured(gate: Gate, data: Path, scratch: Path) -> dict[str, float] | str:
    """Return the figures of one gate, or why there are none."""
    evaluators = data.parent / "eval"
    folder = data / gate.set
    if gate.seed and evaluators.is_dir():
        folder = generated(gate, data, scratch)
    if not folder.is_dir() or not evaluators.is_dir():
        return "NOT RUN: no such data"
    out = scratch / f"{gate.set}-{gate.budget}-{gate.seed}.jsonl"
    if not out.exists():
        made = run(
            [sys.executable, "-m", "tests.quality.predict", gate.set, str(folder), str(out), "--budget", str(gate.budget)], ROOT
        )
        if made.returncode:
            out.unlink(missing_ok=True)
            return f"NOT RUN: {made.stderr.strip().splitlines()[-1] if made.stderr.strip() else 'no predictions'}"
    judged = run(
        [sys.executable, str(evaluators / gate.evaluator), str(folder), str(_kept(out, gate)), *_extra(gate)], evaluators
    )
    return figures(judged.stdout) if judged.returncode == 0 else f"NOT RUN: {judged.stderr.strip()[-200:]}"


def generated(gate: Gate, data: Path, scratch: Path) -> Path:
    """Make a seeded set; claims find their evidence in a sibling folder."""
    home = scratch / f"seed-{gate.seed}"
    folder = home / gate.set
    if not folder.exists():
        home.mkdir(exist_ok=True)
        (home / "adversarial").symlink_to(data / "adversarial") if not (home / "adversarial").exists() else None
        made = (
            ["make_claims.py", str(data / "adversarial"), str(folder), str(gate.seed)]
            if gate.set == "claims"
            else ["make_logs.py", "needle", str(folder), str(gate.seed), "4000"]
        )
        run([sys.executable, str(data.parent / "eval" / made[0]), *made[1:]], data.parent / "eval")
    return folder


def run(words: list[str], where: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment, without leaving byte code behind."""
    return subprocess.run(
        words, cwd=where, capture_output=True, text=True, timeout=PATIENCE_S, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    )


def _kept(out: Path, gate: Gate) -> Path:
    """Return the file with the rows that the evaluator reads."""
    if not gate.only:
        return out
    kept = out.with_suffix(f".{gate.only}.jsonl")
    kept.write_text("".join(line for line in out.open(encoding="utf-8") if f'"{gate.only}":' in line), encoding="utf-8")
    return kept


def _extra(gate: Gate) -> list[str]:
    return [str(gate.budget)] if gate.evaluator == "digest_recall.py" else []


def met(measure: Measure, value: float, bound: float) -> bool:
    """Tell whether a figure keeps a bound."""
    return value <= bound if measure.highest else value >= bound


def rows(data: Path, scratch: Path) -> Iterator[tuple[str, bool]]:
    """Yield each gate's line and whether its floors hold."""
    for gate in GATES:
        found = measured(gate, data, scratch)
        name = f"{gate.set}{f'@{gate.budget}' if gate.evaluator == 'digest_recall.py' else ''}{f' seed {gate.seed}' if gate.seed else ''}"
        if isinstance(found, str):
            yield f"{name:<22} {found}", True
            continue
        cells, good = [], True
        for one in gate.measures:
            value = found.get(one.figure)
            holds = value is not None and met(one, value, one.floor)
            good &= holds
            word = "absent" if value is None else f"{value:.3f}"
            verdict = "met" if value is not None and met(one, value, one.target) else "not met"
            cells.append(
                f"{one.figure} {word} (floor {one.floor:g}{'' if holds else ' BROKEN'}, target {one.target:g}: {verdict})"
            )
        yield f"{name:<22} {'; '.join(cells)}", good


def main() -> int:
    """Print the report; 1 when a floor is broken."""
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        for line, good in rows(data_folder(), Path(folder)):
            print(line, flush=True)
            broken += not good
    print(f"{broken} sets below their floor" if broken else "every floor holds")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
