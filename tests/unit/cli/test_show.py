from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

from rich.console import Console

from cli.ask import described
from cli.show import analysis, cases, plain, reply, terminal


def printed(width: int = 120) -> Console:
    return terminal(file=StringIO(), width=width, force_terminal=False)


def test_control_characters_of_evidence_never_reach_the_terminal() -> None:
    assert plain("a\x1b[31mred\x07\nnext\t.") == "a\\x1b[31mred\\x07\nnext\t."


def test_a_reply_shows_its_text_its_suggestions_and_what_was_away() -> None:
    console = printed()
    answer = {
        "agent_response": "**Probable cause:** x (app.log:1)",
        "suggested_actions": [
            {"type": "RUN", "label": "Look", "payload": "df -h", "hints": []},
            {"type": "EVIDENCE", "label": "Send the database log", "payload": None, "hints": ["postgresql.log"]},
        ],
        "degraded": ["model_unavailable"],
    }
    reply(console, answer)
    shown = console.file.getvalue()
    assert all(part in shown for part in ("Probable cause:", "app.log:1", "df -h", "Send the database log", "model_unavailable"))


def test_case_ids_are_shown_whole_however_narrow_the_terminal_is() -> None:
    console = printed(80)
    one = {
        "case_id": "3379ffa2-c725-4cf5-856e-b23b6d870991",
        "title": "checkout failing",
        "state": "inquiry",
        "current_turn": 1,
        "last_activity_at": "2026-11-21T14:07:21.000Z",
    }
    cases(console, {"total_count": 1, "cases": [one]})
    assert one["case_id"] in console.file.getvalue()


ANSWER: Mapping[str, Any] = {
    "status": "candidates",
    "reason": "",
    "onset": {"time": "2031-03-04T10:00:00.123456Z"},
    "affected": [],
    "changes": [],
    "documents": [],
    "causes": [],
    "story": ["The last change before it at 09:58: [config] :bomb: pool.size 50 → 5 (app.log:7)"],
    "ruled_out": [{"family": "disk_full", "why": "41 % used"}],
    "missing": ["no events"],
    "checks": [],
    "actions": [],
    "timeline": [{"time": "2031-03-04T10:00:00Z", "text": "[config] [bold]reloaded :bomb:", "file": "app.log", "line": 7}],
    "coverage": {"notes": []},
}


def test_brackets_and_names_of_emoji_in_evidence_are_printed_as_they_stand() -> None:
    console = printed()
    analysis(console, ANSWER)
    shown = console.file.getvalue()
    assert "[config] [bold]reloaded :bomb:" in shown
    assert "[config] :bomb: pool.size" in shown


def test_an_analysis_tells_how_it_came_about_what_is_ruled_out_and_what_is_missing() -> None:
    console = printed()
    analysis(console, ANSWER)
    shown = console.file.getvalue().splitlines()
    assert [shown[shown.index(title) + 1] for title in ("How it came about", "Ruled out", "Missing")] == [
        "• The last change before it at 09:58: [config] :bomb: pool.size 50 → 5 (app.log:7)",
        "• disk full: 41 % used",
        "• no events",
    ]


def test_what_is_affected_and_what_changed_are_told_once() -> None:
    console = printed()
    steps = [
        {"time": None, "text": "cart.retries 3 → 9", "file": "a.diff", "line": 4},
        {"time": "2031-03-04T09:58:00Z", "text": "[config] :bomb: pool.size 50 → 5", "file": "app.log", "line": 7},
    ]
    analysis(console, {**ANSWER, "affected": ["service cart", "node n1"], "changes": steps})
    shown = console.file.getvalue().splitlines()
    assert shown[shown.index("Affected") + 1] == "• service cart, node n1"
    assert shown[shown.index("What changed before") + 1] == "• at a time that is not told: cart.retries 3 → 9 (a.diff:4)"
    assert sum("pool.size" in line for line in shown) == 1


def test_an_inconclusive_analysis_says_why_beside_its_verdict() -> None:
    console = printed()
    analysis(console, {**ANSWER, "status": "inconclusive", "reason": "nothing in the evidence speaks for a fault"})
    assert "inconclusive, since 2031-03-04T10:00:00Z: nothing in the evidence speaks for a fault" in console.file.getvalue()


def test_each_event_of_a_turn_is_one_line_and_a_step_further() -> None:
    assert described("stage", {"stage": "diagnose"})[1] > described("stage", {"stage": "redact"})[1]
    assert described("evidence", {"status": "completed", "lines_read": 80})[0] == "reading evidence: completed 80"
