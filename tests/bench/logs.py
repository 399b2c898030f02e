"""Seeded logs of any size for benches: eight kinds of line with fresh numbers, or the honest worst cases of a key pass."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

Line = Callable[[random.Random, str], str]
_LINES: tuple[Line, ...] = (
    lambda r, at: (
        f"{at} INFO  [http-{r.randrange(32)}] Request {r.getrandbits(48):012x} GET /v1/items/{r.randrange(10**6)} took {r.randrange(5, 900)} ms"
    ),
    lambda r, at: (
        f"{at} DEBUG [pool-{r.randrange(8)}] Connection borrowed, active={r.randrange(20)} idle={r.randrange(20)} waiting=0"
    ),
    lambda r, at: f"{at} INFO  [cache] Evicted segment {r.randrange(4096)} of shard {r.randrange(64)} ({r.randrange(1, 900)} kB)",
    lambda r, at: (
        f"{at} WARN  [queue] Depth {r.randrange(100, 2000)} of partition {r.randrange(48)}, consumer lags {r.randrange(90)} s"
    ),
    lambda r, at: (
        f"{at} INFO  [auth] Session {r.getrandbits(64):016x} opened from 10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(256)}"
    ),
    lambda r, at: (
        f"{at} INFO  [store] Flushed {r.randrange(10**5)} rows to /data/tables/{r.randrange(500)}/part-{r.randrange(10**4)}.seg"
    ),
    lambda r, at: f"{at} ERROR [mail] Delivery {r.randrange(10**7)} failed: connection refused by relay-{r.randrange(9)}:25",
    lambda r, at: (
        f"{at} INFO  [timer] Job nightly-{r.randrange(40)} finished with status {r.choice((0, 0, 0, 1))} in {r.randrange(3000)} ms"
    ),
)
_WEIGHTS = (40, 20, 12, 3, 10, 10, 1, 4)
KINDS = ("typical", "base62", "letters", "different")


def lines(seed: int, kind: str = "typical") -> Iterator[str]:
    """Yield lines without end; every kind but `typical` adds words that no key pass can foresee."""
    dice = random.Random(seed)
    clock = datetime(2026, 2, 1, tzinfo=UTC)
    while True:
        clock += timedelta(milliseconds=dice.randrange(1, 40))
        line = dice.choices(_LINES, _WEIGHTS)[0](dice, clock.strftime("%Y-%m-%d %H:%M:%S.%f")[:23])
        yield line + _noise(dice, kind)


def _noise(dice: random.Random, kind: str) -> str:
    if kind == "base62":
        return " ref=" + "".join(dice.choices(string.ascii_letters + string.digits, k=22))
    if kind == "letters":
        return " ref=" + "".join(dice.choices(string.ascii_lowercase, k=9))
    if kind == "different":
        return " " + " ".join("".join(dice.choices(string.ascii_lowercase, k=7)) for _ in range(8))
    return ""


GENERATED = 64.0
"""Megabytes of which every line is new; a larger log repeats them, each time a day later."""


def write(path: Path, megabytes: float, kind: str = "typical", seed: int = 7) -> None:
    """Write a log of about this size."""
    left = int(min(megabytes, GENERATED) * 1e6)
    rows, source = [], lines(seed, kind)
    while left > 0:
        rows.append(next(source) + "\n")
        left -= len(rows[-1])
    text = "".join(rows).encode()
    with path.open("wb") as file:
        for day in range(1, 29):
            size = min(len(text), int(megabytes * 1e6) - file.tell())
            file.write(text.replace(b"2026-02-01", b"2026-02-%02d" % day)[: text.rfind(b"\n", 0, size) + 1])
