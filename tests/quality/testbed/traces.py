"""Spans of requests as tracing exports them: a table with a row per span, client and server sides or servers alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.quality.testbed.drawn import Case

REQUESTS, SPANS = 240, 6_000
"""Of one half at most."""
RETRY_MS = 200.0
"""The least time after which TCP sends again (RFC 6298 allows less than a second; Linux' TCP_RTO_MIN)."""
HEAD = "time,traceID,spanID,serviceName,methodName,operationName,startTimeMillis,startTime,duration,statusCode,parentSpanID"


@dataclass
class _Recorder:
    """The requests of one half."""

    case: Case
    half: int
    rng: random.Random
    clients: bool
    shares: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    count: int = 0

    def row(self, service: int, called: int, times: tuple[float, float], ids: tuple[int, str, str, bool]) -> None:
        """Write one span; times are start and length in milliseconds."""
        start, length = times
        trace, span, parent, failed = ids
        names = self.case.system.names
        operation = f"/{names[called]}/Get" if service == called else f"call /{names[called]}/Get"
        self.rows.append(
            f"{start / 1e3:.0f},{trace:032x},{span},{names[service]},Get,{operation},{start:.0f},{start * 1e3:.0f},"
            f"{length * 1e3:.0f},{2 if failed else 0},{parent}"
        )

    def span_id(self) -> str:
        """Return a new id."""
        self.count += 1
        return f"{self.half + 1:x}{self.count:015x}"

    def served(self, place: int, start: float, trace: int, parent: str) -> tuple[float, bool]:
        """Write the span of one service and of all it calls; return its length and whether it failed."""
        faulty = self.half and place == self.case.place
        own = self.case.system.own_ms[place] * self.rng.lognormvariate(0, 0.5)
        fault = self.case.halves[1]
        if faulty and self.case.fault not in {"delay", "loss"}:
            calm = self.case.halves[0]["p50"][place]
            own += max(0.0, fault["p50"][place] - calm)
        failed = bool(faulty and self.case.fault in {"sockets", "loss"} and self.rng.random() < 0.05)
        span, reached = self.span_id(), start + own / 2
        for called, share in self.shares.get(place, []):
            for _ in range(int(share) + (self.rng.random() < share % 1)):
                took, broke = self._called((place, called), reached, trace, span)
                reached += took
                failed = failed or broke
        length = reached + own / 2 - start
        self.row(place, place, (start, length), (trace, span, parent, failed))
        return length, failed

    def _called(self, edge: tuple[int, int], start: float, trace: int, parent: str) -> tuple[float, bool]:
        caller, called = edge
        span = self.span_id() if self.clients else parent
        out = 0.3 * self.rng.lognormvariate(0, 0.5) + self._waits(edge)
        length, failed = self.served(called, start + out / 2, trace, span)
        if self.clients:
            self.row(caller, called, (start, length + out), (trace, span, parent, failed))
        return length + out, failed

    def _waits(self, edge: tuple[int, int]) -> float:
        """Return what the network of the faulty service adds, whichever side of a call it is."""
        if not self.half or self.case.place not in edge:
            return 0.0
        if self.case.fault == "delay":
            added = self.case.halves[1]["p50"][self.case.place] - self.case.halves[0]["p50"][self.case.place]
            return float(added) * self.rng.uniform(0.9, 1.1)
        return RETRY_MS if self.case.fault == "loss" and self.rng.random() < 0.2 else 0.0


def printed(case: Case) -> tuple[str, ...]:
    """Return the spans of both halves, in two files or one; a store has none."""
    rng = case.rng("traces")
    clients = rng.random() < 0.6
    apps = len(case.system.names) - len(case.system.names) // 4
    shares: dict[int, list[tuple[int, float]]] = {}
    for (caller, called), share in sorted(case.system.calls.items()):
        if called < apps:
            shares.setdefault(caller, []).append((called, share))
    halves = [list(_half(_Recorder(case, half, rng, clients, shares))) for half in (0, 1)]
    kept = halves if case.parted else [[*halves[0], *halves[1]]]
    return tuple("\n".join([HEAD, *rows]) for rows in kept)


def _half(recorder: _Recorder) -> Iterator[str]:
    """Yield the rows of as many requests as fit, evenly over the half."""
    case, half = recorder.case, recorder.half
    recorder.served(0, case.begins[half] * 1e3, half << 64, "")
    requests = min(REQUESTS, max(8, SPANS // len(recorder.rows)))
    step = case.step * case.points[half] / requests
    for n in range(1, requests):
        recorder.served(0, (case.begins[half] + n * step) * 1e3, half << 64 | n, "")
    yield from recorder.rows
