"""Verdicts on claims about JSON evidence: the product's claim checker over the lines of the record that a claim speaks of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
    """Return the run of neighbouring lines that holds most of the claim's words."""
    words = {word.lower() for word in TOKEN.findall(text)}
    places = sorted(lines)
    hits = [len(words & {word.lower() for word in TOKEN.findall(lines[place])}) for place in places]
    if not any(hits):
        return []
    start = max(range(len(places)), key=lambda at: (sum(hits[at : at + NEAR]), -at))
    return [place for place in places[start : start + NEAR] if place[0] == places[start][0]]
