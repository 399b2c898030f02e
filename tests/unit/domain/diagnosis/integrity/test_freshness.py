"""What newer evidence contradicts may not confirm anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.diagnosis.causes import diagnose
from domain.diagnosis.values import Diagnosis
from domain.evidence.analyse import analyse
from domain.evidence.values import Analysis, Context, Document

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
NAME = "orders-7d9c6b5f4-x2x4z"


def pods(name: str, status: str, minutes: int | None) -> Analysis:
    """Return a list of pods taken so many minutes after noon."""
    ready = "1/1" if status == "Running" else "0/1"
    data = (
        f"NAME                      READY   STATUS             RESTARTS   AGE\n{NAME}    {ready}     {status:<19}0          1h\n"
    )
    at = None if minutes is None else NOON + timedelta(minutes=minutes)
    return analyse(Document(evidence=name, name=name, chunks=(data.encode(),), size=len(data), observed_at=at), Context())


def told(*analyses: Analysis) -> Diagnosis:
    return diagnose(analyses)


def test_a_state_that_newer_evidence_contradicts_is_no_fault() -> None:
    found = told(pods("a.txt", "Running", 30), pods("b.txt", "ImagePullBackOff", 0))
    assert (found.candidates, found.missing) == ((), ())


def test_a_state_that_was_taken_a_few_minutes_before_still_counts_and_the_contradiction_is_told() -> None:
    found = told(pods("a.txt", "Running", 5), pods("b.txt", "ImagePullBackOff", 0))
    assert found.candidates
    assert found.missing == (
        f"pod {NAME} is Running in one file and ImagePullBackOff in another, and nothing says which is newer (a.txt:2, b.txt:2)",
    )


def test_a_state_that_newer_evidence_repeats_is_a_fault() -> None:
    found = told(pods("a.txt", "ErrImagePull", 30), pods("b.txt", "ImagePullBackOff", 0))
    assert [one.family for one in found.candidates] == ["image_pull"]
    assert found.missing == ()


def test_a_fault_that_began_after_an_older_observation_is_one() -> None:
    found = told(pods("a.txt", "ImagePullBackOff", 30), pods("b.txt", "Running", 0))
    assert [one.family for one in found.candidates] == ["image_pull"]
