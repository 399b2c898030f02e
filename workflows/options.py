"""How long each kind of step may take and how it is tried again; options are not history and may change freely."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import Priority, RetryPolicy
from temporalio.workflow import ActivityCancellationType, ActivityConfig, LocalActivityConfig

from domain.errors import FaultMavenError
from workflows import names

FACTS = sorted(error.__name__ for error in FaultMavenError.__subclasses__() if not error.retryable)
"""Failures that retrying cannot change."""

TURN_FIRST = Priority(priority_key=1)
EVIDENCE_NEXT = Priority(priority_key=3)
MEMBERS_AFTER = Priority(priority_key=4)
"""Members of an archive wait for files that somebody picked."""
UPKEEP_LAST = Priority(priority_key=5)

EVIDENCE_PATIENCE = timedelta(seconds=20)
"""How long a turn waits for its own files; those that take longer are told as unread (reliability.md 4)."""

PICTURE_PATIENCE = timedelta(seconds=10)
"""How long a model's reading holds up what OCR read: half of what a turn waits for its files."""


def _retry(first_s: int, most_s: int, attempts: int = 0) -> RetryPolicy:
    """Double the wait from the first to the longest; facts are never tried again."""
    return RetryPolicy(
        initial_interval=timedelta(seconds=first_s),
        maximum_interval=timedelta(seconds=most_s),
        maximum_attempts=attempts,
        non_retryable_error_types=FACTS,
    )


MODEL = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=100),
    schedule_to_close_timeout=timedelta(seconds=100),
    heartbeat_timeout=timedelta(seconds=5),
    retry_policy=_retry(1, 20, attempts=4),
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
"""One model call; it publishes to the turn's stream, so it must end before its turn does."""

PICTURE = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=100),
    schedule_to_close_timeout=timedelta(seconds=200),
    heartbeat_timeout=timedelta(seconds=5),
    retry_policy=_retry(1, 20, attempts=2),
)
"""One look at a picture: 90 s at its model, twice at most (reliability.md 4 and 5)."""

TOOL = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=20),
    schedule_to_close_timeout=timedelta(seconds=25),
    retry_policy=_retry(1, 2, attempts=2),
)
"""A look at stored evidence or knowledge for a model, which goes on without it."""

STORAGE = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(minutes=10),
    retry_policy=_retry(1, 30),
)

LOOKUP = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=15),
    schedule_to_close_timeout=timedelta(seconds=60),
    retry_policy=_retry(1, 10),
)
"""What a turn can do without: after a minute it degrades."""

RECORD = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=30)),
)
"""Loading and recording: no end and no facts, because there is nothing else that a case could do."""

CASE_RECORD: ActivityConfig = {**RECORD, "task_queue": names.TURNS}
"""The same from a case, whose own queue has workflow tasks only."""

INGEST = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=1),
    retry_policy=_retry(2, 60, attempts=4),
)

UNPACK = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=_retry(2, 20, attempts=3),
)
"""Opening an archive: its unpacked size bounds it, not the one it has (privacy.md 13)."""

RETAKE = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=timedelta(seconds=10),
    retry_policy=_retry(1, 10),
)
"""Without an end: a fork waits for its own answers and for stores; an origin that is erased is a fact."""

REPORT = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(seconds=120),
    retry_policy=_retry(1, 10),
)
"""After two minutes a report counts as failed (rule RP3)."""

UPKEEP = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=timedelta(seconds=30),
    retry_policy=_retry(10, 300, attempts=10),
)
"""The next schedule finishes what is left."""

FORGETTING: ActivityConfig = {**UPKEEP, "retry_policy": _retry(1, 5, attempts=60)}
"""The engine deletes a history some seconds after it was asked to, so this is asked again soon."""


def analysis(size_bytes: int) -> ActivityConfig:
    """Return the options of an analysis: 30 s and one more per megabyte (reliability.md 4)."""
    return ActivityConfig(
        start_to_close_timeout=timedelta(seconds=30 + size_bytes // 1_000_000),
        heartbeat_timeout=timedelta(seconds=10),
        retry_policy=_retry(2, 20, attempts=3),
    )


def named(step: str, config: ActivityConfig) -> ActivityConfig:
    """Return the options with what the engine's own pages call the step: ids and numbers only."""
    return {**config, "summary": step}


def at_once(step: str, config: ActivityConfig) -> LocalActivityConfig:
    """Return the options of the one attempt at a short step within the workflow's own task: no way to the engine and back."""
    return LocalActivityConfig(
        start_to_close_timeout=config.get("start_to_close_timeout"), retry_policy=RetryPolicy(maximum_attempts=1), summary=step
    )
