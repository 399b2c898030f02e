"""Wide tables of metrics as monitoring exports them: names of columns, counters, gaps, columns that are constant or only there at times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.quality.injected import Table, Values
from tests.quality.testbed.drawn import Case, recorded

MEASURES = ("cpu", "memory", "disk", "sockets", "load", "errors", "p50", "p90")
STYLES: tuple[tuple[str, ...], ...] = (
    ("{}_cpu", "{}_mem", "{}_diskio", "{}_socket", "{}_workload", "{}_error", "{}_latency-50", "{}_latency-90"),
    ("{}_container-cpu-usage-seconds-total", "{}_container-memory-working-set-bytes", "{}_container-fs-writes-bytes-total",
     "{}_container-sockets", "{}_istio-request-total", "{}_istio-error-total", "{}_istio-latency-50", "{}_istio-latency-90"),
    tuple(f'"{name}{{{{container=""{{}}"",pod=""{{}}-7d9f8b6c5d-x2k4z""}}}}"' for name in (
        "container_cpu_usage_seconds_total", "container_memory_working_set_bytes", "container_fs_writes_bytes_total",
        "container_sockets", "istio_requests_total", "istio_request_errors_total", "latency_p50", "latency_p90",
    )),
    tuple(f'"{name}{{{{destination_workload=""{{}}""}}}}"' for name in (
        "container_cpu_usage", "container_memory_rss", "container_fs_writes", "container_sockets", "istio_requests",
        "istio_request_errors", "istio_request_duration_milliseconds_p50", "istio_request_duration_milliseconds_p90",
    )),
    ("{}-cpu", "{}-mem", "{}-diskio", "{}-socket", "{}-load", "{}-error", "{}-latency-50", "{}-latency-90"),
    ("{}.cpu.usage", "{}.memory.usage", "{}.disk.io", "{}.sockets", "{}.request.rate", "{}.error.rate", "{}.latency.p50",
     "{}.latency.p90"),
)  # fmt: skip
"""What a column of each measure is called, with the service in its place."""
UNMESHED = frozenset({"load", "errors", "p50", "p90"})
CONSTANT = ("{}_cpu-limit", "{}_restarts", "{}_memory-limit")


def printed(case: Case) -> tuple[str, ...]:
    """Return the table of both halves, in two files or one."""
    rng = case.rng("metrics")
    noise = np.random.default_rng(rng.randrange(2**32))
    style = rng.choice(STYLES)
    counts = rng.random() < 0.5
    halves = [recorded(case, half, noise) for half in (0, 1)]
    if not case.parted:
        halves = [{name: np.concatenate([halves[0][name], halves[1][name]]) for name in MEASURES}]
    only = rng.sample(range(len(case.system.names)), 2)
    texts = []
    for n, table in enumerate(halves):
        columns = _columns(case, (style, counts), table, only if n else [])
        begins = case.begins[n]
        texts.append(_table(columns, [begins + case.step * k for k in range(len(table["cpu"]))]))
    return tuple(texts)


def _columns(case: Case, how: tuple[Sequence[str], bool], table: Table, missing: Sequence[int]) -> list[tuple[str, Values]]:
    """Return title and values; every seventh service has no latency, and the missing ones have no memory in this file."""
    style, counts = how
    found = []
    for measure, title in zip(MEASURES, style, strict=True):
        for n, name in enumerate(case.system.names):
            if n and (measure in UNMESHED if not case.meshed else n != case.place and _seldom(measure, n, missing)):
                continue
            values = table[measure][:, n]
            wrapped = _counted(values * case.step, name) if counts and "total" in title else values
            found.append((title.replace("{}", name).replace("{{", "{").replace("}}", "}"), wrapped))
    for n, name in enumerate(case.system.names):
        found += [(title.format(name), np.full(len(table["cpu"]), 1.0 + n)) for title in CONSTANT[: n % 3]]
    return found


def _seldom(measure: str, place: int, missing: Sequence[int]) -> bool:
    return place % 7 == 6 if measure in {"p50", "p90"} else measure == "memory" and place in missing


def _counted(values: Values, name: str) -> Values:
    """Return a counter; that of every fifth service starts again once."""
    total = np.cumsum(values)
    if len(name) % 5 == 0:
        total[len(total) // 3 :] -= total[len(total) // 3]
    return total


def _table(columns: Sequence[tuple[str, Values]], times: Sequence[float]) -> str:
    """Return rows with a value missing now and then, and a scrape that failed as a whole."""
    rows = zip(times, *(values.tolist() for _, values in columns), strict=True)
    lines = [",".join(["time", *(title for title, _ in columns)])]
    for n, (at, *values) in enumerate(rows):
        if n % 61 != 60:
            lines.append(",".join([f"{at:.0f}", *("" if (n + m) % 89 == 0 else f"{one:.6g}" for m, one in enumerate(values))]))
    return "\n".join(lines)
