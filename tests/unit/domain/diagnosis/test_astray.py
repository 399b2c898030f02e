"""A line that is dated on another day than its neighbours proves nothing; one that a jump of the log explains does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.diagnosis.signals import observations
from tests.quality.reading import analysed, text_case

FULL = "no space left on device"
CALM = [
    f"2026-04-03T10:{number // 60:02}:{number % 60:02}Z INFO handled request in {20 + number % 9} ms" for number in range(300)
]
UNSET = [
    f"1970-01-01T00:{number // 60:02}:{number % 60:02}Z INFO handled request in {20 + number % 9} ms" for number in range(300)
]


def untrusted(rows: Sequence[str]) -> bool:
    (found,) = [one for one in observations([analysed("app.log", "\n".join(rows).encode())]) if FULL in one.text]
    return found.untrusted


@pytest.mark.parametrize("day", ["2025-11-03T04:12:09Z", "2027-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_line_of_another_day_between_two_of_one_day_is_astray(day: str) -> None:
    assert untrusted([*CALM[:200], f"{day} ERROR {FULL}", *CALM[200:]])


@pytest.mark.parametrize(
    "rows",
    [
        [*CALM[:200], f"2026-04-03T10:03:20Z ERROR {FULL}", *CALM[200:]],
        [*CALM, f"2026-05-20T10:00:00Z ERROR {FULL}"],
        [f"2026-02-01T10:00:00Z ERROR {FULL}", *CALM],
        [*CALM[:200], f"ERROR {FULL}", *CALM[200:]],
        [*CALM[:200], f"E0403 10:03:20.000000       1 main.go:12] {FULL}", *CALM[200:]],
        [*UNSET[:200], f"1970-01-01T00:03:20Z ERROR {FULL}", *UNSET[200:]],
    ],
    ids=["its day", "long after", "long before", "no time", "no year", "clock never set"],
)
def test_a_line_in_its_time_is_not(rows: Sequence[str]) -> None:
    assert not untrusted(rows)


def test_what_is_astray_is_no_cause() -> None:
    rows = [*CALM[:200], f"2025-11-03T04:12:09Z FATAL {FULL}", *CALM[200:]]
    assert text_case({"app.log": "\n".join(rows)}).answer.causes == ()
