"""Schema and parser of a model's answer."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter

from activities.answer_schema import MalformedAnswer, parse, schema_of
from domain.diagnosis.values import AnswerCause, Proposal, ProposedCause, ProposedClaim

CLAIM = {"text": "pool is full", "file": "app.log", "first_line": 3, "last_line": 3}
CAUSE = {"family": "other", "subject": "", "statement": "full", "claims": [CLAIM]}
WHOLE = {"summary": "It is full (app.log:3).", "causes": [CAUSE]}

names = some.text(some.characters(codec="utf-8"), max_size=20)
claims = some.builds(ProposedClaim, text=names, file=names, first_line=some.integers(0, 9), last_line=some.integers(0, 9))
causes = some.builds(
    ProposedCause, family=names, subject=names, statement=names, claims=some.lists(claims, max_size=3).map(tuple)
)
proposals = some.builds(Proposal, summary=names, causes=some.lists(causes, max_size=3).map(tuple))


def objects(node: object) -> list[dict[str, object]]:
    inner = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
    own = [node] if isinstance(node, dict) and isinstance(node.get("properties"), dict) else []
    return own + [found for one in inner for found in objects(one)]


def test_every_object_of_the_schema_is_closed_and_whole():
    found = objects(json.loads(schema_of(TypeAdapter(Proposal))))
    assert len(found) == 3
    for one in found:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])


@given(proposals)
def test_what_a_proposal_says_comes_back(proposal):
    assert parse(TypeAdapter(Proposal), json.dumps(asdict(proposal))) == proposal


@given(some.text(max_size=200))
def test_any_text_is_parsed_or_refused_by_name(text):
    with pytest.raises(MalformedAnswer):
        parse(TypeAdapter(Proposal), text)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"causes": [CAUSE | {"claims": [CLAIM | {"first_line": "3"}]}]}, "causes.0.claims.0.first_line: int_type"),
        ({"causes": [CAUSE | {"claims": [CLAIM | {"first_line": 3.5}]}]}, "causes.0.claims.0.first_line"),
        ({"causes": [CAUSE | {"claims": [CLAIM | {"why": "no"}]}]}, "causes.0.claims.0.why: this field is not in the schema"),
        ({"extra": 1}, "extra: this field is not in the schema"),
        ({"summary": None}, "summary: string_type"),
        ({"causes": {}}, "causes"),
    ],
)
def test_a_mistake_is_named_by_its_place(change, place):
    with pytest.raises(MalformedAnswer, match=place):
        parse(TypeAdapter(Proposal), json.dumps(WHOLE | change))


def test_a_missing_field_is_named():
    with pytest.raises(MalformedAnswer, match="causes: missing"):
        parse(TypeAdapter(Proposal), json.dumps({"summary": "x"}))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_refused(number):
    cause = {
        "rank": 1,
        "family": "f",
        "statement": "s",
        "confidence": 0.5,
        "level": "l",
        "assurance": "a",
        "evidence": [],
        "against": [],
        "category": "other",
        "subject": "",
    }
    assert parse(TypeAdapter(AnswerCause), json.dumps(cause)).family == "f"
    with pytest.raises(MalformedAnswer, match="finite"):
        parse(TypeAdapter(AnswerCause), json.dumps(cause).replace("0.5", number))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("```json\n{}\n```", "not JSON at line 1"),
        ("[" * 13, "nested deeper"),
        ("[" * 200_000, "longer than"),
        ('{"a":' * 13, "nested deeper"),
        ('"' + "x" * 70_000 + '"', "longer than"),
        (json.dumps(WHOLE)[:-1] + ', "summary": "again"}', "twice"),
        ("[]", "the answer"),
        ("null", "the answer"),
        (json.dumps(WHOLE) + " and so on", "not JSON"),
        ('{"summary": "\\ud800", "causes": []}', "the answer: json_invalid"),
    ],
)
def test_hostile_texts_are_refused_by_name(text, reason):
    with pytest.raises(MalformedAnswer, match=reason):
        parse(TypeAdapter(Proposal), text)


def test_brackets_inside_strings_are_no_depth():
    assert parse(TypeAdapter(Proposal), json.dumps({"summary": '[[[[[[[[[[[[[[[["\\"[[', "causes": []})).causes == ()


def test_a_message_never_repeats_a_value():
    with pytest.raises(MalformedAnswer) as caught:
        parse(TypeAdapter(Proposal), json.dumps(WHOLE | {"summary": ["a-value-from-the-log"]}))
    assert "a-value-from-the-log" not in str(caught.value)
