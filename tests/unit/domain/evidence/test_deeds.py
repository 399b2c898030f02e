from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.analyse import analyse
from domain.evidence.logs.deeds import is_deed
from domain.evidence.values import Context, Document

START = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "rollout of kiln 1.4.2 started",
        "Deployed kiln:2.0 to yard",
        "deployment finished in 30s",
        "Scaled up replica set kiln-7c9 to 3",
        "Scaling deployment kiln from 4 to 1",
        "configuration file was reloaded",
        "reloading configuration",
        "Feature flag new-oven is now enabled",
        "Applied migration 0042_add_bricks",
        "Upgrading kiln from 1.2 to 1.3",
        "changed max_heat from 900 to 1400",
        "TLS certificate renewed for yard",
        "rolled back to revision 8",
        "failing over to kiln-2",
        "Maintenance mode enabled",
    ],
)
def test_what_somebody_did_is_a_deed(text: str) -> None:
    assert is_deed(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /deployments/7 200",
        "brick 7 fired in 30 ms",
        "user changed address",
        "scale factor 2.0",
        "password check passed",
        "request released connection to pool",
        "configuration is valid",
        "0 migrations pending",
        "heartbeat from release-manager",
    ],
)
def test_ordinary_work_is_none(text: str) -> None:
    assert not is_deed(text)


def rows(deed: str, every: int) -> bytes:
    lines = [
        f"{START + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ} INFO {deed if n % every == 170 % every else f'brick {n} fired'}"
        for n in range(400)
    ]
    return "\n".join(lines).encode()


def changes(text: bytes) -> list[tuple[int, datetime | None]]:
    found = analyse(Document(evidence="e1", name="kiln.log", chunks=(text,)), Context())
    assert {one.citations[0].first for one in found.findings if one.kind == "change"} == {
        e.citation.first for e in found.events if e.change
    }
    return [(event.citation.first, event.time) for event in found.events if event.change]


def test_a_deed_in_a_log_is_a_change_on_the_time_line() -> None:
    assert changes(rows("rollout of kiln 1.4.2 started", 400)) == [(171, START + timedelta(seconds=170))]


def test_a_deed_that_fills_the_log_is_routine() -> None:
    assert changes(rows("Deployed kiln 1.4.2 to yard", 10)) == []
