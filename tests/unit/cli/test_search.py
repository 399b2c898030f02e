"""`faultmaven search`: every question over one file, as JSON and for people."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests import papers
from tests.unit.cli.test_commands import called

ROWS = [
    f"2026-03-01 12:{n // 60:02}:{n % 60:02} " + ("ERROR peer\x1b[1m reset" if 700 <= n < 720 else f"INFO item {n} served")
    for n in range(1, 1_001)
]


@pytest.fixture
def log(tmp_path: Path) -> str:
    file = tmp_path / "app.log.gz"
    file.write_bytes(gzip.compress("\r\n".join(ROWS).encode()))
    return str(file)


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return the JSON that a search prints."""
    assert called(monkeypatch, "search", *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_lines_that_hold_all_words_are_printed_with_what_stands_around_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str
) -> None:
    answer = told(monkeypatch, capsys, log, "RESET", "peer", "--limit", "1", "--context", "1")
    assert [(row["line"], row["hit"]) for row in answer["rows"]] == [(699, False), (700, True), (701, False)]
    assert (answer["lines"], answer["total"], answer["complete"], answer["searched_to"]) == (1_000, 20, False, 700)


def test_no_hit_names_words_that_the_file_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str
) -> None:
    assert called(monkeypatch, "search", log, "quorum") == 0
    assert "often said here: INFO, item, served" in " ".join(capsys.readouterr().out.split())


def test_a_range_kinds_counts_and_differences_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str, tmp_path: Path
) -> None:
    calm = tmp_path / "calm.log"
    calm.write_text("\n".join(row for row in ROWS if "ERROR" not in row), encoding="utf-8")
    assert [row["text"] for row in told(monkeypatch, capsys, log, "--range", "2-3")["rows"]] == ROWS[1:3]
    assert [one["count"] for one in told(monkeypatch, capsys, log, "--templates")["kinds"]] == [20, 980]
    assert sum(one["lines"] for one in told(monkeypatch, capsys, log, "reset", "--count")["stretches"]) == 20
    for question in (("--windows", "1-600,601-1000"), ("--with", str(calm))):
        answer = told(monkeypatch, capsys, log, *question)
        assert [(one["after"], one["first"]) for one in answer["new"]] == [(20, 700)]


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("reset",), "700 2026-03-01 12:11:40 ERROR peer\\x1b[1m reset"),
        (("reset", "--limit", "5"), "20 or more of 1,000 lines; go on with --after 704"),
        (("item", "500"), "1 of 1,000 lines"),
        (("--range", "2-3"), "3 2026-03-01 12:00:03 INFO item 3 served"),
        (("--templates",), "2 of 2 kinds of line"),
        (("reset", "--count"), "20 of 1,000 lines hold “reset”"),
        (("--windows", "1-600,601-1000"), "New: 1"),
        (("--windows", "1-300,301-600"), "no difference in kinds of line"),
    ],
)
def test_people_see_lines_with_their_numbers_and_no_escape_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str, arguments: tuple[str, ...], shown: str
) -> None:
    assert called(monkeypatch, "search", log, *arguments) == 0
    out = capsys.readouterr().out
    assert shown in " ".join(out.split())
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "say which words to look for"),
        (("--range", "9-2"), "--range: line numbers are needed as A-B"),
        (("--windows", "1-2"), "--windows: line numbers are needed as A-B,C-D"),
        (("--templates", "--count"), "ask for one of"),
    ],
)
def test_a_question_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log: str, arguments: tuple[str, ...], named: str
) -> None:
    assert called(monkeypatch, "search", log, *arguments) == 2
    assert named in " ".join(capsys.readouterr().err.split())


def test_an_empty_file_has_no_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_bytes(b"")
    assert told(monkeypatch, capsys, str(tmp_path / "empty.log"), "word")["total"] == 0


def test_a_document_that_is_no_text_is_searched_as_what_was_read_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "runbook.pdf"
    file.write_bytes(papers.pdf())
    [row] = told(monkeypatch, capsys, str(file), "gas", "refused")["rows"]
    assert (row["line"], row["text"]) == (3, "The gas refused to open.")
