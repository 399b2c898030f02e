"""Fields of any JSON that tell of a fault: which, whose, how bad, on which line."""

import json

from domain.evidence.commands import json_values
from domain.evidence.reading import Reading
from domain.evidence.structure import jsontree
from domain.evidence.values import Context, Document, Parsed, Text
from tests import told
from tests.evidence import read_by


def fields(text: Text, document: Document, _context: Context) -> Parsed:
    reading = Reading(document=document, lines=text.lines)
    json_values.read(reading, jsontree.read("\n".join(text.lines)).roots)
    return reading.parsed("")


def test_flags_states_counts_and_lists_are_judged_by_their_names() -> None:
    parsed = read_by(
        fields,
        """
    {
     "cluster": "north",
     "partitioned": true,
     "healthy": false,
     "ready": true,
     "alarms": [],
     "failed_nodes": ["oak-1", "oak-2"],
     "notes": ["error: gas is shut", "error", "all is well here"],
     "members": [
      {"name": "a", "status": "down", "lag": 3},
      {"name": "b", "status": "running", "dropped_errors": 7, "errors_total": 9},
      {"id": "c", "conditions": {"gas": {"state": "pending"}}}
     ],
     "last_error": "connection refused by oak-3"
    }
    """,
    )
    assert told.findings(parsed) == [
        "4 field field/north @3: partitioned is true (north) | field=partitioned value=true path=partitioned owner=north",
        "4 field member/a @10: members.0.status is down (a) | field=status value=down path=members.0.status owner=a",
        "3.5 field field/north @4: healthy is false (north) | field=healthy value=false path=healthy owner=north",
        "3 field field/north @7: failed_nodes is 2 entries (north) | message=2 entries field=failed_nodes value=2 entries path=failed_nodes owner=north",
        "3 field field/north @8: notes.0 is error: gas is shut (north) | message=error: gas is shut field=notes value=error: gas is shut path=notes.0 owner=north",
        "3 field field/north @14: last_error is connection refused by oak-3 (north) | message=connection refused by oak-3 field=last_error value=connection refused by oak-3 path=last_error owner=north",
        "2.5 field member/b @11: members.1.dropped_errors is 7 (b) | field=dropped_errors value=7 path=members.1.dropped_errors owner=b",
        "2.5 field member/c @12: members.2.conditions.gas.state is pending (gas) | field=state value=pending path=members.2.conditions.gas.state owner=gas",
    ]


def test_a_calm_owner_says_what_would_be_said_and_only_the_worst_is_kept() -> None:
    parsed = read_by(
        fields,
        """
    {"alerts": [
     {"name": "x", "state": "OK", "message": "error rate exceeded"},
     {"name": "y", "state": "OK", "message": "node ran out of memory"},
     {"name": "z", "state": "ALERT", "message": "error rate exceeded"}
    ]}
    """,
    )
    assert told.findings(parsed) == [
        "4 field alert/y @3: alerts.1.message is node ran out of memory (y) | message=node ran out of memory field=message value=node ran out of memory path=alerts.1.message owner=y",
        "4 field alert/z @4: alerts.2.state is ALERT (z) | field=state value=ALERT path=alerts.2.state owner=z",
        "3 field alert/z @4: alerts.2.message is error rate exceeded (z) | message=error rate exceeded field=message value=error rate exceeded path=alerts.2.message owner=z",
    ]


def test_what_is_leaving_weighs_two_and_a_half_less() -> None:
    parsed = read_by(
        fields,
        """
    {"pods": [
     {"name": "old", "deletion_timestamp": "2026-05-04", "containers": [{"name": "c", "status": "failed"}, {"name": "d", "ready": false}]},
     {"name": "new", "deletion_timestamp": null, "containers": [{"name": "c", "status": "failed"}]},
     {"name": "gone", "deleted_at": "2026-05-04", "state": "pending"}
    ]}
    """,
    )
    assert told.findings(parsed) == [
        "4 field pod/new @3: pods.1.containers.0.status is failed (c) | field=status value=failed path=pods.1.containers.0.status owner=c",
        "1.5 field pod/old @2: pods.0.containers.0.status is failed (c) | field=status value=failed path=pods.0.containers.0.status owner=c",
        "1 field pod/old @2: pods.0.containers.1.ready is false (d) | field=ready value=false path=pods.0.containers.1.ready owner=d",
    ]


def test_an_event_has_its_own_reader() -> None:
    parsed = read_by(
        fields,
        """
    {"events": [
     {"reason": "FailedMount", "message": "volume is not found"},
     {"involved_object": "Pod/p", "message": "volume is not found"},
     {"message": "volume is not found"}
    ]}
    """,
    )
    assert told.findings(parsed) == [
        "3 field - @4: events.2.message is volume is not found | message=volume is not found field=message value=volume is not found path=events.2.message",
    ]


def test_json_inside_a_string_is_read_and_cited_by_the_line_that_holds_it() -> None:
    parsed = read_by(
        fields,
        r"""
    {"id": "1",
     "data": "[{\"rows\": [[\"Reason\", \"exec: gridn not found in path\"]], \"state\": \"failed\"}]",
     "more": "{\"healthy\": false, \"phase\": \"pending\", \"n\": 4}",
     "short": "{\"state\":\"failed\"",
     "text": "[not json at all, but long enough]"}
    """,
    )
    assert told.findings(parsed) == [
        "4 field - @2: state: failed | message=failed field=state value=failed",
        "3.5 field - @3: healthy: false | message=false field=healthy value=false",
        "3 field - @2: rows: exec: gridn not found in path | message=exec: gridn not found in path field=rows value=exec: gridn not found in path",
    ]


def test_log_text_inside_a_value_gives_its_telling_lines() -> None:
    parsed = read_by(
        fields,
        r"""
    {"jobs": [{"name": "load",
     "logs": "all fine\nkiln: fatal: cannot open brick.db\nbye: connection refused\n",
     "two": "error: one\nerror: two"}]}
    """,
    )
    assert told.findings(parsed) == [
        "4 row job/load @2: kiln: fatal: cannot open brick.db | message=kiln: fatal: cannot open brick.db source=embedded text",
        "3 row job/load @2: bye: connection refused | message=bye: connection refused source=embedded text",
    ]


def test_a_dated_log_inside_a_value_is_read_as_a_log() -> None:
    logs = "2031-03-04T10:00:00Z INFO start\n2031-03-04T10:00:01Z ERROR cannot reach kiln\nTraceback (most recent call last):\nKeyError: 'clay'\n"
    parsed = read_by(fields, json.dumps({"pod_name": "mill-1", "logs": logs}, indent=1))
    assert {(one.kind, one.subject, one.citations[0].first) for one in parsed.findings} == {("severe_template", "pod/mill-1", 3)}
    assert "KeyError" in parsed.findings[0].text


def test_several_documents_are_read_and_owners_do_not_mix() -> None:
    parsed = read_by(
        fields,
        """
    {"name": "a", "status": "failed"}
    {"status": "failed"}
    {"gas": {"pipe": {"status": "failed"}}}
    [{"status": "failed"}]
    """,
    )
    assert told.findings(parsed) == [
        "4 field field/a @1: status is failed (a) | field=status value=failed path=status owner=a",
        "4 field - @2: status is failed | field=status value=failed path=status",
        "4 field field/pipe @3: gas.pipe.status is failed (pipe) | field=status value=failed path=gas.pipe.status owner=pipe",
        "4 field - @4: 0.status is failed | field=status value=failed path=0.status",
    ]


def listed(**rows: float) -> str:
    return json.dumps(
        {"top": [{"sql": f"SELECT {name} FROM bricks", "db_load_avg": cost} for name, cost in rows.items()]}, indent=1
    )


def test_a_statement_dominates_from_two_fifths_of_a_load_of_four() -> None:
    assert told.findings(read_by(fields, listed(a=4.0, b=6.0, c=0.0))) == [
        "3 slow_span - @8: 60% of the load of 2 statements is SELECT b FROM bricks | statement=SELECT b FROM bricks share:0.6 reason=dominant statement db_load_avg:6"
    ]
    assert told.findings(read_by(fields, listed(a=4.0, b=3.0, c=3.0))) == [
        "3 slow_span - @4: 40% of the load of 3 statements is SELECT a FROM bricks | statement=SELECT a FROM bricks share:0.4 reason=dominant statement db_load_avg:4"
    ]
    assert told.findings(read_by(fields, listed(a=3.9, b=3.0, c=3.0))) == []
    assert told.findings(read_by(fields, listed(a=3.99, b=3.0))) == []


def test_costs_that_are_no_load_need_no_floor_and_a_word_is_no_statement() -> None:
    rows = [{"query": "SELECT a FROM bricks", "calls": 2}, {"query": "SELECT b", "calls": 9}, {"query": "SELECT c FROM bricks"}]
    assert told.findings(read_by(fields, json.dumps(rows, indent=1))) == [
        "3 slow_span - @3: 100% of the load of 1 statements is SELECT a FROM bricks | statement=SELECT a FROM bricks share:1 reason=dominant statement calls:2"
    ]


def test_fifty_fields_of_one_name_and_two_hundred_in_all_are_kept() -> None:
    same = [{"status": "failed"}] * 52
    assert len(read_by(fields, json.dumps(same, indent=1)).findings) == 50
    every = [{f"{letter}_status": "failed" for letter in "abcde"}] * 50
    assert len(read_by(fields, json.dumps(every, indent=1)).findings) == 200


def test_a_list_of_things_names_one_thing() -> None:
    assert [json_values.singular(word) for word in ("pods", "policies", "failed_nodes", "s", "Services", "")] == [
        "pod", "policy", "node", "object", "service", "object",
    ]  # fmt: skip


def test_a_value_is_found_below_its_line_within_reach() -> None:
    reading = Reading(
        document=Document(evidence="e", name="x", chunks=()), lines=("a", "gas is shut", *["-"] * 70, 'says "oven out" now')
    )
    assert json_values.locate(reading, 1, "gas is shut") == 2
    assert json_values.locate(reading, 2, "gas is shut") == 2
    assert json_values.locate(reading, 3, "gas is shut") == 3
    assert json_values.locate(reading, 12, 'says "oven out" now') == 12
    assert json_values.locate(reading, 13, 'says "oven out" now') == 73
    assert json_values.locate(reading, 1, 'says "oven out" now', reach=72) == 73
    assert json_values.locate(reading, 1, "") == 1


def test_a_text_of_three_lines_is_read_as_a_log_and_its_twenty_worst_lines_are_kept() -> None:
    def severities(text: str, name: str = "note") -> list[float]:
        return [finding.severity for finding in read_by(fields, json.dumps({name: text})).findings]

    assert severities("error: one\nfine\n") == [3.0]
    assert severities("error: one\nerror: two") == []
    assert severities("error: one\n", "output") == [3.0]
    assert severities("error: one", "output") == []
    assert severities("\n".join(["error: one"] * 20 + ["fatal error: two"])) == [4.0] + [3.0] * 19


def test_json_inside_a_string_is_longer_than_twenty_characters() -> None:
    assert read_by(fields, json.dumps({"x": '{"state":  "failed"}'})).findings == ()
    assert [f.statement for f in read_by(fields, json.dumps({"x": '{"state":   "failed"}'})).findings] == ["state: failed"]
    assert read_by(fields, json.dumps({"x": '{"state":   "failed".'})).findings == ()
    assert [f.statement for f in read_by(fields, json.dumps({"x": ' ["all", "connection refused"] '})).findings] == [
        "value: connection refused"
    ]
