"""Log lines: identifiers, never content."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, Counter

from activities.adapters.settings import Log
from activities.adapters.telemetry import bound, configure_logging, exposition
from domain.errors import StoreUnavailable

log = logging.getLogger("faultmaven.test")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    place = io.StringIO()
    configure_logging(Log(format="json"), place)
    yield place
    root.handlers[:], root.level = before


def only(stream: io.StringIO) -> dict[str, object]:
    [line] = stream.getvalue().splitlines()
    return json.loads(line)


def test_an_event_carries_its_fields_and_those_of_its_task(stream: io.StringIO) -> None:
    with bound(request_id="req-00000001", case_id="c"):
        log.info("turn answered", extra={"turn_number": 3})
    event = only(stream)
    assert {name: event[name] for name in ("event", "level", "logger", "request_id", "turn_number")} == {
        "event": "turn answered",
        "level": "info",
        "logger": "faultmaven.test",
        "request_id": "req-00000001",
        "turn_number": 3,
    }


def fail() -> None:
    try:
        int("the user wrote this")
    except ValueError as cause:
        raise StoreUnavailable("the database is not reachable") from cause


def test_a_failure_shows_classes_and_places_and_no_foreign_message(stream: io.StringIO) -> None:
    try:
        fail()
    except StoreUnavailable:
        log.exception("step failed")
    event = only(stream)
    assert "the user wrote this" not in stream.getvalue()
    assert event["failure"]["class"] == "StoreUnavailable"
    assert event["failure"]["message"] == "the database is not reachable"
    assert event["failure"]["cause"]["class"] == "ValueError"
    assert event["failure"]["places"][0].split(":")[0] == __file__


def test_a_terminal_gets_one_readable_line() -> None:
    root, place = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    configure_logging(Log(format="console"), place)
    log.info("case opened")
    root.handlers[:], root.level = before
    assert "case opened" in place.getvalue()


def test_metrics_are_exposed_as_text() -> None:
    registry = CollectorRegistry()
    Counter("faultmaven_messages_accepted_total", "Accepted.", registry=registry).inc()
    body, kind = exposition(registry)
    assert b"faultmaven_messages_accepted_total 1.0" in body
    assert kind.startswith("text/plain")
