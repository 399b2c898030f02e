"""Other people's tools on the same data in the same run: Drain3 for templates, ruptures for change points, scores of deviation for services."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import ruptures

from tests.drain import drain_miner
from tests.quality import injected
from tests.quality.judging import Bench, judged
from tests.quality.targets import Gate

Rows = Iterator[dict[str, object]]


def drain(data: Path) -> Rows:
    """Yield the template of every line as Drain3 groups it, one miner per system."""
    for table in sorted(data.glob("*/*_2k.log_structured.csv")):
        with table.open(newline="", encoding="utf-8", errors="replace") as file:
            lines = list(csv.DictReader(file))
        miner = drain_miner()
        clusters = [miner.add_log_message(row["Content"])["cluster_id"] for row in lines]
        named = {one.cluster_id: one.get_template() for one in miner.drain.clusters}
        for row, cluster in zip(lines, clusters, strict=True):
            yield {"system": table.parent.name, "line": int(row["LineId"]), "template": named[cluster]}


def pelt(data: Path) -> Rows:
    """Yield the change points of PELT on the mean with the Bayesian penalty 2·log n, scaled to unit variance."""
    for path in sorted(data.glob("*.json")):
        values = np.array([math.nan if one is None else one for one in json.loads(path.read_text())["values"]], dtype=float)
        known = np.flatnonzero(~np.isnan(values))
        filled = np.interp(np.arange(len(values)), known, values[known])
        scaled = (filled - filled.mean()) / (filled.std() or 1.0)
        found = ruptures.Pelt(model="l2", min_size=3, jump=1).fit(scaled).predict(pen=2 * math.log(len(scaled)))
        yield {"series": path.stem, "points": found[:-1]}


PEERS: Mapping[str, tuple[str, Callable[[Path], Rows]]] = {"loghub2k": ("Drain3", drain), "tcpd": ("ruptures PELT", pelt)}
"""Set → who else is run on it."""


def beside(gate: Gate, bench: Bench) -> dict[str, str]:
    """Return figure → what a peer reaches in the same run; empty where none installs."""
    if gate.set == "injected":
        return injected.others()
    if gate.set not in PEERS:
        return {}
    name, predict = PEERS[gate.set]
    folder = bench.data / (gate.folder or gate.set)
    out = bench.scratch / f"peer-{gate.set}.jsonl"
    with out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in predict(folder))
    return {figure: f"{value:.3f} {name}, measured" for figure, value in judged(gate, bench, folder, out).items()}
