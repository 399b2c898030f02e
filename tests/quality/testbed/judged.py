"""Whether the product names the service of a fault from the metrics, traces and logs of a test bed, and from metrics alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from statistics import fmean

from domain.diagnosis.causes import diagnose
from domain.diagnosis.subjects import split
from domain.evidence.values import Analysis
from tests.quality.judging import Bench
from tests.quality.reading import analysed
from tests.quality.testbed import logs, metrics, traces
from tests.quality.testbed.drawn import KINDS, Case, a_case

SEEDS, SIZES = (1, 2), (8, 24)
FILES = {"metrics": metrics, "traces": traces, "logs": logs}


def read(case: Case) -> Mapping[str, tuple[Analysis, ...]]:
    """Return what stands in the files of a case, by what they are."""
    found = {}
    for what, module in FILES.items():
        texts = module.printed(case)
        names = [f"{half}_{what}.csv" for half in ("normal", "anomalous")] if len(texts) > 1 else [f"{what}.csv"]
        found[what] = tuple(analysed(name, text.encode()) for name, text in zip(names, texts, strict=True))
    return found


def ranked(files: Mapping[str, tuple[Analysis, ...]]) -> list[str]:
    """Return the services of the ranked causes, as `analyze` shows them."""
    causes = diagnose([one for several in files.values() for one in several]).candidates
    return list(dict.fromkeys(split(one.subject)[1] for one in causes if one.subject))


def cases() -> Iterator[Case]:
    """Yield every fault in systems of two sizes."""
    for seed, fault, size in product(SEEDS, KINDS, SIZES):
        yield a_case(seed, fault, size)


@cache
def _measured() -> dict[str, float]:
    lists = [(case.service, ranked(read(case))) for case in cases()]
    return {f"A@{k}": fmean(service in names[:k] for service, names in lists) for k in (1, 3)}


def exported(_bench: Bench) -> dict[str, float]:
    """Return the share of faults whose service is the first cause, and among the first three."""
    return _measured()
