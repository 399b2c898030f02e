"""Verdicts on claims about JSON evidence: the product's claim checker over the lines of the record that a claim speaks of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from domain.diagnosis.claims import check
from domain.diagnosis.values import Claim
from domain.evidence.values import Citation

WORDS = {"confirmed": "supported", "contradicted": "refuted", "unverifiable": "unverifiable"}
NEAR = 40
TOKEN = re.compile(r"[A-Za-z0-9][\w.-]*\w")


def predict(data: Path) -> Iterator[dict[str, object]]:
    """Yield a verdict per claim; evidence lies in the sibling folder `adversarial`."""
    for row in (json.loads(line) for line in (data / "claims.jsonl").read_text(encoding="utf-8").splitlines()):
        yield {"id": row["id"], "verdict": verdict(data.parent / "adversarial" / row["case"], row["claim"], row["source"])}


def verdict(case: Path, text: str, source: str) -> str:
    """Check a claim against the lines of its source that share most of its words."""
    lines: dict[tuple[str, int], str] = {}
    for name in (one.strip() for one in source.split(",")):
        path = case / "evidence" / f"{name}.json"
        if path.is_file():
            raw = path.read_text(encoding="utf-8", errors="replace").splitlines()
            lines |= {(name, number): line for number, line in enumerate(raw, start=1)}
    window = _best(lines, text)
    if not window:
        return "unverifiable"
    cited = tuple(Citation(evidence=name, first=number, last=number) for name, number in window)
    return WORDS[check(Claim(text=text, citations=cited), (), lines).verdict]


def _best(lines: dict[tuple[str, int], str], text: str) -> list[tuple[str, int]]:
    """Return the smallest object of a source that holds most of the claim's words; claims over several objects find none."""
    words = {word.lower() for word in TOKEN.findall(text)}
    found: list[tuple[int, int, list[tuple[str, int]]]] = []
    for name in sorted({source for source, _ in lines}):
        rows = [lines[name, number] for number in range(1, sum(source == name for source, _ in lines) + 1)]
        for first, last in _objects(rows):
            held = {word.lower() for row in rows[first - 1 : last] for word in TOKEN.findall(row)}
            found.append((len(words & held), first - last, [(name, number) for number in range(first, last + 1)]))
    best = max(found, default=(0, 0, []), key=itemgetter(0, 1))
    return best[2]


def _objects(rows: list[str]) -> Iterator[tuple[int, int]]:
    """Yield first and last line of every object of at most `NEAR` lines that lists no other objects."""
    opened: list[int] = []
    for number, row in enumerate(rows, start=1):
        if row.rstrip().endswith("{"):
            opened.append(number)
        elif row.strip().startswith("}") and opened:
            first = opened.pop()
            inside = rows[first - 1 : number]
            listed = any(row.rstrip().endswith("[") and below.strip() == "{" for row, below in pairwise(inside))
            if number - first < NEAR and not listed:
                yield first, number
