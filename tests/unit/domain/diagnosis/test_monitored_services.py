"""What monitoring of databases, functions, tables and machines shows together, with names that mean nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.diagnosis.explain import explain
from domain.diagnosis.values import Answer
from tests.quality.reading import text_case

START = datetime(2031, 3, 4, 12, tzinfo=UTC)
FLAT = {"CPUUtilization": [21.0, 22.0] * 6, "DatabaseConnections": [90.0, 92.0] * 6, "FreeStorageSpace": [8e10] * 12}
STATEMENT = "SELECT * FROM parcels WHERE note LIKE $1"


def at(minute: int) -> str:
    return (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def series(label: str, name: str, values: dict[str, list[float]], unit: str = "Count") -> str:
    return json.dumps(
        {
            "period": 60,
            "metric_data_results": [
                {"label": key, "metric_name": key, "dimensions": [{"Name": label, "Value": name}], "unit": unit,
                 "timestamps": [at(n) for n in range(len(row))], "values": row}
                for key, row in values.items()
            ],
        },
        indent=1,
    )  # fmt: skip


def load(values: list[float], wait: str) -> str:
    waits = [{"name": wait, "db_load_avg": 0.9 * values[-1]}]
    return json.dumps(
        {
            "db_instance_identifier": "parcels",
            "db_load": {"timestamps": [at(n) for n in range(len(values))], "values": values},
            "top_sql": [{"statement": STATEMENT, "db_load_avg": 0.9 * values[-1], "wait_events": waits, "calls_per_sec": 2.0}],
            "top_wait_events": waits,
        },
        indent=1,
    )


def answer(files: dict[str, str]) -> Answer:
    return text_case(files).answer


GROWN = [1.0, 1.1, 1.0, 1.2, 1.1, 6.0, 9.0, 9.5, 9.7, 9.6, 9.8, 9.9]


@pytest.mark.parametrize(
    ("wait", "family", "word"),
    [("CPU:user", "slow_query", "SELECT"), ("Client:ClientWrite", "capacity_reached", "Network throughput")],
)
def test_a_load_of_one_statement_is_a_fault_though_every_other_gauge_is_flat(wait: str, family: str, word: str) -> None:
    told = answer({"metrics.json": series("DBInstanceIdentifier", "parcels", FLAT), "load.json": load(GROWN, wait)})
    assert (told.causes[0].family, word in told.causes[0].statement) == (family, True)


def test_without_its_gauge_a_load_that_waits_for_cpu_is_cpu_saturation() -> None:
    known = {name: values for name, values in FLAT.items() if name != "CPUUtilization"} | {"ReadLatency": [0.001] * 12}
    told = answer({"metrics.json": series("DBInstanceIdentifier", "parcels", known), "load.json": load(GROWN, "CPU:user")})
    assert told.causes[0].family == "cpu_saturated"
    assert "CPUUtilization is not reported" in told.causes[0].statement


def test_a_steady_load_of_one_statement_is_no_fault() -> None:
    steady = load([5.0, 5.2, 5.1, 5.0] * 3, "CPU:user")
    assert answer({"metrics.json": series("DBInstanceIdentifier", "parcels", FLAT), "load.json": steady}).status == "healthy"


def test_a_machine_that_fails_its_status_checks_has_failed() -> None:
    checks = {"StatusCheckFailed_System": [0.0] * 6 + [1.0] * 6, "CPUUtilization": [22.0] * 6 + [0.0] * 6}
    cause = answer({"metrics.json": series("InstanceId", "i-77", checks)}).causes[0]
    assert (cause.family, "i-77" in cause.statement) == ("host_failed", True)


def test_a_throttled_table_is_told_with_what_it_was_granted() -> None:
    used = {
        "ThrottledRequests": [0.0] * 5 + [900.0] * 7,
        "WriteThrottleEvents": [0.0] * 5 + [800.0] * 7,
        "ConsumedWriteCapacityUnits": [50.0] * 5 + [400.0] * 7,
    }
    cause = answer({"metrics.json": series("TableName", "parcels", used)}).causes[0]
    assert cause.family == "capacity_reached"
    assert all(word in cause.statement for word in ("table parcels", "WriteThrottleEvents", "provisioned capacity"))


def messages(*rows: tuple[int, str]) -> str:
    return json.dumps({"events": [{"timestamp": at(minute), "message": said} for minute, said in rows]}, indent=1)


REPORT = "REPORT RequestId: 5c1 Duration: 81.11 ms Memory Size: 256 MB Max Memory Used: {} MB"


def test_a_function_that_used_all_its_memory_ran_out_of_it() -> None:
    assert answer({"log.json": messages(*((n, REPORT.format(256)) for n in range(3)))}).causes[0].family == "oom_killed"
    assert not answer({"log.json": messages(*((n, REPORT.format(255)) for n in range(3)))}).causes


def test_a_stack_in_a_message_is_an_exception_of_the_code() -> None:
    stack = "[ERROR] KeyError: 'weight'\nTraceback (most recent call last):\n  File \"/srv/main.py\", line 4, in handle\n"
    cause = answer({"log.json": messages((1, stack), (2, stack))}).causes[0]
    assert (cause.family, cause.category) == ("crash_regression", "code")


def test_a_failed_check_of_data_is_told_with_what_it_says() -> None:
    checks = [
        {"name": "unique_parcel_id", "column": "parcel_id", "status": "fail", "message": "71 duplicate rows for key parcel_id"},
        {"name": "row_count", "status": "fail", "value": 38, "expected_min": 1800},
    ]
    told = explain(answer({"checks.json": json.dumps({"table": "parcels", "checks": checks}, indent=1)}))
    assert "71 duplicate rows" in told or "it is 38, expected min 1800" in told


def test_a_calm_line_that_tells_of_a_deployment_is_the_change_before() -> None:
    rows = [
        (0, "info", "[deploy] rules 3.3.0 -> 3.4.0"),
        *((n, "error", "POST /rate 500 RecursionError: too deep") for n in (2, 3)),
    ]
    log = {"logs": [{"timestamp": at(n), "status": level, "service": "rules", "message": said} for n, level, said in rows]}
    assert "3.3.0 -> 3.4.0" in explain(answer({"log.json": json.dumps(log, indent=1)}))


def test_targets_whose_health_check_finds_nothing_have_a_wrong_health_check() -> None:
    def targets(code: int) -> dict[str, str]:
        said = f"Health checks failed with these codes: [{code}]"
        rows = [{"id": f"10.4.1.{n}", "state": "unhealthy", "description": said} for n in range(3)]
        return {"targets.json": json.dumps({"targets": rows}, indent=1)}

    assert [one.family for one in answer(targets(404)).causes][:1] == ["health_check_wrong"]
    assert "health_check_wrong" not in [one.family for one in answer(targets(500)).causes]


def test_a_queue_that_was_full_when_measuring_began_and_is_empty_now_is_drained() -> None:
    left = {"ApproximateNumberOfMessagesVisible": [8000.0, 6000.0, 3000.0, 900.0, 4.0, *[3.0] * 7]}
    told = answer({"metrics.json": series("QueueName", "letters", left)})
    assert (told.status, "drained" in explain(told)) == ("healthy", True)
