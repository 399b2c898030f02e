"""Alerts among a log's kinds of line by severity, two witnesses, bursts and rarity, in logs whose words are made up."""

from __future__ import annotations

import random

import pytest

from domain.evidence.analyse import analyse
from domain.evidence.candidates import pick
from domain.evidence.dumps import is_reading
from domain.evidence.logs.alerts import ALERT
from domain.evidence.values import Analysis, Context, Document

SYLLABLES = ("gil", "mok", "tuv", "zor", "pim", "nus", "hol", "ry")


def word(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=2))


def quiet(dice: random.Random, lines: int = 1_000, level: str = "INFO ") -> list[str]:
    kinds = [f"{word(dice)} {word(dice)} of {word(dice)}" for _ in range(12)]
    return [f"{level}{dice.choice(kinds)} {dice.randrange(9_999)} done" for _ in range(lines)]


def read(rows: list[str]) -> Analysis:
    """Return the analysis of a log with one line a second."""
    raw = "\n".join(f"2026-03-01T04:{place // 60:02d}:{place % 60:02d}Z {row}" for place, row in enumerate(rows)).encode()
    return analyse(Document(evidence="e", name="e.log", chunks=(raw,), size=len(raw)), Context())


def flagged(rows: list[str]) -> list[int]:
    """Return the first places of the kinds of line that are alerts, as findings and kinds of line both tell."""
    found = read(rows)
    told = {one.citations[0].first - 1 for one in found.findings if one.numbers.get("alert", 0.0) >= ALERT}
    assert told == {one.first - 1 for one in found.keys if one.alert >= ALERT}
    return sorted(told)


def alert(rows: list[str], place: int) -> float:
    """Return how suspicious the kind of line is that begins at `place`."""
    return next(one.alert for one in read(rows).keys if one.first == place + 1)


@pytest.mark.parametrize("seed", range(5))
def test_fatal_events_are_alerts_and_their_dumps_are_not(seed):
    dice = random.Random(seed)
    rows = quiet(dice)
    rows[400] = f"FATAL {word(dice)} {word(dice)} interrupt"
    for place in range(401, 431):
        name = f"{word(dice)} {word(dice)}"
        text = dice.choice([f"{name}........{dice.randrange(2)}", f"{name} register: 0x{dice.randrange(16**8):08x}"])
        rows[place] = f"FATAL {text}"
    assert flagged(rows) == [400]


@pytest.mark.parametrize("seed", range(5))
def test_a_storm_of_failures_is_an_alert_without_any_level(seed):
    dice = random.Random(seed)
    rows = quiet(dice, level="")
    failing = f"{word(dice)} refused by {word(dice)}"
    rows[10] = f"{word(dice)} refused by {word(dice)}"
    rows[600:640] = [f"{failing} {n}" for n in range(40)]
    assert flagged(rows) == [600]


def test_what_a_caller_asked_wrongly_is_told_but_is_no_alert():
    rows = quiet(random.Random(1))
    rows[5] = "FATAL cannot load /home/gil/mok: No such file or directory"
    rows[6] = "FATAL cannot load /home/gil/mok: Input/output error"
    assert flagged(rows) == [6]
    assert 0 < alert(rows, 5) < ALERT


def test_an_error_level_alone_is_no_alert_but_one_that_words_confirm_is():
    rows = quiet(random.Random(2))
    rows[5], rows[6] = "ERROR mok tuv of zor", "ERROR mok tuv failed at zor"
    assert flagged(rows) == [6]


def test_a_storm_that_the_program_calls_harmless_is_none():
    rows = quiet(random.Random(3))
    rows[500:560] = [f"INFO mok {n} alignment exceptions" for n in range(60)]
    assert flagged(rows) == []


def test_rarer_trouble_scores_higher():
    rows = quiet(random.Random(4))
    rows[5] = "ERROR mok broken"
    for place in range(0, 1_000, 20):
        rows[place] = "ERROR tuv broken"
    assert alert(rows, 5) > alert(rows, 0) >= ALERT


def test_the_digest_ranks_by_how_suspicious_a_kind_of_line_is():
    rows = quiet(random.Random(5))
    rows[700], rows[800] = "FATAL cannot load /mok: No such file or directory", "ERROR mok failed at zor"
    ranked = [line.first - 1 for line in pick(read(rows))]
    assert ranked.index(800) < ranked.index(700)


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
