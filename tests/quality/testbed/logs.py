"""Lines of all containers in one table: what everybody says all the time, and what a fault makes its service and its callers say."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from tests.quality.testbed.drawn import Case

LINES = 1_500
"""Of one half."""
HEAD = "timestamp,container,level,message"
USUAL = (
    "GET /api/v1/items/{} 200 {} ms", "handled request {} in {} ms", "cache refreshed, {} entries", "session {} opened", "published event {}",
)  # fmt: skip
TROUBLE: Mapping[str, tuple[str, ...]] = {
    "cpu": ("worker {} is late by {} ms", "request {} took {} ms, slower than its deadline"),
    "memory": ("collection took {} ms, heap at {} MB", "allocation of {} bytes failed"),
    "disk": ("write of {} bytes took {} ms", "flush {} timed out"),
    "sockets": ("accept: too many open files ({})", "cannot open connection {}"),
    "delay": ("call {} answered after {} ms, over its budget",),
    "loss": ("connection {} reset by peer", "retrying {} after timeout"),
}
"""Kind of fault → what its service says of it, where it says anything."""
PASSED = "upstream {} failed: deadline exceeded"
"""What callers say."""


def printed(case: Case) -> tuple[str, ...]:
    """Return the lines of both halves, in two files or one; two services of three say what troubles them."""
    rng = case.rng("logs")
    speaks = rng.random() < 0.67
    halves = [list(_half(case, half, rng, speaks=speaks)) for half in (0, 1)]
    kept = halves if case.parted else [[*halves[0], *halves[1]]]
    return tuple("\n".join([HEAD, *rows]) for rows in kept)


def _half(case: Case, half: int, rng: random.Random, *, speaks: bool) -> Iterator[str]:
    names = case.system.names
    flow = case.halves[half]["load"].tolist()
    callers = [caller for caller, called in case.system.calls if called == case.place]
    noisy = rng.randrange(len(names))
    for n in range(LINES):
        at = datetime.fromtimestamp(case.begins[half] + n * case.step * case.points[half] / LINES, UTC)
        who, level, text = rng.choices(range(len(names)), flow)[0], "info", rng.choice(USUAL)
        odds = rng.random()
        if half and speaks and odds < 0.04:
            who, level, text = case.place, rng.choice(["warn", "error"]), rng.choice(TROUBLE[case.fault])
        elif half and odds < 0.07:
            who, level, text = rng.choice(callers), "error", PASSED
        elif odds < 0.08:
            who, level, text = noisy, "warn", "slow consumer {} dropped"
        told = text.replace("{}", str(rng.randrange(10_000)), 1).replace("{}", str(rng.randrange(3, 900)))
        yield f'{at:%Y-%m-%dT%H:%M:%S.%f}Z,{names[who]},{level},"{told}"'
