"""How long the leading fault has been silent in a log that would show it (rules E3, E7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.case.findings import Quiet
from domain.diagnosis.causes import diagnose
from domain.evidence.analyse import analyse
from domain.evidence.values import Analysis, Context, Document, Hint

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
FAULT = "ERROR FATAL: sorry, too many clients already"


def line(minute: float, text: str) -> str:
    return f"{NOON + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ} {text}\n"


def served(first: float, last: float) -> list[str]:
    """Lines of a service that works, two a minute."""
    return [line(first + half / 2, f"INFO served request {half} in 12 ms") for half in range(int(2 * (last - first)))]


def failing(first: int, last: int, step: int = 2) -> list[str]:
    return [line(minute, FAULT) for minute in range(first, last, step)]


def read(rows: list[str], evidence: str = "E1", name: str = "app.log") -> Analysis:
    text = "".join(sorted(rows)).encode()
    return analyse(Document(evidence=evidence, name=name, chunks=[text], size=len(text), hint=Hint(name=name)), Context())


def told(*analyses: Analysis) -> Quiet | None:
    return diagnose(analyses).quiet


BEFORE = [*served(0, 30), *failing(10, 30)]


def test_e3_a_log_that_goes_on_without_the_fault_is_quiet_from_its_last_sign_on():
    quiet = told(read([*BEFORE, *served(30, 60)]))
    assert quiet
    assert (quiet.since, quiet.until) == (NOON + timedelta(minutes=28), NOON + timedelta(minutes=59.5))
    assert (quiet.file_id, quiet.gap_s, quiet.certain) == ("E1", 120, True)
    assert (quiet.first, quiet.last) == (67, 130)


def test_e3_a_later_log_of_the_same_name_is_quiet_from_its_own_beginning_on():
    quiet = told(read(BEFORE), read(served(50, 70), "E2"))
    assert quiet
    assert (quiet.file_id, quiet.since, quiet.first) == ("E2", NOON + timedelta(minutes=50), 1)


def test_e3_a_log_under_another_name_must_read_like_the_one_with_the_fault():
    alike = told(read(BEFORE), read(served(50, 70), "E2", "app-2.log"))
    other = [line(50 + minute, f"INFO worker {minute} sends mail to its queue") for minute in range(20)]
    assert alike
    assert alike.file_id == "E2"
    assert told(read(BEFORE), read(other, "E2", "mail.log")) is None


def test_e3_while_the_fault_goes_on_nothing_is_quiet():
    assert told(read([*served(0, 30), *failing(0, 30)])) is None or told(
        read([*served(0, 30), *failing(0, 30)])
    ).until < NOON + timedelta(minutes=30)
    still = told(read(BEFORE), read([*served(50, 70), *failing(50, 71)], "E2"))
    assert still is None or still.until - still.since < timedelta(minutes=2)


def test_e3_another_severe_line_ends_a_silence():
    quiet = told(read([*BEFORE, *served(30, 60), line(45, "ERROR cannot write the ledger")]))
    assert quiet
    assert quiet.since == NOON + timedelta(minutes=45)
    assert told(read([*BEFORE, *served(30, 60), line(55, "ERROR cannot write the ledger")])) is None


def test_e3_a_fault_that_was_seen_once_has_no_usual_gap():
    assert told(read([*served(0, 60), line(10, FAULT)])) is None


def test_e7_half_a_log_proves_no_absence():
    whole = read([*BEFORE, *served(30, 60)])
    assert told(replace(whole, coverage=replace(whole.coverage, share_read=0.4))) is None


def test_without_a_leader_there_is_no_silence():
    assert told(read(served(0, 30))) is None
