"""`make quality`: one table of every set's figures with floor, target, verdict and peers; exit code 1 where a floor is broken."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.quality import ablation, calibration
from tests.quality.judging import Bench, NotRunError, data_folder
from tests.quality.peers import beside
from tests.quality.targets import GATES, Gate, Measure
from tests.quality.variants import told

LINE = "{:<6} {:<24} {:<18} {:>7} {:>7} {:>7}  {:<8} {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of the table."""

    gate: Gate
    measure: Measure
    value: float | None
    peers: str = ""

    @property
    def holds(self) -> bool:
        """Whether the floor holds."""
        return self.value is not None and self.measure.keeps(self.value, self.measure.floor)

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.value is not None and self.measure.keeps(self.value, self.measure.target)

    def __str__(self) -> str:
        one = self.measure
        value = "absent" if self.value is None else f"{self.value:.3f}"
        verdict = "BROKEN" if not self.holds else "met" if self.met else "not met"
        peers = "; ".join(part for part in (self.peers, one.peers) if part)
        return LINE.format(
            self.gate.row, self.gate.name, one.figure, value, f"{one.floor:g}", f"{one.target:g}", verdict, peers
        ).rstrip()


def rows(gate: Gate, bench: Bench) -> Iterator[Row]:
    """Yield a gate's figures; none, and a line that says why, where there is no data."""
    try:
        found, peers = told(gate, bench), beside(gate, bench)
    except NotRunError as reason:
        print(f"{gate.row:<6} {gate.name:<24} NOT RUN: {reason}", flush=True)
        return
    for one in gate.measures:
        yield Row(gate=gate, measure=one, value=found.get(one.figure), peers=peers.get(one.figure, ""))


def main() -> int:
    """Print the table."""
    print(LINE.format("row", "set", "figure", "value", "floor", "target", "", "peers"))
    every: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(data=data_folder(), scratch=Path(folder))
        for row in (row for gate in GATES for row in rows(gate, bench)):
            every.append(row)
            print(row, flush=True)
        for line in chain(calibration.chart(bench), ablation.told(bench)):
            print(line, flush=True)
    print("E2-E4: make bench-evidence; E6 and the identity of E11: property tests in tests/unit/domain/evidence")
    broken, met = sum(not row.holds for row in every), sum(row.met for row in every)
    print(f"{broken} figures below their floor" if broken else f"every floor holds; {met} of {len(every)} figures at target")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
