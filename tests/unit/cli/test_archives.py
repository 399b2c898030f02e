"""`analyze` of archives: members are read as files of their own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.bundles import Unfolded
from domain.evidence.analyse import analyse as read
from domain.evidence.values import Context, Document, Hint
from tests.unit.cli.test_baseline import BAD, GOOD
from tests.unit.cli.test_commands import FAILING, called
from tests.unit.domain.evidence.bundles import tarred, zipped

FILES = (("dump/default/app/logs.txt", FAILING.encode()), ("dump/nodes.txt", b"NAME STATUS AGE\nnode-a Ready 4d\n"))


def test_members_of_an_archive_are_read_and_cited_by_their_path(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.tar.gz"
    bundle.write_bytes(tarred((*FILES, ("/etc/passwd", b"root")), "w:gz"))
    assert called(monkeypatch, "analyze", str(bundle), "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["causes"][0]["family"] == "db_connections"
    line = answer["causes"][0]["evidence"][0]
    assert line["file"] == f"{bundle}/dump/default/app/logs.txt"
    assert FAILING.splitlines()[line["line"] - 1] == line["text"]
    assert [document["file"] for document in answer["documents"]] == [str(bundle), *(f"{bundle}/{name}" for name, _ in FILES)]
    assert "archive of 3 files, 2 read; left out: 1 named outside" in json.dumps(answer["coverage"])


def test_an_archive_is_compared_with_an_archive_member_by_member(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good, bad, plain = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "build.log"
    good.write_bytes(zipped([("run-1/build.log", GOOD.encode()), ("run-1/x.txt", b"x")]))
    bad.write_bytes(zipped([("run-2/build.log", BAD.encode()), ("run-2/y.txt", b"y")]))
    plain.write_text(GOOD, encoding="utf-8")
    assert called(monkeypatch, "analyze", str(bad), "--baseline", str(good), "--json") == 0
    assert "why the build failed: ERROR: disk quota reached" in json.loads(capsys.readouterr().out)["digest"]
    assert called(monkeypatch, "analyze", str(bad), "--baseline", str(plain)) == 2
    assert "an archive is compared with an archive" in " ".join(capsys.readouterr().err.split())


def test_members_of_several_folders_are_compared_by_their_whole_path() -> None:
    one = Document(evidence="a", name="a", chunks=(), hint=Hint(name="a/logs.txt"))
    other = replace(one, evidence="b", hint=Hint(name="b/logs.txt"))
    good = unfolded_of((one, other))
    assert good.like(replace(one, evidence="new")) == one
    assert good.like(replace(one, hint=Hint(name="c/logs.txt"))) is None


def unfolded_of(documents: tuple[Document, ...]) -> Unfolded:
    return Unfolded(documents=documents, archive=read(documents[0], Context()))


def test_a_time_that_a_person_names_holds_for_all_members(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(zipped(FILES))
    assert called(monkeypatch, "analyze", str(bundle), "--json", "--observed-at", "2026-11-20T15:00:00Z") == 0
    assert json.loads(capsys.readouterr().out)["documents"][0]["file"] == str(bundle)
