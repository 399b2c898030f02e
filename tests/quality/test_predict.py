"""Predictions are what the product says, renamed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli.main import main
from tests.quality.incidents import incidents
from tests.quality.predict import write


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
    names = sorted(path.name for path in Path().iterdir())
    monkeypatch.setattr(sys, "argv", ["faultmaven", "analyze", *names, "--json", "--question", incident.question])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    first = json.loads(capsys.readouterr().out)["causes"][0]
    assert (predicted["family"], predicted["statement"]) == (first["family"], first["statement"])
    assert [(one["file"], one["line"], one["text"]) for one in predicted["evidence"]] == [
        (one["file"], one["line"], one["text"]) for one in first["evidence"]
    ]
