"""When a fault began: seeded metrics of several services with a known fault time, in many shapes and kinds of noise (E9)."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.analyse import analyse
from domain.evidence.timeline import onset, onset_signals
from domain.evidence.values import Context, Document

pytestmark = pytest.mark.unmeasured

START = datetime(2026, 5, 4, 10, tzinfo=UTC)
STEP_S = 15
POINTS = 200
CASES = 60
FLOOR = 0.9
"""Share of cases whose onset lies within 60 s of the fault (evidence.md 17, E9)."""
Fault = Callable[[float, int], float]
SHAPES: dict[str, Fault] = {
    "step": lambda level, since: level * 4 if since >= 0 else level,
    "drop": lambda level, since: level * 0.1 if since >= 0 else level,
    "pulse": lambda level, since: level * 5 if 0 <= since < 40 else level,
    "quick ramp": lambda level, since: level * (1 + min(since, 6)) if since >= 0 else level,
    "plateau": lambda level, since: level + 60 if since >= 0 else level,
}
NOISES: dict[str, Callable[[random.Random, float], float]] = {
    "gaussian": lambda dice, level: dice.gauss(0, level / 20),
    "heavy tailed": lambda dice, level: level / 40 * dice.gauss(0, 1) / max(0.2, abs(dice.gauss(0, 1))),
    "held": lambda dice, level: round(dice.gauss(0, level / 20), 1),
    "rare spikes": lambda dice, level: level * 3 if dice.random() < 0.01 else dice.gauss(0, level / 30),
}


def a_case(seed: int) -> tuple[str, datetime, str]:
    """A table of five services with three metrics each, the time of the fault, and the service at fault."""
    dice = random.Random(seed)
    shape, noise = SHAPES[dice.choice(sorted(SHAPES))], NOISES[dice.choice(sorted(NOISES))]
    services = [f"svc{n}" for n in range(5)]
    guilty, border = dice.choice(services), dice.randrange(60, 140)
    columns: dict[str, list[float]] = {}
    for service in services:
        for metric in ("cpu", "latency", "errors"):
            level = dice.uniform(5, 50)
            drifts = dice.random() < 0.2
            moved = service == guilty and metric != "errors"
            columns[f"{service}_{metric}"] = [
                (shape(level, n - border) if moved else level) + noise(dice, level) + (n * level / 1000 if drifts else 0)
                for n in range(POINTS)
            ]
    rows = [
        f"{START + timedelta(seconds=STEP_S * n):%Y-%m-%dT%H:%M:%SZ},"
        + ",".join(f"{column[n]:.3f}" for column in columns.values())
        for n in range(POINTS)
    ]
    return "\n".join([f"time,{','.join(columns)}", *rows]), START + timedelta(seconds=STEP_S * border), guilty


@pytest.mark.parametrize("first", [0, 1_000])
def test_e9_the_onset_of_a_fault_is_found_within_a_minute(first: int) -> None:
    hits = blamed = 0
    for seed in range(first, first + CASES // 2):
        text, fault, guilty = a_case(seed)
        data = text.encode()
        read = analyse(Document(evidence="e1", name="x", chunks=(data,), size=len(data)), Context())
        found = onset(onset_signals([read]))
        hits += bool(found and found.time and abs((found.time - fault).total_seconds()) <= 60)
        blamed += bool(read.findings) and read.findings[0].subject == f"service/{guilty}"
    print(f"onset within 60 s in {hits} of {CASES // 2}, the service at fault first in {blamed}, seeds from {first}")
    assert hits >= FLOOR * CASES / 2
    assert blamed >= FLOOR * CASES / 2
