"""What one analysis offers to the digest: its findings and kinds of line, each with a score (evidence.md 13.2)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.evidence.decoding.decode import fold_space
from domain.evidence.logs.messages import read_message
from domain.evidence.values import Analysis, DigestLine, Finding, KeyStat

MOST = 300
LINE = 240
FEW_LINES = 50
"""Lines of a document below which nothing in it is called rare."""
STRUCTURAL = frozenset({
    "unhealthy_object", "reference", "error_span", "slow_span", "exit", "condition", "partition", "capacity", "event", "quota", "field", "user_report", "probe", "mount", "image",
})  # fmt: skip
MOVED = frozenset({"slot_shift", "level_shift"})
_CONTROLS = re.compile(r"(?:\\x[01][0-9a-f](?:\[[0-9;]{0,20}[A-Za-z])?)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What adds to a line's severity; none may move by a fifth and lose a case (`tests/quality/test_digest_weights.py`)."""

    rarity: float = 0.125
    """For each doubling of the lines that stand beside one of its kind."""
    burst: float = 0.5
    """Twice for a storm of twenty lines or more, beside what a storm adds to how suspicious a kind of line is (logs/alerts.py)."""
    new: float = 1.0
    """Not in the baseline."""
    late: float = 0.5
    """First seen late in its file; twice where it is also severe."""
    moved: float = 1.5
    silent: float = 1.5
    structural: float = 2.0
    focus: float = 1.0
    """A word or object of the question."""
    rank: float = 0.6
    """Taken off for each doubling of the place among the lines of its own evidence."""


WEIGHTS = Weights()


def pick(analysis: Analysis, weights: Weights = WEIGHTS) -> tuple[DigestLine, ...]:
    """Return at most 300 candidate lines of one analysis, best first, scored without focus."""
    found = [_of_finding(analysis, finding, weights) for finding in analysis.findings]
    spoken = {(line.first, line.text) for line in found}
    found += [line for line in _of_keys(analysis, weights) if (line.first, line.text) not in spoken]
    found.sort(key=order)
    ranked = [replace(line, score=line.score - weights.rank * math.log2(1 + rank)) for rank, line in enumerate(found[:MOST])]
    return tuple(sorted(ranked, key=order))


def order(line: DigestLine) -> tuple[float, str, int]:
    """Best first; ties by evidence and line."""
    return -line.score, line.evidence, line.first


def _rarity(lines: int, count: int, weights: Weights) -> float:
    return weights.rarity * math.log2(1 + lines / max(1, count)) if lines >= FEW_LINES else 0.0


def _of_finding(analysis: Analysis, finding: Finding, weights: Weights) -> DigestLine:
    citation = finding.citations[0]
    count = int(finding.numbers.get("count", 1))
    told = (
        weights.moved * (finding.kind in MOVED and "status" not in finding.numbers),
        weights.silent * (finding.kind == "silence"),
        weights.structural * (finding.kind in STRUCTURAL),
        weights.burst * (("burst" in finding.numbers) + (finding.kind == "burst")),
        weights.new if "new" in finding.numbers else weights.late * ("late" in finding.numbers),
        weights.late * (finding.kind == "first_seen"),
    )
    return DigestLine(
        evidence=analysis.evidence,
        name=analysis.name,
        first=citation.first,
        last=citation.last,
        count=count,
        text=_shown(citation.quote or finding.text),
        statement=_said(finding),
        time=finding.time,
        score=finding.numbers.get("alert", finding.severity) + sum(told) + _rarity(analysis.coverage.lines, count, weights),
        severity=finding.severity,
        subject=finding.subject,
    )


def _said(finding: Finding) -> str:
    """What a statement says besides the line that is printed behind it."""
    match finding.kind:
        case "severe_template" | "first_seen":
            return ""
        case "burst":
            return finding.statement.partition("; ")[2]
        case "restart":
            return finding.statement.partition(":")[0]
        case _:
            return finding.statement


def _of_keys(analysis: Analysis, weights: Weights) -> Iterator[DigestLine]:
    for key in analysis.keys:
        if key.samples:
            yield _of_key(analysis, key, weights)


def _of_key(analysis: Analysis, key: KeyStat, weights: Weights) -> DigestLine:
    late = key.first > max(200, analysis.coverage.lines // 50)
    told = weights.burst * (key.burst is not None) + (weights.new if key.new else weights.late * late)
    return DigestLine(
        evidence=analysis.evidence,
        name=analysis.name,
        first=key.samples[0][0],
        last=key.samples[0][0],
        count=key.count,
        text=_shown(key.samples[0][1]),
        time=key.first_time,
        score=(key.alert or key.severity) + told + _rarity(analysis.coverage.lines, key.count, weights),
        severity=key.severity,
    )


def _shown(raw: str) -> str:
    """The message of a raw line, folded and cut; `…` stands for control sequences."""
    text = _CONTROLS.sub("…", fold_space(raw, 2_000))
    return fold_space(read_message(text).text, LINE) or text[:LINE]
