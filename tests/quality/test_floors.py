"""Every figure that was reached once is reached again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.quality.judging import Bench, NotRunError, data_folder
from tests.quality.targets import GATES, Gate
from tests.quality.variants import told


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(data=data_folder(), scratch=tmp_path_factory.mktemp("predictions"))


@pytest.mark.needs_shared
@pytest.mark.parametrize("gate", GATES, ids=lambda gate: f"{gate.row} {gate.name}")
def test_no_figure_is_below_its_floor(gate: Gate, bench: Bench) -> None:
    """Of generated sets the first two seeds, of clusters' variants every 25th case; `make quality` runs all."""
    every = 25 if gate.variant and gate.set == "cloudops" else 1
    try:
        found = told(replace(gate, seeds=gate.seeds[:2], every=every), bench)
    except NotRunError as reason:
        pytest.skip(f"NOT RUN: {reason} (FAULTMAVEN_TEST_DATA)")
    figures = {one.figure: found.get(one.figure) for one in gate.measures}
    print(gate.row, gate.name, figures)
    assert {one.figure: found[one.figure] for one in gate.measures if not one.keeps(found[one.figure], one.floor)} == {}
