from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli.main import main
from tests import servers

FAILING = "".join(
    [f"2026-11-20T13:00:{n:02}Z INFO order {n} accepted\n" for n in range(40)]
    + [f"2026-11-20T14:00:{n:02}Z ERROR order {n} failed: FATAL: sorry, too many clients already\n" for n in range(40)]
)


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command line as a shell would and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["faultmaven", *arguments])
    try:
        return main()
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "app.log"
    file.write_text(FAILING, encoding="utf-8")
    return file


def test_analyze_prints_the_object_of_the_design_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: Path
) -> None:
    assert called(monkeypatch, "analyze", str(log), "--json", "--question", "why do orders fail?") == 0
    answer = json.loads(capsys.readouterr().out)
    fields = {"schema_version", "status", "onset", "digest", "documents", "timeline", "causes", "checks", "actions", "coverage"}
    assert fields <= answer.keys()
    assert answer["causes"][0]["family"] == "db_connections"
    assert answer["causes"][0]["evidence"][0]["file"] == str(log)
    assert FAILING.splitlines()[answer["causes"][0]["evidence"][0]["line"] - 1] == answer["causes"][0]["evidence"][0]["text"]
    assert answer["documents"][0]["lines"] == 80


def test_analyze_shows_people_causes_with_their_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: Path
) -> None:
    assert called(monkeypatch, "analyze", str(log)) == 0
    shown = capsys.readouterr().out
    assert "too many clients already" in shown
    assert "undo" in shown


@pytest.mark.parametrize(
    "text", ["", "NAME   READY   STATUS\nkiln   0/1     ImagePullBackOff\n", "2026-11-20 14:00:00 ERROR out of clay\n" * 9]
)
def test_analyze_draws_a_page_of_evidence_with_and_without_times(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    (tmp_path / "kiln.txt").write_text(text, encoding="utf-8")
    assert called(monkeypatch, "analyze", str(tmp_path / "kiln.txt"), "--html", str(tmp_path / "out.html")) == 0
    assert "kiln.txt" in (tmp_path / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (["analyze", "/nowhere/app.log"], 2, "does not exist"),
        (["analyze"], 2, "Missing argument"),
        (["fly"], 2, "No such command"),
        (["close"], 2, "Missing argument"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_names_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, named: str
) -> None:
    assert called(monkeypatch, *arguments) == code
    assert named in " ".join(capsys.readouterr().err.split())


def test_a_time_without_form_is_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: Path
) -> None:
    assert called(monkeypatch, "analyze", str(log), "--observed-at", "yesterday") == 2
    assert "RFC 3339" in capsys.readouterr().err


def test_without_sign_in_or_server_it_is_exit_code_3_and_names_the_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("FAULTMAVEN_DATA", str(tmp_path))
    monkeypatch.delenv("FAULTMAVEN_TOKEN", raising=False)
    assert called(monkeypatch, "cases") == 3
    assert "faultmaven up" in capsys.readouterr().err
    monkeypatch.setenv("FAULTMAVEN_TOKEN", "a-token")
    with servers.unheard() as port:
        monkeypatch.setenv("FAULTMAVEN_URL", f"http://127.0.0.1:{port}")
        assert called(monkeypatch, "cases") == 3
    assert "no FaultMaven server answers" in capsys.readouterr().err
