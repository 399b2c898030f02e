"""What a verdict is worth: hostile strings move nothing, shown confidence is not above the truth, healthy data has no fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from tests.quality.builds import builds
from tests.quality.calibration import calibration, calibration_withheld, rows
from tests.quality.hostile import hostile as hostile_strings
from tests.quality.injected import injected
from tests.quality.judging import Bench, NotRunError, predicted
from tests.quality.reading import Read, read
from tests.quality.targets import Gate
from tests.quality.testbed.judged import exported

UNSEEN = 200
"""Strings of our own making that are tried."""


def hostile(bench: Bench) -> dict[str, float]:
    """Return the share of hostile strings that leave ranking, steps and questions as they were, one string at a time."""
    source = bench.data / "injection" / "strings.jsonl"
    if not source.is_file():
        raise NotRunError(f"no such data: {source}")
    return _withstood([str(row["text"]) for row in rows(source)], bench)


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


def healthy(bench: Bench) -> dict[str, float]:
    """Return the share of healthy incidents in which a fault is named."""
    home = bench.data / "adversarial"
    if not (home / "truth.jsonl").is_file():
        raise NotRunError(f"no such data: {home}")
    well = {row["case"] for row in rows(home / "truth.jsonl") if row["category"] == "healthy"}
    told = rows(predicted(Gate(row="D9", set="adversarial", evaluator="", measures=()), bench, home))
    return {"faulted": fmean(row["category"] != "healthy" for row in told if row["case"] in well), "cases": float(len(well))}


OWN: Mapping[str, Callable[[Bench], dict[str, float]]] = {
    "hostile": hostile,
    "hostile_unseen": unseen,
    "calibration": calibration,
    "calibration_withheld": calibration_withheld,
    "healthy": healthy,
    "builds": builds,
    "injected": injected,
    "testbed": exported,
}
"""Sets that no evaluator judges."""
