"""Questions that count are answered by how many lines speak of it, whatever the verdict."""

from __future__ import annotations

import pytest

from domain.diagnosis.explain import explain
from tests.quality.reading import text_case

FILES = {
    "mill.log": "".join(
        f"2031-03-04T10:{n:02}:00Z {'ERROR sack of grain rejected: too wet' if n % 4 == 3 else 'INFO sack of grain accepted'}, sack={n}\n"
        for n in range(40)
    ),
    "cart.log": "2031-03-04T11:00:00Z WARN one sack was rejected at the gate\n2031-03-04T11:00:01Z INFO cart left\n",
}

SERVED = "".join(
    f'10.0.0.1 - - [04/Mar/2031:10:{n // 60:02}:{n % 60:02} +0000] "GET /sacks/{n} HTTP/1.1" {503 if n % 5 == 4 else 404 if n == 7 else 200} 81\n'
    for n in range(100)
)


def counted(question: str) -> str:
    return text_case(FILES, question).answer.tally


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many sacks were rejected?", "11 lines speak of it in 2 files: mill.log:4 to cart.log:1"),
        ("it fails since ten. how often was grain accepted", "30 lines speak of it: mill.log:1 to mill.log:39"),
        ("how many errors are there in the log?", "11 lines speak of it in 2 files: mill.log:4 to cart.log:1"),
        ("how many carts left so far?", "1 line speaks of it: cart.log:2"),
    ],
)
def test_what_a_question_counts_is_counted_with_its_first_and_last_line(question: str, told: str) -> None:
    assert counted(question) == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("how many requests failed?", "20 of 100 requests were answered with 5xx: access.log"),
        ("how many 503s were there?", "20 of 100 requests were answered with 503: access.log"),
        ("how many 4xx?", "1 of 100 requests were answered with 4xx: access.log"),
        ("how many 502?", ""),
    ],
)
def test_requests_are_counted_by_their_status(question: str, told: str) -> None:
    assert text_case({"access.log": SERVED}, question).answer.tally == told


@pytest.mark.parametrize(
    "question", ["", "why were sacks rejected?", "how many users are affected?", "how many are there?", "how many lines?"]
)
def test_what_no_line_speaks_of_or_nobody_asks_is_not_counted(question: str) -> None:
    assert counted(question) == ""


def test_the_count_is_the_first_sentence_of_the_reply() -> None:
    assert explain(text_case(FILES, "How many sacks were rejected?").answer).startswith("11 lines speak of it in 2 files:")
