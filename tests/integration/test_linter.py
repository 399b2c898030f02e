"""The contract of a linter: remarks with lines, or a note; the source is never run."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from activities.adapters.ruff_linter import LARGEST, RuffLinter, open_linter
from domain.evidence.linting import Remark
from tests.fakes import QuietLinter

SOURCE = """import requests


def load(url, found=[]):
    try:
        return requests.get(url, verify=False)
    except Exception:
        pass
    return nothing
"""


def test_remarks_carry_rule_line_and_words() -> None:
    linted = open_linter().look(SOURCE)
    assert linted.note == ""
    assert {(one.rule, one.line) for one in linted.remarks} >= {
        ("B006", 4),
        ("S501", 6),
        ("S113", 6),
        ("S110", 7),
        ("BLE001", 7),
        ("F821", 9),
    }
    assert all(one.text for one in linted.remarks)


def test_a_fake_says_what_it_was_given() -> None:
    remark = Remark(rule="B006", line=4, text="mutable default")
    assert QuietLinter((remark,)).look(SOURCE).remarks == (remark,)


def test_a_broken_source_is_a_remark_and_no_failure() -> None:
    [first, *_] = open_linter().look("def f(:\n").remarks
    assert first.line == 1


def test_a_source_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    open_linter().look(f"open({str(mark)!r}, 'w').write('x')\n__import__('os').system('touch {mark}')\n")
    assert not mark.exists()


def test_comments_of_the_source_cannot_choose_settings(tmp_path: Path) -> None:
    """No project's settings are read: not those beside the process, not those above it."""
    (tmp_path / "ruff.toml").write_text("lint.ignore = ['ALL']\n")
    assert open_linter().look(SOURCE).remarks


def test_what_cannot_be_linted_is_a_note() -> None:
    assert open_linter().look("x = 1\n" * (LARGEST // 5)).note == "not linted: larger than 1 MiB"
    assert RuffLinter("/nowhere/ruff").look(SOURCE).note == "not linted: the linter is not installed"
    assert RuffLinter(shutil.which("true") or "/bin/true").look(SOURCE).note == "not linted: the linter gave no answer"


def test_a_linter_that_hangs_is_ended(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text(f"#!{sys.executable}\nimport select\nselect.select([], [], [], 60)\n")
    slow.chmod(0o755)
    started = time.monotonic()
    assert RuffLinter(str(slow), seconds=0.2).look(SOURCE).note == "not linted: the linter took longer than 0.2 s"
    assert time.monotonic() - started < 30
