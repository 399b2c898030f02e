"""Bursts, silence and onset (evidence.md 11)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from domain.evidence.values import Analysis, Certainty, Citation, Onset

RARE = 1e-6
FEWEST = 5
LEAST_RATE = 0.5
AGREE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A run of buckets in which a key is far more frequent than usual."""

    start: int
    """Index of the first bucket."""
    end: int
    """Index of the last bucket."""
    peak: int
    """Lines in the fullest bucket."""
    ratio: float
    """Peak over the median rate, which counts as at least 0.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetSignal:
    """Something that may mark the beginning of a fault."""

    time: datetime
    kind: str
    """burst, level_shift, first_seen, status, restart, slot_shift, silence."""
    strength: float
    text: str
    certainty: Certainty
    citation: Citation


def poisson_tail(count: int, rate: float) -> float:
    """P(X ≥ count) for X ~ Poisson(rate), by the series from its largest term; an upper bound of 1."""
    if count <= rate:
        return 1.0
    log_term = count * math.log(rate) - rate - math.lgamma(count + 1)
    total, term, step = 0.0, 1.0, 1
    while term > total * 1e-9:
        total += term
        term *= rate / (count + step)
        step += 1
    return min(1.0, math.exp(max(-700.0, log_term)) * total)


def bursts(counts: Sequence[int], width_s: float) -> tuple[Burst, ...]:
    """Return the bursts of one key's bucket counts in order; `width_s` is the width of a bucket, runs within one minute of each other join."""
    if not counts:
        return ()
    usual = max(float(median(counts)), LEAST_RATE)
    least = max(FEWEST, usual + 4 * math.sqrt(usual))  # below four standard deviations no tail is that rare
    hot = [index for index, count in enumerate(counts) if count >= least and poisson_tail(count, usual) < RARE]
    gap = max(1, round(60 / width_s)) if width_s > 0 else 1
    runs: list[list[int]] = []
    for index in hot:
        if runs and index - runs[-1][-1] <= gap:
            runs[-1].append(index)
        else:
            runs.append([index])
    found = ((run[0], run[-1], max(counts[run[0] : run[-1] + 1])) for run in runs)
    return tuple(Burst(start=start, end=end, peak=peak, ratio=peak / usual) for start, end, peak in found)


def silence(filled: Sequence[int], last_bucket: int) -> int | None:
    """Return the last filled bucket when the quiet until `last_bucket` exceeds five usual gaps and three buckets."""
    if len(filled) < 3:
        return None
    gaps = sorted(b - a for a, b in pairwise(filled))
    usual = gaps[min(len(gaps) - 1, len(gaps) * 95 // 100)]
    return filled[-1] if last_bucket - filled[-1] > max(5 * usual, 3) else None


def onset(signals: Iterable[OnsetSignal], width_s: float = 60.0) -> Onset | None:
    """Return the earliest time at which two independent signals agree, searched backwards from the strongest; alone it is `weak`."""
    ordered = sorted(signals, key=lambda one: (one.time, one.citation.evidence, one.citation.first))
    if not ordered:
        return None
    window = max(AGREE_S, 2 * width_s)
    strongest = max(ordered, key=lambda one: (one.strength, -one.time.timestamp()))
    agreed = [first for first in ordered if first.time <= strongest.time and _agrees(first, ordered, window)]
    chosen = agreed[0] if agreed else strongest
    return Onset(
        time=chosen.time,
        certainty=chosen.certainty if agreed else "weak",
        text=chosen.text,
        citation=chosen.citation,
        precision_s=window,
    )


def _agrees(first: OnsetSignal, ordered: Sequence[OnsetSignal], window: float) -> bool:
    return any(
        other.kind != first.kind
        and abs((other.time - first.time).total_seconds()) <= window
        and first.strength + other.strength >= 4
        for other in ordered
    )


def onset_signals(analyses: Iterable[Analysis]) -> tuple[OnsetSignal, ...]:
    """Read what may mark the beginning out of findings that carry a time."""
    kinds = {"burst", "level_shift", "first_seen", "restart", "slot_shift", "silence", "severe_template", "saturation"}
    return tuple(
        OnsetSignal(
            time=finding.time,
            kind=finding.kind,
            strength=finding.severity,
            text=finding.statement,
            certainty=analysis.coverage.times_certain,
            citation=finding.citations[0],
        )
        for analysis in analyses
        for finding in analysis.findings
        if finding.kind in kinds and finding.time is not None and finding.severity >= 2
    )
