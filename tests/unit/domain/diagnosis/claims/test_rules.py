"""Claims about an invented system: what is true passes in plain English, every alteration of it loses."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.diagnosis.claims.check import SPAN, check
from domain.diagnosis.values import Claim
from domain.evidence.values import Citation

BOATS = {
    "boats": [
        {
            "name": "ferry-11",
            "state": "Moored",
            "leaks": 0,
            "engine": {"on": False, "reason": "RudderJam"},
            "seen_at": "2031-03-04T10:02:00Z",
        },
        {
            "name": "ferry-12",
            "state": "Sailing",
            "leaks": 3,
            "engine": {"on": True, "reason": ""},
            "seen_at": "2031-03-04T10:05:00Z",
        },
        {
            "name": "ferry-13",
            "state": "Sailing",
            "leaks": 0,
            "engine": {"on": True, "reason": ""},
            "seen_at": "2031-03-04T10:09:00Z",
        },
    ]
}
TIDES = {
    "tides": [
        {"label": "WaterLevel", "unit": "Percent", "values": [12.2, 20.4, 41.7, 73.1, 88.9]},
        {"label": "PumpDelay", "unit": "Seconds", "values": [4.0, 4.1, 4.0, 3.9, 4.0]},
        {"label": "RopeLoad", "unit": "Count", "values": [940, 700, 300, 40, 0]},
    ]
}


def told(text: str, node: object) -> Claim:
    lines = {("harbour", at): line for at, line in enumerate(json.dumps(node, indent=1).splitlines(), start=1)}
    cited = tuple(
        Citation(evidence="harbour", first=at, last=min(at + SPAN - 1, len(lines))) for at in range(1, len(lines) + 1, SPAN)
    )
    return check(Claim(text=text, citations=cited), (), lines)


TRUE = [
    ("The boat ferry-12 has leaks=3 and is currently Sailing.", BOATS),
    ("ferry-11 reports on=false with reason=RudderJam, indicating a stuck helm.", BOATS),
    ("The other two boats are Sailing.", BOATS),
    ("ferry-13 was last seen at 10:09Z.", BOATS),
    ("WaterLevel rose from 12% to 89%.", TIDES),
    ("WaterLevel peaked at 88.9%.", TIDES),
    ("PumpDelay remained stable at ~4 seconds.", TIDES),
    ("RopeLoad dropped from 940 to 0 over the whole window.", TIDES),
    ("PumpDelay stayed below 5 seconds.", TIDES),
]
FALSE = [
    ("The boat ferry-12 has leaks=4 and is currently Sailing.", BOATS),
    ("The boat ferry-13 has leaks=3 and is currently Sailing.", BOATS),
    ("The boat ferry-12 has leaks=3 and is currently Moored.", BOATS),
    ("The boat ferry-12 is not Sailing.", BOATS),
    ("ferry-12 reports on=false with reason=RudderJam.", BOATS),
    ("ferry-11 reports on=true with reason=RudderJam.", BOATS),
    ("The other three boats are Sailing.", BOATS),
    ("All boats are Sailing.", BOATS),
    ("ferry-13 was last seen at 10:05Z.", BOATS),
    ("ferry-13 exploded.", BOATS),
    ("ferry-12 is Sailing because of KrakenAttack.", BOATS),
    ("WaterLevel fell from 12% to 89%.", TIDES),
    ("WaterLevel rose from 89% to 12%.", TIDES),
    ("WaterLevel rose from 12% to 95%.", TIDES),
    ("WaterLevel peaked at 73.1%.", TIDES),
    ("WaterLevel remained stable at ~41.7%.", TIDES),
    ("PumpDelay remained stable at ~4 ms.", TIDES),
    ("PumpDelay stayed above 5 seconds.", TIDES),
    ("PumpDelay kept rising at ~4 seconds.", TIDES),
    ("RopeLoad rose from 940 to 0.", TIDES),
    ("WaterLevel averaged 88.9%.", TIDES),
    ("ferry-12 is Sailing, and the kitchen is burning.", BOATS),
    ("RopeDepth dropped from 940 to 0.", TIDES),
]


@pytest.mark.parametrize(("text", "node"), TRUE)
def test_d7_plain_english_around_what_is_true_is_confirmed(text: str, node: object) -> None:
    assert told(text, node).verdict == "confirmed"


@pytest.mark.parametrize(("text", "node"), FALSE)
def test_d7_an_altered_number_name_time_unit_sense_or_order_is_not_confirmed(text: str, node: object) -> None:
    assert told(text, node).verdict != "confirmed"


def test_what_a_clause_explains_is_marked_as_inferred() -> None:
    assert told(*TRUE[1]).strength == "inferred"
    assert told(*TRUE[0]).strength == "observed"


@given(st.integers(min_value=0, max_value=10**6))
def test_only_the_number_of_the_named_object_passes(value: int) -> None:
    assert (told(f"ferry-12 has leaks={value}", BOATS).verdict == "confirmed") is (value == 3)


@example(10, 9)
@given(st.integers(min_value=0, max_value=23), st.integers(min_value=0, max_value=59))
def test_only_the_time_of_the_named_object_passes(hour: int, minute: int) -> None:
    text = f"ferry-13 was last seen at {hour:02}:{minute:02}Z."
    assert (told(text, BOATS).verdict == "confirmed") is ((hour, minute) == (10, 9))


@given(st.integers(min_value=1, max_value=5000))
def test_only_the_ends_of_a_course_pass(value: int) -> None:
    assert (told(f"RopeLoad dropped from {value} to 0.", TIDES).verdict == "confirmed") is (value in {940, 700, 300, 40})
