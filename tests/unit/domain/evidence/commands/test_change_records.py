"""Audit trails, flags and deployments in JSON become changes with their time and line."""

from __future__ import annotations

import json

from tests.unit.domain.evidence.formats.table import read

TRAIL = {"Events": [
    {"EventTime": "2031-05-06T07:02:00Z", "EventName": "RevokeSecurityGroupIngress", "Username": "ci", "Resources": [{"ResourceName": "sg-0f1"}]},
    {"EventTime": "2031-05-06T07:03:00Z", "EventName": "DescribeInstances", "Username": "ci"},
]}  # fmt: skip
GOOGLE = {
    "entries": [
        {
            "timestamp": "2031-05-06T07:02:00Z",
            "severity": "NOTICE",
            "protoPayload": {"methodName": "io.k8s.core.v1.configmaps.patch"},
            "resource": {"type": "k8s"},
        }
    ]
}
AZURE = {
    "value": [
        {
            "eventTimestamp": "2031-05-06T07:02:00Z",
            "caller": "lea",
            "operationName": {"value": "Microsoft.Network/networkSecurityGroups/securityRules/delete"},
        }
    ]
}
FLAGS = {"items": [{"date": "2031-05-06T07:02:00Z", "kind": "flag", "name": "brisk-pricing", "titleVerb": "turned on the flag"}]}
DEPLOYED = {
    "deployments": [
        {"time": "2031-05-06T07:02:00Z", "service": "kiln", "version": "2.4.0", "previous": "2.3.9", "status": "succeeded"}
    ]
}
DATADOG = {"events": [{"date_happened": 1_935_990_120, "title": "Deployment of kiln 2.4.0 finished", "text": "by a pipeline"}]}


def changed(value: object) -> list[tuple[str, str, int]]:
    """What was changed, on what, and the line that says so."""
    told = read(json.dumps(value, indent=1)).events
    return [(one.what, one.subject, one.citation.first) for one in told if one.change and one.time]


def test_calls_that_change_are_changes_and_calls_that_read_are_none() -> None:
    assert changed(TRAIL) == [("RevokeSecurityGroupIngress sg-0f1 by ci", "", 5)]


def test_trails_of_other_clouds_are_read_too() -> None:
    assert [what for what, _, _ in changed(AZURE)] == ["Microsoft.Network/networkSecurityGroups/securityRules/delete by lea"]


def test_a_flag_that_was_switched_is_a_change() -> None:
    assert changed(FLAGS) == [("turned on the flag brisk-pricing", "", 7)]


def test_a_version_after_another_is_a_change_of_its_service() -> None:
    assert changed(DEPLOYED) == [("kiln went from 2.3.9 to 2.4.0", "application/kiln", 6)]


def test_a_dated_title_that_tells_of_a_deployment_is_a_change() -> None:
    assert changed(DATADOG) == [("Deployment of kiln 2.4.0 finished", "", 5)]


def test_what_programs_log_changes_nothing() -> None:
    assert changed({"logs": [{"timestamp": "2031-05-06T07:02:00Z", "message": "config was changed", "service": "kiln"}]}) == []
