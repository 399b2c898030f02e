"""What a log must tell besides its severe lines (evidence.md 10), in logs whose words are made up."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.values import Analysis, Finding, Kind
from tests.quality import needles

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SYLLABLES = ("gil", "mok", "tuv", "zor", "pim", "nus", "hol", "ry", "dab")


class Oven:
    """A log of invented words, one line a second but for those that are given."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.usual = [f"{self.word()} {self.word()} of {self.word()}" for _ in range(9)]
        self.part = self.word()

    def word(self) -> str:
        return "".join(self.dice.choices(SYLLABLES, k=3))

    def row(self, second: float, text: str, level: str = "INFO") -> str:
        return f"{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ} {level} [{self.part}] {text}"

    def rows(self, special: Mapping[int, str], lines: int = 2_000) -> list[str]:
        return [
            special.get(n) or self.row(n, f"{self.dice.choice(self.usual)} {self.dice.randrange(9_999)}")
            for n in range(1, lines + 1)
        ]


def read(rows: list[str]) -> Analysis:
    return needles.read("\n".join(rows).encode(), kind=Kind.LOGS)


def of(found: Analysis, kind: str) -> list[Finding]:
    return [one for one in found.findings if one.kind == kind]


seeds = pytest.mark.parametrize("seed", range(4))


@seeds
def test_first_lines_that_come_again_together_are_a_restart_in_any_words(seed: int) -> None:
    oven = Oven(seed)
    begin = [f"{oven.word()} {oven.word()} ready", f"{oven.word()} at {oven.word()}", f"{oven.word()} {oven.word()} loaded"]
    special = {place + n: oven.row(place + n, text) for place in (1, 1_400) for n, text in enumerate(begin)}
    (found,) = of(read(oven.rows(special)), "restart")
    assert 1_400 <= found.citations[0].first < 1_403


@seeds
def test_a_log_that_starts_once_has_no_restart(seed: int) -> None:
    oven = Oven(seed)
    begin = {n: oven.row(n, f"{oven.word()} {oven.word()} ready") for n in range(1, 6)}
    assert of(read(oven.rows(begin)), "restart") == []


@seeds
def test_equal_stacks_are_told_once_with_their_count_and_root(seed: int) -> None:
    oven = Oven(seed)
    thrown, root = f"com.{oven.word()}.OvenException", f"com.{oven.word()}.DoorException"
    stack = [
        f"{thrown}: {oven.word()} shut",
        f"\tat com.{oven.word()}.Oven.fire(Oven.java:12)",
        f"Caused by: {root}: {oven.word()}",
    ]
    failed = f"{oven.word()} {oven.word()}"
    special = {
        n: "\n".join((oven.row(n, f"{failed} {n}", "ERROR"), *stack, f"\tat com.Kiln.run(Kiln.java:{n})"))
        for n in range(100, 1_900, 150)
    }
    severe = [one for one in read(oven.rows(special)).findings if one.severity >= 3]
    assert len(severe) == 1
    assert severe[0].numbers["count"] == 12
    assert severe[0].attributes["exception"] == thrown
    assert severe[0].attributes["root_exception"] == root
    assert (severe[0].citations[1].first, severe[0].citations[1].last) == (100, 104)


@seeds
def test_a_dump_belongs_to_the_line_above_it(seed: int) -> None:
    oven = Oven(seed)
    dump = [f"R{n:02}: {oven.dice.randrange(16**8):08x} R{n + 1:02}: {oven.dice.randrange(16**8):08x}" for n in range(0, 8, 2)]
    special = {700: oven.row(700, f"{oven.word()} {oven.word()} panic", "FATAL")}
    special |= {701 + n: oven.row(700, text, "FATAL") for n, text in enumerate(dump)}
    severe = [one for one in read(oven.rows(special)).findings if one.severity >= 3]
    assert [one.citations[0].first for one in severe] == [700]


@seeds
def test_an_error_is_told_with_the_other_lines_of_its_request(seed: int) -> None:
    oven = Oven(seed)
    request = f"{oven.word()}-{oven.dice.randrange(10**6)}"
    steps = {
        700: (f"{oven.word()} taken", "INFO"),
        703: (f"{oven.word()} {oven.word()}", "INFO"),
        709: (f"{oven.word()} broke", "ERROR"),
    }
    special = {n: oven.row(n, f"{text} request_id={request}", level) for n, (text, level) in steps.items()}
    special[711] = oven.row(711, f"{oven.word()} taken request_id={request}7")
    (found,) = [one for one in read(oven.rows(special)).findings if one.severity >= 3]
    assert found.attributes["request"] == request
    assert [one.first for one in found.citations] == [709, 700, 703]
    assert f"request {request} also in lines 700, 703" in found.statement


@seeds
def test_levels_are_totalled(seed: int) -> None:
    oven = Oven(seed)
    special = {n: oven.row(n, f"{oven.word()} {oven.word()}", "WARN" if n % 2 else "ERROR") for n in range(500, 530)}
    found = read(oven.rows(special))
    assert "15 of severity 4, 15 of severity 2" in found.summary
    assert found.volume is not None
    assert [sum(column) for column in zip(*found.volume.counts, strict=True)] == [1_970, 0, 15, 0, 15, 0]


@seeds
def test_lines_of_another_clock_keep_their_time_and_begin_records(seed: int) -> None:
    oven = Oven(seed)
    special = {n: f"{START + timedelta(seconds=n):%d/%b/%Y:%H:%M:%S +0000} ERROR {oven.part} broke down" for n in (300, 900)}
    (found,) = [one for one in read(oven.rows(special)).findings if one.severity >= 3]
    assert (found.numbers["count"], found.time) == (2.0, START + timedelta(seconds=300))


@seeds
def test_lines_out_of_order_by_seconds_are_read_by_time(seed: int) -> None:
    oven = Oven(seed)
    rows = [oven.row(n + oven.dice.uniform(-20, 20), f"{oven.dice.choice(oven.usual)} {n}") for n in range(1, 2_001)]
    rows[1_200:1_240] = [oven.row(1_200 + n % 7, f"{oven.part} refused by {n}") for n in range(40)]
    found = read(rows)
    assert found.volume is not None
    assert found.volume.start is not None
    (burst,) = of(found, "burst")
    assert burst.numbers["count"] == 40


@seeds
@pytest.mark.parametrize("place", [0, 700, 1_999])
def test_a_line_from_1970_changes_nothing_but_itself(seed: int, place: int) -> None:
    oven = Oven(seed)
    rows = oven.rows({n: oven.row(n, f"{oven.part} refused by {n}", "ERROR") for n in range(1_000, 1_030)})
    plain = read(list(rows))
    rows[place] = f"1970-01-01T00:00:00Z INFO [{oven.part}] {oven.usual[0]} 7"
    found = read(rows)
    assert found.volume is not None
    assert plain.volume is not None
    assert found.volume.width == plain.volume.width
    assert [one.statement for one in of(found, "burst")] == [one.statement for one in of(plain, "burst")]


@seeds
def test_a_log_that_ends_with_a_stack_keeps_its_times(seed: int) -> None:
    oven = Oven(seed)
    rows = oven.rows({n: oven.row(n, f"{oven.part} refused by {n}", "ERROR") for n in range(1_000, 1_030)})
    plain = read(list(rows))
    found = read([*rows, *(f"\tat com.{oven.part}.Oven.fire(Oven.java:{n})" for n in range(200))])
    assert found.volume is not None
    assert plain.volume is not None
    assert len(found.volume.counts) == len(plain.volume.counts)
    assert [one.statement for one in of(found, "burst")] == [one.statement for one in of(plain, "burst")]


@seeds
def test_the_assumed_zone_is_stated(seed: int) -> None:
    oven = Oven(seed)
    rows = [row.replace("Z ", " ", 1) for row in oven.rows({})]
    assert read(rows).coverage.assumed_zone == "UTC"
    assert read(oven.rows({})).coverage.assumed_zone is None
