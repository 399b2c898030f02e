from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.diagnosis.answer import answer, shown_time, to_json
from domain.diagnosis.rows import cut, findings_for_case
from domain.evidence.values import Event
from tests.quality.incidents import incidents
from tests.quality.reading import text_case
from tests.unit.domain.diagnosis.values import a_read, cite

FIELDS = ["schema_version", "status", "onset", "digest", "documents", "timeline", "causes", "checks", "actions", "coverage"]
WHEN = datetime(2031, 3, 4, 10, tzinfo=UTC)


def test_the_json_has_the_fields_of_the_design_and_is_plain() -> None:
    told = json.loads(json.dumps(to_json(a_read().answer)))
    assert [name for name in told if name in FIELDS] == FIELDS
    cause = told["causes"][0]
    assert set(cause) == {"rank", "family", "statement", "confidence", "level", "assurance", "evidence", "against"}
    assert set(cause["evidence"][0]) <= {"file", "line", "last_line", "text"}
    assert set(told["checks"][0]) == {"text", "command", "why"}
    assert set(told["actions"][0]) == {"text", "command", "kind", "state_change", "reversible", "blast_radius", "verify"}
    assert set(told["documents"][0]) >= {"file", "kind", "confidence", "bytes", "lines", "first_time", "last_time"}


@pytest.mark.parametrize("incident", incidents(9), ids=lambda one: one.family)
def test_every_cited_line_is_verbatim(incident) -> None:
    read = text_case(incident.files, incident.question)
    for cause in read.answer.causes:
        assert len(cause.statement) <= 300
        for line in (*cause.evidence, *cause.against):
            raw = incident.files[line.file].splitlines()[line.line - 1]
            assert line.text.rstrip("…") in " ".join(raw.split()) or " ".join(raw.split()) in line.text


def test_a_time_of_assumed_zone_is_null_with_its_words_beside_it() -> None:
    assert shown_time(WHEN, "zone assumed") == (None, "2031-03-04 10:00:00")
    assert shown_time(WHEN, "exact") == (WHEN, "")
    read = a_read()
    event = Event(time=WHEN, certainty="zone assumed", what="deploy", subject="", citation=cite(1))
    told = to_json(answer(replace(read.diagnosis, timeline=(event,)), read.analyses, read.digest))
    assert told["timeline"][0]["time"] is None  # type: ignore[index]  # JSON
    assert told["timeline"][0]["time_local"] == "2031-03-04 10:00:00"  # type: ignore[index]  # JSON


def test_c5_confidence_is_capped_without_a_counterfactual() -> None:
    for incident in incidents(9):
        for cause in text_case(incident.files, incident.question).answer.causes:
            assert cause.confidence <= 0.80
            assert cause.assurance in {"no_root", "mechanistic"}


def test_findings_for_the_case_are_small_and_anchored() -> None:
    read = a_read()
    told = findings_for_case(read.diagnosis, read.answer, {"app.log": "file_1"})
    assert told.status == "candidates"
    assert told.causes[0].family == "db_connections"
    assert {row.file_id for cause in told.causes for row in cause.rows} == {"file_1"}
    assert told.causes[0].rows[0].category == "causal"
    assert all(len(one.statement.encode()) <= 240 for one in told.causes)
    assert all(one.state_change and one.verify for one in told.actions if not one.read_only)
    assert told.needs
    assert told.onset
    assert told.answers_question


def test_a_cut_keeps_whole_characters() -> None:
    assert cut("ä" * 200).encode() == ("ä" * 120).encode()
