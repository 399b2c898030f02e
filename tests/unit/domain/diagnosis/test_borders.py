"""Rules of the diagnosis at their borders: merging, checking claims, wording, recovery, order, and the state of a case in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.case.outcome import ResponseType
from domain.case.state import CaseFile, CaseStatus, Conclusion, Need
from domain.diagnosis.calm import ongoing, recovered
from domain.diagnosis.causes import diagnose
from domain.diagnosis.claims.check import check
from domain.diagnosis.explain import Told, explain, reply, status
from domain.diagnosis.merge import merge
from domain.diagnosis.ranking import ranked, scored
from domain.diagnosis.signals import observations
from domain.diagnosis.statements import LIMIT, PIECE_LIMIT, around, fill, statement
from domain.diagnosis.subjects import named_in
from domain.diagnosis.values import (
    Answer,
    AnswerCoverage,
    AnswerEvent,
    AnswerLine,
    Claim,
    Diagnosis,
    Proposal,
    ProposedClaim,
    Scope,
)
from domain.evidence.checks import EqualsCheck, QuoteCheck
from domain.evidence.values import Event, ObservedObject
from tests.pages import kept, told
from tests.unit.domain.diagnosis.values import (
    CASE,
    FILE,
    FULL,
    a_candidate,
    a_finding,
    a_proposed,
    a_read,
    a_signal,
    an_analysis,
    an_outcome,
    cite,
    lines_of,
)

PAGES = Path(__file__).parent / "pages"
NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
READ, LINES = a_read(), lines_of(FULL)
FULL_LINE = next(number for (_, number), text in LINES.items() if "too many clients" in text)
FAILED = next(number for (_, number), text in LINES.items() if "77" in text and "ERROR" in text)


def test_what_a_model_proposes_is_merged_as_the_page_says() -> None:
    held = a_proposed("request 77 failed", FAILED, family="dependency_down")
    twice = ProposedClaim(text="sorry, too many clients already", file=FILE, first_line=FULL_LINE, last_line=FULL_LINE)
    many = replace(
        held,
        family="deadlock",
        claims=(*held.claims, twice, replace(twice, first_line=FULL_LINE + 1, last_line=FULL_LINE + 1), *held.claims),
    )
    unknown = replace(held, family="of its own", subject="request 77")
    wrong = a_proposed("request 78 failed", FAILED, family="disk_full")
    proposals = {
        "one that holds": Proposal(summary=f"Request 77 failed ({FILE}:{FAILED}).", causes=(held,)),
        "many claims and an unknown family": Proposal(summary="", causes=(many, unknown)),
        "one of three is wrong": Proposal(summary="It is gone.", causes=(held, wrong, unknown)),
        "the fourth is not read": Proposal(summary="", causes=(wrong, wrong, wrong, held)),
    }
    bare = Diagnosis(status="inconclusive", reason="nothing")
    pages = []
    for name, proposal in proposals.items():
        for known in (READ.diagnosis, bare):
            merged = merge(known, proposal, READ.analyses, LINES)
            parts = (merged.candidates, merged.summary, merged.notes, merged.claims_checked, merged.claims_dropped)
            pages.append(f"{name}, to {known.status}: {merged.status}\n" + "\n".join(told(part) for part in parts if part))
    kept(PAGES / "merged.txt", "\n\n".join(pages))


OBJECT = ObservedObject(id="pod/x", fields={"phase": "Pending"}, citation=cite(1))
GROUND = {
    (FILE, 1): "2031-03-04 10:02:17 pod web-1 failed 3 times, took 1500 ms",
    (FILE, 2): "10:05:00 first it was down, then it was not up",
}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("web-1 failed 3 times", "confirmed"),
        ("web-1 failed at 10:02", "confirmed"),
        ("web-1 failed at 10:03", "contradicted"),
        ("web-1 failed 4 times", "contradicted"),
        ("web-1 took 1.5 seconds", "confirmed"),
        ("web-1 took 1.50", "contradicted"),
        ("web-1 took 1.51", "contradicted"),
        ("web-2 failed", "contradicted"),
        ("web-1 never failed", "contradicted"),
        ("all web-1 failed", "unverifiable"),
        ("web-1 rose", "unverifiable"),
        ("web-1 failed because of DNS", "contradicted"),
        ("web-1 exploded", "unverifiable"),
    ],
)
def test_a_claim_says_no_more_than_its_line(text: str, verdict: str) -> None:
    assert check(Claim(text=text, citations=(cite(1),)), (), GROUND).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("failed 10:02:17 before it was not up 10:05:00", "confirmed"),
        ("failed 10:05:00 before it was not up 10:02:17", "contradicted"),
        ("was not up 10:05:00 after it failed 10:02:17", "confirmed"),
        ("was not up 10:02:17 after it failed 10:05:00", "contradicted"),
        ("was not up 10:02:17 caused by failed 10:05:00", "unverifiable"),
        ("was not up before 10:05:00", "unverifiable"),
    ],
)
def test_an_order_follows_from_two_times(text: str, verdict: str) -> None:
    assert check(Claim(text=text, citations=(cite(1, 2),)), (), GROUND).verdict == verdict


def test_a_claims_own_check_and_its_place_must_hold() -> None:
    read = replace(an_analysis(), objects=(OBJECT,))
    plain = Claim(text="web-1 failed", citations=(cite(1),))
    many = {(FILE, number): "web-1 failed" for number in range(1, 60)}
    verdicts = {
        "quote": (replace(plain, check=QuoteCheck(text="pod  web-1 failed")), GROUND),
        "wrong quote": (replace(plain, check=QuoteCheck(text="pod web-2")), GROUND),
        "field": (replace(plain, check=EqualsCheck(object="pod/x", field="phase", value="Pending")), GROUND),
        "wrong field": (replace(plain, check=EqualsCheck(object="pod/x", field="phase", value="Running")), GROUND),
        "wrong object": (replace(plain, check=EqualsCheck(object="pod/y", field="phase", value="Pending")), GROUND),
        "no citation": (replace(plain, citations=()), GROUND),
        "no line": (replace(plain, citations=(cite(3),)), GROUND),
        "backwards": (replace(plain, citations=(cite(2, 1),)), GROUND),
        "fifty lines": (replace(plain, citations=(cite(1, 50),)), many),
        "too many lines": (replace(plain, citations=(cite(1, 51),)), many),
    }
    assert {name: check(claim, (read,), lines).verdict for name, (claim, lines) in verdicts.items()} == {
        name: "confirmed" if name in {"quote", "field", "fifty lines"} else "contradicted" for name in verdicts
    }


@pytest.mark.parametrize(
    ("quote", "pieces", "room", "shown"),
    [
        ("a b  c", {}, 5, "a b c"),
        ("a" * 20, {}, 10, "a" * 8 + "…"),
        ("x" * 50 + "needle" + "y" * 50, {"why": "needle"}, 60, "…" + "x" * 15 + "needle" + "y" * 37 + "…"),
        ("x" * 50 + "needle", {"why": "needle"}, 30, "…" + "x" * 22 + "needle"),
        ("needle" + "x" * 50, {"why": "needle"}, 30, "needle" + "x" * 22 + "…"),
        ("x" * 90 + "needle", {"subject": "needle"}, 30, "x" * 28 + "…"),
    ],
)
def test_a_quotation_is_cut_around_what_it_names(quote: str, pieces: dict[str, str], room: int, shown: str) -> None:
    assert around(quote, pieces, room) == shown


def test_a_statement_quotes_its_line_unless_it_says_it_already() -> None:
    assert statement("{subject} fails: {why}", {"subject": "x", "why": "abcdefg"}, "abcdefghij") == "x fails: abcdefg"
    assert statement("{subject} fails: {why}", {"subject": "x", "why": "abcdef"}, "abcdefghij") == "x fails: abcdef: “abcdefghij”"
    assert statement("{subject} fails", {"subject": "x"}, "") == "x fails"
    assert statement("x" * 500, {}, "quote") == "x" * (LIMIT - 60) + ": “quote”"
    assert fill("{a}", {"a": "y" * PIECE_LIMIT}) == "y" * PIECE_LIMIT
    assert fill("{a}", {"a": "y" * (PIECE_LIMIT + 1)}) == "y" * (PIECE_LIMIT - 1) + "…"
    assert fill("{a}[[ by {b}]]", {"a": "x", "b": ""}) == "x"


OVER = a_candidate(family="recovered", signals=(a_signal(citation=cite(10), time=NOON),))


@pytest.mark.parametrize(
    ("fault", "over"),
    [
        (a_signal(citation=cite(20), time=NOON), True),
        (a_signal(citation=cite(1), time=NOON + timedelta(seconds=1)), False),
        (a_signal(citation=cite(9)), True),
        (a_signal(citation=cite(10)), False),
        (a_signal(citation=cite(1), evidence="other.log"), False),
        (a_signal(citation=cite(20), decisive=False), True),
    ],
)
def test_a_recovery_comes_after_every_sign(fault: object, over: bool) -> None:
    kept_ = recovered([OVER, a_candidate(signals=(fault,), depth=1)])
    assert kept_ == (OVER if over else None)
    assert recovered([OVER, a_candidate(signals=(a_signal(citation=cite(99)),), depth=0)]) == OVER
    assert recovered([a_candidate()]) is None


@pytest.mark.parametrize(("minutes", "word"), [(30, "ongoing"), (31, "historical")])
def test_a_fault_is_over_when_its_last_sign_is_half_an_hour_old(minutes: int, word: str) -> None:
    plain = an_analysis(replace(a_finding("boom"), time=NOON, last_time=NOON))
    read = replace(plain, coverage=replace(plain.coverage, last_time=NOON + timedelta(minutes=minutes)))
    fault = a_candidate(signals=(a_signal(finding="severe_template:1"),))
    assert ongoing([fault], [read], observations([read])) == word
    assert ongoing([fault], [plain], observations([plain])) == "unknown"
    assert ongoing([], [read], observations([read])) == "unknown"
    assert ongoing([a_candidate(signals=(a_signal(kind="condition"),))], [plain], ()) == "ongoing"


@pytest.mark.parametrize(
    ("signals", "score"),
    [
        ((a_signal(weight=2.0),), 2.0),
        ((a_signal(weight=9.0),), 3.0),
        ((a_signal(weight=1.0), a_signal(weight=2.0)), 2.0),
        ((a_signal(weight=1.0), a_signal(weight=1.0, witness="v")), 2.5),
        ((a_signal(weight=9.0), a_signal(weight=9.0, evidence="b")), 6.5),
        ((a_signal(weight=9.0), a_signal(weight=9.0, evidence="b"), a_signal(weight=9.0, evidence="c")), 6.5),
        ((a_signal(weight=1.0), a_signal(weight=1.0, evidence="b"), a_signal(weight=1.0, evidence="c")), 2.5),
        ((a_signal(weight=9.0, untrusted=True),), 0.0),
    ],
)
def test_independent_signals_are_weighed(signals: tuple[object, ...], score: float) -> None:
    plain = a_candidate(signals=signals, depth=0)
    assert scored(plain, specific=True).score == score + 0.5
    assert scored(plain, specific=False).score == score - 0.5
    assert scored(replace(plain, depth=1), specific=False).score == pytest.approx(score + 0.6 - 0.5)
    assert scored(replace(plain, depth=2), specific=False).score == score + 1.2


@pytest.mark.parametrize(("seconds", "bonus"), [(-121, 1.0), (-120, 0.0), (0, 0.0), (120, 0.0), (121, -2.0)])
def test_a_cause_that_begins_before_the_symptom_is_likelier(seconds: int, bonus: float) -> None:
    symptom = a_candidate(family="unready", depth=1, score=1.0, onset=NOON)
    sign = a_signal(time=NOON + timedelta(seconds=seconds), kind="severe_template")
    cause = a_candidate(signals=(sign, replace(sign, time=None), replace(sign, time=NOON + timedelta(hours=9))), score=1.0)
    found = {one.family: one.score for one in ranked([symptom, cause], ())}
    assert found == {"unready": 1.0, "disk_full": 1.0 + bonus}
    assert [one.score for one in ranked([cause], ())] == [1.0]


@pytest.mark.parametrize(("minutes", "triggered"), [(0, True), (60, True), (61, False), (-1, False)])
def test_the_nearest_change_within_an_hour_before_is_the_trigger(minutes: int, triggered: bool) -> None:
    def change(before: int) -> Event:
        return Event(
            time=NOON - timedelta(minutes=before),
            certainty="exact",
            what=f"deploy {before}",
            subject="",
            citation=cite(1),
            change=True,
        )

    (found,) = ranked([a_candidate(onset=NOON, score=1.0)], (change(minutes),))
    assert (found.trigger, found.score) == ((change(minutes), 2.0) if triggered else (None, 1.0))
    (near,) = ranked([a_candidate(onset=NOON)], (change(50), change(10), change(40)))
    assert near.trigger == change(10)
    assert ranked([a_candidate(onset=None)], (change(0),))[0].trigger is None


def test_causes_stand_by_score_then_depth_then_onset_then_subject() -> None:
    rows = [
        a_candidate(family="a", score=1.0, depth=2),
        a_candidate(family="b", score=2.0, depth=1),
        a_candidate(family="c", score=1.0, depth=3),
        a_candidate(family="d", score=1.0, depth=2, onset=NOON),
        a_candidate(family="e", score=1.0, depth=2, onset=NOON - timedelta(hours=1)),
        a_candidate(family="f", score=1.0, depth=2, subject="pod/aaa"),
    ]
    found = ranked(rows, ())
    assert [(one.family, one.rank) for one in found] == [("b", 1), ("c", 2), ("e", 3), ("d", 4), ("f", 5)]
    assert [one.score for one in ranked([a_candidate(score=1.0, focus=True)], ())] == [3.0]


@pytest.mark.parametrize(
    ("subject", "question", "named"),
    [
        ("pod/orders-7d9c6b5f4-x2x4z", "why does orders restart?", True),
        ("pod/orders-7d9c6b5f4-x2x4z", "why (orders)?", True),
        ("pod/shop-0", "why does shop restart?", False),
        ("pod/shops-0", "why do shops restart?", True),
        ("pod/shop-0", "is shop-0 ok?", True),
        ("", "why?", False),
        ("pod/orders-0", "", False),
    ],
)
def test_a_question_names_a_subject(subject: str, question: str, named: bool) -> None:
    assert named_in(subject, question) is named


def test_where_a_case_stands_is_told_as_the_page_says() -> None:
    conclusion = Conclusion(
        hypothesis_id="h", text="the disk is full", confidence=0.6, level="probable", momentum="low", assurance="no_root", turn=1
    )
    needs = tuple(
        Need(need_id=f"n{n}", kind="x", hypothesis_id="", text=f"output {n}", state="pending" if n else "fulfilled")
        for n in range(6)
    )
    whole = replace(
        CASE,
        status=CaseStatus.INVESTIGATING,
        stage="diagnosis",
        turn=4,
        statement="checkout fails",
        conclusion=conclusion,
        needs=needs,
    )
    waiting = replace(
        CASE,
        files=tuple(
            CaseFile(file_id=f"f{n}", name=f"{n}.log", kind="", confidence=0.0, turn=1, status=state)
            for n, state in enumerate(("pending", "completed", "pending"))
        ),
    )
    answer = replace(
        READ.answer,
        coverage=AnswerCoverage(bytes=1_000, lines=10, share_read=0.995),
        onset=AnswerEvent(time=None, certainty="weak", text="x", file=FILE, line=3, time_local="10:00"),
        scope=Scope(services=tuple(f"s{n}" for n in range(7)), places=tuple(f"p{n}" for n in range(5))),
        ruled_out=tuple((f"disk_full_{n}", f"why {n}") for n in range(5)),
        notes=("A note.",),
    )
    replies = [
        reply(
            Told(
                turn_id="t",
                turn_number=1,
                outcome=an_outcome(kind, told_before=before, asked=asked),
                state=state,
                answer=given,
                degraded=away,
            )
        )
        for kind, before, asked, state, given, away in (
            (ResponseType.STATUS_UPDATE, False, (), whole, None, ("model_unavailable", "other_thing")),
            (ResponseType.STATUS_UPDATE, False, (), whole, answer, ()),
            (ResponseType.ANSWER, True, ("onset", "scope", "causes", "actions", "nothing"), waiting, answer, ()),
            (ResponseType.ANSWER, False, (), CASE, None, ()),
        )
    ]
    parts = [
        status(CASE),
        status(whole),
        explain(answer),
        explain(plain_answer()),
        *(one.agent_response for one in replies),
        told(replies[1]),
    ]
    kept(PAGES / "told.txt", "\n\n----\n\n".join(parts))


def plain_answer() -> Answer:
    """Return an answer whose cause has lines on both sides, and an onset in another zone."""
    line = AnswerLine(file=FILE, line=3, text="it is full", last_line=5, count=2)
    cause = replace(READ.answer.causes[0], evidence=(line,) * 5, against=(line,) * 5, level="verified")
    bare = replace(cause, rank=2, evidence=(), against=(), level="speculation")
    onset = AnswerEvent(time=NOON.astimezone(), certainty="exact", text="x", file=FILE, line=3)
    return replace(
        READ.answer,
        causes=(cause, bare, bare, bare),
        onset=onset,
        checks=READ.answer.checks * 5,
        actions=READ.answer.actions * 5,
        summary="",
    )


def test_why_nothing_is_decided_depends_on_what_was_read() -> None:
    def reason(severity: float, share: float) -> str:
        plain = an_analysis(a_finding("zzz qqq", severity=severity))
        return diagnose((replace(plain, coverage=replace(plain.coverage, share_read=share)),)).reason

    assert (reason(2.9, 0.49), reason(2.9, 0.5)) == (
        f"too little of {FILE} could be read",
        "nothing in the evidence speaks for a fault, and nothing shows that all is well",
    )
    assert reason(3.0, 0.49) == "the evidence shows the symptom, and no line of it names a cause"
