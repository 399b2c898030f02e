"""Verdicts on claims about JSON evidence: the product's claim checker over all lines of the sources that a claim names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from domain.diagnosis.claims.check import SPAN, check
from domain.diagnosis.values import Claim
from domain.evidence.values import Citation

WORDS = {"confirmed": "supported", "contradicted": "refuted", "unverifiable": "unverifiable"}


def predict(data: Path) -> Iterator[dict[str, object]]:
    """Yield a verdict per claim; evidence lies in the sibling folder `adversarial`."""
    for row in (json.loads(line) for line in (data / "claims.jsonl").read_text(encoding="utf-8").splitlines()):
        yield {"id": row["id"], "verdict": verdict(data.parent / "adversarial" / row["case"], row["claim"], row["source"])}


def verdict(case: Path, text: str, source: str) -> str:
    """Check a claim against its sources, cited whole in spans as long as a citation may be."""
    lines: dict[tuple[str, int], str] = {}
    cited: list[Citation] = []
    for name in (one.strip() for one in source.split(",")):
        path = case / "evidence" / f"{name}.json"
        if path.is_file():
            raw = path.read_text(encoding="utf-8", errors="replace").splitlines()
            lines |= {(name, number): line for number, line in enumerate(raw, start=1)}
            cited += [Citation(evidence=name, first=at, last=min(at + SPAN - 1, len(raw))) for at in range(1, len(raw) + 1, SPAN)]
    return WORDS[check(Claim(text=text, citations=tuple(cited)), (), lines).verdict]
