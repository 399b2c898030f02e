from __future__ import annotations

import re

import pytest

from domain.diagnosis.candidates import effects_of
from domain.diagnosis.catalogue.families import BY_ID, FAMILIES
from domain.diagnosis.values import Diagnosis
from tests.quality.reading import Read, text_case
from tests.unit.domain.diagnosis.examples.shapes import log
from tests.unit.domain.diagnosis.examples.trios import TRIOS

EVERY = [family.id for family in FAMILIES]


def families(diagnosis: Diagnosis) -> set[str]:
    """Every family that the diagnosis speaks of: ranked, or explained by a ranked one."""
    return {name for one in diagnosis.candidates for name in (one.family, *one.chain)}


def holds(read: Read, family: str) -> bool:
    return read.diagnosis.status == "healthy" if family == "recovered" else family in families(read.diagnosis)


def test_every_family_has_a_positive_a_near_miss_and_a_refuted_example() -> None:
    assert set(TRIOS) == set(EVERY)


def test_there_are_at_least_twenty_five_families_and_no_name_twice() -> None:
    assert len(FAMILIES) == len(BY_ID) >= 25


@pytest.mark.parametrize("family", EVERY)
def test_the_positive_ranks_first(family: str) -> None:
    read = text_case(TRIOS[family].positive)
    assert holds(read, family), [(one.family, one.chain, round(one.score, 2)) for one in read.diagnosis.candidates]
    if family != "recovered":
        assert read.diagnosis.candidates[0].family == family, [
            (one.family, round(one.score, 2)) for one in read.diagnosis.candidates
        ]


def test_a_restarting_database_is_the_consequence_of_what_killed_it() -> None:
    text = TRIOS["oom_killed"].positive
    read = text_case({**text, "orders.log": log("FATAL: the database system is starting up")["app.log"]})
    first = read.diagnosis.candidates[0]
    assert (first.family, "db_restarting" in first.chain) == ("oom_killed", True)


def test_who_meets_a_restarting_database_is_not_down_by_itself() -> None:
    read = text_case(log("FATAL: the database system is in recovery mode", "ERROR connection refused"))
    first = read.diagnosis.candidates[0]
    assert (first.family, first.chain) == ("db_restarting", ("dependency_down",))


@pytest.mark.parametrize("family", EVERY)
def test_the_near_miss_is_not_taken_for_it(family: str) -> None:
    assert not holds(text_case(TRIOS[family].near), family)


@pytest.mark.parametrize("family", EVERY)
def test_the_refuted_example_is_excluded(family: str) -> None:
    assert not holds(text_case(TRIOS[family].refuted), family)


@pytest.mark.parametrize("family", EVERY)
def test_without_its_decisive_lines_no_positive_is_identified(family: str) -> None:
    whole = text_case(TRIOS[family].positive)
    cited = {
        (line.file, number)
        for cause in whole.answer.causes
        for line in cause.evidence
        for number in range(line.line, (line.last_line or line.line) + 1)
    }
    files = {
        name: "\n".join(row for number, row in enumerate(text.split("\n"), start=1) if (name, number) not in cited)
        for name, text in TRIOS[family].positive.items()
    }
    assert text_case(files).answer.status != "identified"


@pytest.mark.parametrize("family", FAMILIES, ids=EVERY)
def test_a_family_says_how_to_check_it_and_what_its_steps_change(family) -> None:
    assert family.decisive
    assert family.refutes
    assert family.checks
    assert 0 <= family.depth <= 3
    for step in family.actions:
        assert all((step.state_change, step.verify, step.blast_radius))
        assert step.reversible in {"yes", "partly", "no"}


@pytest.mark.parametrize("family", EVERY)
def test_effects_are_families_and_never_lead_back(family: str) -> None:
    named = set(BY_ID[family].effects)
    assert named <= set(EVERY) | {"db_unreachable", "build_failed", "external_down"}, named - set(EVERY)
    assert family not in effects_of(family)


@pytest.mark.parametrize("family", FAMILIES, ids=EVERY)
def test_patterns_are_linear_on_their_worst_line(family) -> None:
    worst = ("connection pool timeout waiting lookup a.b-c_d/" * 24 + '"' * 20 + "1" * 40)[:1_000]
    for rule in (*family.decisive, *family.supports, *family.refutes):
        re.search(rule.pattern, worst, re.IGNORECASE)


@pytest.mark.parametrize(("key", "family"), [("OAK_BATCH_LIMIT", "env_missing"), ("price", "crash_regression")])
def test_a_key_in_capitals_that_is_missing_is_a_setting_and_any_other_a_fault_of_the_code(key: str, family: str) -> None:
    trace = f'Traceback (most recent call last):\n  File "/srv/mill.py", line 9, in grind\n    value = given["{key}"]\nKeyError: \'{key}\'\n'
    rows = "".join(f"2031-03-04 10:0{n}:00,000 WARNING supervisor mill exited with code 1\n{trace}" for n in range(5))
    found = [one.family for one in text_case({"mill.log": rows}).diagnosis.candidates]
    assert found[0] == family
    assert not {"env_missing", "crash_regression"} <= set(found)


def test_a_name_in_the_code_that_begins_like_a_host_is_no_host_outside() -> None:
    said = "ERROR 1 --- [exec-8] {} : 500 : internal server error"
    assert holds(text_case(log(said.format("orders.co"))), "external_down")
    for name in ("orders.controller.OrderController", "orders.co.OrderController", "orders.io-error"):
        assert not holds(text_case(log(said.format(name))), "external_down")


def test_every_family_says_how_it_makes_its_symptom_but_those_that_only_say_that_something_ended() -> None:
    assert {one.id for one in FAMILIES if not one.mechanism} == {"unready", "job_failed", "recovered"}
