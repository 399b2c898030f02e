from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.clocks import learn_clock, parse_time, time_span

SEEN = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when", "certainty"),
    [
        ("2026-03-01T12:34:56.5Z up", datetime(2026, 3, 1, 12, 34, 56, 500000, UTC), "exact"),
        ("at 2026-03-01 12:34:56+02:00", datetime(2026, 3, 1, 10, 34, 56, tzinfo=UTC), "exact"),
        ("2026/03/01 12:34:56 go", datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ("2026-03-01-12.34.56.000001", datetime(2026, 3, 1, 12, 34, 56, 1, UTC), "zone assumed"),
        ("20260301-12:34:56:606|x", datetime(2026, 3, 1, 12, 34, 56, 606000, UTC), "zone assumed"),
        ('1.2.3.4 - - [01/Mar/2026:12:34:56 -0100] "GET', datetime(2026, 3, 1, 13, 34, 56, tzinfo=UTC), "exact"),
        ("Mar  1 12:34:56 host app[1]: x", datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ("Dec 31 12:34:56 host", datetime(2025, 12, 31, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ("[Sun Mar 01 12:34:56 2020] [error]", datetime(2020, 3, 1, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ("E0301 12:34:56.000000 1 a.go:1] x", datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ("260301 123456 12 INFO", datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ("26/03/01 12:34:56 INFO", datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC), "zone assumed"),
        ('{"ts":1772368496.25}', datetime(2026, 3, 1, 12, 34, 56, 250000, UTC), "exact"),
        ('{"ts":1772368496250}', datetime(2026, 3, 1, 12, 34, 56, 250000, UTC), "exact"),
        ("[   12.345678] eth0: up", None, "order only"),
    ],
)
def test_each_clock_format_is_read(text, when, certainty):
    moment = parse_time(text, SEEN)
    assert (moment.time, moment.certainty) == (when, certainty)


@pytest.mark.parametrize("text", ["", "no time", "2026-13-41T25:61:00Z", "9999999999", "v1.2.3"])
def test_what_is_no_time_is_none(text):
    assert parse_time(text, SEEN) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text):
    assert (parse_time(text, SEEN) is None) or time_span(text)


def test_the_clock_of_a_log_is_learnt_and_read_at_its_place():
    rows = [f"host{n} 2026-03-01 12:00:{n:02d} INFO took {n}" for n in range(40)]
    clock = learn_clock([*rows, "  at frame", "  at frame"])
    assert clock.read(rows[7]).time == datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC)
    assert clock.read("  at frame") is None


def test_a_log_without_times_has_no_clock():
    assert learn_clock(["alpha", "beta", "gamma 12:3"]) is None
