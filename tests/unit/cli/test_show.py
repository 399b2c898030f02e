from __future__ import annotations

from io import StringIO

from rich.console import Console

from cli.ask import described
from cli.show import cases, plain, reply


def printed(width: int = 120) -> Console:
    return Console(file=StringIO(), width=width, force_terminal=False)


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


def test_each_event_of_a_turn_is_one_line_and_a_step_further() -> None:
    assert described("stage", {"stage": "diagnose"})[1] > described("stage", {"stage": "redact"})[1]
    assert described("evidence", {"status": "completed", "lines_read": 80})[0] == "reading evidence: completed 80"
