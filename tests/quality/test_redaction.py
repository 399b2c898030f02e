"""Gates P1 and P3: secrets and personal data are found, harmless lines are not; each on seeded data and, where present, on shared data."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from domain.privacy.detectors import spans
from tests.planted import harmless, planted

SEED, COUNT = 101, 1_000
RECALL = {"EMAIL_ADDRESS": 1.0, "CREDIT_CARD": 1.0, "IBAN_CODE": 1.0, "US_SSN": 1.0, "IP_ADDRESS": 1.0, "PHONE_NUMBER": 0.95}


def test_p1_planted_values_are_found_and_look_alikes_are_not() -> None:
    texts = list(planted(SEED, COUNT))
    found = sum((each.kind, each.value) in {(s.kind, each.text[s.start : s.end]) for s in spans(each.text)} for each in texts)
    flagged = sum(bool(spans(each.text)) for each in harmless(SEED, COUNT))
    print(
        f"P1 seeded: recall {found / COUNT:.3f} (>= .90), flagged per 1000 {1_000 * flagged / COUNT:.1f} (<= 3), N {COUNT}, seed {SEED}"
    )
    assert found >= 0.90 * COUNT
    assert flagged <= 0.003 * COUNT


@pytest.mark.needs_shared
def test_p1_harmless_log_lines_are_not_taken_for_secrets(shared_data: Path) -> None:
    lines = [
        line
        for path in sorted(shared_data.glob("loghub2k/*/*.log"))
        for line in path.read_bytes().decode(errors="replace").splitlines()
    ]
    flagged = sum(any(span.kind == "SECRET" for span in spans(line)) for line in lines[::5])
    print(f"P1 loghub: flagged per 1000 {1_000 * flagged / len(lines[::5]):.2f} (<= 3), N {len(lines[::5])}")
    assert flagged <= 0.003 * len(lines[::5])


@pytest.mark.needs_shared
def test_p3_personal_data_in_sentences_is_found_by_kind(shared_data: Path) -> None:
    met: defaultdict[str, list[bool]] = defaultdict(list)
    for line in (shared_data / "presidio" / "texts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        hidden = {place for span in spans(row["text"]) for place in range(span.start, span.end)}
        for start, end, kind in row["spans"]:
            met[kind].append(hidden.issuperset(place for place in range(start, end) if row["text"][place].isalnum()))
    recall = {kind: sum(met[kind]) / len(met[kind]) for kind in RECALL}
    print("P3 presidio:", ", ".join(f"{kind} {recall[kind]:.3f} (>= {RECALL[kind]}, N {len(met[kind])})" for kind in RECALL))
    assert all(recall[kind] >= RECALL[kind] for kind in RECALL)
