"""The laws of a run: nothing skipped in silence, no network, prerequisites named first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prerequisites, servers

ROOT = Path(__file__).parents[2]


def run(place: Path, text: str, **environ: str) -> str:
    """Return the last line of a run of one file under our conftest."""
    (place / "test_it.py").write_text("import os, pytest, socket\n" + text)
    (place / "pytest.ini").write_text("[pytest]\nmarkers =\n    needs_shared: data\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", str(place)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        cwd=place,
    )
    return f"exit {done.returncode}: {done.stdout.strip().splitlines()[-1]}"


def test_a_skipped_test_makes_the_run_red(tmp_path: Path) -> None:
    assert run(tmp_path, "def test_x():\n    pytest.skip('not today')").startswith("exit 1: 1 failed")


def test_a_skipped_file_makes_the_run_red(tmp_path: Path) -> None:
    assert not run(tmp_path, "pytest.skip('not today', allow_module_level=True)").startswith("exit 0")


def test_a_test_of_shared_data_may_be_skipped(tmp_path: Path) -> None:
    text = "@pytest.mark.needs_shared\ndef test_x(shared_data):\n    pass"
    assert run(tmp_path, text, FAULTMAVEN_TEST_DATA="/no/such/folder").startswith("exit 0: 1 skipped")


def test_a_server_is_left_out_by_name_only(tmp_path: Path) -> None:
    text = "def test_x(minio_server):\n    pass"
    assert run(tmp_path, text, FAULTMAVEN_TEST_WITHOUT="postgres, minio").startswith("exit 0: 1 skipped")


def test_tests_cannot_leave_this_machine(tmp_path: Path) -> None:
    text = "def test_x():\n    with pytest.raises(RuntimeError, match='loopback'):\n        socket.create_connection(('192.0.2.1', 80))"
    assert run(tmp_path, text).startswith("exit 0: 1 passed")


def absent() -> str:
    raise servers.Missing("gone is missing: install gone")


def test_what_is_missing_is_named_in_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prerequisites, "CHECKS", {"here": lambda: "here 1.0", "gone": absent})
    assert prerequisites.main() == 1
    assert capsys.readouterr().out == "gone is missing: install gone\n"
    monkeypatch.setenv("FAULTMAVEN_TEST_WITHOUT", "gone")
    assert prerequisites.main() == 0
    assert capsys.readouterr().out.endswith("; here 1.0; without gone\n")
