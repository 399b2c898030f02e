"""One case of a test bed: a system, the service and the kind of its fault, and how it was recorded."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from tests.quality.injected import FAULTS, Fault, System, Table, Values, a_system, at_rest, in_trouble

STEPS = {1.0: (240, 420), 5.0: (90, 180), 15.0: (40, 80)}
"""Seconds between two scrapes → points of one half."""
KINDS = {
    **FAULTS,
    "delay": Fault({}, waits_ms=(10, 20, 50, 100)),
    "loss": Fault({}, slower=(0.5, 1, 2), waits_ms=(0, 20), fails=0.03),
}
"""The same faults, those of the network weaker: what monitoring of resources hardly shows."""
SIZES = (8, 13, 24, 40, 64)
BEGINS = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """What was done to which service, and what stands in the files; halves are calm and trouble."""

    seed: int
    fault: str
    place: int
    system: System
    step: float
    points: tuple[int, int]
    halves: tuple[Table, Table]
    parted: bool
    """Whether the halves are two files; in one file nobody tells where the second begins."""
    meshed: bool
    """Whether a mesh measures errors and latency; without one only the frontend's are known."""

    @property
    def service(self) -> str:
        """The name of the service that the fault was put in."""
        return self.system.names[self.place]

    @property
    def begins(self) -> tuple[float, float]:
        """When each half begins."""
        return BEGINS, BEGINS + self.step * self.points[0] + (3600 if self.parted else 0)

    def rng(self, what: str) -> random.Random:
        """Return numbers of their own for one file."""
        return random.Random(f"{self.seed} {self.fault} {len(self.system.names)} {what}")


def a_case(seed: int, fault: str, size: int) -> Case:
    """Return a case; the same for the same arguments."""
    rng = random.Random(f"bed {seed} {fault} {size}")
    system = a_system(rng, size)
    place = rng.randrange(1, size - size // 4)
    step = rng.choice(list(STEPS))
    usual = at_rest(system, rng)
    now = in_trouble(system, usual, (KINDS[fault], place), rng)
    least, most = STEPS[step]
    points = rng.randint(least, most), rng.randint(least, most)
    return Case(seed, fault, place, system, step, points, (usual, now), parted=rng.random() < 0.5, meshed=rng.random() < 0.7)


def recorded(case: Case, half: int, noise: np.random.Generator) -> Table:
    """Return what was scraped in one half: noise that lasts, lone outliers, and another service that does something odd for a while."""
    rng = case.rng("odd")
    points, size = case.points[half], len(case.system.names)
    lasts = rng.choice([0.0, 0.5, 0.9])
    table = {name: _noisy(noise, level, (points, lasts)) for name, level in case.halves[half].items()}
    odd = rng.choice([n for n in range(size) if n != case.place])
    if half or rng.random() < 0.5:
        table[rng.choice(["cpu", "memory", "disk"])][: points // 4, odd] *= rng.uniform(1.5, 5)
    return table


def _noisy(noise: np.random.Generator, level: Values, shape: tuple[int, float]) -> Values:
    points, lasts = shape
    size = len(level)
    wide = np.exp(noise.uniform(np.log(0.02), np.log(0.35), size))
    steps = noise.standard_normal((points, size))
    for n in range(1, points):
        steps[n] = lasts * steps[n - 1] + (1 - lasts**2) ** 0.5 * steps[n]
    values = level * np.exp(wide * steps)
    lone = noise.random((points, size)) < 0.01 * noise.uniform(0, 1, size)
    return np.where(lone, values * (1 + noise.pareto(1.8, (points, size))), values)
