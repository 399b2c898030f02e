"""Questions that suspect a cause are answered by what the evidence says of it."""

from __future__ import annotations

import pytest

from domain.diagnosis.hunches import meant, told
from tests.unit.domain.diagnosis.values import a_candidate

FOUND = (a_candidate(family="pool_exhausted", rank=1), a_candidate(family="db_down", rank=2))
OUT = (("dns_failure", "name stock.shop.svc resolved"),)


@pytest.mark.parametrize(
    ("question", "family"),
    [
        ("is it the database?", "db_down"),
        ("Could it be DNS?", "dns_failure"),
        ("orders fail. was it the last deployment?", "change_deploy"),
        ("might this be because of an expired certificate?", "tls_expired"),
        ("is it the disk again?", "disk_full"),
    ],
)
def test_a_suspicion_is_heard_as_families(question: str, family: str) -> None:
    assert family in meant(question)


@pytest.mark.parametrize(
    "question", ["", "what is it?", "is it fixed?", "is it the moon?", "the database is slow", "is that all?"]
)
def test_what_suspects_no_known_fault_is_no_suspicion(question: str) -> None:
    assert meant(question) == ()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("is it the connection pool?", "What you ask about is the first of the causes that the evidence speaks for."),
        (
            "is it because of a database that is down?",
            "What you ask about is number 2 of the causes that the evidence speaks for.",
        ),
        ("is it DNS?", "What you ask about is ruled out: name stock.shop.svc resolved."),
        ("is it the disk?", "No line of the evidence speaks for what you ask about."),
        ("is it the moon?", ""),
    ],
)
def test_a_suspicion_is_answered_by_its_place_in_the_ranking(question: str, answer: str) -> None:
    assert told(meant(question), FOUND, OUT) == answer
