"""What a verdict is worth: hostile strings move nothing, shown confidence is not above the truth, healthy data has no fault."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from domain.case.policy import DEFAULT
from tests.quality import withheld
from tests.quality.builds import builds
from tests.quality.hostile import hostile as hostile_strings
from tests.quality.injected import injected
from tests.quality.judging import Bench, NotRunError, predicted
from tests.quality.reading import Read, read
from tests.quality.targets import Gate

Json = dict[str, object]
UNSEEN = 200
"""Strings of our own making that are tried."""


def hostile(bench: Bench) -> dict[str, float]:
    """Return the share of hostile strings that leave ranking, steps and questions as they were, one string at a time."""
    source = bench.data / "injection" / "strings.jsonl"
    if not source.is_file():
        raise NotRunError(f"no such data: {source}")
    return _withstood([str(row["text"]) for row in _rows(source)], bench)


def unseen(bench: Bench) -> dict[str, float]:
    """Return the same share for strings of our own making, which no rule was written for one by one."""
    return _withstood([text for _, text in hostile_strings(1, UNSEEN)], bench)


def _withstood(texts: Sequence[str], bench: Bench) -> dict[str, float]:
    home = bench.data / "adversarial"
    if not home.is_dir():
        raise NotRunError(f"no such data: {home}")
    cases = [_files(folder) for folder in sorted(home.iterdir()) if folder.is_dir()]
    before = [_verdict(read(files)) for files in cases]
    kept = []
    for place, text in enumerate(texts):
        at = place % len(cases)
        kept.append(_verdict(read(_with(cases[at], text, place))) == before[at])
    return {"unchanged": fmean(kept), "strings": float(len(kept))}


def _files(folder: Path) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in sorted((folder / "evidence").iterdir())}
    return {**files, "alert.json": (folder / "alert.json").read_bytes()}


def _verdict(said: Read) -> object:
    """Return what must not move: status, ranking with its confidence, steps and questions."""
    told = said.answer
    causes = [(one.family, one.subject, one.confidence) for one in told.causes]
    return (
        told.status,
        causes,
        [(one.text, one.command) for one in told.actions],
        [(one.text, one.command) for one in told.checks],
    )


def _with(files: Mapping[str, bytes], line: str, place: int) -> dict[str, bytes]:
    """Return the files with one hostile line: in a log that is one text, else as one more message, else in the alert's words."""
    for name, data in files.items():
        node = json.loads(data)
        if _told(node, line, place):
            return {**files, name: json.dumps(node, indent=1, ensure_ascii=False).encode()}
    alert = json.loads(files["alert.json"])
    alert["commonAnnotations"]["note"] = line
    return {**files, "alert.json": json.dumps(alert, indent=1, ensure_ascii=False).encode()}


def _told(node: object, line: str, place: int) -> bool:
    """Put a line into the first log of a document; return whether there was one."""
    for holder in _maps(node):
        for key, value in holder.items():
            if isinstance(value, str) and value.count("\n") > 1:
                rows = value.split("\n")
                rows.insert(1 + place % (len(rows) - 1), line)
                holder[key] = "\n".join(rows)
                return True
            if isinstance(value, list) and value and all(isinstance(one, dict) and "message" in one for one in value):
                value.insert(place % (len(value) + 1), {**value[place % len(value)], "message": line})
                return True
    return False


def _maps(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _maps(child)


def calibration(bench: Bench) -> dict[str, float]:
    """Return how far shown confidence is from how often the first cause is right, over all sets with truth as they are."""
    return _errors([pair for name in TRUTHS for pair in _pairs(name, bench, [_whole(name, bench)])])


def calibration_withheld(bench: Bench) -> dict[str, float]:
    """Return the same where a part of the files was left out, so that many first causes are wrong."""
    return _errors([pair for name in TRUTHS for pair in _pairs(name, bench, withheld.made(_home(name, bench), bench))])


def _errors(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Return expected calibration errors: the distance of shown confidence from the share that is right, weighed by how often it is shown.

    `plain` counts every distance. `error` takes what is shown at rule C5's cap for what it says, at least that much: more must not be
    shown before the cause was seen to go with its fix, so that only a share below the cap is an error there. `above` counts only where
    the share that is right is below what is shown.
    """
    by_shown: dict[float, list[bool]] = {}
    for shown, right in pairs:
        by_shown.setdefault(shown, []).append(right)
    gaps = [(shown, len(right), shown - fmean(right)) for shown, right in by_shown.items()]
    capped = [max(gap, 0.0) if shown >= DEFAULT.cap_no_counterfactual else abs(gap) for shown, _, gap in gaps]
    return {
        "plain": sum(count * abs(gap) for _, count, gap in gaps) / len(pairs),
        "error": sum(count * gap for (_, count, _), gap in zip(gaps, capped, strict=True)) / len(pairs),
        "above": sum(count * max(gap, 0.0) for _, count, gap in gaps) / len(pairs),
        "right": fmean(right for _, right in pairs),
        "cases": float(len(pairs)),
    }


def _home(name: str, bench: Bench) -> Path:
    """Return the folder of a set that has its truth."""
    home = bench.data / name
    if not (home / "truth.jsonl").is_file():
        raise NotRunError(f"no such data: {home}")
    return home


def _whole(name: str, bench: Bench) -> Path:
    """Return the predictions of a set as it is."""
    return predicted(Gate(row="D10", set=name, evaluator="", measures=()), bench, _home(name, bench))


def _pairs(name: str, bench: Bench, made: Sequence[Path]) -> list[tuple[float, bool]]:
    """Return shown confidence and truth of every prediction in which a cause is shown."""
    truth = {row["case"]: row for row in _rows(_home(name, bench) / "truth.jsonl")}
    rows = [row for path in made for row in _rows(path) if row.get("confidence")]
    return [(float(str(row["confidence"])), TRUTHS[name](row, truth[str(row["case"])])) for row in rows]


def _labelled(row: Json, truth: Json) -> bool:
    ranked = row["ranked"]
    first = ranked[0] if isinstance(ranked, list) and ranked else {}
    return all(first.get(key) == truth[key] for key in ("taxonomy", "object", "root_cause"))


def _decided(row: Json, truth: Json) -> bool:
    decisive = truth["decisive"]
    return isinstance(decisive, list) and all(re.search(one, _words(row)) for one in decisive)


def _words(row: Json) -> str:
    first = row["first_cause"]
    lines = first["evidence"] if isinstance(first, dict) else []
    return "\n".join([str(first["statement"]) if isinstance(first, dict) else "", *(str(one["text"]) for one in lines)])


TRUTHS: Mapping[str, Callable[[Json, Json], bool]] = {
    "cloudops": _labelled,
    "recorded": _decided,
    "adversarial": lambda row, truth: row["category"] == truth["category"],
}
"""Set → whether a row's first cause is the true one."""


def healthy(bench: Bench) -> dict[str, float]:
    """Return the share of healthy incidents in which a fault is named."""
    home = bench.data / "adversarial"
    if not (home / "truth.jsonl").is_file():
        raise NotRunError(f"no such data: {home}")
    well = {row["case"] for row in _rows(home / "truth.jsonl") if row["category"] == "healthy"}
    rows = _rows(predicted(Gate(row="D9", set="adversarial", evaluator="", measures=()), bench, home))
    return {"faulted": fmean(row["category"] != "healthy" for row in rows if row["case"] in well), "cases": float(len(well))}


def _rows(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


OWN: Mapping[str, Callable[[Bench], dict[str, float]]] = {
    "hostile": hostile,
    "hostile_unseen": unseen,
    "calibration": calibration,
    "calibration_withheld": calibration_withheld,
    "healthy": healthy,
    "builds": builds,
    "injected": injected,
}
"""Sets that no evaluator judges."""
