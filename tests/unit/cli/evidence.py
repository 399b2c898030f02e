"""A fault as two files: a log whose database runs out of connections, and the metrics of the same hour."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINES = 6_000
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"


def app_log() -> str:
    """Return 100 minutes: a rollout half-way, then a quarter of an hour without connections."""
    dice = random.Random(3)
    return "".join(f"{START + timedelta(seconds=place):%Y-%m-%dT%H:%M:%S}Z {_line(dice, place)}\n" for place in range(LINES))


def _line(dice: random.Random, place: int) -> str:
    if place == 2_990:
        return f"INFO [deploy] rollout of {HOSTILE} started"
    if 3_000 < place < 3_900 and dice.random() < 0.5:
        return f"ERROR [db] order {dice.randrange(9_999)} failed: FATAL: sorry, too many clients already"
    if dice.random() < 0.04:
        return f"WARN [queue] depth {dice.randrange(100, 999)} of partition {dice.randrange(9)}"
    return f"INFO [web] GET /cart/{dice.randrange(9_999)} took {dice.randrange(5, 80)} ms"


def metrics() -> str:
    """Return the same hundred minutes, a row each ten seconds."""
    dice = random.Random(4)
    rows = ["time,cpu_percent,db_connections,latency_ms"]
    for place in range(600):
        late = place >= 300
        at = START + timedelta(seconds=10 * place)
        cells = (dice.gauss(30, 3), (100 if late else 40) + dice.randrange(3), dice.gauss(400 if late else 40, 9))
        rows.append(f"{at:%Y-%m-%dT%H:%M:%S}Z," + ",".join(f"{cell:.1f}" for cell in cells))
    return "\n".join(rows) + "\n"
