"""Reads back what a run left: rows over HTTP, histories from the engine, and which kills hit a step in flight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from tests.e2e.faults.journal import Journal
from workflows import names

PAGE = 100


async def rows(http: httpx.AsyncClient, journal: Journal, cases: Sequence[str]) -> None:
    """Note every row of every conversation; `seq` is its place."""
    for number, case_id in enumerate(cases):
        seen, more = 0, True
        while more:
            params = {"limit": PAGE, "offset": seen}
            page = (await http.get(f"/api/v1/cases/{case_id}/messages", params=params)).json()
            for row in page["messages"]:
                seen += 1
                journal.note(
                    "row",
                    case=f"case{number}",
                    seq=seen,
                    turn=row["turn_number"],
                    role=row["role"],
                    id=row["message_id"],
                    content=row["content"],
                )
            more = page["has_more"]


async def histories(client: Client, journal: Journal, cases: Sequence[str]) -> None:
    """Note how often each step of each turn completed, and how many runs each case has had."""
    last: Counter[str] = Counter()
    for row in journal.of("row"):
        last[row["case"]] = max(last[row["case"]], row["turn"])
    for number, case_id in enumerate(cases):
        case = f"case{number}"
        journal.note("case", case=case, runs=await _runs(client, names.case(UUID(case_id))))
        for turn in range(1, last[case] + 1):
            events = await _events(client, names.turn(UUID(case_id), turn))
            for step, completed in completions(events).items():
                journal.note("step", case=case, turn=turn, step=step, completed=completed)


async def hits(client: Client, journal: Journal) -> int:
    """Return how many kills hit a step that had started and not finished: it ended later, or had to start again."""
    count = 0
    for kill in journal.of("kill"):
        events = await _events(client, kill["workflow_id"])
        count += ended_after(events, kill["activity_id"], kill["at"])
    return count


def completions(events: Sequence[HistoryEvent]) -> Counter[str]:
    """Return how often each step completed, 0 for one that was scheduled only."""
    scheduled = {
        event.event_id: event.activity_task_scheduled_event_attributes.activity_type.name
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    }
    found = Counter(dict.fromkeys(scheduled.values(), 0))
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            found[scheduled[event.activity_task_completed_event_attributes.scheduled_event_id]] += 1
    return found


def ended_after(events: Sequence[HistoryEvent], activity_id: str, moment: float) -> bool:
    """Tell whether the activity's completion came after that moment."""
    scheduled = {
        event.event_id
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        and event.activity_task_scheduled_event_attributes.activity_id == activity_id
    }
    return any(
        event.activity_task_completed_event_attributes.scheduled_event_id in scheduled
        and event.event_time.ToMicroseconds() / 1e6 > moment
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
    )


async def _events(client: Client, workflow_id: str, run_id: str | None = None) -> Sequence[HistoryEvent]:
    return (await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()).events


async def _runs(client: Client, workflow_id: str) -> int:
    """Return how many runs a workflow had, counted back from the present one."""
    first = (await _events(client, workflow_id))[0]
    count = 1
    while earlier := first.workflow_execution_started_event_attributes.continued_execution_run_id:
        first = (await _events(client, workflow_id, earlier))[0]
        count += 1
    return count
