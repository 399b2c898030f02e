"""Forking from the command line: files by name, waiting for the turns, and the difference as people see it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from cli import forks
from cli.client import Refused, Server
from cli.show import terminal

FILES = [{"file_id": f"file_{n}", "filename": name} for n, name in enumerate(("app.log", "db.log", "db.log"))]
HELD = {"text": "The pool is full\x1b[2J", "level": "probable", "confidence": 0.65, "assurance": "no_root"}
SIDE = {"case_id": "one", "title": "Checkout", "turn": 2, "state": "investigating", "conclusion": HELD}
PLACE = {"rank": 1, "level": "probable", "likelihood": 0.65}
LINE = {"said": "causal_evidence", "file": "app.log", "first_line": 7, "last_line": 7, "text": "too many clients"}
DIFF: dict[str, Any] = {
    "before": SIDE,
    "after": {**SIDE, "case_id": "two", "conclusion": None},
    "leader_changed": True,
    "causes": [{"statement": "The pool", "move": "gone", "before": PLACE, "after": None}],
    "files": {"before": [{"name": "app.log", "sha256": "aa"}], "after": []},
    "evidence": {"before": [LINE] * (forks.LISTED + 2), "after": [{**LINE, "file": "", "text": "it fails"}]},
    "claims": {"before": [], "after": []},
    "actions": {"before": [], "after": [{"text": "Free space", "command": "df"}]},
    "turns_left": 1,
    "markdown": "# From",
}


class House:
    """A server that takes one turn of the fork at each look."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.turn = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else dict(request.url.params)
        self.asked.append((request.method, request.url.path, body))
        if request.url.path.endswith("/uploaded-files"):
            return httpx.Response(200, json={"files": FILES, "total_count": len(FILES)})
        if request.url.path.endswith("/diff"):
            return httpx.Response(200, json=DIFF)
        case = {"case_id": "two", "current_turn": self.turn, "forked_from": {"case_id": "one", "turn": 1}}
        self.turn += 1
        return httpx.Response(201 if request.method == "POST" else 200, json=case)

    @property
    def server(self) -> Server:
        return Server(httpx.Client(transport=httpx.MockTransport(self), base_url="http://house"))


def test_a_fork_names_its_files_waits_for_its_turns_and_shows_what_changed() -> None:
    house, console = House(), terminal(record=True, width=100)
    forks.fork(house.server, "one", {"without": ["app.log", "file_2"], "at_turn": 1, "model": "", "title": ""}, console)
    posted = next(body for method, path, body in house.asked if (method, path) == ("POST", "/api/v1/cases/one/fork"))
    assert posted == {"without": ["file_0", "file_2"], "at_turn": 1}
    shown = console.export_text()
    for words in (
        "Another cause leads",
        "1. probable (65%)",
        "gone",
        "- app.log:7  causal evidence",
        "… and 2 more",
        "+ Free space",
    ):
        assert words in shown
    for words in ("your words", "still has to take: 1", "--case two"):
        assert words in shown
    assert "\x1b[2J" not in shown


@pytest.mark.parametrize(("name", "told"), [("nowhere.log", "its files: app.log, db.log"), ("db.log", "2 files have this name")])
def test_a_file_that_is_not_one_of_the_case_is_refused_with_what_there_is(name: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        forks.file_id(House().server, "one", name)


def test_a_difference_is_printed_as_json_with_all_of_it() -> None:
    house, console = House(), terminal(record=True, width=400)
    forks.diff(house.server, "two", "one", console, as_json=True)
    assert json.loads(console.export_text()) == DIFF
    assert house.asked == [("GET", "/api/v1/cases/two/diff", {"with": "one"})]
