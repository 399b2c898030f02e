"""A difference of two texts beside a log: what was changed, when it took effect, and what fails by it."""

from __future__ import annotations

import pytest

from domain.diagnosis.values import Diagnosis
from tests.quality.reading import text_case

DIFF = """--- mill.yaml
+++ mill.yaml
@@ -1,3 +1,3 @@
 kind: ConfigMap
-  grain.url: https://grain.example.com:8443
+  grain.url: http://grain.example.com:8443
 data:
"""
CALM = "".join(f"2031-03-04T{9 + n // 60:02}:{n % 60:02}:30Z INFO handled request {n} in 20 ms\n" for n in range(66))
LOADED = "2031-03-04T09:58:00Z INFO settings were reloaded: grain.url=http://grain.example.com:8443\n"
FAILS = "".join(f"2031-03-04T10:0{n}:00Z ERROR POST http://grain.example.com:8443/sacks failed: {{}}\n" for n in range(5))
TLS = FAILS.replace("{}", "Unsupported or unrecognized SSL message")
ODD = FAILS.replace("{}", "the miller is astonished")


def told(log: str, diff: str = DIFF) -> Diagnosis:
    lines = "".join(sorted(log.splitlines(keepends=True)))
    return text_case({"mill.diff": diff, "app.log": lines}).diagnosis


def test_a_changed_value_that_a_line_speaks_of_is_the_last_change_before_the_fault() -> None:
    found = told(CALM + LOADED + TLS)
    assert found.candidates[0].family == "tls_plain"
    assert found.story[0] == (
        "The last change before it at 09:58: `mill.yaml: grain.url: https://grain.example.com:8443"
        " → http://grain.example.com:8443` (mill.diff:6)"
    )


def test_where_nothing_else_explains_it_the_change_is_the_cause_and_its_line_is_cited() -> None:
    leader = told(CALM + LOADED + ODD).candidates[0]
    assert (leader.family, leader.signals[0].citation.first) == ("change_config", 6)
    assert "https://grain.example.com:8443 → http://grain.example.com:8443" in leader.statement


def test_a_change_without_a_time_began_when_a_line_first_shows_its_new_value() -> None:
    leader = told(CALM + ODD).candidates[0]
    assert (leader.family, leader.signals[0].citation.first) == ("change_config", 6)


@pytest.mark.parametrize(
    ("before", "after"), [("http://oats.example.com:81", "http://oats.example.com:82"), ("false", "true"), ("5", "10")]
)
def test_a_change_whose_new_value_no_line_names_is_no_cause(before: str, after: str) -> None:
    diff = DIFF.replace("http://grain.example.com:8443", after).replace("https://grain.example.com:8443", before)
    assert "change_config" not in {one.family for one in told(CALM + ODD, diff).candidates}


def test_a_change_is_told_without_the_level_of_its_line() -> None:
    told_of = [one.what for one in told(CALM + LOADED + ODD).changes]
    assert "settings were reloaded: grain.url=http://grain.example.com:8443" in told_of


POOL = """--- mill.yaml
+++ mill.yaml
@@ -1,2 +1,2 @@
 hikari:
-  maximumPoolSize: 50
+  maximumPoolSize: 5
"""
EMPTY = "".join(
    f"2031-03-04T10:0{n}:00Z ERROR HikariPool-1 - Connection is not available, request timed out after 30000ms ({{}}, idle=0)\n"
    for n in range(5)
)


def test_a_number_that_a_line_gives_beside_the_word_of_its_setting_dates_the_change() -> None:
    found = told(CALM + EMPTY.format(*["total=5"] * 5), POOL)
    assert found.candidates[0].family == "pool_exhausted"
    assert found.story[0] == "The last change before it at 10:00: `mill.yaml: maximumPoolSize: 50 → 5` (mill.diff:6)"


def test_a_change_that_no_line_dates_is_told_without_a_time_and_is_no_trigger() -> None:
    found = told(CALM + EMPTY.format(*["total=55"] * 5), POOL)
    assert [(one.what, one.time) for one in found.changes] == [("mill.yaml: maximumPoolSize: 50 → 5", None)]
    assert not any("maximumPoolSize" in step for step in found.story)


def test_of_many_changes_the_nearest_are_told_and_behind_them_the_gravest_of_no_known_time() -> None:
    lines = [f"+  step.{n}.seconds: {n}\n" for n in range(9)]
    diff = (
        "--- mill.yaml\n+++ mill.yaml\n@@ -1,9 +1,9 @@\n"
        + "".join(f"-  step.{n}.seconds: {n + 90}\n" for n in range(9))
        + "".join(lines)
    )
    shown = text_case({"mill.diff": diff + POOL.replace("mill", "oat"), "app.log": CALM + LOADED + TLS}).answer.changes
    assert len(shown) == 5
    assert shown[0].time is not None
    assert all(one.time is None for one in shown[1:])
