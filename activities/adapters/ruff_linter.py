"""Ruff as the linter: reads the source from its standard input, no settings of any project, no files, bounded in time."""

from __future__ import annotations

import json
import subprocess  # ruff: ignore[suspicious-subprocess-import] - one fixed command, no shell
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.evidence.linting import Linted, Remark

LARGEST = 1 << 20
"""Bytes of a source that is looked at."""
SECONDS = 10.0
RULES = "E9,F,B,S,BLE,ASYNC,PLE,SIM115,TRY203"
"""Rules about behaviour: syntax, undefined names, bugbear, bandit, blind excepts, blocking calls, files left open."""
IGNORED = "S101,F401,F541,F841"
"""Assertions, unused names: nothing that fails at run time."""
MOST = 500


@dataclass(frozen=True, slots=True)
class RuffLinter:
    """Runs `binary`; without one every look ends in a note."""

    binary: str
    seconds: float = SECONDS

    def look(self, source: str) -> Linted:
        """Return the remarks, or why there are none."""
        data = source.encode("utf-8", "replace")
        if len(data) > LARGEST:
            return Linted(note=f"not linted: larger than {LARGEST >> 20} MiB")
        command = [self.binary, "check", "--isolated", "--no-cache", "--quiet", "--exit-zero", "--output-format", "json"]
        command += ["--select", RULES, "--ignore", IGNORED, "--stdin-filename", "evidence.py", "-"]
        try:
            done = subprocess.run(  # ruff: ignore[subprocess-without-shell-equals-true] - the command is fixed, the source goes to its standard input
                command, input=data, capture_output=True, timeout=self.seconds, check=False, cwd="/", env={}
            )
        except OSError:
            return Linted(note="not linted: the linter is not installed")
        except subprocess.TimeoutExpired:
            return Linted(note=f"not linted: the linter took longer than {self.seconds:g} s")
        return _read(done.stdout)


def open_linter() -> RuffLinter:
    """Return the linter that was installed beside this Python."""
    return RuffLinter(str(Path(sys.executable).with_name("ruff")))


def _read(output: bytes) -> Linted:
    """Return the remarks of Ruff's JSON; code and message are its own words."""
    try:
        rows = json.loads(output)
    except ValueError:
        return Linted(note="not linted: the linter gave no answer")
    remarks = (
        Remark(rule=str(row["code"] or "E999"), line=int(row["location"]["row"]), text=str(row["message"])[:200])
        for row in rows[:MOST]
    )
    note = f"only the first {MOST} remarks of the linter were read" if len(rows) > MOST else ""
    return Linted(remarks=tuple(remarks), note=note)
