"""Digests of the same candidates at growing budgets, as a page; the score of a candidate at its borders."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.evidence.digest import digest, pick
from domain.evidence.values import Analysis, Citation, Classification, Coverage, DigestLine, Finding, Head, KeyStat, Kind
from tests.pages import kept

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(first: int, text: str, severity: float = 3.0, evidence: str = "a", **given: object) -> DigestLine:
    plain = DigestLine(
        evidence=evidence, name=f"{evidence}.log", first=first, last=first, count=1, text=text, severity=severity, score=severity
    )
    return replace(plain, **given)  # type: ignore[arg-type]  # a builder takes any field


def head(evidence: str, confidence: float = 0.9, **given: object) -> Head:
    coverage = replace(Coverage(bytes=100, lines=90), **given)  # type: ignore[arg-type]  # a builder takes any field
    return Head(evidence=evidence, name=f"{evidence}.log", kind=Kind.LOGS, confidence=confidence, coverage=coverage)


HEADS = (
    head("a", first_time=NOON, last_time=NOON.replace(hour=13), assumed_zone="UTC"),
    head("b", 0.59, notes=("9 lines were counted only", "cut")),
    head("c", 0.6, first_time=NOON),
)
CANDIDATES = (
    line(3, "alpha broke the first oven of the mill", 5.0, time=NOON, count=3),
    line(9, "alpha broke the second oven of the mill now", 4.0),
    line(4, "one two three four five six seven eight nine ten", 4.5, "b"),
    line(5, "one two three four five six seven eight nine", 3.5, "b"),
    line(6, "one two three four five six seven eight", 3.5, "b"),
    line(7, "quiet words of a third file", 3.0, "c", statement="it is quiet"),
    line(8, "quiet words of a third file", 2.9, "c", statement="it says: quiet words of a third file"),
    line(1, "", 2.0, "c", statement="only said"),
    line(2, "a file without a head", 3.0, "d"),
    line(9, "below the bar", 2.9, "e"),
    *(line(20 + n, f"row {chr(97 + n)} {chr(98 + n)}{chr(99 + n)} differs", 1.0) for n in range(12)),
)


def test_a_digest_grows_with_its_budget_as_the_page_says() -> None:
    parts = []
    for budget in (*range(60, 400, 20), 600, 1_200):
        found = digest(CANDIDATES, HEADS, budget, "is the row j differs in the mill?")
        parts.append(f"{budget}: {found.tokens} tokens, {found.left_out} left out\n{found.text}")
    kept(Path(__file__).parent / "pages" / "budgets.txt", "\n\n".join(parts))


def analysis(lines: int = 10, findings: tuple[Finding, ...] = (), keys: tuple[KeyStat, ...] = ()) -> Analysis:
    kind = Classification(kind=Kind.LOGS, confidence=1.0)
    return Analysis(
        evidence="a",
        name="a.log",
        version="1",
        classification=kind,
        coverage=Coverage(bytes=1, lines=lines),
        findings=findings,
        keys=keys,
    )


def finding(kind: str = "x", severity: float = 3.0, **numbers: float) -> Finding:
    cited = Citation(evidence="a", first=7, last=8, quote="it broke")
    return Finding(
        id=kind, kind=kind, subject="s", statement="1 × it; burst of 9", severity=severity, citations=(cited,), numbers=numbers
    )


RARE = math.log2(1 + 50) / 8


@pytest.mark.parametrize(
    ("found", "lines", "score", "said"),
    [
        (finding(), 49, 3.0, "1 × it; burst of 9"),
        (finding(), 50, 3.0 + RARE, "1 × it; burst of 9"),
        (finding(count=50), 50, 3.0 + math.log2(2) / 8, "1 × it; burst of 9"),
        (finding("burst", burst=9.0), 10, 4.0, "burst of 9"),
        (finding("burst", burst=9.0, alert=4.5), 10, 5.5, "burst of 9"),
        (finding("first_seen", late=1.0), 10, 4.0, ""),
        (finding("severe_template"), 10, 3.0, ""),
        (finding("condition"), 10, 5.0, "1 × it; burst of 9"),
        (finding("silence"), 10, 4.5, "1 × it; burst of 9"),
    ],
)
def test_a_finding_is_scored_by_severity_kind_and_rarity(found: Finding, lines: int, score: float, said: str) -> None:
    (picked,) = pick(analysis(lines, (found,)))
    assert picked.score == pytest.approx(score)
    assert (picked.first, picked.last, picked.count, picked.text) == (7, 8, int(found.numbers.get("count", 1)), "it broke")
    assert (picked.statement, picked.subject, picked.severity) == (said, "s", 3.0)


@pytest.mark.parametrize(
    ("first", "lines", "burst", "score"),
    [(200, 10, False, 2.0), (201, 10, False, 2.5), (201, 10, True, 3.0), (400, 20_000, False, 2.0), (401, 20_000, False, 2.5)],
)
def test_a_kind_of_line_is_scored_by_severity_burst_and_place(first: int, lines: int, burst: bool, score: float) -> None:
    key = KeyStat(
        key="k", template="t", count=lines, first=first, last=first, samples=((first, "it broke"),), severity=2.0,
        burst=(NOON, NOON, 9, 3.0) if burst else None,
    )  # fmt: skip
    (picked,) = pick(analysis(lines, keys=(key,)))
    assert picked.score == pytest.approx(score + (0.125 if lines >= 50 else 0.0))
    assert pick(analysis(lines, keys=(replace(key, samples=()),))) == ()


def test_what_ranks_lower_in_a_file_counts_less() -> None:
    rows = tuple(
        replace(finding(f"k{n}"), citations=(Citation(evidence="a", first=n, last=n, quote=f"q{n}"),)) for n in (3, 1, 2)
    )
    picked = pick(analysis(10, rows))
    assert [one.first for one in picked] == [1, 2, 3]
    assert [one.score for one in picked] == pytest.approx([3.0, 2.4, 3.0 - 0.6 * math.log2(3)])
