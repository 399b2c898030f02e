"""Answers in JSON: what they must not give away, and what is no answer of an account."""

from __future__ import annotations

import json

from domain.evidence.commands import output
from tests import told
from tests.evidence import read_by
from tests.unit.domain.evidence.formats.accounts import INSPECT


def test_values_of_the_environment_of_a_container_stand_in_no_object_and_no_attribute() -> None:
    parsed = read_by(output.analyse, INSPECT)
    said = [value for one in (*parsed.objects,) for value in one.fields.values()]
    said += [value for one in parsed.findings for value in (one.statement, *one.attributes.values())]
    assert not [value for value in said if "never shown" in value]
    assert "DB_HOST,DB_LOGIN" in said


def test_of_the_values_of_a_secret_an_object_holds_four_digits_of_a_digest_and_no_attribute_any() -> None:
    hidden = "aHVudGVyMg" + "=="
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "type": "Opaque", "data": {"error": hidden}}
    parsed = read_by(output.analyse, json.dumps(secret, indent=1))
    assert told.objects(parsed) == ["secret/db @5 type=Opaque data.error=#f52f"]
    assert parsed.findings == ()


def test_a_container_of_a_runtime_tells_its_exit_and_its_pod() -> None:
    status = {
        "status": {
            "id": "a1b2c3",
            "metadata": {"name": "ledger"},
            "state": "CONTAINER_EXITED",
            "reason": "OOMKilled",
            "exitCode": 137,
            "labels": {"io.kubernetes.pod.name": "ledger-1"},
        }
    }
    parsed = read_by(output.analyse, json.dumps(status, indent=1))
    assert told.findings(parsed) == [
        "5 exit container/ledger @8: container/ledger ended with exit code 137 OOMKilled | reason=OOMKilled exit_code:137"
    ]
    assert told.edges(parsed) == ["pod/ledger-1 owns container/ledger @2"]


def test_a_document_of_another_tool_is_read_by_its_telling_fields() -> None:
    parsed = read_by(output.analyse, json.dumps({"nodes": [{"name": "oak-1", "status": "down", "State": "x"}]}, indent=1))
    assert [(one.kind, one.subject) for one in parsed.findings] == [("field", "node/oak-1")]
