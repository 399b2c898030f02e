"""Gates K1 and K3: the right runbook first, and nothing for a question that none answers."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.quality.retrieval import predict

SEED, DOCUMENTS = 17, 60
SYLLABLES = tuple(first + last for first in "bcdfghkmnprt" for last in "aeiou")


def invented(dice: random.Random, size: int) -> list[str]:
    return ["".join(dice.choice(SYLLABLES) for _ in range(3)) for _ in range(size)]


def write(folder: Path) -> Path:
    """Write runbooks that share most of their words, and alert texts that repeat some of their own ones."""
    dice = random.Random(SEED)
    shared, queries = invented(dice, 120), []
    (folder / "docs").mkdir()
    for number in range(DOCUMENTS):
        own = invented(dice, 5)
        meaning = " ".join(dice.choices(shared, k=20) + own)
        steps = " ".join(dice.choices(shared, k=60) + dice.choices(own, k=3))
        text = f"# Alert {number}\n\n## Meaning\n\n{meaning}.\n\n## Steps\n\n{steps}.\n"
        (folder / "docs" / f"R{number}.md").write_text(text, encoding="utf-8")
        words = dice.sample(own, 2) + dice.choices(shared, k=8)
        queries.append({"query": f"q{number}", "text": " ".join(words), "gold": [f"R{number}"]})
    off = [{"query": f"off{n}", "text": " ".join(invented(dice, 10)), "gold": []} for n in range(40)]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (*queries, *off)), encoding="utf-8")
    return folder


def scores(folder: Path) -> tuple[float, float, float]:
    """Return R@1 and MRR of the answerable questions, and the share of refusals of the others."""
    truth = {row["query"]: row["gold"] for row in map(json.loads, (folder / "queries.jsonl").read_text().splitlines())}
    ranks, refused = [], []
    for row in predict(folder):
        gold, ranked = truth[row["query"]], row["ranked"]
        if gold:
            ranks.append(next((place for place, name in enumerate(ranked, start=1) if name in gold), 0))
        else:
            refused.append(not ranked)
    mrr = sum(1 / rank if rank else 0.0 for rank in ranks) / len(ranks)
    return sum(rank == 1 for rank in ranks) / len(ranks), mrr, sum(refused) / max(1, len(refused))


def test_k1_k3_invented_runbooks_are_found_and_other_questions_refused(tmp_path: Path) -> None:
    first, mrr, refused = scores(write(tmp_path))
    print(
        f"K1 seeded: R@1 {first:.3f} (>= .90), MRR {mrr:.3f} (>= .94); K3 refused {refused:.3f} (>= .95); N {DOCUMENTS}, seed {SEED}"
    )
    assert (first >= 0.90, mrr >= 0.94, refused >= 0.95) == (True, True, True)


@pytest.mark.needs_shared
def test_k1_alert_texts_find_their_runbook(shared_data: Path) -> None:
    first, mrr, _ = scores(shared_data / "runbooks")
    print(f"K1 runbooks: R@1 {first:.3f} (>= .82), MRR {mrr:.3f} (>= .89), lexical only")
    assert (first >= 0.82, mrr >= 0.89) == (True, True)
