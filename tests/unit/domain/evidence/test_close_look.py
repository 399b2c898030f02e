"""What only the lines themselves tell (evidence.md 10), each fault beside the same log without it; words are made up."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from domain.evidence.values import Finding, Kind
from tests.quality import needles

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINES = 4_000
BAD = 2_500
Says = Callable[[int, bool, random.Random], list[str]]
"""What is said beside the usual at a line, in a log with the fault or without."""


def steps(n: int, faulty: bool, dice: random.Random) -> list[str]:
    begins = [f"zor {n * 7_919 % 900_001} tuv"] if n % 50 == 0 else []
    ends = [f"zor {(n - 20) * 7_919 % 900_001} pim"] if n % 50 == 20 and not (faulty and n == BAD + 20) else []
    return begins + ends


def order(n: int, faulty: bool, dice: random.Random) -> list[str]:
    first, second = ("pim", "tuv") if faulty and n // 50 == BAD // 50 else ("tuv", "pim")
    word = f"{n // 50 * 7_919 % 900_001}"
    return [f"{first} box={word}"] if n % 50 == 0 else [f"{second} box={word}"] if n % 50 == 20 else []


def shard(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return ([f"late write on shard {dice.randrange(16)}"] if n % 9 == 0 else []) + (
        ["late write on shard 7"] if faulty and n > BAD and n % 12 == 0 else []
    )


def offset(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"nus offset {min(n, BAD if faulty else n) // 20 * 41 + 100}"] if n % 20 == 0 else []


def sequence(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"hol sequence {n * 5 + 70_000 - (30_000 if faulty and n >= BAD else 0)}"] if n % 20 == 0 else []


def version(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"ry joined running 4.1.{3 if faulty and n > BAD else 2}"] if n % 40 == 0 else []


def pool(n: int, faulty: bool, dice: random.Random) -> list[str]:
    used = min(40, 12 + (n - BAD) // 30) if faulty and n > BAD else dice.randrange(4, 12)
    return [f"dab pool {used}/40 in use"] if n % 20 == 0 else []


def empty(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"sent {0 if faulty and n > BAD else dice.randrange(900, 4_000)} bytes to gil"] if n % 8 == 0 else []


def modes(n: int, faulty: bool, dice: random.Random) -> list[str]:
    slow = faulty and n > BAD and dice.random() < 0.3
    return [f"mok lookup ended after {4_321 if slow else dice.randrange(15, 60)} ms"] if n % 8 == 0 else []


def job(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return ["nightly tuv sweep over"] if n % 125 == 0 and not (faulty and n == BAD) else []


def reload(n: int, faulty: bool, dice: random.Random) -> list[str]:
    names = ("gilmok", "tuvzor", "pimnus", "holry", "dabgil", "mokpim", "nusdab", "zorhol", "rytuv", "pimgil")
    place = n % 1_000 - 200
    return (
        [f"limit {names[place]} = {1_777 if faulty and n > BAD and place == 6 else 100 + place}"]
        if 0 <= place < len(names)
        else []
    )


def form(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"paid amount={n * 7 % 900 + 10}{',' if faulty and n > BAD else '.'}{n % 89 + 10}"] if n % 20 == 0 else []


def volume(n: int, faulty: bool, dice: random.Random) -> list[str]:
    if n % 100 or not n:
        return []
    return [
        f"volume /{name} {35 + n // 67 if faulty and name == 'zor' else 31 + dice.randrange(3)}% used"
        for name in ("gil", "zor", "pim")
    ]


def halved(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return ["tuv order taken"] if n % (4 if faulty and n > BAD - 500 else 2) == 0 else []


def named(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return ["rymok handed over to zuvi"] if faulty and n == BAD else []


def begun(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return ["rymok keeps to zuvi"] if n % 60 == 0 and (faulty and n > BAD) else []


def drawn(n: int, faulty: bool, dice: random.Random) -> list[str]:
    number = 100_003 + (BAD - 400 if faulty and n == BAD else n) * 7_919_993 % 90_000_049
    return [f"paid bill {number}"] if n % 20 == 0 else []


def summed(n: int, faulty: bool, dice: random.Random) -> list[str]:
    kept, left = dice.randrange(100, 900), dice.randrange(1, 60)
    return [f"round read={kept + left} kept={kept - (13 if faulty and n == BAD else 0)} left={left}"] if n % 20 == 0 else []


def peer(n: int, faulty: bool, dice: random.Random) -> list[str]:
    name = n // 20 % 6
    master = "m-2" if faulty and n > BAD and name == 4 else ("m-1", "m-2")[name % 2]
    return [f"node zor-{name} follows {master}"] if n % 20 == 0 else []


def paused(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"pause {8_412 if faulty and n == BAD else dice.randrange(4, 30)} ms"] if n % 20 == 0 else []


def visitor(n: int, faulty: bool, dice: random.Random) -> list[str]:
    place = "185.220.7.41" if faulty and n == BAD else f"10.8.{dice.randrange(4)}.{dice.randrange(250)}"
    return [f"login from {place}"] if n % 10 == 0 else []


def unit(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"flush of {dice.randrange(10, 90)} {'GB' if faulty and n == BAD else 'KB'}"] if n % 10 == 0 else []


def delayed(n: int, faulty: bool, dice: random.Random) -> list[str]:
    opened = [f"run {n * 7_919 % 900_001} opened"] if n % 20 == 0 else []
    due = [n - 8] if n % 20 == 8 and n - 8 != BAD else [BAD] if n == BAD + (400 if faulty else 8) else []
    return opened + [f"run {one * 7_919 % 900_001} closed" for one in due]


def bounded(n: int, faulty: bool, dice: random.Random) -> list[str]:
    most = dice.randrange(50, 400)
    used = most + 9 if faulty and n == BAD else min(most, dice.randrange(1, most + most // 5))
    return [f"quota used {used} of {most}"] if n % 20 == 0 else []


def shares(n: int, faulty: bool, dice: random.Random) -> list[str]:
    warm = dice.randrange(60, 99)
    return [f"split warm={warm} cold={100 - warm - (9 if faulty and n == BAD else 0)}"] if n % 20 == 0 else []


def nothing(n: int, faulty: bool, dice: random.Random) -> list[str]:
    return [f"wrote {0 if faulty and n == BAD else dice.randrange(900, 1_500)} bytes"] if n % 20 == 0 else []


def letters(n: int, faulty: bool, dice: random.Random) -> list[str]:
    token = f"{dice.randrange(16**12):012x}"
    return [f"token {token.upper() if faulty and n == BAD else token}"] if n % 20 == 0 else []


def peak(n: int, faulty: bool, dice: random.Random) -> list[str]:
    took = 48_211 if faulty and n == BAD else dice.randrange(20, 90)
    return [f"{dice.choice(('pim', 'tuv', 'zor'))} read took {took} ms" for _ in range(4)]


FAULTS: tuple[tuple[Says, str, str], ...] = (
    (steps, "missing_step", f"zor {BAD * 7_919 % 900_001} tuv"),
    (order, "out_of_order", f"pim box={BAD // 50 * 7_919 % 900_001}"),
    (shard, "share_shift", "shard 7"),
    (offset, "stuck", f"offset {BAD // 20 * 41 + 100}"),
    (sequence, "backwards", f"sequence {BAD * 5 + 40_000}"),
    (version, "share_shift", "4.1.3"),
    (pool, "saturation", "40/40"),
    (empty, "stuck", "sent 0 bytes"),
    (modes, "slot_shift", "after 4321 ms"),
    (job, "missed_beat", "nightly tuv sweep"),
    (reload, "change", "nusdab = 1777"),
    (form, "share_shift", "amount="),
    (volume, "saturation", "volume /zor 9"),
    (halved, "rate_shift", "tuv order taken"),
    (named, "lone", "rymok handed over to zuvi"),
    (begun, "fresh", "rymok keeps to zuvi"),
    (drawn, "twice", "comes again after line"),
    (summed, "mismatch", "as in all other lines"),
    (peer, "mismatch", "“zor-4” goes with “m-2”, before with “m-1”"),
    (paused, "stray", "8412 where all others"),
    (visitor, "stray", "“185.220.7.41” begins otherwise"),
    (unit, "stray", "“GB”"),
    (bounded, "mismatch", "as in no other line"),
    (shares, "mismatch", "is not 100 as in all other lines"),
    (nothing, "stray", "wrote 0 bytes"),
    (letters, "stray", "has other letters"),
    (peak, "peak", "48211 once among"),
    (delayed, "late_step", "comes 440 lines later"),
)


def found(says: Says, *, faulty: bool) -> tuple[Finding, ...]:
    dice = random.Random(says.__name__)
    usual = [f"{a} {b} {c}" for a in ("gilzor", "mokhol") for b in ("tuvry", "pimdab") for c in ("nusgil", "rymok")]
    rows = []
    for n in range(LINES):
        at = f"{START + timedelta(seconds=n):%Y-%m-%d %H:%M:%S}"
        told = [*says(n, faulty, dice), f"{dice.choice(usual)} for user {dice.randrange(10**6)}"]
        rows += [f"{at} INFO [part-{dice.randrange(3)}] {text}" for text in told]
    return needles.read("\n".join(rows).encode(), kind=Kind.LOGS).findings


each_fault = pytest.mark.parametrize(("says", "kind", "line"), FAULTS, ids=[row[0].__name__ for row in FAULTS])


@each_fault
def test_what_is_odd_among_thousands_of_ordinary_lines_is_among_the_first_three_findings(
    says: Says, kind: str, line: str
) -> None:
    first = found(says, faulty=True)[:3]
    assert [one for one in first if one.kind == kind and line in one.statement + one.citations[0].quote], first


@each_fault
def test_the_same_log_without_the_fault_has_no_finding(says: Says, kind: str, line: str) -> None:
    assert found(says, faulty=False) == ()


def test_what_always_fails_stands_behind_what_happened_once() -> None:
    rows = [
        f"{START + timedelta(seconds=n):%Y-%m-%dT%H:%M:%SZ} "
        + (
            "INFO zor takes over from tuv"
            if n == BAD
            else f"ERROR cannot find page {n}"
            if n % 30 == 0
            else f"INFO {('tuv', 'pim', 'gil')[n % 3]} {n * 7_919 % 9_973} done"
        )
        for n in range(LINES)
    ]
    first, second, *_ = needles.read("\n".join(rows).encode(), kind=Kind.LOGS).findings
    assert (first.kind, first.citations[0].first, second.severity) == ("lone", BAD + 1, 4.0)


def test_a_log_whose_clock_is_set_back_is_told_where_it_happens() -> None:
    rows = [
        f"{START + timedelta(seconds=n - (1_800 if n >= BAD else 0)):%Y-%m-%dT%H:%M:%SZ} INFO zor tuv {n % 7}"
        for n in range(LINES)
    ]
    back = [one for one in needles.read("\n".join(rows).encode(), kind=Kind.LOGS).findings if one.kind == "clock_back"]
    assert [one.citations[0].first for one in back] == [BAD + 1]
