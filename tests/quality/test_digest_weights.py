"""The digest does not hang on a constant: any weight a fifth higher or lower loses or gains at most one case (recorded, N=12; needles, N=14)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import pytest

from domain.evidence.candidates import WEIGHTS, Weights, pick
from domain.evidence.digest import digest
from domain.evidence.values import Analysis
from tests.quality.judging import data_folder
from tests.quality.needles import head_of, needles, read
from tests.quality.reading import analysed

CHANGED = [
    pytest.param(replace(WEIGHTS, **{each.name: getattr(WEIGHTS, each.name) * factor}), id=f"{each.name}×{factor}")
    for each in fields(Weights)
    for factor in (0.8, 1.2)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    analyses: Sequence[Analysis]
    question: str
    decisive: tuple[str, ...]

    def kept(self, budget: int, weights: Weights = WEIGHTS) -> bool:
        lines = [line for one in self.analyses for line in pick(one, weights)]
        text = digest(lines, [head_of(one) for one in self.analyses], budget, self.question, weights).text
        return all(re.search(expression, text) for expression in self.decisive)


@cache
def recorded() -> tuple[Case, ...]:
    data = data_folder() / "recorded"
    if not data.is_dir():
        pytest.skip(f"NOT RUN: no {data} (FAULTMAVEN_TEST_DATA)")
    found = []
    for row in map(json.loads, (data / "truth.jsonl").read_text().splitlines()):
        about = json.loads((data / row["case"] / "case.json").read_text())
        commands = {one["name"]: one.get("command", "") for one in about["files"]}
        files = sorted((data / row["case"] / "evidence").iterdir())
        analyses = [analysed(one.name, one.read_bytes(), about["question"], commands.get(one.name, "")) for one in files]
        found.append(Case(analyses=analyses, question=about["question"], decisive=tuple(row["decisive"])))
    return tuple(found)


@cache
def hidden() -> tuple[Case, ...]:
    return tuple(
        Case(analyses=[read(one.text)], question="", decisive=tuple(map(re.escape, one.decisive)))
        for seed in (1, 2)
        for one in needles(seed)
    )


@pytest.mark.needs_shared
@pytest.mark.parametrize("weights", CHANGED)
@pytest.mark.parametrize("budget", [400, 800, 1_600])
def test_no_weight_of_the_digest_decides_over_two_recorded_cases(weights: Weights, budget: int) -> None:
    cases = recorded()
    assert abs(sum(one.kept(budget, weights) for one in cases) - sum(one.kept(budget) for one in cases)) <= 1


@pytest.mark.parametrize("weights", CHANGED)
def test_no_weight_of_the_digest_decides_over_two_needles(weights: Weights) -> None:
    assert sum(one.kept(400, weights) for one in hidden()) >= len(hidden()) - 1
