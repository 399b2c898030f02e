"""Two revisions of an object in the evidence are a change: told with both lines, dated where the evidence dates it."""

from __future__ import annotations

from domain.diagnosis.values import Diagnosis
from tests.quality.reading import text_case
from tests.unit.domain.diagnosis.examples.objects import deployment

HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n"
CRASH = {
    "events.txt": "LAST SEEN   TYPE      REASON    OBJECT                      MESSAGE\n"
    "2m          Warning   BackOff   pod/web-7d9c6b5f4-x2x4z     Back-off restarting failed container\n"
}


def manifest(image: str, *, generation: str = "", changed: str = "", variable: str = "") -> str:
    """Return a stored deployment; `changed` is when somebody last applied it."""
    more = f"  generation: {generation}\n" if generation else ""
    more += f'  managedFields:\n  - manager: kubectl\n    operation: Update\n    time: "{changed}"\n' if changed else ""
    held = f"        env:\n        - name: MODE\n          value: {variable}\n" if variable else ""
    text = deployment("web", container=held).replace("registry.test/web:1.0", image)
    return text.replace(HEAD, HEAD + more)


def replica_set(name: str, image: str, revision: int, made: str) -> str:
    return f"""apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: {name}
  creationTimestamp: "{made}"
  annotations:
    deployment.kubernetes.io/revision: "{revision}"
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: main
        image: {image}
---
"""


def changes(files: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return (time, subject, what) of every change that a cause may cite."""
    diagnosis = text_case(files).diagnosis
    return [(f"{one.time:%H:%M}" if one.time else "", one.subject, one.what) for one in diagnosis.changes]


def story(diagnosis: Diagnosis) -> str:
    return " ".join(diagnosis.story)


OLD, NEW = "registry.test/web:1.4", "registry.test/web:1.5"


def test_two_generations_of_a_workload_are_a_change_with_the_time_of_the_newer() -> None:
    files = {
        "a.yaml": manifest(NEW, generation="7", changed="2031-03-04T10:05:00Z"),
        "b.yaml": manifest(OLD, generation="6", changed="2031-03-01T09:00:00Z"),
    }
    told = "deployment/web has two revisions: main.image registry.test/web:1.4 → registry.test/web:1.5"
    assert changes(files) == [("10:05", "deployment/web", told)]


def test_a_cause_cites_the_change_of_its_own_workload() -> None:
    files = {**CRASH, "a.yaml": manifest(OLD, generation="6"), "b.yaml": manifest(NEW, generation="7")}
    read = text_case(files)
    assert read.diagnosis.candidates[0].trigger is not None
    assert "web:1.4 → registry.test/web:1.5` (b.yaml:" in story(read.diagnosis)


def test_two_observations_of_one_revision_are_no_change() -> None:
    files = {"a.yaml": manifest(OLD, generation="6"), "b.yaml": manifest(OLD, generation="6")}
    assert changes(files) == []


def test_what_nothing_orders_is_no_change() -> None:
    assert changes({"a.yaml": manifest(OLD), "b.yaml": manifest(NEW)}) == []


def test_the_newest_replica_set_against_the_one_before_dates_a_rollout() -> None:
    files = {
        "sets.yaml": replica_set("web-5c8d7b6f5", OLD, 3, "2031-03-01T08:00:00Z")
        + replica_set("web-7d9c6b5f4", NEW, 4, "2031-03-04T10:05:00Z")
    }
    assert [(time, subject) for time, subject, _ in changes(files)] == [("10:05", "deployment/web")]


def test_a_rollback_has_no_time_of_its_own() -> None:
    files = {
        "sets.yaml": replica_set("web-5c8d7b6f5", OLD, 5, "2031-03-01T08:00:00Z")
        + replica_set("web-7d9c6b5f4", NEW, 4, "2031-03-04T10:05:00Z")
    }
    assert [time for time, _, _ in changes(files)] == [""]


def test_replica_sets_of_one_template_are_no_change() -> None:
    files = {
        "sets.yaml": replica_set("web-5c8d7b6f5", OLD, 3, "2031-03-01T08:00:00Z")
        + replica_set("web-7d9c6b5f4", OLD, 4, "2031-03-04T10:05:00Z")
    }
    assert changes(files) == []


def test_what_a_variable_holds_is_not_told() -> None:
    files = {
        "a.yaml": manifest(OLD, generation="6", variable="orchid"),
        "b.yaml": manifest(OLD, generation="7", variable="magnolia"),
    }
    (found,) = changes(files)
    assert found[2] == "deployment/web has two revisions: variable MODE of main is another"
