"""`analyze --baseline`: which of the files it belongs to, and what it changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.test_commands import called

GOOD = "compile\nERROR: no metrics collector\nlink\nFinished: SUCCESS\n"
BAD = "compile\nERROR: no metrics collector\nERROR: disk quota reached\nFinished: FAILURE\n"


@pytest.fixture
def builds(tmp_path: Path) -> tuple[str, str, str]:
    files = {"build-good.log": GOOD, "build-bad.log": BAD, "nodes.txt": "NAME STATUS\nnode-a Ready\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    good, bad, nodes = (str(tmp_path / name) for name in files)
    return good, bad, nodes


def test_a_baseline_makes_the_new_error_the_first_cause(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], builds: tuple[str, str, str]
) -> None:
    good, bad, nodes = builds
    assert called(monkeypatch, "analyze", bad, nodes, "--baseline", good, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["causes"][0]["evidence"][0]["line"] == 3
    assert "why the build failed: ERROR: disk quota reached" in answer["digest"]


def test_a_baseline_that_is_named_like_none_of_several_files_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], builds: tuple[str, str, str]
) -> None:
    good, bad, nodes = builds
    assert called(monkeypatch, "analyze", bad, good, "--baseline", nodes) == 2
    assert "none of the files is named like nodes.txt" in " ".join(capsys.readouterr().err.split())
