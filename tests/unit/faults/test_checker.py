"""The checker says nothing about a faultless run, and names every violation that is planted into one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.faults.checker import violations

Lines = list[dict[str, Any]]
CASES, TURNS = ("one", "two"), 3


def a_run() -> Lines:
    """Return two cases of three turns: one duplicate, one refusal, one kill with a second model call around it."""
    lines: Lines = [{"what": "refused", "key": "one-1", "status": 503}, {"what": "kill", "part": "worker", "at": 10.5}]
    for case in CASES:
        for turn in range(1, TURNS + 1):
            key = f"{case}-{turn}"
            lines += [
                {"what": "planned", "case": case, "message": turn, "key": key, "text": f"(note {key})"},
                {"what": "acknowledged", "key": key},
                {"what": "model_call", "key": key, "at": 10.0 * turn},
                {"what": "answered", "key": key, "turn": turn, "body": f"body of {key}"},
                a_row(case, 2 * turn - 1, turn, "user", f"orders wait (note {key})"),
                a_row(case, 2 * turn, turn, "assistant", "nothing is known yet"),
                {"what": "step", "case": case, "turn": turn, "step": "record_turn", "completed": 1},
            ]
    lines.append({"what": "answered", "key": "one-1", "turn": 1, "body": "body of one-1"})
    lines.append({"what": "model_call", "key": "one-1", "at": 11.0})
    return lines


def a_row(case: str, seq: int, turn: int, role: str, content: str) -> dict[str, Any]:
    return {"what": "row", "case": case, "seq": seq, "turn": turn, "role": role, "id": f"{case}{seq}", "content": content}


def the(lines: Lines, what: str, **wanted: object) -> dict[str, Any]:
    """Return the one line that was asked for."""
    return next(line for line in lines if line["what"] == what and wanted.items() <= line.items())


def without(lines: Lines, what: str, **wanted: object) -> Lines:
    line = the(lines, what, **wanted)
    return [each for each in lines if each is not line]


def changed(lines: Lines, change: dict[str, Any], what: str, **wanted: object) -> Lines:
    line = the(lines, what, **wanted)
    return [{**each, **change} if each is line else each for each in lines]


def swapped(lines: Lines) -> Lines:
    """Let the second message of a case stand before the first."""
    first, second = the(lines, "row", case="one", seq=1)["content"], the(lines, "row", case="one", seq=3)["content"]
    return changed(changed(lines, {"content": second}, "row", case="one", seq=1), {"content": first}, "row", case="one", seq=3)


def test_a_faultless_run_has_no_violation() -> None:
    assert violations(a_run()) == ()


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda run: without(run, "answered", key="two-2"), "two-2: acknowledged and never answered"),
        (lambda run: without(without(run, "answered", key="two-2"), "acknowledged", key="two-2"), "two-2: never answered"),
        (lambda run: [*run, {"what": "unexpected", "key": "two-1", "status": 500}], "two-1: the API answered 500"),
        (lambda run: [*run, {"what": "unexpected", "key": "two-1", "status": 409}], "two-1: the API answered 409"),
        (lambda run: [*run, {"what": "answered", "key": "two-1", "turn": 1, "body": "else"}], "two-1: 2 different answers"),
        (lambda run: [*run, {"what": "answered", "key": "two-1", "turn": 4, "body": "body of two-1"}], "turns [1, 4]"),
        (lambda run: without(run, "row", case="two", seq=3), "two-2: 0 user rows"),
        (lambda run: without(run, "row", case="two", seq=4), "two: turn 2 has no assistant row"),
        (lambda run: [*run, a_row("two", 7, 2, "assistant", "again")], "two: turn 2 has 2 assistant rows"),
        (lambda run: [*run, a_row("two", 7, 2, "user", "orders wait (note two-2)")], "two-2: 2 user rows"),
        (lambda run: [*run, a_row("two", 7, 4, "user", "orders wait (note two-2)")], "two: turn 4 has no assistant row"),
        (lambda run: [*run, a_row("two", 7, 4, "user", "who said that?")], "two: 3 messages sent, 4 user rows"),
        (lambda run: changed(run, {"turn": 3}, "answered", key="two-2"), "two-2: answered as turn 3, its row is turn 2"),
        (swapped, "one: out of order from '(note one-1)'"),
        (lambda run: changed(run, {"seq": 9}, "row", case="two", seq=1), "two: rows are not turn 1 to 3"),
        (lambda run: changed(run, {"id": "two2"}, "row", case="two", seq=1), "2 rows have the id two2"),
        (lambda run: [*run, {"what": "model_call", "key": "two-3", "at": 31.5}], "two-3: called again after 1.5 s"),
        (lambda run: changed(run, {"at": 8.9}, "kill", part="worker"), "one-1: called again after 1.0 s without a kill between"),
        (lambda run: without(run, "kill", part="worker"), "one-1: called again after 1.0 s without a kill between"),
        (lambda run: changed(run, {"completed": 2}, "step", case="two", turn=2), "record_turn of turn 2 completed 2 times"),
        (lambda run: changed(run, {"completed": 0}, "step", case="two", turn=2), "record_turn of turn 2 completed 0 times"),
    ],
)
def test_a_planted_violation_is_named(plant: Callable[[Lines], Lines], said: str) -> None:
    found = violations(plant(a_run()))
    assert any(said in sentence for sentence in found), found


def test_a_case_without_any_row_is_lost() -> None:
    found = violations([line for line in a_run() if not (line["what"] == "row" and line["case"] == "two")])
    assert "two: 3 messages sent, 0 user rows" in found
