"""What each source is worth: the figures of three sets with logs, metrics, relations or integrity checks taken away.

Files are left out, edges dropped and the checks' findings withheld between the product's own steps; the product has no switch for it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.diagnosis.answer import answer
from domain.diagnosis.causes import decided, looked_at
from domain.diagnosis.explain import explain
from domain.diagnosis.matching import matched
from domain.diagnosis.values import Answer, Diagnosis
from domain.evidence.values import Analysis, Kind
from tests.quality import cluster_incidents
from tests.quality.incident_words import category
from tests.quality.judging import Bench, NotRunError, judged
from tests.quality.reading import analysed
from tests.quality.targets import Gate

Row = dict[str, object]
Case = tuple[str, str, str, Sequence[Analysis]]
"""Its name, its namespace, the question, and what was read."""
EVERY = 8
"""Of the largest set every eighth case is read, for its seconds: what is compared is the same cases with and without a source."""
ALL = "nothing"
SOURCES = (ALL, "logs", "metrics", "relations", "integrity checks")
"""What is taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablated:
    """A set, who judges it by which figure, and its cases."""

    set: str
    evaluator: str
    figure: str
    cases: Callable[[Path], Iterator[Case]]

    def figures(self, bench: Bench) -> dict[str, float]:
        """Return the figure with every source, and without each."""
        home = bench.data / self.set
        if not (home / "truth.jsonl").is_file() or not bench.evaluators.is_dir():
            raise NotRunError(f"no such data or no evaluators: {home}")
        read = tuple(self.cases(home))
        folder = _kept(home, bench.scratch / f"ablated-{self.set}", {one[0] for one in read})
        gate = Gate(row="D1", set=self.set, evaluator=self.evaluator, measures=())
        return {source: judged(gate, bench, folder, _predicted(bench, self.set, source, read))[self.figure] for source in SOURCES}


def told(bench: Bench) -> Iterator[str]:
    """Yield a line per set: its figure, and what remains of it without each source."""
    for one in ABLATED:
        try:
            found = one.figures(bench)
        except NotRunError as reason:
            yield f"ablation of {one.set}: NOT RUN: {reason}"
            continue
        rest = ", ".join(f"{value:.3f} without {source}" for source, value in found.items() if source != ALL)
        yield f"ablation of {one.set}, {one.figure}: {found[ALL]:.3f} with all, {rest}"


def _kept(home: Path, folder: Path, names: set[str]) -> Path:
    """Return a folder with the truth of some cases, and their files."""
    folder.mkdir(exist_ok=True)
    rows = [line for line in (home / "truth.jsonl").read_text().splitlines() if json.loads(line)["case"] in names]
    (folder / "truth.jsonl").write_text("\n".join(rows) + "\n")
    for name in names:
        if (home / name).is_dir() and not (folder / name).exists():
            (folder / name).symlink_to(home / name)
    return folder


def _predicted(bench: Bench, name: str, source: str, cases: Sequence[Case]) -> Path:
    out = bench.scratch / f"ablated-{name}-{source.replace(' ', '-')}.jsonl"
    out.write_text("".join(json.dumps(_row(name, one, source)) + "\n" for one in cases))
    return out


def _row(name: str, case: Case, source: str) -> Row:
    told, namespace, question, every = case
    kept = [one for one in every if not _left_out(one, source)]
    found = _concluded(kept, question, source)
    row: Row = {"case": told}
    if name == "cloudops":
        return {**row, "ranked": cluster_incidents.labelled(found.candidates, namespace)}
    shown = answer(found, kept, "")
    if name == "adversarial":
        return {**row, "category": category(shown), "text": explain(shown)}
    return {**row, "digest": "", "first_cause": _first(shown)}


def _first(shown: Answer) -> Row | None:
    """Return the first cause as the evaluator of recorded outputs reads it."""
    rows = [{"file": line.file, "line": line.line, "text": line.text} for one in shown.causes[:1] for line in one.evidence]
    return {"statement": shown.causes[0].statement, "evidence": rows} if shown.causes else None


def _left_out(one: Analysis, source: str) -> bool:
    """Tell whether a file belongs to a source: logs by kind, by name or by command; metrics by kind."""
    if source == "logs":
        return one.classification.kind in {Kind.LOGS, Kind.ERROR_REPORT} or "log" in f"{one.name} {one.command}".lower()
    return source == "metrics" and (one.classification.kind is Kind.METRICS or "top" in one.name.lower().split("-"))


def _concluded(kept: Sequence[Analysis], question: str, source: str) -> Diagnosis:
    """Return the diagnosis without relations, or without what the integrity checks found."""
    cut = [replace(one, edges=()) for one in kept] if source == "relations" else kept
    seen = looked_at(cut, question)
    if source == "integrity checks":
        seen = replace(seen, observations=tuple(one for one in seen.observations if one.finding.kind != "integrity"))
    return decided(seen, matched(seen.observations))


def clusters(home: Path) -> Iterator[Case]:
    """Yield every eighth frozen incident."""
    for path in sorted(home.glob("*.json.gz"))[::EVERY]:
        case = json.loads(gzip.decompress(path.read_bytes()))
        yield path.name.partition(".")[0], case["namespace"], case["question"], cluster_incidents.analysed(case)


def services(home: Path) -> Iterator[Case]:
    """Yield the incidents of services."""
    for folder in sorted(path for path in home.iterdir() if path.is_dir()):
        paths = [*sorted((folder / "evidence").iterdir()), folder / "alert.json"]
        yield folder.name, "", "", [analysed(path.name, path.read_bytes()) for path in paths]


LARGE = 200_000
"""Bytes of a recorded output from which on it is cut: a third of a million lines of one service tell no more here than their head."""


def outputs(home: Path) -> Iterator[Case]:
    """Yield the recorded outputs."""
    for folder in sorted(path for path in home.iterdir() if path.is_dir()):
        about = json.loads((folder / "case.json").read_text())
        listed = {row["name"]: row.get("command", "") for row in about["files"]}
        paths = sorted((folder / "evidence").iterdir())
        read = [analysed(path.name, path.read_bytes()[:LARGE], about["question"], listed.get(path.name, "")) for path in paths]
        yield folder.name, "", about["question"], read


ABLATED = (
    Ablated(set="cloudops", evaluator="ranking.py", figure="A@1", cases=clusters),
    Ablated(set="adversarial", evaluator="incidents.py", figure="rate", cases=services),
    Ablated(set="recorded", evaluator="digest_recall.py", figure="first_cause", cases=outputs),
)
