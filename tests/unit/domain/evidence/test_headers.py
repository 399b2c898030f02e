"""Headers of log lines learnt from lines of many layouts, whose words are made up."""

from __future__ import annotations

import random

import pytest

from domain.evidence.clocks import learn_clock
from domain.evidence.logs.headers import learn_header
from domain.evidence.logs.messages import read_message

LEVELS = ("INFO", "WARN", "ERROR", "DEBUG")
MESSAGES = (
    "{n} bricks fired in {n} ms",
    "cannot reach oven at 10.0.{b}.7:8080",
    "fired brick-{n} for user gil",
    "Oven tuv warmed",
    "queue depth: {n}",
    "GET /bricks/{n} 200",
)
LAYOUTS = {
    "log4j": ("2026-03-01 12:{m:02}:{s:02},{n:03} - {level:<5} [pool-{b}-thread {b}:Oven$Door@{n}] - {text}", "level"),
    "log4j with logger": (
        "2026-03-01 12:{m:02}:{s:02},{n:03} {level} [Oven handler {b} on {n}] org.kiln.app.Oven{b}: {text}",
        "level",
    ),
    "short logger": ("26/03/01 12:{m:02}:{s:02} {level} kiln.Oven: {text}", "level"),
    "syslog": ("Mar  1 12:{m:02}:{s:02} oak-1 kilnd[{n}]: {text}", ""),
    "pipes": ("20260301-12:{m:02}:{s:02}:{n:03}|Kiln_Oven|3000{b}|{text}", ""),
    "padded": ("2026-03-01 12:{m:02}:{s:02}, {level:<20}  KLN    {text}", "level"),
    "bracketed": ("[Sun Mar 01 12:{m:02}:{s:02} 2026] [{level}] {text}", "level"),
    "device": ("03-01 12:{m:02}:{s:02}.{n:03}  {b:4}  {n:4} {level[0]} KilnOven: {text}", "letters"),
    "host and request": (
        "kiln-api.log 2026-03-01 12:{m:02}:{s:02}.{n:03} 257{b} {level} kiln.oven.api [req-{n:x} - - -] {text}",
        "level",
    ),
    "numbered machine": (
        "- 17724{m:02}{s:03} 2026.03.01 K0{b}-M1 2026-03-01-12.{m:02}.{s:02}.000 K0{b}-M1 KLN OVEN {level} {text}",
        "level",
    ),
    "no clock": ("{level}: [kiln-{b}] {text}", "level"),
}


def lines(layout: str, count: int = 60) -> tuple[list[str], list[str], list[str]]:
    """Return lines of that layout with their levels and messages."""
    dice = random.Random(layout)
    rows, levels, texts = [], [], []
    for place in range(count):
        text = dice.choice(MESSAGES).format(n=dice.randrange(100, 999), b=dice.randrange(9))
        level = dice.choice(LEVELS)
        part = {"m": place % 60, "s": place % 60, "n": dice.randrange(100, 999), "b": dice.randrange(1, 9)}
        rows.append(layout.format(level=level, text=text, **part))
        levels.append(level)
        texts.append(text)
    return rows, levels, texts


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_left_of_a_line_is_its_message(name: str) -> None:
    layout, kind = LAYOUTS[name]
    rows, levels, texts = lines(layout)
    clock = learn_clock(rows)
    rest = [read_message(row, clock).text for row in rows]
    header = learn_header(rest)
    assert header is not None
    parted = [header.part(text) for text in rest]
    assert [text for text, _ in parted] == texts
    told = {"level": levels, "letters": [level[0] for level in levels], "": []}[kind]
    assert [fields["level"] for _, fields in parted if fields] == told


def test_lines_that_begin_with_their_message_have_no_header() -> None:
    assert learn_header(["oven tuv warmed", "brick 7 fired", "cannot reach oven", "queue is long"]) is None


def test_one_line_teaches_nothing() -> None:
    assert learn_header(["INFO [kiln] oven warm"]) is None


def test_a_line_of_another_shape_stays_whole() -> None:
    header = learn_header(["INFO [kiln] oven warm", "WARN [yard] oven cold", "INFO [mill] brick fired"])
    assert header is not None
    assert header.part("Traceback: oven broke down") == ("Traceback: oven broke down", {})
    assert header.part("INFO [kiln]") == ("INFO [kiln]", {})
