"""What must not change a conclusion: the same cases shuffled, shifted, with hostile lines, or without the lines that decide."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from statistics import fmean

from tests.quality.honesty import OWN
from tests.quality.judging import Bench, NotRunError, figures, measured, predicted, run
from tests.quality.targets import Gate


def told(gate: Gate, bench: Bench) -> dict[str, float]:
    """Return the figures of any gate."""
    if gate.set in OWN:
        return OWN[gate.set](bench)
    return varied(gate, bench) if gate.variant else measured(gate, bench)


def varied(gate: Gate, bench: Bench) -> dict[str, float]:
    """Return how far a variant keeps the first entry of its base, and the shares of its cases that are wrongly identified or left open.

    Means over the gate's seeds, or of the first.
    """
    every = [_once(gate, bench, seed) for seed in gate.seeds or (1,)]
    return {name: fmean(one[name] for one in every) for name in every[0]}


def _once(gate: Gate, bench: Bench, seed: int) -> dict[str, float]:
    home = bench.data / gate.set
    if not home.is_dir() or not bench.evaluators.is_dir():
        raise NotRunError(f"no such data or no evaluators: {home}")
    folder = bench.scratch / f"{gate.set}-{gate.variant}-{seed}"
    maker = str(bench.evaluators / "make_variants.py")
    made = run([sys.executable, maker, gate.variant, str(home), str(folder), str(seed)], bench.evaluators)
    if made.returncode:
        raise NotRunError(made.stderr.strip()[-200:])
    sampled(folder, gate.every)
    base, variant = predicted(gate, bench, home), predicted(gate, bench, folder, seed, label=gate.variant)
    base = beside(base, variant)
    names = [str(path) for path in (folder / "mapping.jsonl",) if path.is_file()]
    said = run([sys.executable, str(bench.evaluators / "compare.py"), str(base), str(variant), *names], bench.evaluators)
    return {**figures(said.stdout), "wrong": wrongly_identified(base, variant), "open": left_open(variant)}


def sampled(folder: Path, every: int) -> None:
    """Keep every so manieth case of a variant, beginning with the first."""
    cases = sorted(path for path in folder.iterdir() if path.is_dir() or path.name.endswith(".json.gz"))
    for place, path in enumerate(cases):
        if place % every == 0:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def beside(base: Path, variant: Path) -> Path:
    """Return the base's rows of the cases that the variant holds, in a file of its own."""
    held = {row["case"] for row in _rows(variant)}
    out = variant.with_name(f"beside-{variant.name}")
    rows = [json.dumps(row, ensure_ascii=False) for row in _rows(base) if row["case"] in held]
    out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return out


def wrongly_identified(base: Path, variant: Path) -> float:
    """Return the share of a variant's cases that are called identified with another first cause than in the base."""
    known = {row["case"]: _first(row) for row in _rows(base)}
    rows = _rows(variant)
    wrong = [row for row in rows if row.get("status") == "identified" and _first(row) != known[row["case"]]]
    return len(wrong) / len(rows) if rows else 0.0


def left_open(variant: Path) -> float:
    """Return the share of a variant's cases with candidates only, or with none."""
    rows = _rows(variant)
    return sum(row.get("status") != "identified" for row in rows) / len(rows) if rows else 0.0


def _first(row: dict[str, object]) -> object:
    """Return what is said first: the whole label where causes have one, object included, else the family."""
    first, ranked = row.get("first_cause"), row.get("ranked")
    if isinstance(ranked, list):
        return ranked[0] if ranked else ""
    return first["family"] if isinstance(first, dict) else row.get("family", "")


def _rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
