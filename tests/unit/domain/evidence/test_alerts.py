"""Alert lines by severity, two witnesses, bursts and rarity, in logs whose words are made up."""

from __future__ import annotations

import random

import pytest

from domain.evidence.dumps import is_reading
from domain.evidence.logs.alerts import ALERT, Row, alerts

SYLLABLES = ("gil", "mok", "tuv", "zor", "pim", "nus", "hol", "ry")


def word(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=2))


def quiet(dice: random.Random, lines: int = 1_000) -> list[Row]:
    kinds = [f"{word(dice)} {word(dice)} of {word(dice)}" for _ in range(12)]
    return [Row(text=f"{dice.choice(kinds)} {dice.randrange(9_999)} done", level="INFO") for _ in range(lines)]


def flagged(rows: list[Row]) -> list[int]:
    return [place for place, one in enumerate(alerts(rows)) if one.alert]


@pytest.mark.parametrize("seed", range(5))
def test_fatal_events_are_alerts_and_their_dumps_are_not(seed):
    dice = random.Random(seed)
    rows = quiet(dice)
    rows[400] = Row(text=f"{word(dice)} {word(dice)} interrupt", level="FATAL")
    for place in range(401, 431):
        name = f"{word(dice)} {word(dice)}"
        text = dice.choice([f"{name}........{dice.randrange(2)}", f"{name} register: 0x{dice.randrange(16**8):08x}"])
        rows[place] = Row(text=text, level="FATAL")
    assert flagged(rows) == [400]


@pytest.mark.parametrize("seed", range(5))
def test_a_storm_of_failures_is_an_alert_without_any_level(seed):
    dice = random.Random(seed)
    rows = [Row(text=row.text) for row in quiet(dice)]
    failing = f"{word(dice)} refused by {word(dice)}"
    rows[10] = Row(text=f"{word(dice)} refused by {word(dice)}")
    rows[600:640] = [Row(text=f"{failing} {n}") for n in range(40)]
    assert flagged(rows) == list(range(600, 640))


def test_what_a_caller_asked_wrongly_is_told_but_is_no_alert():
    rows = quiet(random.Random(1))
    rows[5] = Row(text="cannot load /home/gil/mok: No such file or directory", level="FATAL")
    rows[6] = Row(text="cannot load /home/gil/mok: Input/output error", level="FATAL")
    assert flagged(rows) == [6]
    assert 0 < alerts(rows)[5].score < ALERT


def test_an_error_level_alone_is_no_alert_but_one_that_words_confirm_is():
    rows = quiet(random.Random(2))
    rows[5], rows[6] = Row(text="mok tuv of zor", level="ERROR"), Row(text="mok tuv failed at zor", level="ERROR")
    assert flagged(rows) == [6]


def test_a_storm_that_the_program_calls_harmless_is_none():
    rows = quiet(random.Random(3))
    rows[500:560] = [Row(text=f"mok {n} alignment exceptions", level="INFO") for n in range(60)]
    assert flagged(rows) == []


def test_rarer_trouble_scores_higher():
    rows = quiet(random.Random(4))
    rows[5] = Row(text="mok broken", level="ERROR")
    for place in range(0, 1_000, 20):
        rows[place] = Row(text="tuv broken", level="ERROR")
    found = alerts(rows)
    assert found[5].score > found[20].score >= ALERT


def test_no_lines_give_no_verdicts():
    assert alerts([]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "wait state enable.......0",
        "core register: 0x0002f900",
        "r24=0x0ffea4c8 r25=0x00000003",
        "RAX: 0000000000000001 RBX: ffff8800be2a1c00",
    ],
)
def test_names_and_the_values_they_hold_are_readings(text):
    assert is_reading(text)


@pytest.mark.parametrize(
    "text",
    ["error code: 0x80070005", "page fault: 0xdeadbeef", "connecting to oven...failed", "took 31 ms", "generating core.1234"],
)
def test_what_tells_something_is_no_reading(text):
    assert not is_reading(text)
