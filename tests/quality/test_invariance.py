"""What must not matter does not: ordinary words, the year, hostile lines among others (evidence.md 17, further checks)."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from domain.evidence.digest import pick
from domain.evidence.values import Analysis
from tests.quality.judging import ROOT, Bench, data_folder, judged, predicted
from tests.quality.needles import digested, needles, read
from tests.quality.reading import analysed
from tests.quality.targets import GATES

MARGIN = 0.02
WORD = re.compile(r"(?<![\\<])\b[A-Za-z]{4,30}\b")
BUDGETS = (400, 800, 1_600)


@cache
def known_words() -> frozenset[str]:
    """The words that the product's code knows: names of formats, levels, states; every other word is ordinary."""
    sources = (ROOT / "domain" / "evidence").rglob("*.py")
    return frozenset(word.lower() for path in sources for word in re.findall(r"[A-Za-z]{3,}", path.read_text()))


@cache
def other_word(word: str) -> str:
    """A made-up word of the same length and case, always the same one for the same word."""
    if any(stem in word.lower() for stem in known_words() if len(stem) > 3):
        return word
    dice = random.Random(word.lower())
    made = "".join(dice.choice("aeiou" if place % 2 else "bdfgklmnprstvz") for place in range(len(word)))
    return "".join(letter.upper() if old.isupper() else letter for letter, old in zip(made, word, strict=True))


def renamed(text: str) -> str:
    return WORD.sub(lambda match: other_word(match[0]), text)


@pytest.mark.needs_shared
def test_ordinary_words_do_not_decide_how_lines_are_grouped(tmp_path: Path) -> None:
    bench = Bench(data=data_folder(), scratch=tmp_path)
    if not (bench.data / "loghub2k").is_dir() or not bench.evaluators.is_dir():
        pytest.skip(f"NOT RUN: no {bench.data / 'loghub2k'} (FAULTMAVEN_TEST_DATA)")
    (gate,) = [one for one in GATES if one.set == "loghub2k"]
    changed = 0
    for table in sorted((bench.data / "loghub2k").glob("*/*_structured.csv")):
        folder = tmp_path / "loghub2k" / table.parent.name
        folder.mkdir(parents=True)
        with table.open(newline="", encoding="utf-8", errors="replace") as source:
            rows = list(csv.DictReader(source))
        with (folder / table.name).open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            for row in rows:
                new = row | {name: renamed(row[name]) for name in ("Content", "EventTemplate")}
                changed += new != row
                writer.writerow(new)
    found = judged(gate, bench, tmp_path / "loghub2k", predicted(gate, bench, tmp_path / "loghub2k"))
    print("E1 with other words", found, f"{changed} lines changed")
    assert changed > 5_000
    assert {one.figure: found[one.figure] for one in gate.measures if found[one.figure] < one.floor - MARGIN} == {}


@pytest.mark.needs_shared
def test_ordinary_words_do_not_decide_what_a_digest_keeps() -> None:
    data = data_folder() / "recorded"
    if not data.is_dir():
        pytest.skip(f"NOT RUN: no {data} (FAULTMAVEN_TEST_DATA)")
    kept: dict[tuple[str, int], list[bool]] = {(name, budget): [] for name in ("as recorded", "renamed") for budget in BUDGETS}
    for row in map(json.loads, (data / "truth.jsonl").read_text().splitlines()):
        about = json.loads((data / row["case"] / "case.json").read_text())
        for name, change in (("as recorded", str), ("renamed", renamed)):
            analyses = list(_analyses(data / row["case"], about, change))
            for budget in BUDGETS:
                text = digested(analyses, budget, change(about["question"])).text
                kept[name, budget].append(all(re.search(change(one), text) for one in row["decisive"]))
    lost = {budget: sum(kept["as recorded", budget]) - sum(kept["renamed", budget]) for budget in BUDGETS}
    print("E5 cases lost with other words", lost)
    assert max(lost.values()) <= 1


def _analyses(folder: Path, about: dict[str, object], change: Callable[[str], str]) -> Iterator[Analysis]:
    commands = {one["name"]: one.get("command", "") for one in about["files"]}  # type: ignore[attr-defined]  # JSON
    for path in sorted((folder / "evidence").iterdir()):
        text = change(path.read_text(encoding="utf-8", errors="replace"))
        yield analysed(path.name, text.encode(), change(str(about["question"])), change(commands.get(path.name, "")))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_year_changes_times_and_nothing_else(seed: int) -> None:
    for needle in needles(seed):
        later = re.sub(rb"2026(?=[-/:])", b"2027", needle.text)
        assert told(read(later)) == told(read(needle.text))


def told(found: Analysis) -> list[str]:
    """Everything that is said, without the year."""
    parts = [
        *(
            f"{one.kind} {one.statement} {one.severity} {one.citations[0].first} {dict(one.numbers)} {one.time}"
            for one in found.findings
        ),
        *(f"{one.template} {one.count} {one.first} {one.severity} {one.first_time} {one.burst}" for one in found.keys),
        digested([found], 400).text,
    ]
    return [part.replace("2027", "2026") for part in parts]


@pytest.mark.needs_shared
@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_lines_change_no_rank_and_no_severity_of_others(seed: int) -> None:
    source = data_folder() / "injection" / "strings.jsonl"
    if not source.is_file():
        pytest.skip(f"NOT RUN: no {source} (FAULTMAVEN_TEST_DATA)")
    attacks = [json.loads(line)["text"] for line in source.read_text().splitlines()]
    for needle in needles(seed):
        rows = needle.text.decode().splitlines()
        dice = random.Random(seed)
        mixed = list(rows)
        for attack in attacks:
            mixed.insert(dice.randrange(300, len(mixed)), attack)
        assert others(mixed, rows) == others(rows, rows), needle.name


def others(rows: Iterable[str], own: list[str]) -> list[tuple[str, float]]:
    """The lines of the log itself among the candidates, best first, with their severity."""
    known = frozenset(own)
    rows = list(rows)
    texts = "\n".join(rows).split("\n")
    found = read("\n".join(rows).encode())
    return [(line.text, line.severity) for line in pick(found) if texts[line.first - 1] in known]
