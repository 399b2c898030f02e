"""Every recorded history replays, and carries references instead of texts. A red test means `workflow.patched`, never "record again"."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

from activities.adapters.temporal import CONVERTER
from worker.build import replayer
from worker.sandbox import STRICT_SANDBOX

FOLDER = Path(__file__).parent / "histories"
HISTORIES = sorted(FOLDER.glob("*.json"))
BOUND = 64 * 1024
"""Bytes of any argument or result but those that hold the carried case."""
CARRIED_BOUND = 256 * 1024
"""Bytes of an argument or result that holds the carried case or its state."""
PATHS = {"case", "turn", "evidence", "deletion", "cleanup", "report", "ingest", "sweep", "upgrade", "fork"}


def a_history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text("utf-8"))


def payloads(value: object) -> Iterator[bytes]:
    """Yield the data of every payload."""
    if isinstance(value, Mapping):
        data = value.get("data")
        if isinstance(data, str) and "metadata" in value:
            yield base64.b64decode(data)
        for item in value.values():
            yield from payloads(item)
    elif isinstance(value, list):
        for item in value:
            yield from payloads(item)


def test_every_workflow_has_a_recorded_history() -> None:
    assert {path.stem.split("-")[0] for path in HISTORIES} == PATHS


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    await replayer(CONVERTER).replay_workflow(a_history(path))


async def test_a_recorded_history_replays_in_the_strict_sandbox() -> None:
    await replayer(CONVERTER, STRICT_SANDBOX).replay_workflow(a_history(FOLDER / "turn-file-and-model.json"))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_no_argument_or_result_is_large(path: Path) -> None:
    for event in json.loads(path.read_text("utf-8"))["events"]:
        for data in payloads(event):
            bound = CARRIED_BOUND if b'"queue"' in data or b'"revision"' in data else BOUND
            assert len(data) <= bound, (path.name, event["eventId"], event["eventType"])
