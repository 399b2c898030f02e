"""Frozen cluster incidents: every view, log, alert and metric as an uploaded file, and the labels of the answer's causes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from domain.diagnosis.answer import answer
from domain.diagnosis.causes import diagnose
from domain.diagnosis.values import Candidate
from domain.evidence.analyse import analyse
from domain.evidence.values import Analysis, Context, Document, Hint
from tests.quality.cluster_words import label
from tests.quality.reading import confidence

SUMMARY = "error log summary "
Row = dict[str, object]


def predict(data: Path) -> Iterator[Row]:
    """Yield the ranked labels of every case."""
    for path in sorted(data.glob("*.json.gz")):
        case = json.loads(gzip.decompress(path.read_bytes()))
        analyses = analysed(case)
        found = diagnose(analyses, case["question"])
        told = answer(found, analyses, "")
        yield {
            "case": path.name.partition(".")[0],
            "ranked": labelled(found.candidates, case["namespace"]),
            "status": told.status,
            "family": told.causes[0].family if told.causes else "",
            "confidence": confidence(told),
        }


def analysed(case: Mapping[str, object]) -> list[Analysis]:
    """Return what the product reads in every file of a case."""
    return [
        analyse(
            Document(
                evidence=name,
                name=name,
                chunks=(text.encode("utf-8", "replace"),),
                size=len(text.encode("utf-8", "replace")),
                command=command,
                hint=Hint(name=name, command=command),
            ),
            Context(question=str(case["question"])),
        )
        for name, command, text in files(case)
    ]


def files(case: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """Yield name, command and text of everything that a person could upload."""
    for name, text in sorted(case["states"].items()):
        yield name, typed(name), text if isinstance(text, str) else json.dumps(text, indent=1)
    for name, text in sorted(case["logs"].items()):
        service, _, rest = name.partition(".")
        flags = " --previous" if rest == "previous" else f" -c {rest}" if rest else ""
        yield f"{name}.log", f"kubectl logs deployment/{service}{flags}", text
    yield "alerts.json", "", json.dumps(case["alerts"], indent=1)
    if case.get("metrics_csv"):
        yield "metrics.csv", "", str(case["metrics_csv"])


def typed(name: str) -> str:
    """Return the command that prints a view."""
    if name.startswith(("kubectl ", "systemctl ")):
        return name
    if name.startswith(SUMMARY):
        return f"kubectl logs deployment/{name.removeprefix(SUMMARY)}"
    first, _, rest = name.partition(" ")
    if first == "connect":
        return f"nc -zv {rest.replace(':', ' ')}"
    return f"kubectl get {rest} -o yaml" if first == "manifest" else ""


def labelled(found: Sequence[Candidate], namespace: str) -> list[Row]:
    """Return the labels of the ranked causes, each once."""
    rows = [label(one, namespace) for one in found]
    return [row for place, row in enumerate(rows) if row and row not in rows[:place]]
