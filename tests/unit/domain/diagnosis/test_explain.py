from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.case import handover
from domain.case.outcome import ResponseType
from domain.case.state import (
    CaseFile,
    Category,
    Conclusion,
    EvidenceRow,
    Hypothesis,
    HypothesisStatus,
    Link,
    Need,
    RowCategory,
    Scope,
    Solution,
    Stance,
    TimelineEntry,
)
from domain.diagnosis import values
from domain.diagnosis.explain import Told, citations, explain, place, reply, status
from domain.diagnosis.values import Answer, AnswerLine
from domain.knowledge.documents import Passage
from tests.quality.incidents import incidents
from tests.quality.reading import text_case
from tests.unit.domain.diagnosis.values import CASE, a_read, an_outcome

PASSAGE = Passage(
    passage_id="p1",
    document_id="d1",
    title="Connections",
    scope="team",
    owner_id="",
    heading_path=(),
    ordinal=0,
    first_line=3,
    last_line=9,
    text="Raise the pool.",
)
TRAP = re.compile(r"\[\d+\]|\[[A-Z_]{2,}\]|<[A-Z_]+>")


def told(answer: Answer | None, kind: ResponseType = ResponseType.ANSWER, **changes: object) -> str:
    return reply(Told(turn_id="t", turn_number=1, outcome=an_outcome(kind, **changes), state=CASE, answer=answer)).agent_response


def test_what_is_affected_comes_from_evidence_and_else_from_the_users_own_words() -> None:
    line = values.AnswerLine(file="pods.txt", line=2, text="orders-1 0/1 CrashLoopBackOff")
    known = replace(a_read().answer, scope=values.Scope(services=("orders",)), scope_line=line)
    assert "**Affected:** orders (pods.txt:2)" in explain(known, Scope(services=("checkout",)))
    unknown = replace(known, scope=values.Scope())
    assert "**Affected:** checkout, eu-1 (as you said)" in explain(unknown, Scope(services=("checkout",), places=("eu-1",)))
    assert "**Affected:**" not in explain(unknown)


def test_bytes_that_are_no_text_are_named_with_what_to_send_instead() -> None:
    known = a_read().answer
    coverage = replace(known.coverage, notes=("core.1: 9 strings", "core.1: elf: not read as text; send its stack"))
    document = values.AnswerDocument(file="core.1", kind="binary", confidence=1.0, bytes=9, lines=1)
    text = explain(replace(known, coverage=coverage, documents=(*known.documents, document)))
    assert "core.1: elf: not read as text; send its stack." in text
    assert "9 strings" not in text


def test_the_reply_names_what_since_when_why_what_to_check_and_what_to_do() -> None:
    text = explain(a_read().answer)
    for part in (
        "cause",
        "**Since:**",
        "**Likely causes**",
        "for: app.log:",
        "against:",
        "**Check next**",
        "**What to do**",
        "changes:",
        "can",
        "touches:",
        "verify:",
    ):
        assert part in text, part


@pytest.mark.parametrize("incident", incidents(8), ids=lambda one: one.family)
def test_b9_no_reply_holds_what_clients_misread(incident) -> None:
    text = explain(text_case(incident.files, incident.question).answer)
    assert not TRAP.search(text), TRAP.search(text)
    assert "{" not in re.sub(r"`[^`]*`", "", text)


@pytest.mark.parametrize("incident", incidents(8), ids=lambda one: one.family)
def test_b2_the_first_sentence_and_every_line_for_a_cause_cite_file_and_line(incident) -> None:
    text = explain(text_case(incident.files, incident.question).answer)
    names = "|".join(re.escape(name) for name in incident.files)
    assert re.search(rf"\(({names}):\d+", text.split("\n", maxsplit=1)[0])
    for row in text.splitlines():
        if row.strip().startswith("- for:"):
            assert re.search(rf"({names}):\d+", row), row


def test_a_healthy_and_an_undecided_answer_say_so_without_a_cause() -> None:
    calm = text_case({"app.log": "2031-03-04T10:00:00Z INFO service orders recovered, alert resolved\n" * 3})
    assert told(calm.answer).startswith("Nothing is wrong now")
    nothing = text_case({"app.log": "2031-03-04T10:00:00Z INFO started\n2031-03-04T10:00:01Z INFO ready\n"})
    assert told(nothing.answer).startswith("The evidence does not decide the cause")


def test_b1_a_follow_up_answers_what_was_asked_and_does_not_tell_everything_again() -> None:
    answer = a_read().answer
    text = told(answer, asked=("checks",), told_before=True)
    assert text.startswith("**Check next**")
    assert "**What to do**" not in text
    assert "app.log:" in text
    assert "**What to do**" in told(answer, asked=("checks",))


def test_a_follow_up_answers_a_suspicion_before_all_else() -> None:
    answer = replace(a_read().answer, hunch="No line of the evidence speaks for what you ask about.")
    assert told(answer, told_before=True).startswith("No line of the evidence speaks for what you ask about.")


def test_what_was_changed_is_told_when_it_is_asked_about_and_that_nothing_was() -> None:
    change = values.AnswerEvent(time=None, certainty="order only", text="pool 50 → 5", file="a.diff", line=7)
    asked = {"asked": ("changes",), "told_before": True}
    assert "- At a time that is not told: `pool 50 → 5` (a.diff:7)" in told(replace(a_read().answer, changes=(change,)), **asked)
    assert "No line of the evidence tells of a change" in told(replace(a_read().answer, changes=()), **asked)


def test_a_span_prints_as_first_and_last_line() -> None:
    assert place(AnswerLine(file="app.log", line=120, text="x", last_line=134)) == "app.log:120-134"


def test_notices_come_first_and_claims_of_acting_never() -> None:
    text = told(None, notices=("The case goes on.", "I have restarted the pod."))
    assert text == "The case goes on."


def test_a_status_reply_reads_the_state_and_a_reply_is_never_blank() -> None:
    assert "inquiry" in told(None, ResponseType.STATUS_UPDATE)
    assert told(None)


@pytest.mark.parametrize(("turn", "told"), [(1, "after 1 turn."), (2, "after 2 turns.")])
def test_turns_are_counted_in_plain_english(turn: int, told: str) -> None:
    assert told in status(replace(CASE, turn=turn))


def test_a_start_that_one_sign_alone_dates_says_so() -> None:
    answer = a_read().answer
    assert answer.onset is not None
    weak = replace(answer, onset=replace(answer.onset, time=datetime(2026, 3, 4, 12, tzinfo=UTC), certainty="weak"))
    assert "**Since:** 2026-03-04 12:00:00 UTC, going by this sign alone (app.log:" in explain(weak)


def test_dg1_what_was_away_is_said_in_one_line() -> None:
    text = reply(
        Told(
            turn_id="t",
            turn_number=1,
            outcome=an_outcome(),
            state=CASE,
            answer=a_read().answer,
            degraded=("model_unavailable",),
            passages=(PASSAGE,),
        )
    ).agent_response
    assert "no language model took part" in text.splitlines()[-1]
    assert "From the knowledge base" in text


def test_c3_certainty_that_was_not_earned_is_taken_back() -> None:
    answer = replace(a_read().answer, notes=("It is definitely the database.",))
    told_reply = reply(Told(turn_id="t", turn_number=1, outcome=an_outcome(), state=CASE, answer=answer))
    assert "definitely" not in told_reply.agent_response
    assert told_reply.cause_overclaim is False
    assert told_reply.cause_assurance


def test_an_error_reply_speaks_of_no_cause() -> None:
    told_reply = reply(
        Told(
            turn_id="t",
            turn_number=1,
            outcome=an_outcome(ResponseType.ERROR, notices=("It failed.",)),
            state=CASE,
            answer=a_read().answer,
        )
    )
    assert told_reply.causes == ()
    assert told_reply.cause_overclaim is None


def test_citations_are_numbered_once_each_with_documents_last() -> None:
    rows = citations(a_read().answer, (PASSAGE,))
    assert [one.n for one in rows] == list(range(1, len(rows) + 1))
    assert rows[-1].document_id == "d1"
    assert len({(one.filename, one.first_line) for one in rows}) == len(rows)


def hypothesis(name: str, **changes: object) -> Hypothesis:
    plain = Hypothesis(
        hypothesis_id=name,
        statement=f"{name} is the cause",
        category=Category.CONFIG,
        family="disk_full",
        subject="",
        origin="rule",
        prior=0.5,
        likelihood=0.6,
        status=HypothesisStatus.ACTIVE,
        created_turn=1,
        last_link_turn=1,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a builder takes any field


def test_es2_the_hand_over_holds_what_the_next_person_needs() -> None:
    when = datetime(2031, 3, 4, 10, tzinfo=UTC)
    row = EvidenceRow(
        evidence_id="e1",
        category=RowCategory.CAUSAL,
        file_id="f1",
        first=7,
        last=7,
        witness="w",
        turn=1,
        links=(Link(hypothesis_id="h1", stance=Stance.SUPPORTS),),
    )
    state = replace(
        CASE,
        statement="checkout fails",
        urgency="high",
        hypotheses=(hypothesis("h1"), hypothesis("h2", status=HypothesisStatus.REFUTED, refutation_reason="it was up")),
        files=(CaseFile(file_id="f1", name="app.log", kind="logs", confidence=1.0, turn=1, status="completed"),),
        rows=(row,),
        needs=(Need(need_id="n1", kind="causal_verification", hypothesis_id="h1", text="free space of the disk"),),
        solutions=(
            Solution(solution_id="s1", text="freed space", kind="mitigation", hypothesis_id="h1", state="failed", turn=1),
        ),
        onset=TimelineEntry(time=when, text="first error", file_id="f1", line=7, certainty="exact"),
        conclusion=Conclusion(
            hypothesis_id="h1", text="h1", confidence=0.6, level="probable", momentum="low", assurance="no_root", turn=1
        ),
    )
    text = handover.text(state)
    for part in (
        "checkout fails",
        "high",
        "h1 is the cause (0.60, active), for: app.log:7",
        "h2 is the cause (it was up)",
        "freed space",
        "free space of the disk",
        "2031-03-04T10:00:00+00:00 first error (app.log:7)",
    ):
        assert part in text, part
    assert "probable" in status(state)
    assert "free space" in status(state)
    assert (
        "**Hand-over**" in reply(Told(turn_id="t", turn_number=1, outcome=an_outcome(handover=True), state=state)).agent_response
    )


def test_the_models_words_stand_in_front_when_they_passed_their_checks() -> None:
    answer = replace(a_read().answer, summary="Clients found no connection (app.log:13).")
    assert told(answer).startswith("Clients found no connection (app.log:13).")


def test_a_file_that_is_still_being_read_is_named_with_the_answer_of_the_others() -> None:
    late = CaseFile(file_id="f2", name="big.log", kind="", confidence=0.0, turn=1, status="pending")
    waiting = replace(CASE, files=(late,))
    given = Told(turn_id="t", turn_number=1, outcome=an_outcome(ResponseType.ANSWER), state=waiting, answer=a_read().answer)
    assert "Still being read: `big.log`." in reply(given).agent_response
    assert "Still being read" not in reply(replace(given, state=CASE)).agent_response
