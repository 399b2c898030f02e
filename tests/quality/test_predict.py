"""Predictions are what the product says, renamed."""

from __future__ import annotations

import gzip
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.quality.incidents import incidents
from tests.quality.injected import cases, printed
from tests.quality.predict import write


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """Return the first cause that the command line names for the files of this folder."""
    names = sorted(path.name for path in Path().iterdir())
    monkeypatch.setattr(sys, "argv", ["faultmaven", "analyze", *names, "--json", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return json.loads(capsys.readouterr().out)["causes"][0]


@pytest.mark.parametrize("incident", incidents(4)[:8], ids=lambda one: one.family)
def test_the_first_rank_is_that_of_analyze(incident, tmp_path, monkeypatch, capsys) -> None:
    evidence = tmp_path / "data" / "one" / "evidence"
    evidence.mkdir(parents=True)
    for name, text in incident.files.items():
        (evidence / name).write_text(text, encoding="utf-8")
    (tmp_path / "data" / "one" / "case.json").write_text(json.dumps({"question": incident.question}), encoding="utf-8")
    write("recorded", tmp_path / "data", tmp_path / "out.jsonl")
    predicted = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["first_cause"]
    monkeypatch.chdir(evidence)
    first = said(monkeypatch, capsys, "--question", incident.question)
    assert (predicted["family"], predicted["statement"]) == (first["family"], first["statement"])
    assert [(one["file"], one["line"], one["text"]) for one in predicted["evidence"]] == [
        (one["file"], one["line"], one["text"]) for one in first["evidence"]
    ]


@pytest.mark.parametrize("case", list(islice(cases(), 0, 54, 11)), ids=lambda one: one.service)
def test_the_first_service_of_two_recordings_is_that_of_analyze(case, tmp_path, monkeypatch, capsys) -> None:
    folder, seen = tmp_path / "data" / "one", tmp_path / "seen"
    for made in (folder, seen):
        made.mkdir(parents=True)
    for name, table in (("normal", case.before), ("anomalous", case.after)):
        text = printed(case, table).encode()
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text))
        (seen / f"{name}.csv").write_bytes(text)
    write("sockshop", tmp_path / "data", tmp_path / "out.jsonl")
    predicted = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["ranked"]
    monkeypatch.chdir(seen)
    assert f" {predicted[0]} rose most since normal.csv" in said(monkeypatch, capsys)["statement"]
