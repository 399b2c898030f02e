"""Nothing acknowledged is lost and nothing is answered twice, whatever dies; and the harness notices when a protection is off.

Seeds: one fixed, so that a failure can be repeated: `FAULTMAVEN_TEST_SEED` chooses another. Zero violations in N messages say
only that their rate is below 3/N.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.e2e.faults.storm import Outcome, Storm, run

SEED = int(os.environ.get("FAULTMAVEN_TEST_SEED", "20261121"))
CASES, TURNS = 10, 50
KILLS = {"worker": 6, "api": 8, "temporal": 6}
API = (sys.executable, "-m", "tests.e2e.faults.api")
WORKER = (sys.executable, "-m", "tests.e2e.faults.worker")


@pytest.mark.parametrize("part", ["worker", "api", "temporal"])
async def test_nothing_acknowledged_is_lost_when_a_part_is_killed(part: str, tmp_path: Path) -> None:
    storm = Storm(seed=SEED, cases=CASES, turns=TURNS, part=part, kills=KILLS[part])
    outcome = await run(storm, tmp_path / "lines.jsonl")
    assert outcome.violations == ()
    assert outcome.kills == KILLS[part]
    assert 2 * outcome.hits >= outcome.kills
    assert all(line["runs"] > 1 for line in outcome.journal.of("case"))


async def small(**roots: tuple[str, ...]) -> Outcome:
    """Run a storm without kills: its duplicates alone must show what is switched off."""
    return await run(Storm(seed=SEED, cases=4, turns=16, roots=roots))


async def test_it_bites_without_idempotency_keys() -> None:
    outcome = await small(api=(*API, "unkeyed"))
    assert any("user rows" in found for found in outcome.violations)
    assert any("different answers" in found for found in outcome.violations)


async def test_it_bites_when_a_hand_over_forgets_the_answered_keys() -> None:
    outcome = await small(worker=(*WORKER, "forget"))
    assert outcome.journal.of("retold")
    assert any("without a kill between" in found for found in outcome.violations)
    assert any("rows are not turn" in found for found in outcome.violations)


async def test_a_write_that_is_reported_failed_leaves_one_row() -> None:
    outcome = await small(worker=(*WORKER, "unsure"))
    assert outcome.violations == ()


async def test_it_bites_when_rows_are_not_unique() -> None:
    outcome = await small(worker=(*WORKER, "unsure", "unchecked"))
    assert any("user rows" in found for found in outcome.violations)
