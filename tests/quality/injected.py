"""Microservice systems that were never seen, each with one fault of a known service: whether the ranking names it.

Graph of calls, names, conventions of columns, load and noise are drawn from a seed, the label before any value. What waits for the
slow service gets slow itself, sometimes by more; what waits does less. Load may grow meanwhile, and another service may do something odd.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from domain.evidence.metrics import reader
from domain.evidence.metrics.suspects import compared, levels
from tests.quality.judging import Bench

Values = NDArray[np.float64]
Table = dict[str, Values]
"""Measure → one column per service; shape (points, services)."""

SEEDS, SIZES = range(1, 4), (10, 30, 60)
NAMES = [
    "billing",
    "basket",
    "quote",
    "profile",
    "login",
    "seat",
    "route",
    "media",
    "user-timeline",
    "home-timeline",
    "rate",
    "search",
    "reservation",
    "mail",
    "stock",
    "coupon",
    "fraud",
    "session",
    "device",
    "image",
    "comment",
    "graph",
    "archive",
    "report",
    "voucher",
    "parcel",
    "fleet",
    "meter",
    "tax",
    "plan",
    "price",
    "order-other",
    "contact",
    "food",
    "cancel",
    "network-admin",
    "error-collector",
    "load-planner",
    "time-slot",
    "disk-quota",
    "warehouse",
    "ledger",
    "invoice",
    "courier",
    "depot",
    "station",
    "ticket",
    "device-hub",
    "feed",
    "export",
]
STORES = ("db", "mongo", "memcached", "queue")
MEASURES = ("cpu", "memory", "disk", "sockets", "load", "errors", "p50", "p90")
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("{}_cpu", "{}_mem", "{}_diskio", "{}_socket", "{}_workload", "{}_error", "{}_latency-50", "{}_latency-90"),
    ("{}|cpu", "{}|memory", "{}|disk_io", "{}|sockets", "{}|rps", "{}|errors", "{}|p50", "{}|p90"),
    ("{}-cpu", "{}-memory", "{}-disk", "{}-sockets", "{}-requests", "{}-errors", "{}-latency-p50", "{}-latency-p90"),
    tuple(f'"{name}{{{{pod=""{{}}-7d9f8b6c5d-x2k4z""}}}}"' for name in (
        "cpu_rate", "memory_rss", "fs_writes_bytes", "sockets", "requests_rate", "errors_rate", "latency_p50", "latency_p90",
    )),
)  # fmt: skip
"""Conventions: what a column of each measure is called, with the service in its place."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a fault does to its service: the times a measure grows, and what is added to its answers."""

    grows: Mapping[str, tuple[float, float]]
    slower: tuple[float, ...] = (0.0,)
    """Times of its own time."""
    waits_ms: tuple[float, ...] = (0.0,)
    fails: float = 0.0


FAULTS: Mapping[str, Fault] = {
    "cpu": Fault({"cpu": (2, 20)}, slower=(0.3, 1, 3, 8)),
    "memory": Fault({"memory": (0.4, 6)}, slower=(0, 0.2, 1, 3)),
    "disk": Fault({"disk": (5, 100)}, slower=(0, 0.5, 2, 8)),
    "sockets": Fault({"sockets": (3, 40)}, slower=(0, 0.5, 2), fails=0.05),
    "delay": Fault({}, waits_ms=(50, 100, 200, 500)),
    "loss": Fault({}, slower=(2, 5, 10), waits_ms=(0, 40, 200), fails=0.1),
}


@dataclass(frozen=True, slots=True)
class System:
    """Services in an order in which callers stand before what they call."""

    names: tuple[str, ...]
    calls: Mapping[tuple[int, int], float]
    """Caller and callee → calls per request."""
    own_ms: Values


@dataclass(frozen=True, slots=True)
class Case:
    """Two recordings and the service that the fault was put in."""

    fault: str
    service: str
    names: tuple[str, ...]
    before: Table
    after: Table
    columns: tuple[str, ...]


def a_system(rng: random.Random, size: int) -> System:
    """Return services that the first one reaches, a quarter of them stores of others."""
    apps = size - size // 4
    roots = rng.sample(NAMES, apps - 1)
    names = ["frontend", *roots, *(f"{one}-{rng.choice(STORES)}" for one in rng.sample(roots, size - apps))]
    calls: dict[tuple[int, int], float] = {}
    for called in range(1, apps):
        for caller in rng.sample(range(called), min(called, rng.choice([1, 1, 2, 3]))):
            calls[caller, called] = rng.choice([1.0, 1.0, 0.6, 0.3, 2.0])
    for called in range(apps, size):
        calls[next(n for n, one in enumerate(names) if n and names[called].startswith(f"{one}-")), called] = 1.0
    return System(tuple(names), calls, np.array([rng.lognormvariate(1.8, 0.8) for _ in names]))


def a_case(seed: int, fault: str, size: int) -> Case:
    """Return a case; the same for the same arguments."""
    rng = random.Random(f"{seed} {fault} {size}")
    noise = np.random.default_rng(rng.randrange(2**32))
    system = a_system(rng, size)
    service = rng.randrange(1, size - size // 4)
    points = rng.randint(40, 90), rng.randint(25, 50)
    calm = at_rest(system, rng)
    before = {name: _recorded(noise, level, points[0]) for name, level in calm.items()}
    troubled = in_trouble(system, calm, (FAULTS[fault], service), rng)
    after = {name: _recorded(noise, level, points[1]) for name, level in troubled.items()}
    other = rng.choice([n for n in range(size) if n != service])
    after[rng.choice(["cpu", "memory", "disk"])][: points[1] // 3, other] *= rng.uniform(1.5, 5)
    return Case(fault, system.names[service], system.names, before, after, rng.choice(COLUMNS))


def at_rest(system: System, rng: random.Random) -> Table:
    """Return the usual level of every measure; of latency its own time and that of what is called."""
    size = len(system.names)
    flow, times = np.zeros(size), system.own_ms.copy()
    flow[0] = rng.choice([3.0, 20.0, 200.0])
    for (caller, called), share in sorted(system.calls.items()):
        flow[called] += share * flow[caller]
    for (caller, called), share in sorted(system.calls.items(), key=lambda one: -one[0][1]):
        times[caller] += share * times[called]

    def drawn(middle: float, spread: float) -> Values:
        return np.array([rng.lognormvariate(middle, spread) for _ in range(size)])

    return {
        "cpu": flow * drawn(-5.5, 0.7) + drawn(-4, 1),
        "memory": drawn(19, 0.8),
        "disk": drawn(10, 1.5) * np.array([rng.random() < 0.7 for _ in range(size)]),
        "sockets": drawn(3, 0.8),
        "load": flow,
        "errors": flow * rng.choice([0, 0.002, 0.01]),
        "p50": times,
        "p90": times * drawn(0.8, 0.3),
    }


def in_trouble(system: System, calm: Table, put: tuple[Fault, int], rng: random.Random) -> Table:
    """Return the levels while the fault is there: it, what waits for it, and what changes for other reasons."""
    fault, service = put
    now = {name: level.copy() for name, level in calm.items()}
    added, failed = np.zeros(len(system.names)), np.zeros(len(system.names))
    added[service] = system.own_ms[service] * rng.choice(fault.slower) + rng.choice(fault.waits_ms)
    failed[service] = fault.fails
    for (caller, called), share in sorted(system.calls.items(), key=lambda one: -one[0][1]):
        crowd = rng.uniform(1, 3) if rng.random() < 0.2 else 1.0
        added[caller] += share * added[called] * crowd
        failed[caller] = max(failed[caller], min(1.0, share) * failed[called])
    load = (rng.uniform(1.3, 2.0) if rng.random() < 0.25 else 1.0) / (1 + 0.2 * min(3.0, added[0] / calm["p50"][0]))
    for name in ("cpu", "load", "disk", "errors"):
        now[name] *= load
    now["errors"] += now["load"] * failed
    now["p50"] += added
    now["p90"] += added * 1.5
    waiting = (added > 0) & (np.arange(len(added)) != service)
    now["sockets"] *= 1 + waiting * np.minimum(1.5, added / calm["p50"]) * rng.choice([0, 0.3])
    for name, (least, most) in fault.grows.items():
        now[name][service] = (now[name][service] + 0.1 * float(np.median(now[name]))) * (1 + rng.uniform(least, most))
    return now


def _recorded(noise: np.random.Generator, level: Values, points: int) -> Values:
    """Return noisy values around levels, some with outliers, every service with a noise of its own."""
    size = len(level)
    wide = np.exp(noise.uniform(np.log(0.02), np.log(0.35), size))
    values = level * np.exp(wide * noise.standard_normal((points, size)))
    lone = noise.random((points, size)) < 0.01 * noise.uniform(0, 1, size)
    return np.where(lone, values * (1 + noise.pareto(1.8, (points, size))), values)


def printed(case: Case, table: Table) -> str:
    """Return one recording as a wide table with some values missing; every seventh service has no latency."""
    kept = [
        (title.format(name), table[measure][:, n])
        for measure, title in zip(MEASURES, case.columns, strict=True)
        for n, name in enumerate(case.names)
        if name == case.service or n % 7 != 6 or measure not in {"p50", "p90"}
    ]
    head = ",".join(["time", *(title for title, _ in kept)])
    rows = zip(*(values.tolist() for _, values in kept), strict=True)
    lines = [",".join(["" if (n + m) % 97 == 0 else f"{one:.5g}" for m, one in enumerate(row)]) for n, row in enumerate(rows)]
    return "\n".join([head, *(f"{1_700_000_000 + 15 * n},{line}" for n, line in enumerate(lines))])


def ours(case: Case) -> list[str]:
    """Return the services as the product ranks them from the printed tables."""
    before, after = (reader.read(tuple(printed(case, one).splitlines()))[0] for one in (case.before, case.after))
    return [one.service for one in compared(levels(before), levels(after))]


def by_score(case: Case, *, robust: bool) -> list[str]:
    """Return the services by the largest deviation of any value, with the columns' services known to it.

    Robust is the scorer of BARO (Pham et al., FSE 2024): median and interquartile range; else the usual n-sigma, mean and deviation.
    """
    best = np.zeros(len(case.names))
    for name, calm in case.before.items():
        low, middle, high = np.percentile(calm, [25, 50, 75], axis=0)
        middle, wide = (middle, high - low) if robust else (calm.mean(axis=0), calm.std(axis=0))
        away = (case.after[name] - middle) / np.where(wide > 0, wide, 1.0)
        best = np.maximum(best, (away if robust else np.abs(away)).max(axis=0))
    return [case.names[n] for n in np.argsort(-best, kind="stable")]


def cases() -> Iterator[Case]:
    """Yield every fault in systems of every size."""
    for seed, fault, size in product(SEEDS, FAULTS, SIZES):
        yield a_case(seed, fault, size)


def _figures(lists: Sequence[tuple[str, list[str]]]) -> dict[str, float]:
    return {f"A@{k}": fmean(service in names[:k] for service, names in lists) for k in (1, 3)}


@cache
def _measured() -> dict[str, dict[str, float]]:
    every = list(cases())
    rankers = {
        "": ours,
        "n-sigma": lambda one: by_score(one, robust=False),
        "BARO's scorer": lambda one: by_score(one, robust=True),
    }
    return {name: _figures([(one.service, rank(one)) for one in every]) for name, rank in rankers.items()}


def injected(_bench: Bench) -> dict[str, float]:
    """Return the share of faults whose service is first, and among the first three."""
    return _measured()[""]


def others() -> dict[str, str]:
    """Return figure → what others reach on the same cases."""
    told = {name: figures for name, figures in _measured().items() if name}
    return {
        figure: ", ".join(f"{one[figure]:.2f} {name}" for name, one in told.items()) + ": measured" for figure in ("A@1", "A@3")
    }
