"""Two recordings of a small system: one service rises by one of its measures, by a little, or under a load test."""

from __future__ import annotations

from tests.unit.domain.diagnosis.examples.shapes import Trio

SERVICES = ("front", "kiln", "mill", "yard")
MEASURES = ("cpu", "mem", "diskio", "sockets", "latency-50", "error")


def recording(hour: int, **rises: float) -> str:
    """Return forty minutes of a calm system but for what rises so many times at one service."""
    columns = [(name, measure) for measure in MEASURES for name in SERVICES]
    rows = [
        ",".join(f"{(rises.get(measure, 1.0) if name == 'kiln' else 1.0) * (10 + n % 3 / 10):g}" for name, measure in columns)
        for n in range(40)
    ]
    head = ",".join(["time", *(f"{name}_{measure}" for name, measure in columns)])
    return "\n".join([head, *(f"2031-03-04T{hour:02}:{n:02}:00Z,{row}" for n, row in enumerate(rows))])


def told(against: str, **rises: float) -> Trio:
    """Return the three examples of one fault; `against` is the line that excludes it."""
    calm, faulty = {"normal.csv": recording(9)}, {"fault.csv": recording(10, **rises)}
    return Trio(
        positive={**calm, **faulty},
        near={**calm, "fault.csv": recording(10, **dict.fromkeys(rises, 1.05))},
        refuted={**calm, **faulty, "app.log": f"2031-03-04T10:00:01Z {against}\n"},
    )


LOAD = "INFO load test started, 400 users"
CALM = "INFO latency is normal on all routes"
EXAMPLES = {
    "cpu_risen": told(LOAD, cpu=6.0),
    "memory_risen": told(LOAD, mem=4.0),
    "disk_risen": told(LOAD, diskio=8.0),
    "connections_risen": told(LOAD, sockets=5.0),
    "failures_risen": told(LOAD, error=20.0),
    "network_delay": told(CALM, **{"latency-50": 9.0}),
    "network_loss": told(CALM, **{"latency-50": 3.0, "error": 20.0}),
}
