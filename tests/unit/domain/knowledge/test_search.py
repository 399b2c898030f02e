"""Questions to terms, candidates to an order, and who may see them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.evidence.values import DigestLine
from domain.knowledge.access import may_read, readable
from domain.knowledge.documents import Hit
from domain.knowledge.duplicates import distinct
from domain.knowledge.evidence import passages_of
from domain.knowledge.queries import LARGE, affordable, identifiers, stem, terms
from domain.knowledge.reranking import rank
from tests.builders import a_case_record, a_document, a_passage


def hit(text: str, score: float = 1.0, **given: object) -> Hit:
    return Hit(passage=a_passage(**{"text": text, "title": "", "heading_path": (), **given}), score=score)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KubePodCrashLooping", ("kubepodcrashlooping", "kub", "pod", "crash", "loop")),
        ("max_open_files", ("max_open_files", "max", "open", "fil")),
        ("HTTPServer2 fails", ("httpserver2", "http", "server", "fail")),
        ("by <EMAIL_1> at [IP] the ", ()),
        ("ﬁle", ("fil",)),
    ],
)
def test_names_are_kept_whole_and_in_parts(text: str, expected: tuple[str, ...]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pods", "pod"),
        ("failing", "failed"),
        ("retries", "retry"),
        ("stopped", "stopping"),
        ("classes", "class"),
        ("queries", "query"),
        ("evaluation", "evaluated"),
        ("nodes", "node"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_identifiers_are_names_and_codes() -> None:
    text = "NullPointerException in order-service: 503 at /var/log/x, E1234 max_pool OOMKilled but plain words"
    assert identifiers(text) == {"nullpointerexception", "503", "var/log/x", "e1234", "max_pool", "oomkilled"}


def test_a_large_index_is_asked_for_rare_terms_only() -> None:
    frequency = {"common": LARGE, **{f"t{n}": n + 1 for n in range(20)}}
    asked = ("common", *(f"t{n}" for n in range(20)), "unknown", "t1")
    assert affordable(asked, frequency, 2 * LARGE) == (*(f"t{n}" for n in range(12)), "t1")
    assert "common" in affordable(asked, frequency, 100)
    assert affordable(("common", "t1"), frequency, LARGE) == ("common", "t1")


def test_the_order_is_by_score_then_by_the_narrower_scope() -> None:
    hits = [
        hit("pool is full", 0.5, passage_id="a", document_id="A", scope="global"),
        hit("the pool filled up", 0.5, passage_id="b"),
        hit("pool pool", 0.9, passage_id="c"),
    ]
    assert [found.passage.passage_id for found in rank("pool", hits).hits] == ["c", "b", "a"]


def test_exact_names_lead_where_a_question_asks_for_names() -> None:
    hits = [hit("some text about a failing pod", 1.0, passage_id="prose"), hit("ERR_POOL_9 means full", 0.8, passage_id="exact")]
    assert rank("ERR_POOL_9 failing", hits).hits[0].passage.passage_id == "exact"


def test_nothing_applies_where_little_of_the_question_is_covered() -> None:
    result = rank("please bake a chocolate cake with hazelnuts now", [hit("restart the pod now", 1.0)])
    assert (result.hits, result.no_answer) == ((), "no document applies")


@pytest.mark.parametrize("question", ["", "the of and", "<EMAIL_1>"])
def test_a_question_without_words_has_no_answer(question: str) -> None:
    assert rank(question, [hit("pool")]).no_answer


def test_at_most_two_passages_of_a_document_and_six_in_all() -> None:
    hits = [hit(f"pool number {n} {'x' * n}", 1 - n / 100, document_id=f"d{n // 4}") for n in range(40)]
    shown = rank("pool", hits).hits
    assert len(shown) == 6
    assert max(sum(each.passage.document_id == name for each in shown) for name in ("d0", "d1", "d2")) == 2


def test_of_near_duplicates_the_narrower_scope_stays_at_the_better_place() -> None:
    text = "raise the size of the pool and restart all of the workers"
    kept = distinct([
        hit(text, passage_id="wide", scope="global"),
        hit("other words", passage_id="o"),
        hit(text, passage_id="near", scope="personal"),
    ])
    assert [each.passage.passage_id for each in kept] == ["near", "o"]


def test_a_search_needs_a_team_and_a_person() -> None:
    for team, user in (("", "u"), ("t", "")):
        with pytest.raises(InvalidInput):
            readable(team_id=team, user_id=user)


@given(
    st.sampled_from(("team", "personal", "case", "global")),
    st.sampled_from(("", "u", "c", "x")),
    st.sampled_from("TX"),
    st.sampled_from(("", "c")),
)
def test_the_second_lock_agrees_with_the_table_of_scopes(scope, owner: str, team: str, case: str) -> None:
    allowed = {
        "global": True,
        "team": team == "T",
        "personal": team == "T" and owner == "u",
        "case": team == "T" and case == "c" and owner == "c",
    }[scope]
    asked = readable(team_id="T", user_id="u", case_id=case)
    assert may_read(asked, a_passage(scope=scope, owner_id=owner), team) == allowed
    assert may_read(asked, replace(a_document(), scope=scope, owner_id=owner), team) == allowed


def test_candidate_lines_become_passages_of_their_case() -> None:
    case_id = a_case_record().case_id
    lines = [
        DigestLine(evidence="file_1", name="app.log", first=n, last=n, count=1, text=f"line {n} " + "x" * 300)
        for n in (9, 3, 5, 1)
    ]
    passages = passages_of(case_id, "app.log", lines)
    assert [(each.first_line, each.last_line) for each in passages] == [(1, 3), (5, 9)]
    assert {(each.scope, each.owner_id, each.document_id) for each in passages} == {("case", str(case_id), "file_1")}
    assert passages == passages_of(case_id, "app.log", lines)
    assert passages_of(case_id, "app.log", ()) == ()
