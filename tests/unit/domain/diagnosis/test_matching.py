from __future__ import annotations

import re

import pytest

from domain.diagnosis.matching import RULES, index, matched
from domain.diagnosis.orders import ORDERS
from domain.diagnosis.signals import Observation, lowered, search
from domain.diagnosis.values import Rule
from domain.evidence.needed import needed
from tests.unit.domain.diagnosis.examples.trios import TRIOS
from tests.unit.domain.diagnosis.values import a_finding

pytestmark = pytest.mark.unmeasured

EXAMPLES = [files for trio in TRIOS.values() for files in (trio.positive, trio.near, trio.refuted)]


def seen(*texts: str, kind: str = "line", untrusted: bool = False) -> tuple[Observation, ...]:
    found = (a_finding(text, line=place, kind=kind) for place, text in enumerate(texts, start=1))
    return tuple(Observation(finding=one, subject="", text=one.text, name="", untrusted=untrusted) for one in found)


def places(rule: Rule, *texts: str) -> frozenset[int]:
    return index(seen(*texts), [rule]).places(rule)


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("no space left|disk full", [[{"no space left"}], [{"disk full"}]]),
        (r"pool .{0,40}(?:empty|exhausted)", [[{"pool "}, {"empty", "exhausted"}]]),
        (r"\bOOM-?killed\b", [[{"oom"}, {"killed"}]]),
        (r"caf\u00e9s? (?P<place>closed)+", [[{"caf"}, {" "}, {"closed"}]]),
        (r"a\.b(?!c)[de]f{2}", [[{"a.b"}, {"f"}]]),
        (r"(?:lag|(?:long )?delay) rises", [[{"lag", "delay"}, {" rises"}]]),
        (r"error|\d{3}", [[{"error"}], []]),
        (r"(?:error|\d{3}) of (?:it)?", [[{" of "}]]),
        ("", [[]]),
    ],
)
def test_an_expression_needs_what_no_text_can_match_without(expression: str, parts: list[list[set[str]]]) -> None:
    assert [list(map(set, clauses)) for clauses in needed(expression)] == parts


def test_a_rule_finds_the_same_whatever_is_not_searched_and_whatever_the_letter_case() -> None:
    rows = dict.fromkeys(row[:300] for files in EXAMPLES for text in files.values() for row in text.split("\n"))
    texts = list(dict.fromkeys(text for row in rows for text in (row, row.upper())))
    rules = [*RULES, Rule(pattern=ORDERS.pattern)]
    searched = index(seen(*texts), rules)
    for pattern in {rule.pattern for rule in rules}:
        few = searched.places(Rule(pattern=pattern))
        found = {place for place in few if search(pattern, texts[place], lowered(texts[place]))}
        assert found == {place for place, text in enumerate(texts) if re.search(pattern, text, re.IGNORECASE)}


def test_a_text_without_the_words_is_not_searched() -> None:
    assert places(Rule(pattern="disk (?:is|was) full"), "disk is full", "all is well", "the DISK was FULL", "diskette") == {0, 2}


def test_a_word_is_found_inside_of_a_longer_one_and_in_any_letter_case() -> None:
    texts = ("KubeNodeNotReady", "\u017fervice i\u0307s not\u212aept", "ready")
    assert places(Rule(pattern="notready|service|notk"), *texts) == {0, 1}


def test_a_rule_of_other_kinds_searches_nothing() -> None:
    assert not places(Rule(pattern="disk full", kinds=("event",)), "disk full")


def test_what_an_outsider_wrote_decides_nothing() -> None:
    assert not matched(seen("no space left on device", untrusted=True))


def test_an_alert_decides_only_where_nothing_else_is_known() -> None:
    alert, line = seen("no space left on device", kind="alert"), seen("GET /health 200")
    assert [[one.family.id for one in matched(found)] for found in (alert, (*alert, *line))] == [["disk_full"], []]
