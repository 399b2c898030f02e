"""Layouts of data that is scored elsewhere are read as their description says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.quality.predict import write


def test_texts_are_mined_together_with_the_log_that_they_belong_to(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "Kiln"
    folder.mkdir(parents=True)
    names = ("gil", "mok", "tuv", "zor", "pim", "nus")
    with (folder / "Kiln_2k.log_structured.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["LineId", "Content"])
        table.writerows([n, f"oven of {name} was heated by hand"] for n, name in enumerate(names, 1))
    pairs = [
        {"line": 1, "text": "oven of dab was heated by hand"},
        {"line": 2, "text": "brick 7 fell"},
        {"line": 3, "text": "brick 99 fell"},
    ]
    (folder / "pairs.jsonl").write_text("".join(json.dumps(one) + "\n" for one in pairs))
    out = tmp_path / "out.jsonl"
    assert write("templates_pairs", tmp_path / "data", out) == 3
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["system"], row["line"]) for row in found] == [("Kiln", 1), ("Kiln", 2), ("Kiln", 3)]
    assert [row["template"] for row in found] == ["oven of <*> was heated by hand", "brick <*> fell", "brick <*> fell"]
