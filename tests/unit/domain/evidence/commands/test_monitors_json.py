"""What monitors answer in JSON: alerts, load reports, journals, and lists in which nothing happened."""

import json

from domain.evidence.commands import output
from domain.evidence.values import Parsed
from tests.evidence import read_by


def read(value: object) -> Parsed:
    return read_by(output.analyse, json.dumps(value, indent=1))


def test_an_alert_is_an_object_with_its_subject_and_its_sentences_are_no_state() -> None:
    parsed = read({
        "title": "Lag",
        "state": "alerting",
        "commonLabels": {"alertname": "LagHigh", "severity": "critical", "db_instance": "kiln-db"},
        "commonAnnotations": {"summary": "the replica of kiln-db is behind"},
    })
    [alert] = [one for one in parsed.objects if one.id.startswith("alert/")]
    assert (alert.id, alert.fields["about"], alert.fields["state"]) == ("alert/laghigh", "database/kiln-db", "alerting")
    assert [(one.kind, one.subject, one.severity) for one in parsed.findings] == [("alert", "database/kiln-db", 2.5)]


def test_rows_of_a_load_report_are_objects_by_their_share() -> None:
    waits = [{"name": "IO:WALWrite", "db_load_avg": 3.0}]
    parsed = read({
        "db_instance_identifier": "kiln-db",
        "top_sql": [
            {"statement": "UPDATE bricks SET a = 1", "db_load_avg": 3.0, "wait_events": waits, "calls_per_sec": 7},
            {"statement": "SELECT b FROM bricks", "db_load_avg": 1.0},
        ],
        "top_wait_events": waits,
        "top_users": [{"name": "mason", "db_load_avg": 4.0}],
    })
    found = {one.id: one.fields for one in parsed.objects}
    update = found["statement/kiln-db:update bricks set a = 1"]
    assert (update["share"], update["rate"], update["waits"], update["server"]) == (
        "0.750",
        "7",
        "IO:WALWrite",
        "database/kiln-db",
    )
    assert {"wait/kiln-db:io:walwrite", "user/kiln-db:mason"} <= set(found)


def test_a_journal_gives_events_of_its_source_and_calm_levels_no_finding() -> None:
    rows = [
        {
            "date": "2031-03-04T10:00:00Z",
            "message": "out of disk space: writes failed",
            "source_identifier": "Kiln-DB",
            "source_type": "db-instance",
        }
    ]
    lines = [
        {"timestamp": "2031-03-04T10:00:01Z", "message": "retry failed, will try again", "status": "info", "service": "mill"}
    ]
    parsed = read({"events": rows, "logs": lines})
    assert [(one.subject, one.time is not None) for one in parsed.events] == [
        ("database/kiln-db", True),
        ("application/mill", True),
    ]
    assert [(one.kind, one.subject) for one in parsed.findings if one.kind == "row"] == [("row", "database/kiln-db")]


def test_an_empty_list_of_events_is_kept() -> None:
    assert [(one.id, one.fields) for one in read({"events": []}).objects] == [("list/events", {"count": "0"})]
