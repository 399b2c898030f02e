"""Predictions for a folder of evidence, by the product's public functions alone: `python -m tests.quality.predict SET DATA OUT [--budget N]`.

SET names the layout (a folder of the development data, or `needle`); DATA is any folder of that layout, without its truth. OUT gets one
JSON object a line, for every item one, with an `error` key where the product refused it. No network, no model, one configuration.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from domain.diagnosis.explain import explain
from domain.diagnosis.monitoring.recordings import risen
from domain.diagnosis.values import AnswerLine
from domain.evidence.analyse import analyse
from domain.evidence.changes import alarms, change_points, peaks
from domain.evidence.decoding.blocks import blocks
from domain.evidence.decoding.decode import decode
from domain.evidence.kinds.classify import classify
from domain.evidence.logs.alerts import ALERT
from domain.evidence.logs.groups import groups_of, templates_of
from domain.evidence.logs.keys import key_of, scan_all
from domain.evidence.logs.logged import Log, suspicion
from domain.evidence.logs.mask import signature
from domain.evidence.logs.templates import group
from domain.evidence.values import Context, Document, Hint, Kind
from tests.quality import claim_check, cluster_incidents, redaction, retrieval
from tests.quality.incident_words import category
from tests.quality.reading import BUDGET, Read, analysed, confidence, read

Row = dict[str, object]
Rows = Iterator[Row]
NAMES = {
    Kind.LOGS: "logs",
    Kind.ERROR_REPORT: "error_report",
    Kind.TRACE: "trace",
    Kind.COMMAND_OUTPUT: "command_output",
    Kind.METRICS: "metrics",
    Kind.PROFILE: "profile",
    Kind.CONFIG: "config",
    Kind.SOURCE_CODE: "source_code",
    Kind.TEXT: "text",
    Kind.DOCUMENTATION: "documentation",
    Kind.IMAGE: "image",
    Kind.BINARY: "binary",
}
LABELLED = Path("BGL") / "BGL_2k.log_structured.csv"
"""Where the layout of `alert_lines` keeps its table."""
PRINTED = ("Timestamp", "Date", "Node", "Time", "NodeRepeat", "Type", "Component", "Level", "Content")
"""Its columns as they stand in a raw line, which begins with the label."""


def recorded(data: Path, budget: int) -> Rows:
    """Yield the digest, what it cites and the first cause of every case."""
    for folder in _cases(data):
        about = json.loads((folder / "case.json").read_text()) if (folder / "case.json").exists() else {}
        listed = {row["name"]: row.get("command", "") for row in about.get("files", [])}
        files = {path.name: path.read_bytes() for path in sorted((folder / "evidence").iterdir()) if path.is_file()}
        said = read(files, about.get("question", ""), listed, budget)
        yield {
            "case": folder.name,
            "digest": said.digest.text,
            "citations": _citations(said),
            "first_cause": first_cause(said),
            "status": said.answer.status,
            "confidence": confidence(said.answer),
        }


def first_cause(said: Read) -> Row | None:
    """Return the first-ranked cause with its lines."""
    if not said.answer.causes:
        return None
    leader = said.answer.causes[0]
    return {"family": leader.family, "statement": leader.statement, "evidence": [_line(one) for one in leader.evidence]}


def _line(one: AnswerLine) -> Row:
    return {"file": one.file, "line": one.line, "text": one.text}


def _citations(said: Read) -> list[Row]:
    """Return the raw line behind every digest line."""
    names = {one.evidence: one.name for one in said.analyses}
    return [{"file": names.get(one.evidence, one.name), "line": one.first, "text": one.text[:200]} for one in said.digest.lines]


def adversarial(data: Path, budget: int) -> Rows:
    """Yield label and report of every incident."""
    for folder in _cases(data):
        files = {path.name: path.read_bytes() for path in sorted((folder / "evidence").iterdir()) if path.is_file()}
        alert = (folder / "alert.json").read_bytes() if (folder / "alert.json").exists() else b""
        said = read({**files, **({"alert.json": alert} if alert else {})}, "", None, budget)
        told = {"status": said.answer.status, "confidence": confidence(said.answer)}
        yield {"case": folder.name, "category": category(said.answer), "text": explain(said.answer), **told}


def loghub2k(data: Path, _: int) -> Rows:
    """Yield the template of every line."""
    for table in sorted(data.glob("*/*_2k.log_structured.csv")):
        with table.open(newline="", encoding="utf-8", errors="replace") as file:
            lines = list(csv.DictReader(file))
        texts = [signature(row["Content"]) for row in lines]
        templates = group(texts)
        for row, text in zip(lines, texts, strict=True):
            yield {"system": table.parent.name, "line": int(row["LineId"]), "template": templates[text]}


def raw_lines(data: Path, _: int) -> Rows:
    """Yield the template of every raw line, its header taken off by the product."""
    for path in sorted(data.glob("*/*_2k.log")):
        read = list(blocks(decode([path.read_bytes()])))
        scan = scan_all(read)
        templates = templates_of(scan)
        for number, row in enumerate((row for block in read for row in block.data.split(b"\n")), 1):
            yield {"system": path.parent.name, "line": number, "template": templates.get(key_of(row, scan.rules), "")}


def alert_lines(data: Path, _: int) -> Rows:
    """Yield score and verdict of every line of the one log that the evaluator has labels for, read as the raw log without them."""
    with (data / LABELLED).open(newline="", encoding="utf-8", errors="replace") as file:
        lines = list(csv.DictReader(file))
    rows = [" ".join(row[name] for name in PRINTED if row.get(name)).encode() for row in lines]
    scan = scan_all(list(blocks(decode([b"\n".join(rows)]))))
    log = Log(scan=scan, groups=groups_of(scan), observed_at=None)
    scores = {key: suspicion(log, one) for one in log.groups for key in one.keys}
    for row, raw in zip(lines, rows, strict=True):
        score = scores.get(key_of(raw, scan.rules), 0.0)
        yield {"line": int(row["LineId"]), "score": score, "alert": score >= ALERT}


def templates_pairs(data: Path, _: int) -> Rows:
    """Yield the template of every labelled text, mined together with the log it belongs to."""
    for path in sorted(data.glob("*/pairs.jsonl")):
        pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        texts = [signature(row["text"]) for row in pairs]
        beside = [signature(content) for table in sorted(path.parent.glob("*_structured.csv")) for content in _contents(table)]
        templates = group(texts + beside)
        for row, text in zip(pairs, texts, strict=True):
            yield {"system": path.parent.name, "line": row["line"], "template": templates[text]}


def _contents(table: Path) -> list[str]:
    with table.open(newline="", encoding="utf-8", errors="replace") as file:
        return [row["Content"] for row in csv.DictReader(file)]


def classification(data: Path, _: int) -> Rows:
    """Yield the kind of every item from its content."""
    for row in _lines(data / "items.jsonl.gz"):
        raw = base64.b64decode(row["base64"]) if "base64" in row else row["text"].encode()
        middle = raw[len(raw) // 2 :][:20_000]
        yield {"id": row["id"], "kind": NAMES.get(classify(raw[:20_000], middle, raw[-20_000:], Hint()).kind, "text")}


def cidiff(data: Path, _: int) -> Rows:
    """Yield the lines of every failed build that state its error, against the build that passed."""
    for folder in _cases(data):
        failed, passed = (
            Document(evidence=name, name=name, chunks=((folder / name).read_bytes(),)) for name in ("fail.log", "pass.log")
        )
        blocks = [one for one in analyse(failed, Context(baseline=passed)).findings if one.kind == "failing_block"]
        lines = {line for one in blocks for line in range(one.citations[-1].first, one.citations[-1].last + 1)}
        yield {"case": folder.name, "lines": sorted(lines)}


def tcpd(data: Path, _: int) -> Rows:
    """Yield the change points of every series."""
    for path in sorted(data.glob("*.json")):
        yield {"series": path.stem, "points": list(change_points(json.loads(path.read_text())["values"]))}


def nab(data: Path, _: int) -> Rows:
    """Yield the strongest points of every series, and those that would raise an alarm."""
    for path in sorted(data.glob("*/*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            values = [float(row["value"]) for row in csv.DictReader(file)]
        yield {"series": path.relative_to(data).as_posix(), "peaks": list(peaks(values)), "alarms": list(alarms(values))}


def sockshop(data: Path, _: int) -> Rows:
    """Yield the services by how far their metrics moved."""
    for folder in _cases(data):
        before, after = (analysed(f"{name}.csv", _unzipped(folder / f"{name}.csv.gz")) for name in ("normal", "anomalous"))
        yield {"case": folder.name, "ranked": [one.service for one in risen(before, after)]}


def _unzipped(path: Path) -> bytes:
    with gzip.open(path) as file:
        return file.read()


def _cases(data: Path) -> list[Path]:
    return sorted(path for path in data.iterdir() if path.is_dir())


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


SETS: dict[str, Callable[[Path, int], Rows]] = {
    "recorded": recorded,
    "needle": recorded,
    "adversarial": adversarial,
    "cloudops": lambda data, _: cluster_incidents.predict(data),
    "claims": lambda data, _: claim_check.predict(data),
    "loghub2k": loghub2k,
    "raw_lines": raw_lines,
    "alert_lines": alert_lines,
    "templates_pairs": templates_pairs,
    "classification": classification,
    "cidiff": cidiff,
    "tcpd": tcpd,
    "nab": nab,
    "sockshop": sockshop,
    "sdlog": lambda data, _: redaction.predict(data),
    "presidio": lambda data, _: redaction.predict(data),
    "runbooks": lambda data, _: retrieval.predict(data),
}


def write(name: str, data: Path, out: Path, budget: int = BUDGET) -> int:
    """Write the predictions file; return how many rows it has."""
    with out.open("w", encoding="utf-8", newline="\n") as file:
        return sum(bool(file.write(json.dumps(row, ensure_ascii=False) + "\n")) for row in SETS[name](data, budget))


def main() -> None:
    """Read the command line."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("set", choices=sorted(SETS))
    words.add_argument("data", type=Path)
    words.add_argument("out", type=Path)
    words.add_argument("--budget", type=int, default=BUDGET)
    told = words.parse_args()
    print(f"{told.set}: {write(told.set, told.data, told.out, told.budget)} rows")


if __name__ == "__main__":
    main()
