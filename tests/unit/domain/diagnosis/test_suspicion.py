"""One ranking from metrics, traces and logs together."""

from __future__ import annotations

import pytest

from domain.diagnosis.causes import diagnose
from domain.diagnosis.monitoring.suspicion import fault, ranking, suspected
from domain.evidence.levels import Level
from domain.evidence.metrics.suspects import Suspect, compared
from domain.evidence.values import Analysis
from tests.quality.reading import analysed

SERVICES = ("front", "kiln", "mill", "yard")


def metrics(name: str, *hours: int, **rises: float) -> Analysis:
    """Return the CPU of four services over forty minutes of each hour; in the last hour some rise so many times."""
    rows = [
        f"2026-05-04T{hour:02}:{n:02}:00Z,"
        + ",".join(f"{(rises.get(one, 1.0) if hour == hours[-1] else 1.0) * (10 + n % 3 / 10):g}" for one in SERVICES)
        for hour in hours
        for n in range(40)
    ]
    return analysed(name, "\n".join(["time," + ",".join(f"{one}_cpu" for one in SERVICES), *rows]).encode())


def log(name: str, *hours: int, said: str = "") -> Analysis:
    """Return what four containers say in an hour each; in the last hour one of them says something else, too."""
    rows = [
        f'2026-05-04T{hour:02}:{n:02}:{second:02}Z,{one},info,"handled request {n}{second} in {7 * n + second} ms"'
        for hour in hours
        for n in range(40)
        for second, one in enumerate(SERVICES)
    ]
    more = [f'2026-05-04T{hours[-1]:02}:{n:02}:30Z,mill,error,"{said} {n}"' for n in range(40)] if said else []
    return analysed(name, "\n".join(["timestamp,container,level,message", *sorted([*rows, *more])]).encode())


def told(*files: Analysis) -> list[str]:
    return [one.statement for one in suspected(ranking(files))]


CALM = metrics("normal.csv", 9), log("normal_logs.csv", 9)


def test_a_service_that_only_its_log_gives_away_is_suspected_with_the_line_that_says_so() -> None:
    files = (*CALM, metrics("fault.csv", 12), log("fault_logs.csv", 12, said="cannot reach shard"))
    first, *_ = suspected(ranking(files))
    assert first.statement.startswith("of 4 services mill rose most since normal.csv: ")
    assert first.citations[0].evidence == "fault_logs.csv"
    assert "cannot reach shard" in first.citations[0].quote


def test_what_is_said_counts_less_than_a_resource_that_rose_as_far() -> None:
    files = (*CALM, metrics("fault.csv", 12, kiln=6.0), log("fault_logs.csv", 12, said="cannot reach shard"))
    assert [one.partition(" rose")[0] for one in told(*files)][:2] == ["of 4 services kiln", "of 4 services mill"]


def test_files_of_both_times_are_parted_at_the_onset_that_the_metrics_show() -> None:
    both = (metrics("metrics.csv", 9, 10, kiln=6.0), log("logs.csv", 9, 10, said="cannot reach shard"))
    assert told(*both)[0] == "of 4 services kiln rose most: kiln_cpu from 10.1 to 60.6; then mill, front"
    assert told(both[0]) == told(both[1]) == []


def test_metrics_of_one_time_alone_are_told_by_their_own_analysis() -> None:
    other = metrics("disks.csv", 9, 10, kiln=6.0)
    shown = analysed("loads.csv", b"time,pg_load\n" + b"".join(b"2026-05-04T10:%02d:00Z,%d\n" % (n, n // 20) for n in range(40)))
    assert told(other, shown) == []


def test_the_resource_that_rose_is_the_family_and_the_place_among_services_its_rank() -> None:
    files = (*CALM, metrics("fault.csv", 12, kiln=6.0, yard=2.0))
    found = diagnose(files)
    assert [(one.family, one.subject) for one in found.candidates] == [
        ("cpu_risen", "service/kiln"),
        ("cpu_risen", "service/yard"),
    ]
    assert found.status == "candidates"


def test_a_line_of_a_log_is_about_the_container_that_it_names() -> None:
    files = (*CALM, metrics("fault.csv", 12), log("fault_logs.csv", 12, said="accept: too many open files"))
    assert "service/mill" in {one.subject for one in diagnose(files).candidates if one.family == "thread_or_fd_exhausted"}


@pytest.mark.parametrize(
    ("measures", "word"),
    [
        ({"cpu": 3.0, "latency": 9.0}, "cpu"),
        ({"memory": 2.0, "cpu": 1.2}, "memory"),
        ({"latency": 3.0, "cpu": 1.4}, "delay"),
        ({"way": 3.0, "failures": 2.0}, "loss"),
        ({"errors": 4.0}, "failures"),
        ({"said": 9.0, "latency": 1.2}, "failures"),
        ({"said": 9.0, "latency": 3.0}, "delay"),
        ({"load": 4.0}, ""),
    ],
)
def test_a_resource_tells_the_fault_before_answers_that_suffer_do(measures: dict[str, float], word: str) -> None:
    level = Level(title="", name="", service="", subject="", measure="", alike="", middle=0.0, scale=0.0)
    assert fault(Suspect(service="", score=0.0, level=level, before=0.0, after=0.0, times=9.0, measures=measures)) == word


def test_what_a_service_says_of_what_it_calls_is_not_held_against_it() -> None:
    own, passed = (
        suspected(ranking((*CALM, metrics("fault.csv", 12), log("fault_logs.csv", 12, said=said))))
        for said in ("order has no lines", "upstream shard failed: deadline exceeded")
    )
    assert next(own).statement.startswith("of 4 services mill rose most")
    assert not [one for one in passed if one.severity >= 4.0 and one.attributes["fault"] == "failures"]


def level(measure: str, service: str, middle: float) -> Level:
    """Return where one measure of one service stands."""
    title = f"{service}_{measure}"
    return Level(title=title, name=title, service=service, subject="", measure=measure, alike=measure, middle=middle, scale=0.01)


def test_errors_of_a_service_that_traces_know_not_to_fail_by_itself_are_those_of_others() -> None:
    def recording(times: float) -> list[Level]:
        rises = {("errors", "front"): 40.0, ("failures", "mill"): 3.0}
        kinds = [(kind, one) for kind in ("errors", "failures") for one in SERVICES]
        return [level(kind, one, 1.0 * (rises.get((kind, one), 1.0) if times > 1 else 1.0)) for kind, one in kinds]

    assert compared(recording(1), recording(2))[0].service == "mill"
