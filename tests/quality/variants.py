"""What must not change a conclusion: the same cases shuffled, shifted, with hostile lines, or without the lines that decide."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.quality.judging import Bench, NotRunError, figures, measured, predicted, run
from tests.quality.targets import Gate


def told(gate: Gate, bench: Bench) -> dict[str, float]:
    """Return the figures of any gate."""
    return varied(gate, bench) if gate.variant else measured(gate, bench)


def varied(gate: Gate, bench: Bench) -> dict[str, float]:
    """Return how far a variant keeps the first entry of its base, and the share of cases wrongly identified in it."""
    home = bench.data / gate.set
    if not home.is_dir() or not bench.evaluators.is_dir():
        raise NotRunError(f"no such data or no evaluators: {home}")
    folder = bench.scratch / f"{gate.set}-{gate.variant}"
    made = run(
        [sys.executable, str(bench.evaluators / "make_variants.py"), gate.variant, str(home), str(folder)], bench.evaluators
    )
    if made.returncode:
        raise NotRunError(made.stderr.strip()[-200:])
    base, variant = predicted(gate, bench, home), predicted(gate, bench, folder, label=gate.variant)
    said = run([sys.executable, str(bench.evaluators / "compare.py"), str(base), str(variant)], bench.evaluators)
    return {**figures(said.stdout), "wrong": wrongly_identified(base, variant)}


def wrongly_identified(base: Path, variant: Path) -> float:
    """Return the share of a variant's cases that are called identified with another family than in the base."""
    known = {row["case"]: (row.get("first_cause") or {}).get("family") for row in _rows(base)}
    rows = _rows(variant)
    wrong = [row for row in rows if row.get("status") == "identified" and row["first_cause"]["family"] != known[row["case"]]]
    return len(wrong) / len(rows) if rows else 0.0


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
