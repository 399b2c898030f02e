"""Changes of source code."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

BEFORE = """import requests


def load(url, pool):
    if pool is None:
        raise ValueError("no pool")
    timeout = 30
    rows = pool.execute("SELECT id FROM orders WHERE state = 'open'")
    return rows, requests.get(url, timeout=timeout)
"""
AFTER = """import requests


def load(url, pool):
    timeout = 5
    rows = pool.execute("SELECT id FROM orders WHERE state = 'all'")
    return rows, requests.get(url, verify=False)
"""
SETTINGS = "server:\n  url: http://old.example:80\n  replicas: 3\n"


def git_diff() -> str:
    """What git prints about two versions of two files."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)

        def git(*words: str) -> str:
            command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.test", *words]
            return subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=30, check=True).stdout

        git("init", "-q")
        (here / "app.py").write_text(BEFORE)
        (here / "conf.yml").write_text(SETTINGS)
        git("add", ".")
        git("commit", "-qm", "one")
        (here / "app.py").write_text(AFTER)
        (here / "conf.yml").write_text(SETTINGS.replace("old", "new").replace("3", "1"))
        return git("diff")


def plain_diff() -> str:
    """What diff -u prints; it ends with 1 because the files differ."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("old.py", BEFORE), ("new.py", AFTER)):
            (Path(folder) / name).write_text(text)
        command = ["diff", "-u", "old.py", "new.py"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30).stdout


def files_and_hunks(text: str) -> dict[str, int]:
    """Each file and hunk of a diff with its line."""
    rows: dict[str, int] = {}
    name = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("+++ "):
            name = line[4:].split("\t")[0].removeprefix("b/")
            above = next((n for n in range(number, 0, -1) if text.split("\n")[n - 1].startswith("diff --git")), number)
            rows[f"file/{name}"] = above
        elif line.startswith("@@ "):
            rows[f"hunk/{name}:{line.split('+')[1].split(',')[0].split(' ')[0]}"] = number
    return rows


FORMATS: tuple[Format, ...] = (
    Format(
        name="git diff",
        kind=Kind.SOURCE_CODE,
        source="captured",
        example=git_diff,
        rows=files_and_hunks,
        must=(
            Must(what="a time-out that became shorter", kind="change", says="app.py: timeout: 30 → 5"),
            Must(what="a statement that asks for more", kind="change", says="state = 'all'"),
            Must(what="a check that is gone", kind="change", says="a check is gone: if pool is None:"),
            Must(
                what="an address that changed", kind="change", says="conf.yml: url: http://old.example:80 → http://new.example:80"
            ),
            Must(what="fewer replicas", kind="change", says="conf.yml: replicas: 3 → 1"),
            Must(what="a TLS check switched off", kind="setting", says="TLS check disabled in an added line"),
        ),
    ),
    Format(
        name="diff -u",
        kind=Kind.SOURCE_CODE,
        source="captured",
        example=plain_diff,
        rows=files_and_hunks,
        must=(Must(what="a time-out that became shorter", kind="change", says="timeout: 30 → 5"),),
    ),
)
